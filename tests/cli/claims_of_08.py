"""The claims of chapter 8, from its tables."""

import math

from oracle import checks

IN_THE_RUN_ONLY = {
    ("08", "eq:iwae-one-sample"): "a trained network's bound against its quadrature",
    ("08", "eq:kl-warm-up"): "the active units of two trained networks",
}
# What is claimed only where the book's own data and settings were used.
OF_DIGITS = {("08", "eq:" + name) for name in (
    "iwae-training", "active-units", "rate-distortion", "rate-falls", "posterior-collapse",
    "free-bits", "kl-warm-up")}


@checks("08", "eq:iwae-monotone", "eq:iwae-below")
def bounds(test, run):
    table = run.table("bounds")
    rows = [row for row in zip(table["k"], table["bound"], table["error"])
            if row[0] in (1, 5, 50, 500)]
    test.assertEqual([row[0] for row in rows], [1, 5, 50, 500])
    rises = [(b[1] - a[1]) / math.hypot(a[2], b[2]) for a, b in zip(rows, rows[1:])]
    test.claims(run, "eq:iwae-monotone", 3, got=min(rises))
    test.claims(run, "eq:iwae-below", table["log_evidence"][0], got=rows[-1][1])


def log_slope(x, y):
    """Of the straight line through the points (log x, log y)."""
    x, y = [list(map(math.log, values)) for values in (x, y)]
    a, b = (math.fsum(values) / len(values) for values in (x, y))
    return (math.fsum((u - a) * (v - b) for u, v in zip(x, y))
            / math.fsum((u - a)**2 for u in x))


@checks("08", "eq:iwae-encoder-signal", "eq:iwae-decoder-signal")
def signal_to_noise(test, run):
    table = run.table("signal_to_noise")
    test.claims(run, "eq:iwae-encoder-signal", -0.5, got=log_slope(table["k"], table["encoder"]))
    test.claims(run, "eq:iwae-decoder-signal", 0.5, got=log_slope(table["k"], table["decoder"]))


@checks("08", "eq:active-units", "eq:iwae-training")
def training_with_k(test, run):
    table, units = run.table("training_with_k"), run.table("active_units")
    for k, active, value in zip(table["k"], table["active_units"], table["log_evidence"]):
        counted = sum(v > 0.01 for other, v in zip(units["k"], units["variance"]) if other == k)
        test.assertEqual(counted, active)
        test.close(run.results[f"trained_{k:.0f}_log_evidence"], value)
    for claim in run.claims("eq:active-units"):
        test.claim(claim, table["active_units"][0], got=table["active_units"][-1])


@checks("08", "eq:rate-distortion", "eq:rate-falls")
def rate_distortion(test, run):
    table = run.table("rate_distortion")
    points = list(zip(table["beta"], table["train_rate"], table["train_distortion"]))
    worst = max(d + beta * r - other_d - beta * other_r for beta, r, d in points
                for other, other_r, other_d in points if other != beta)
    for claim in run.claims("eq:rate-distortion"):
        test.claim(claim, 0, got=worst)
    for claim in run.claims("eq:rate-falls"):
        test.claim(claim, 0.8, got=max(b[1] / a[1] for a, b in zip(points, points[1:])))


@checks("08", "eq:posterior-collapse", "eq:free-bits")
def collapse(test, run):
    table = run.table("kl_by_dimension")
    for name in ("plain", "warm_up", "free_bits"):
        test.assertEqual(table[name], sorted(table[name], reverse=True))
        test.assertGreater(min(table[name]), 0)
    for label, name in (("eq:posterior-collapse", "plain"), ("eq:free-bits", "free_bits")):
        for claim in run.claims(label):
            test.close(claim["got"], min(table[name]))


@checks("08", "eq:linear-vae-collapse", "eq:ppca-collapse", "eq:linear-vae-active",
        "eq:learned-noise", "eq:ppca-noise")
def linear_collapse(test, run):
    eigenvalues = [8 / 1.6**j for j in range(12)]
    table = run.table("linear_collapse")
    noises = sorted(set(table["noise_variance"]), reverse=True)
    rows = list(zip(*(table[name] for name in ("noise_variance", "unit", "eigenvalue", "em", "vae"))))
    counts, worst_em, worst_vae = [], 0, 0
    for noise, unit, eigenvalue, em, vae in rows:
        wanted = eigenvalues[int(unit) - 1]
        test.close(eigenvalue, wanted)
        left = max(wanted - noise, 0)
        worst_em = max(worst_em, abs(em - left) / 8)
        worst_vae = max(worst_vae, abs(vae - left / wanted))
    for noise in noises:
        counts.append(sum(value < noise for value in eigenvalues[:8]))
        test.assertEqual(sum(row[4] <= 0.01 for row in rows if row[0] == noise), counts[-1])
    test.assertEqual(counts, [6, 4, 2])
    test.claims(run, "eq:linear-vae-collapse", *counts)
    test.claims(run, "eq:ppca-collapse", 0, got=worst_em, tolerance=1e-8)
    test.claims(run, "eq:linear-vae-active", 0, got=worst_vae, tolerance=1e-8)
    test.claims(run, "eq:learned-noise", 0)
    test.claims(run, "eq:ppca-noise", math.fsum(eigenvalues[8:]) / 4)
