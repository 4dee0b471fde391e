"""The claims of chapter 7 from textbook formulas, where there are any."""

import math

from oracle import DATA, Random, checks

SIZE, OVERLAP, SEEN = 10, 0.8, 3  # the defaults


def dot(a, b):
    return math.fsum(x * y for x, y in zip(a, b))


def directions(seed):
    """Two vectors of length 3, with the overlap that was asked for."""
    numbers = Random(seed, DATA, 1).normals(2 * SIZE)
    a, b = numbers[:SIZE], numbers[SIZE:]
    a = [v / math.sqrt(dot(a, a)) for v in a]
    along = dot(a, b)
    b = [v - along * u for u, v in zip(a, b)]
    b = [v / math.sqrt(dot(b, b)) for v in b]
    return ([3 * v for v in a],
            [3 * (OVERLAP * u + math.sqrt(1 - OVERLAP**2) * v) for u, v in zip(a, b)])


def cholesky(matrix):
    n = len(matrix)
    root = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(i + 1):
            rest = matrix[i][j] - dot(root[i][:j], root[j][:j])
            root[i][j] = math.sqrt(rest) if i == j else rest / root[j][j]
    return root


@checks("07", "eq:ppca-approximation-gap", "eq:mean-field-is-narrow", "eq:ppca-mean-field",
        "eq:pathwise-elbo", "eq:full-covariance-closes", "eq:amortization-gap-seen",
        "eq:inference-gap")
def linear_gaussian(test, run):
    # The posterior's precision is W'W + I, so the correlation is that of its inverse.
    a, b = directions(run.report["seed"])
    correlation = -dot(a, b) / math.sqrt((dot(a, a) + 1) * (dot(b, b) + 1))
    test.close(run.results["linear_correlation"], correlation)
    lost = -0.5 * math.log(1 - correlation**2)
    test.claims(run, "eq:ppca-approximation-gap", lost)
    test.claims(run, "eq:mean-field-is-narrow", 1 - correlation**2)
    for name in ("ppca-mean-field", "pathwise-elbo", "full-covariance-closes",
                 "amortization-gap-seen", "inference-gap"):
        test.claims(run, "eq:" + name, 0)
    table = run.table("linear_gaps")
    for overlap, formula, climbed in zip(*(table[name] for name in (
            "overlap", "approximation_gap", "climbed_gap"))):
        wanted = -0.5 * math.log(1 - (0.9 * overlap)**2)
        test.close(formula, wanted)
        if climbed >= 0:
            test.close(climbed, wanted, 1e-8)


@checks("07", "eq:amortization-gap-unseen")
def unseen(test, run):
    # An encoder of A (Q - I) instead of 0: Q projects on the seen data, A = (W'W + I)^-1 W'.
    seed = run.report["seed"]
    w = directions(seed)
    c = [[w[0][i] * w[0][j] + w[1][i] * w[1][j] + (i == j) for j in range(SIZE)]
         for i in range(SIZE)]
    root, eps = cholesky(c), Random(seed, DATA, 3).normals(SIZE * SEEN)
    basis = []  # of what the seen data span
    for n in range(SEEN):
        x = [dot(root[i], eps[n * SIZE:(n + 1) * SIZE]) for i in range(SIZE)]
        for _ in range(2):
            for e in basis:
                along = dot(e, x)
                x = [v - along * u for u, v in zip(e, x)]
        basis.append([v / math.sqrt(dot(x, x)) for v in x])
    deaf = []  # W' (I - Q), row by row
    for row in w:
        for e in basis:
            along = dot(row, e)
            row = [v - along * u for u, v in zip(e, row)]
        deaf.append(row)
    # 1/2 tr(P P^-1 deaf C deaf' P^-1) = 1/2 tr(P^-1 deaf C deaf').
    s = [[dot(p, [dot(r, q) for r in c]) for q in deaf] for p in deaf]
    p = [[dot(u, v) + (i == j) for j, v in enumerate(w)] for i, u in enumerate(w)]
    det = p[0][0] * p[1][1] - p[0][1]**2
    expected = 0.5 * (p[1][1] * s[0][0] - 2 * p[0][1] * s[0][1] + p[0][0] * s[1][1]) / det
    test.claims(run, "eq:amortization-gap-unseen", expected)


