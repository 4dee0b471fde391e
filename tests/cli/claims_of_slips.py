"""The claims about slips in chapters 1, 2, 3 and 5, from textbook formulas."""

import math

from claims_of_01_02_03 import HERE, THERE, Toy, discrete_kl
from oracle import PLAY, Random, checks, integrate, log_normal

IN_THE_RUN_ONLY = {
    ("05", "eq:pixels-independent-given-code"): "pixels drawn from a trained network",
}
OF_DIGITS = {("05", "eq:code-carries-correlation")}


@checks("01", "eq:cross-entropy-least", "eq:cross-entropy-needs-log", "eq:information-lost")
def cross_entropy(test, run):
    test.claims(run, "eq:cross-entropy-least", 0)
    roots = [math.sqrt(p) for p in HERE]
    share = [r / sum(roots) for r in roots]
    least = math.fsum(p / q for p, q in zip(HERE, share))
    test.close(least, sum(roots)**2)
    test.assertLess(least, math.fsum(p / q for p, q in zip(HERE, HERE)))
    same, differs = run.claims("eq:cross-entropy-needs-log")
    test.claim(same, 0)
    test.claim(differs, 0.1, got=max(abs(a - b) for a, b in zip(share, HERE)))
    # The same draws, counted: those u that fall below the running sum.
    random, counts = Random(run.report["seed"], PLAY, 60), [0] * 4
    for i in range(100000):
        u = random.uniform(i)
        counts[sum(u >= edge for edge in (0.5, 0.75, 0.9375))] += 1
    extra = [math.log(p / q) for p, q in zip(HERE, THERE)]
    mean = math.fsum(n * e for n, e in zip(counts, extra)) / 100000
    variance = math.fsum(n * (e - mean)**2 for n, e in zip(counts, extra)) / 99999
    error = math.sqrt(variance / 100000)
    lost, other = run.claims("eq:information-lost")
    test.claim(lost, discrete_kl(HERE, THERE), got=mean)
    test.close(lost["tolerance"], 5 * error)
    test.claim(other, 5, got=abs(mean - discrete_kl(THERE, HERE)) / error, tolerance=1e-6)


@checks("02", "eq:bayes", "eq:bayes-misprint")
def bayes(test, run):
    parts = [(0.3, math.exp(log_normal(0.4, -1, 0.7))), (0.7, math.exp(log_normal(0.4, 2, 1.2)))]
    share = 0.3 * parts[0][1] / math.fsum(prior * density for prior, density in parts)
    test.claims(run, "eq:bayes", share)
    (claim,), (misprint,) = run.claims("eq:bayes"), run.claims("eq:bayes-misprint")
    error = claim["tolerance"] / 5
    test.claim(misprint, 5, got=abs(parts[0][1]**2 / 0.3 - claim["got"]) / error, tolerance=1e-6)
    # A window 0.04 wide, a density of 0.2: near 10,000 draws of the million.
    draws = 1e6 * integrate(lambda x: sum(p * math.exp(log_normal(x, m, s)) for p, m, s in (
        (0.3, -1, 0.7), (0.7, 2, 1.2))), 0.38, 0.42, 100)
    test.close(error, math.sqrt(share * (1 - share) / draws), 0.05)


@checks("02", "eq:evidence-needs-weights", "eq:likelihood-under-q", "eq:likelihood-is-not-evidence")
def weights(test, run, toy=Toy()):
    mean, scale = toy.posterior
    test.claims(run, "eq:evidence-needs-weights", math.exp(toy.log_evidence))

    def under(scale):
        """E p(x | z), z ~ N(mean, scale^2), as an integral."""
        return integrate(lambda z: math.exp(log_normal(z, mean, scale)
                                            + log_normal(toy.x, toy.weight * z, toy.noise)),
                         mean - 12 * scale, mean + 12 * scale)
    test.claims(run, "eq:likelihood-under-q", under(1.3 * scale))
    gap = math.log(math.exp(log_normal(toy.x, toy.weight * mean,
                                       math.hypot(toy.weight * scale, toy.noise))))
    test.claims(run, "eq:likelihood-is-not-evidence", 0.1, got=gap - toy.log_evidence)


@checks("02", "eq:density-normalised", "eq:likelihood-of-data", "eq:decoder-turned-round",
        "eq:estimate-has-error")
def densities(test, run, toy=Toy()):
    test.claims(run, "eq:density-normalised", 0)
    values = [log_normal(toy.x, 0, math.hypot(weight, toy.noise)) for weight in (0.5, 1.5, 4)]
    test.claims(run, "eq:likelihood-of-data", 0.1, got=max(values) - min(values))
    test.claims(run, "eq:decoder-turned-round", toy.posterior[0])

    def moment(power):
        def integrand(z):
            log_x = log_normal(toy.x, toy.weight * z, toy.noise)
            return math.exp(log_normal(z, toy.q_mean, toy.q_scale)) * log_x**power
        return integrate(integrand, toy.q_mean - 12 * toy.q_scale, toy.q_mean + 12 * toy.q_scale)
    deviation = math.sqrt(moment(2) - moment(1)**2)
    test.claims(run, "eq:estimate-has-error", deviation, deviation / 4)


@checks("03", "eq:gradient-descent", "eq:reciprocal-gradient")
def updates(test, run):
    test.claims(run, "eq:gradient-descent", 3 * 0.9**100)
    # Boole's map: 1000 leaps are chaotic, so that only their size is compared.
    (claim,) = run.claims("eq:reciprocal-gradient")
    test.close(claim["expected"], math.sqrt(0.1))
    theta, far = 0.0, []
    for _ in range(1000):
        theta -= 0.1 / (theta - 3)
        far.append(abs(theta - 3))
    test.assertGreaterEqual(max(far[-100:]), math.sqrt(0.1))


@checks("05", "eq:diagonal-given-code", "eq:marginal-not-diagonal", "eq:code-carries-correlation")
def covariance(test, run):
    test.claims(run, "eq:diagonal-given-code", 0)
    test.claims(run, "eq:marginal-not-diagonal", 0.8)
    (claim,) = run.claims("eq:marginal-not-diagonal")
    test.close(claim["tolerance"], 5 * math.sqrt((1.25 * 0.89 + 0.64) / 100000))
    test.assertGreater(run.results["neighbours_data"], 0)
    for claim in run.claims("eq:code-carries-correlation"):
        test.assertGreaterEqual(claim["got"], 20)
