"""The claims of chapters 1, 2 and 3 from textbook formulas."""

import math

from oracle import LOG_2PI, PLAY, Random, checks, integrate, log_normal

# --- Chapter 1 ---

def normal_entropy(scale):
    return 0.5 * math.log(2 * math.pi * math.e * scale * scale)


def normal_kl(mean, scale, other_mean=0.0, other_scale=1.0):
    return (math.log(other_scale / scale) - 0.5
            + (scale**2 + (mean - other_mean)**2) / (2 * other_scale**2))


def softmax(logits):
    top = max(logits)
    weights = [math.exp(v - top) for v in logits]
    return [w / sum(weights) for w in weights]


def surprise(p, believed):
    return math.fsum(-a * math.log(b) for a, b in zip(p, believed))


def discrete_kl(q, p):
    return math.fsum(a * math.log(a / b) for a, b in zip(q, p))


HERE, THERE = [v / 16 for v in (8, 4, 3, 1)], [v / 16 for v in (2, 5, 7, 2)]


@checks("01", "eq:entropy", "eq:kl-cross-entropy", "eq:softmax")
def weather(test, run):
    kl = discrete_kl(HERE, THERE)
    test.claims(run, "eq:entropy", surprise(HERE, HERE))
    test.claims(run, "eq:kl-cross-entropy", kl)
    test.claims(run, "eq:softmax", 0)
    test.close(run.results["weather_cross_entropy"], surprise(HERE, THERE))
    test.close(run.results["weather_kl_other_way"], discrete_kl(THERE, HERE))


@checks("01", "eq:kl-bernoulli", "eq:bernoulli-entropy")
def coins(test, run):
    u = [Random(run.report["seed"], PLAY, 1).uniform(i) for i in range(16)]
    test.claims(run, "eq:bernoulli-entropy",
                sum(surprise([p, 1 - p], [p, 1 - p]) for p in u[:8]))
    test.claims(run, "eq:kl-bernoulli",
                sum(discrete_kl([q, 1 - q], [p, 1 - p]) for q, p in zip(u[:8], u[8:])))


@checks("01", "eq:kl-nonnegative", "eq:kl-zero", "eq:kl-zero-only-at-equality",
        "eq:entropy-nonnegative")
def gibbs(test, run):
    random, sizes = (Random(run.report["seed"], PLAY, substream) for substream in (1, 3))
    least, least_ratio, entropy = 1, math.inf, 1
    for i in range(1000):
        a, step = random.normals(6, 100 + 12 * i), random.normals(6, 106 + 12 * i)
        size = 10 ** (-3 * sizes.uniform(i))
        q, p = softmax(a), softmax([x + size * s for x, s in zip(a, step)])
        kl, distance = discrete_kl(q, p), math.fsum(abs(u - v) for u, v in zip(q, p))
        least, least_ratio = min(least, kl), min(least_ratio, kl / (0.5 * distance**2))
        sure = [p for p in softmax([40 * v for v in a]) if p > 0]
        entropy = min(entropy, surprise(sure, sure))
    test.assertGreaterEqual(least, 0)
    test.claims(run, "eq:entropy-nonnegative", 0, got=entropy)
    test.claims(run, "eq:kl-nonnegative", 0, got=least)
    test.claims(run, "eq:kl-zero", 0)
    test.claims(run, "eq:kl-zero-only-at-equality", 1, got=least_ratio, tolerance=1e-6)


@checks("01", "eq:normal-entropy", "eq:normal-entropy-negative", "eq:differential-entropy-sign",
        "eq:kl-normal", "eq:kl-asymmetry", "eq:kl-standard-normal", "eq:cross-entropy")
def normals(test, run):
    pair = list(zip((0.3, -1.2), (0.5, 2.0)))
    test.claims(run, "eq:normal-entropy", normal_entropy(1.5),
                sum(normal_entropy(scale) for _, scale in pair))
    test.claims(run, "eq:normal-entropy-negative", normal_entropy(0.1))
    test.claims(run, "eq:differential-entropy-sign", 0, got=normal_entropy(0.1))
    reader = sum(normal_kl(*one) for one in pair)
    test.claims(run, "eq:kl-normal", normal_kl(1, 1.5, -0.4, 0.1), reader)
    test.claims(run, "eq:kl-standard-normal", reader)
    test.claims(run, "eq:kl-asymmetry", normal_kl(0, 1, 1, 2) - normal_kl(1, 2, 0, 1))
    # The mean surprise is sampled: -log p(z) = sum of z^2 / 2 and a constant.
    (claim,) = run.claims("eq:cross-entropy")
    test.close(claim["got"], reader + sum(normal_entropy(scale) for _, scale in pair))
    test.assertLessEqual(abs(claim["got"] - claim["expected"]), claim["tolerance"])
    variance = sum(0.25 * (2 * s**4 + 4 * m**2 * s**2) for m, s in pair)
    test.close(claim["tolerance"], 5 * math.sqrt(variance / 20000), 0.01)


