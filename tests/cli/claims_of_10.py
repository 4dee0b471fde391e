"""The claims of chapter 10 from textbook formulas."""

import math

from oracle import LOG_2PI, checks, integrate


def linear(steps):
    return [0.1 / steps + (20 - 0.1) / steps * i / (steps - 1) for i in range(steps)]


def cosine(steps):
    f = [math.cos(math.pi / 2 * (t / steps + 0.008) / 1.008)**2 for t in range(steps + 1)]
    return [min(0.999, 1 - after / before) for before, after in zip(f, f[1:])]


def products(betas):
    """alpha_bar_0 .. alpha_bar_T."""
    left = [1.0]
    for beta in betas:
        left.append(left[-1] * (1 - beta))
    return left


@checks("10", "eq:diffusion-forward", "eq:diffusion-posterior", "eq:prior-term")
def schedules(test, run):
    table = run.table("schedules")
    steps = len(table["t"])
    for name, betas in (("linear", linear(steps)), ("cosine", cosine(steps))):
        left = products(betas)
        for t in range(1, steps + 1):
            beta = betas[t - 1]
            test.close(table[f"{name}_alpha_bar"][t - 1], left[t])
            small = beta * (1 - left[t - 1]) / (1 - left[t]) if t > 1 else beta
            for kind, variance in (("beta", beta), ("posterior", small)):
                weight = beta**2 / (2 * variance * (1 - beta) * (1 - left[t]))
                test.close(table[f"{name}_{kind}"][t - 1], weight)
    test.claims(run, "eq:diffusion-forward", 0)
    test.claims(run, "eq:diffusion-posterior", 0)
    left = [products(betas)[-1] for betas in (linear(200), cosine(200))]
    test.claims(run, "eq:prior-term", *(-0.5 * math.log1p(-a) for a in left), tolerance=1e-13)


class Normal:
    """Samples N(0.5, scale^2), the best linear decoder of a chain, and its bound by moments."""

    def __init__(self, scale, steps):
        self.betas, self.mean, self.square = linear(steps), 0.5, scale**2
        self.left = products(self.betas)
        self.spread = [a * self.square + 1 - a for a in self.left]  # variance of x_t

    def variance(self, kind, t):
        beta = self.betas[t - 1]
        if kind == "exact":
            return beta * self.spread[t - 1] / self.spread[t]
        if kind == "posterior" and t > 1:
            return beta * (1 - self.left[t - 1]) / (1 - self.left[t])
        return beta

    def lost(self, kind):
        """KL(q(x_0 .. x_T) || p): a sum of KLs of normals of x_{t-1} given x_t, whose means agree
        (the guess of the noise is the best one), and of the two normals of x_T."""
        total = self.prior_mismatch()
        for t in range(1, len(self.left)):
            ratio = self.variance("exact", t) / self.variance(kind, t)
            total += 0.5 * (ratio - 1 - math.log(ratio))
        return total

    def prior_mismatch(self):
        a, v = self.left[-1], self.spread[-1]
        return 0.5 * (v + a * self.mean**2 - 1 - math.log(v))


@checks("10", "eq:diffusion-layers", "eq:posterior-variance-lags", "eq:exact-reverse-variance",
        "eq:diffusion-term", "eq:diffusion-gap", "eq:diffusion-bound")
def gaussian_gaps(test, run, scale=0.5):
    table = run.table("gaussian_gap")
    test.assertEqual(table["steps"], [25, 50, 100, 200, 400, 800, 1600])
    gaps = {kind: [] for kind in ("posterior", "beta", "exact")}
    for row, steps in enumerate((25, 50, 100, 200, 400, 800, 1600)):
        normal = Normal(scale, steps)
        test.close(table["prior_mismatch"][row], normal.prior_mismatch())
        for kind, values in gaps.items():
            values.append(normal.lost(kind))
            test.close(table[kind][row], values[-1])
    beta = gaps["beta"]
    ratios = [b / a for a, b in zip(beta, beta[1:])]
    worst, final = run.claims("eq:diffusion-layers")
    test.close(worst["got"], max(ratios), 1e-7)
    test.close(final["got"], ratios[-1], 1e-7)
    (lag,) = run.claims("eq:posterior-variance-lags")
    test.close(lag["got"], gaps["posterior"][-1] / beta[-1], 1e-6)
    test.claims(run, "eq:exact-reverse-variance", Normal(scale, 25).prior_mismatch())
    test.claims(run, "eq:diffusion-term", 0)
    test.claims(run, "eq:diffusion-gap", 0)
    own, plane = run.claims("eq:diffusion-bound")
    test.assertLess(own["got"], 0)
    # -log p of the samples' own normal, on average: their entropy.
    test.close(run.results["gaussian_log_prob"], -0.5 * (1 + LOG_2PI) - math.log(scale))
    test.close(plane["got"], run.results["plane_gap"])


@checks("10", "eq:energy-distance", "eq:digits-elbo", "eq:digits-nearest", "eq:digits-copies")
def clouds(test, run):
    results = run.results
    fresh, samples = run.claims("eq:energy-distance")
    test.close(fresh["got"], results["plane_distance_of_data"])
    test.close(samples["expected"], 0.1 * results["plane_distance_of_normal"])
    # (What digits reach is claimed of full runs; a quick one says the same in its results.)
    test.assertLess(0.2 * results["digits_nearest_of_test"], results["digits_nearest_of_samples"])
    # Moons: the entropy of the points by adding up over the plane, and -log p of the test points.
    curves = [[(1.2 * side * (math.cos(math.pi * u / 100) - 0.5),
                1.2 * side * (math.sin(math.pi * u / 100) - 0.25)) for u in range(101)]
              for side in (1, -1)]

    def density(x, y):
        total = 0.0
        for curve in curves:
            for i, (a, b) in enumerate(curve):
                square = (x - a)**2 + (y - b)**2
                if square < 0.5:
                    total += (0.5 if i in (0, 100) else 1) * math.exp(-50 * square)
        return total / (100 * 2 * math.pi * 0.01 * 2)

    def p_log_p(x, y):
        p = density(x, y)
        return p * math.log(p) if p > 0 else 0.0

    entropy = -integrate(lambda x: integrate(lambda y: p_log_p(x, y), -2.2, 2.2, 60), -2.6, 2.6, 70)
    # 500 test points of spread about 0.8 nats: their mean log p is the negative entropy within 5 of
    # its standard errors.
    test.assertLess(abs(results["plane_log_prob"] + entropy), 5 * 0.8 / math.sqrt(500))

# What has no second computation: the claim compares two ways within the run, and that is all.
IN_THE_RUN_ONLY = {
    ("10", "eq:noise-prediction"): "two closed forms of any guess, as in the C++ tests",
    ("10", "eq:denoiser-gradient"): "backward against difference quotients, as in the C++ tests",
    ("10", "eq:diffusion-elbo"): "a trained network's bound by terms and along paths",
    ("10", "eq:diffusion-learns"): "a trained network's bound against a fitted normal",
    ("10", "eq:respaced"): "a trained network's bounds with few layers and with many",
    ("10", "eq:ancestral-sampling"): "a trained network's samples with few layers and with many",
}
# What is claimed of digits alone.
OF_DIGITS = {("10", "eq:" + name) for name in (
    "digits-elbo", "digits-nearest", "digits-copies",)}