@checks("07", "eq:leapfrog", "eq:leapfrog-reversible", "eq:uncorrected-variance",
        "eq:metropolis", "eq:chain-effective-sample-size", "eq:plain-monte-carlo")
def chains(test, run):
    scale, step = 0.7, 0.6
    test.claims(run, "eq:leapfrog", 0)
    test.claims(run, "eq:leapfrog-reversible", 0)
    test.claims(run, "eq:uncorrected-variance", scale**2 / (1 - step**2 / (4 * scale**2)))
    test.claims(run, "eq:metropolis", scale**2)
    c = 1 - step**2 / (2 * scale**2)
    test.claims(run, "eq:chain-effective-sample-size", (1 - c) / (1 + c))
    test.claims(run, "eq:plain-monte-carlo", 1)


def average(values):
    n = len(values)
    mean = math.fsum(values) / n
    return mean, math.sqrt(math.fsum((v - mean)**2 for v in values) / (n - 1) / n)


@checks("07", "eq:inference-gap-positive", "eq:refine-gains", "eq:amortization-gap-larger",
        "eq:amortization-gap-grows", "eq:approximation-gap-stays")
def four_inferences(test, run):
    table = run.table("images")
    rows = list(zip(*(table[name] for name in ("unseen", "log_evidence", "encoder", "refined",
                                               "best"))))
    old, new = ([row[1:] for row in rows if row[0] == unseen] for unseen in (0, 1))
    (claim,) = run.claims("eq:inference-gap-positive")
    test.close(claim["got"], min(exact - best for exact, _, _, best in old + new))
    amortization = [average([row[3] - row[1] for row in part]) for part in (old, new)]
    approximation = [average([row[0] - row[3] for row in part]) for part in (old, new)]
    for part, name in enumerate(("seen", "unseen")):
        test.close(run.results[name + "_amortization_gap"], amortization[part][0])
        test.close(run.results[name + "_amortization_gap_se"], amortization[part][1])
        test.close(run.results[name + "_approximation_gap"], approximation[part][0])
        test.close(run.results[name + "_inference_gap"],
                   amortization[part][0] + approximation[part][0])

    def got(label, mean, error):
        (found,) = run.claims(label)
        test.close(found["got"], mean - error)
    mean, error = average([row[2] - row[1] for row in new])
    got("eq:refine-gains", mean, 3 * error)
    mean, error = average([(row[3] - row[1]) - (row[0] - row[3]) for row in new])
    got("eq:amortization-gap-larger", mean, 3 * error)
    got("eq:amortization-gap-grows", amortization[1][0] - amortization[0][0],
        2 * math.hypot(amortization[0][1], amortization[1][1]))
    got("eq:approximation-gap-stays", approximation[1][0] - approximation[0][0], 0)

# What has no second computation: the claim compares two ways within the run, and that is all.
IN_THE_RUN_ONLY = {
    ("07", "eq:hmc-mean"): "a chain of 10,000 moves against a closed form, there",
    ("07", "eq:hmc-covariance"): "the same chain",
    ("07", "eq:hmc-image-mean"): "a trained network's posterior: a chain against quadrature",
    ("07", "eq:hmc-image-covariance"): "the same chain",
    ("07", "eq:quadrature-converged"): "two grids over a trained network's posterior",
    ("07", "eq:inference-gap-is-kl"): "a trained network's bound against an integral",
    ("07", "eq:full-covariance-per-datum"): "bounds of a trained network",
    ("07", "eq:full-covariance-amortised"): "bounds of a trained network",
    ("07", "eq:per-datum-mean-field"): "bounds of a trained network",
    ("07", "eq:per-datum-full"): "bounds of a trained network",
    ("07", "eq:importance-misses-below"): "a trained network's estimates against quadrature",
    ("07", "eq:importance-encoder"): "a trained network's estimates against quadrature",
    ("07", "eq:importance-refined"): "a trained network's estimates against quadrature",
}
OF_DIGITS = set()