@checks("01", "eq:kl-normal-full", "eq:normal-full-entropy", "eq:kl-full-standard")
def correlated(test, run):
    # With Cholesky by hand: KL = 1/2 (|L^-1 A|^2 + |L^-1 d|^2 - 2) + log of the diagonals' ratio.
    def cholesky(xx, xy, yy):
        a = math.sqrt(xx)
        return a, xy / a, math.sqrt(yy - xy * xy / xx)
    qa, qb, qc = cholesky(1.0, 0.6, 0.8)
    pa, pb, pc = cholesky(1.5, -0.4, 0.7)

    def solve(x, y):
        return x / pa, (y - pb * x / pa) / pc
    squares = sum(v * v for column in (solve(qa, qb), solve(0, qc), solve(0.7, -0.7))
                  for v in column)
    test.claims(run, "eq:normal-full-entropy", LOG_2PI + 1 + math.log(qa * qc))
    test.claims(run, "eq:kl-normal-full",
                0.5 * (squares - 2) + math.log(pa * pc / (qa * qc)))
    # From N(0, I): rotate to the axes, where it is a sum over the eigenvalues 0.9 +- sqrt(0.37).
    spread = sum(0.5 * (v - math.log(v)) for v in (0.9 - math.sqrt(0.37), 0.9 + math.sqrt(0.37)))
    test.claims(run, "eq:kl-full-standard", spread - 1 + 0.5 * (0.5**2 + 0.3**2))


@checks("01", "eq:kl-estimator-k1", "eq:kl-estimator-k2", "eq:kl-estimator-k3",
        "eq:kl-estimator-unbiased", "eq:kl-estimator-variance")
def kl_estimators(test, run):
    # log r is normal with mean -1/8 and variance 1/4; r is log-normal with mean 1.
    mean = {"k1": 1 / 8, "k2": 0.5 * (1 / 4 + 1 / 64), "k3": 1 / 8}
    deviation = {"k1": 0.5, "k2": 0.5 * math.sqrt(2 / 16 + 4 / 64 / 4),
                 "k3": math.sqrt(math.exp(0.25) - 1 + 0.25 - 2 * 0.25)}
    for name, value in mean.items():
        test.claims(run, "eq:kl-estimator-" + name, value)
        (claim,) = run.claims("eq:kl-estimator-" + name)
        test.close(claim["tolerance"], 4 * deviation[name] / math.sqrt(100000), 1e-6)
        test.close(run.results[f"{name}_bias"], value - 1 / 8)
        test.close(run.results[f"{name}_standard_deviation"], deviation[name])
    test.claims(run, "eq:kl-estimator-unbiased", 1 / 8)
    test.claims(run, "eq:kl-estimator-variance", deviation["k1"], got=deviation["k3"])


@checks("01", "eq:forward-kl-moments", "eq:reverse-kl-mode")
def two_humps(test, run):
    mean = 0.4 * -1.8 + 0.6 * 1.6
    second = 0.4 * (0.36 + 3.24) + 0.6 * (0.25 + 2.56)
    test.claims(run, "eq:forward-kl-moments", mean, math.sqrt(second - mean**2), tolerance=1e-5)

    def log_p(x):
        a, b = math.log(0.4) + log_normal(x, -1.8, 0.6), math.log(0.6) + log_normal(x, 1.6, 0.5)
        return max(a, b) + math.log1p(math.exp(-abs(a - b)))

    def reverse_kl(m, s):
        def integrand(x):
            log_q = log_normal(x, m, s)
            return math.exp(log_q) * (log_q - log_p(x))
        return integrate(integrand, m - 9 * s, m + 9 * s, 400)
    test.claims(run, "eq:reverse-kl-mode", -math.log(0.6), -math.log(0.4), 1.6)
    m, s, found = (run.results["reverse_" + name] for name in ("mean", "scale", "kl"))
    test.close(reverse_kl(m, s), found)
    for dm, ds in ((1e-3, 0), (-1e-3, 0), (0, 1e-3), (0, -1e-3)):
        test.assertGreater(reverse_kl(m + dm, s + ds), found)


# --- Chapter 2: the toy z ~ N(0, 1), x | z ~ N(weight z, noise^2), and what its options are. ---

