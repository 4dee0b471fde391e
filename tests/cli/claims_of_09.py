"""The claims of chapter 9 from textbook formulas: the plane's densities, in the CSV files."""

import math

from oracle import checks, integrate


def moons_energy(x, y):
    near = sum(math.exp(-0.5 * ((x - c) / 0.6)**2) for c in (2, -2))
    return 0.5 * ((math.hypot(x, y) - 2) / 0.4)**2 - math.log(near + 1e-300)


def log_z_of_the_moons():
    """In polar coordinates, unlike the chapter."""
    def around(r):
        return r * integrate(lambda t: math.exp(-moons_energy(r * math.cos(t), r * math.sin(t))),
                             0, 2 * math.pi, 200)
    return math.log(integrate(around, 0, 6, 400))


@checks("09", "eq:free-energy", "eq:flow-kl", "eq:more-layers")
def moons(test, run):
    log_z = log_z_of_the_moons()
    test.close(run.results["moons_log_normaliser"], log_z, 1e-6)
    course, table = run.table("free_energy"), run.table("moons")
    lowest = min(course["free_energy"])
    test.assertGreaterEqual(lowest, -log_z - 1e-3)
    test.claims(run, "eq:free-energy", -log_z, got=lowest, tolerance=1e-6)

    # KL(q || p) from the table's densities, on its coarse grid, which sees no narrow ridge.
    side = 8 / math.sqrt(len(table["x"]))
    values = [run.results[f"moons_kl_{n}"] for n in (1, 4, 16)]
    for name, kl in zip(("layers_1", "layers_4", "layers_most"), values):
        sum_ = math.fsum(q * (math.log(q) + moons_energy(x, y) + log_z)
                         for q, x, y in zip(table[name], table["x"], table["y"]) if q > 0)
        test.assertAlmostEqual(sum_ * side * side, kl, delta=0.05 + 0.1 * kl)
    first, second = run.claims("eq:more-layers")
    test.claim(first, values[0], got=values[1])
    test.claim(second, values[1], got=values[2])
    for claim, kl in zip(run.claims("eq:flow-kl"), values):
        test.claim(claim, kl)


@checks("09", "eq:ring-normaliser", "eq:ring-map", "eq:ring-flow", "eq:ring-bridge",
        "eq:hole-costs-stretch")
def ring(test, run):
    def mass(lower, upper):
        return 2 * math.pi * integrate(lambda r: r * math.exp(-0.5 * ((r - 2) / 0.3)**2),
                                       lower, upper, 4000)
    # The trapezoidal rule's error, h^2 / 12 times the slope at an end where nothing has died out.
    log_z, own = math.log(mass(0, 6)), mass(0, 1) / mass(0, 6)
    test.claims(run, "eq:ring-normaliser", log_z, tolerance=1e-6)
    test.claims(run, "eq:ring-map", 0)
    table = run.table("ring_cost")
    test.claims(run, "eq:ring-bridge", own, got=min(table["mass_in_hole"]), tolerance=1e-6)
    (kl,) = run.claims("eq:ring-flow")
    test.close(kl["got"], table["kl"][-1])
    # KL on the figure's grid: 110 x 110 cells of 7 / 110.
    grid = run.table("ring")
    coarse = math.fsum(q * (math.log(q) + 0.5 * ((math.hypot(x, y) - 2) / 0.3)**2 + log_z)
                       for q, x, y in zip(grid["flow"], grid["x"], grid["y"]) if q > 0)
    test.assertAlmostEqual(coarse * (7 / 110)**2, kl["got"], delta=0.03 + 0.1 * kl["got"])
    slack = min(log_det - math.log(math.pi * noise / m) for m, log_det, noise in
                zip(table["mass_in_hole"], table["largest_log_det"], table["least_noise"]))
    test.claims(run, "eq:hole-costs-stretch", 0, got=slack, tolerance=1e-9)

# What has no second computation: the claim compares two ways within the run, and that is all.
IN_THE_RUN_ONLY = {
    ("09", "eq:elbo-gap"): "the smallest difference of those integrals",
    ("09", "eq:flow-closes-gap"): "the same, on images",
    ("09", "eq:planar-flow"): "determinants against difference quotients, as in the C++ tests",
    ("09", "eq:planar-flow-gradient"): "backward against difference quotients, there too",
    ("09", "eq:inverse-autoregressive-flow"): "as for planar layers",
    ("09", "eq:made-order"): "a Jacobian's zeros, as in the C++ tests",
    ("09", "eq:triangular-determinant"): "a Jacobian's diagonal, as in the C++ tests",
    ("09", "eq:autoregressive-inverse"): "there and back, as in the C++ tests",
    ("09", "eq:flow-vae-gradient"): "backward against difference quotients, as in the C++ tests",
    ("09", "eq:flow-density"): "a fitted flow's mass, by undoing its layers",
    ("09", "eq:flow-gap"): "two integrals of a trained network",
    ("09", "eq:richer-posterior"): "the bounds of two trained networks",
    ("09", "eq:flow-gain"): "the same, on images",
}
# What is claimed of digits alone.
OF_DIGITS = {("09", "eq:" + name) for name in (
    "flow-closes-gap", "flow-gain", "richer-posterior",)}