class Toy:
    weight, noise, x, q_mean, q_scale = 1.5, 0.8, 1.2, 0.2, 0.25

    def __init__(self, **options):
        vars(self).update(options)
        variance = self.weight**2 + self.noise**2
        self.evidence_scale = math.sqrt(variance)
        self.log_evidence = log_normal(self.x, 0, self.evidence_scale)
        self.posterior = self.weight * self.x / variance, self.noise / self.evidence_scale
        self.kl = normal_kl(self.q_mean, self.q_scale, *self.posterior)

    def arguments(self):
        return [f"--{name.replace('_', '-')}={getattr(self, name)}"
                for name in ("weight", "noise", "x", "q_mean", "q_scale")]


@checks("02", "eq:evidence", "eq:elbo-posterior-form", "eq:elbo-energy-entropy",
        "eq:evidence-mixture", "eq:elbo-bound", "eq:elbo-touches", "eq:evidence-decomposition",
        "eq:elbo-equal-only-at-posterior")
def decomposition(test, run, toy=Toy()):
    test.claims(run, "eq:evidence", toy.log_evidence)
    elbo = toy.log_evidence - toy.kl
    test.claims(run, "eq:elbo-posterior-form", elbo)
    # Reconstruction minus KL to the prior: a third form of the same number.
    residual = toy.x - toy.weight * toy.q_mean
    energy = (-0.5 * (residual**2 + (toy.weight * toy.q_scale)**2) / toy.noise**2
              - math.log(toy.noise) - 0.5 * LOG_2PI)
    test.claims(run, "eq:elbo-energy-entropy", energy - normal_kl(toy.q_mean, toy.q_scale))
    for name, value in (("log_evidence", toy.log_evidence), ("elbo", elbo), ("kl", toy.kl),
                        ("posterior_mean", toy.posterior[0]),
                        ("posterior_scale", toy.posterior[1])):
        test.close(run.results[name], value)

    joint = [0.3 * math.exp(log_normal(0.4, -1, math.sqrt(0.5))),
             0.7 * math.exp(log_normal(0.4, 2, math.sqrt(1.5)))]
    mixture = math.log(sum(joint))
    test.claims(run, "eq:evidence-mixture", mixture)
    test.claims(run, "eq:elbo-touches", mixture, toy.log_evidence)
    # The bound of q = (r, 1 - r), and the highest of the thousand that the chapter draws.
    random = Random(run.report["seed"], PLAY, 1)
    bounds = [r * math.log(joint[0] / r) + (1 - r) * math.log(joint[1] / (1 - r))
              for r in map(random.uniform, range(1000))]
    test.claims(run, "eq:elbo-bound", mixture, got=max(bounds))
    apart = (abs(random.uniform(i) - joint[0] / sum(joint)) for i in range(1000))
    ratio = min((mixture - bound) / (2 * d * d) for bound, d in zip(bounds, apart))
    test.claims(run, "eq:elbo-equal-only-at-posterior", 1, got=ratio, tolerance=1e-6)
    test.claims(run, "eq:evidence-decomposition", 0, 0)


@checks("02", "eq:evidence-importance", "eq:effective-sample-size", "eq:importance-weight")
def sampling(test, run, toy=Toy()):
    dimensions = 1, 2, 5, 10, 20, 40
    test.claims(run, "eq:evidence-importance", *(1 for _ in dimensions))
    # s^2 / sqrt(2 s^2 - 1) a dimension, by an integral: E w^2 / (E w)^2 for q = N(0, s^2), p = N(0, 1).
    excess = integrate(lambda z: math.exp(2 * log_normal(z, 0, 1) - log_normal(z, 0, 1.2)), -12, 12)
    for d, claim in zip(dimensions, run.claims("eq:evidence-importance")):
        test.close(claim["tolerance"], 5 * math.sqrt((excess**d - 1) / 1000))
    test.claims(run, "eq:importance-weight", 0)
    # Of n draws from the prior count n (E w)^2 / E w^2, the dimensions multiplying.
    square = integrate(lambda z: math.exp(log_normal(z, 0, 1)
                                          + 2 * log_normal(toy.x, toy.weight * z, toy.noise)),
                       -12, 12)
    share = math.exp(2 * toy.log_evidence) / square
    (claim,) = run.claims("eq:effective-sample-size")
    test.assertAlmostEqual(claim["expected"] / 1000, share, delta=0.1)
    test.assertAlmostEqual(run.results["effective_sample_size_2"] / 1000, share**2, delta=0.1)
    test.assertLess(claim["got"], claim["expected"])


def exact_bound(k, log_weights, q):
    """E log of the average of k weights, by the binomial distribution."""
    top = math.fsum([])
    for j in range(k + 1):
        log_probability = (math.log(math.comb(k, j)) + j * math.log(q)
                           + (k - j) * math.log(1 - q))
        average = (j * math.exp(log_weights[1]) + (k - j) * math.exp(log_weights[0])) / k
        top += math.exp(log_probability) * math.log(average)
    return top


@checks("02", "eq:iwae-one-is-elbo", "eq:iwae-rises", "eq:iwae-gap", "eq:iwae-bound")
def more_samples(test, run):
    joint, q = (0.02, 0.11), 0.4
    log_w = math.log(joint[0] / (1 - q)), math.log(joint[1] / q)
    evidence = math.log(sum(joint))
    test.claims(run, "eq:iwae-one-is-elbo", (1 - q) * log_w[0] + q * log_w[1])
    bounds = [exact_bound(k, log_w, q) for k in range(1, 202)]
    test.claims(run, "eq:iwae-rises", 0, got=min(b - a for a, b in zip(bounds, bounds[1:])))
    test.claim(run.claims("eq:iwae-bound")[0], evidence, got=bounds[199])
    test.claim(run.claims("eq:iwae-bound")[1], bounds[4])
    weights = [math.exp(v) for v in log_w]
    variance = q * (1 - q) * (weights[1] - weights[0])**2
    gap = evidence - exact_bound(1000, log_w, q)
    test.claims(run, "eq:iwae-gap", 1, got=gap / (variance / (2000 * sum(joint)**2)),
                tolerance=1e-8)
    for k, found in zip(run.table("k_sample_bound")["k"], run.table("k_sample_bound")["bound"]):
        test.close(found, bounds[int(k) - 1])


@checks("02", "eq:jensen", "eq:jensen-gap")
def jensen(test, run):
    def gap(values):
        return (math.log(math.fsum(values) / len(values))
                - math.fsum(map(math.log, values)) / len(values))
    test.claim(run.claims("eq:jensen")[0], math.log(5 / 3))
    test.claim(run.claims("eq:jensen")[1], 0, got=min(
        gap([1, math.exp(t), 2 + math.sin(7 * t)]) for t in (i / 100 for i in range(1, 1001))))
    test.claims(run, "eq:jensen-gap", 1, got=-math.log(1 - 0.05**2) / 0.05**2)


def argmax(f, lower, upper):
    """Ternary search: no golden section here."""
    while upper - lower > 1e-8:
        a, b = lower + (upper - lower) / 3, upper - (upper - lower) / 3
        lower, upper = (a, upper) if f(a) < f(b) else (lower, b)
    return (lower + upper) / 2


@checks("02", "eq:likelihood-weight", "eq:elbo-unrestricted", "eq:elbo-restricted")
def restricted(test, run, toy=Toy()):
    s = toy.evidence_scale  # the two points are +-s

    def elbo(w, q_scale):
        mean = w * s / (w * w + toy.noise**2)  # the best mean for the point s
        energy = -0.5 * ((s - w * mean)**2 + (w * q_scale)**2) / toy.noise**2
        return energy - math.log(toy.noise) - 0.5 * LOG_2PI - normal_kl(mean, q_scale)
    test.claims(run, "eq:likelihood-weight", abs(toy.weight))
    test.claims(run, "eq:elbo-unrestricted", abs(toy.weight))
    test.close(argmax(lambda w: elbo(w, toy.posterior[1]), 0, 50), abs(toy.weight), 1e-5)
    best = argmax(lambda w: elbo(w, toy.q_scale), 0, 50)
    test.claims(run, "eq:elbo-restricted", best, tolerance=1e-5)
    test.close(run.results["restricted_weight"], best, 1e-5)
    test.close(run.results["restricted_loss"],
               log_normal(s, 0, s) - log_normal(s, 0, math.hypot(best, toy.noise)), 1e-6)


# --- Chapter 3: z ~ N(0.5, 0.8^2) in each of d coordinates, f = |z|^2. ---

def gradient_variances(d, mean=0.5, s=0.8):
    """Variances of one-draw gradients in the first coordinate, from one-dimensional integrals: f is
    z_1^2 plus a rest that is independent of it."""
    def expect(g):
        return integrate(lambda e: math.exp(-0.5 * e * e) / math.sqrt(2 * math.pi) * g(e), -12, 12)
    second, fourth = (expect(lambda e, n=n: (mean + s * e)**n) for n in (2, 4))
    rest = (d - 1) * second
    rest_square = (d - 1) * fourth + (d - 1) * (d - 2) * second**2

    def variance(baseline):  # of (f - b) eps_1 / s
        def own(e):
            return (mean + s * e)**2 - baseline
        square = (expect(lambda e: own(e)**2 * e * e) + 2 * rest * expect(lambda e: own(e) * e * e)
                  + rest_square) / s**2
        average = (expect(lambda e: own(e) * e) + rest * expect(lambda e: e)) / s
        return square - average**2
    return variance(0), variance(d * second), 4 * s**2


@checks("03", "eq:score-function", "eq:score-function-baseline", "eq:pathwise",
        "eq:gradient-variance", "eq:gradient-variance-ratio")
def two_estimators(test, run, dimension=10):
    for label in ("eq:score-function", "eq:score-function-baseline", "eq:pathwise"):
        test.claims(run, label, 2 * 0.5)
    score, baseline, pathwise = gradient_variances(dimension)
    test.claims(run, "eq:gradient-variance", score, baseline, pathwise)
    test.claims(run, "eq:gradient-variance-ratio", 2, got=score / pathwise)


@checks("03", "eq:gradient-variance-split", "eq:one-sample-is-enough")
def averaging(test, run):
    def variance(images, draws):  # g = -(0.6 x - 0.5 eps) x, eps the mean of several
        def moment(n):
            return integrate(lambda x: math.exp(-0.5 * x * x) / math.sqrt(2 * math.pi)
                             * integrate(lambda e: math.exp(-0.5 * e * e * draws)
                                         * math.sqrt(draws / (2 * math.pi))
                                         * (-(0.6 * x - 0.5 * e) * x)**n,
                                         -9 / math.sqrt(draws), 9 / math.sqrt(draws), 60),
                             -9, 9, 60)
        return (moment(2) - moment(1)**2) / images
    test.claims(run, "eq:gradient-variance-split", variance(1, 1), variance(32, 1),
                variance(1, 16), variance(32, 16))
    test.claims(run, "eq:one-sample-is-enough", variance(8, 16), got=variance(128, 1))


@checks("03", "eq:location-scale", "eq:pathwise-log-variance", "eq:score-function-log-variance")
def families(test, run):
    def variance(density, edge):
        return integrate(lambda x: x * x * density(x), -edge, edge, 20000)
    densities = (lambda x: 0.25 / math.cosh(x / 2)**2, lambda x: 0.5 * math.exp(-abs(x)))
    values = [variance(density, 60) for density in densities] + [1 / 3]
    test.claims(run, "eq:location-scale", *(2 * 1.3 * v for v in values), tolerance=1e-5)
    test.claims(run, "eq:pathwise-log-variance", math.exp(-0.6))
    test.claims(run, "eq:score-function-log-variance", math.exp(-0.6))


@checks("03", "eq:score-function-bernoulli", "eq:no-path-bernoulli")
def coin(test, run):
    def expectation(logit):
        p = 1 / (1 + math.exp(-logit))
        return p * 0.55**2 + (1 - p) * 0.45**2
    slope = (expectation(0.4 + 1e-5) - expectation(0.4 - 1e-5)) / 2e-5
    test.claims(run, "eq:score-function-bernoulli", slope, tolerance=1e-9)
    test.close(run.results["coin_gradient"], slope)
    test.claims(run, "eq:no-path-bernoulli", 0)


@checks("03", "eq:robbins-monro", "eq:constant-step", "eq:biased-gradient", "eq:unbiased-gradient")
def descent(test, run):
    # The squared error's exact recursion: v' = (1 - 2 h)^2 v + (2 h)^2.
    shrinking = constant = 9.0
    for t in range(1000):
        h = 1 / (2 * (t + 1))
        shrinking = (1 - 2 * h)**2 * shrinking + (2 * h)**2
        constant = (1 - 0.2)**2 * constant + 0.2**2
    test.claims(run, "eq:robbins-monro", 1000 * shrinking)
    test.claims(run, "eq:constant-step", constant)
    # The coin's mean path: its logit moves by the gradient's expectation.
    biased = unbiased = 0.0
    for t in range(4000):
        rate = 2 / (1 + t / 1000)
        p, q = 1 / (1 + math.exp(-biased)), 1 / (1 + math.exp(-unbiased))
        biased -= rate * 2 * (p - 0.45) * p * (1 - p)
        unbiased -= rate * q * (1 - q) * (0.55**2 - 0.45**2)
    test.claims(run, "eq:biased-gradient", 1 / (1 + math.exp(-biased)), tolerance=1e-6)
    (claim,) = run.claims("eq:unbiased-gradient")
    test.assertAlmostEqual(claim["got"], 1 / (1 + math.exp(-unbiased)), delta=0.02)
