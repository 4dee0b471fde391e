"""The claims of chapters 5 and 6 from textbook formulas."""

import itertools
import math
from functools import lru_cache

from oracle import DATA, LOG_2PI, PLAY, Random, checks, log_normal

# --- Chapter 5, on the small data set. ---


@checks("05", "eq:independent-pixels")
def independent_pixels(test, run):
    def means(pixels):
        d = run.data.side**2
        return [math.fsum(pixels[i::d]) / 255 / (len(pixels) // d) for i in range(d)]
    value = 0.0
    for p, x in zip(means(run.data.train), means(run.data.test)):
        p = min(max(p, 1e-4), 1 - 1e-4)
        value += x * math.log(p) + (1 - x) * math.log(1 - p)
    test.close(run.results["independent_pixels"], value)


@checks("05", "eq:bernoulli-log-prob", "eq:gaussian-mse")
def one_picture(test, run):
    d = run.data.side**2
    x = [pixel / 255 for pixel in run.data.test[:d]]
    eta = [2 * z for z in Random(run.report["seed"], PLAY, 2).normals(d)]
    test.claims(run, "eq:bernoulli-log-prob",
                math.fsum(a * e - math.log1p(math.exp(e)) for a, e in zip(x, eta)))
    test.claims(run, "eq:gaussian-mse",
                -math.fsum(log_normal(a, e, 1) for a, e in zip(x, eta)))


@checks("05", "eq:kl-only", "eq:reconstruction-only", "eq:both-terms")
def three_spaces(test, run):
    names = "reconstruction_only", "kl_only", "both"
    kl = [run.results[f"space_{name}_kl"] for name in names]
    elbo = [run.results[f"space_{name}_reconstruction"] - v for name, v in zip(names, kl)]
    test.assertLess(kl[1], 0.5)
    test.assertLess(kl[2], kl[0])
    test.assertLess(max(elbo[:2]), elbo[2])
    # The codes themselves: KL from N(0, I) is at least half the squared distance of the mean.
    table = run.table("three_spaces")
    for space, value in enumerate(kl):
        squares = [0.5 * (x * x + y * y)
                   for s, x, y in zip(table["space"], table["x"], table["y"]) if s == space]
        test.assertEqual(len(squares), len(run.data.test_labels))
        test.assertLessEqual(math.fsum(squares) / len(squares), value + 1e-6)


# --- Chapter 6: the points and the components are in the CSV files. ---

class Mixture:
    """Three normals in the plane: (weight, mean x, mean y, var xx, var xy, var yy) each."""

    def __init__(self, components):
        self.components = components

    def joints(self, x, y):
        values = []
        for weight, mx, my, xx, xy, yy in self.components:
            det, a, b = xx * yy - xy * xy, x - mx, y - my
            square = (yy * a * a - 2 * xy * a * b + xx * b * b) / det
            values.append(weight * math.exp(-0.5 * square) / (2 * math.pi * math.sqrt(det)))
        return values

    def log_likelihood(self, points):
        return math.fsum(math.log(sum(self.joints(*point))) for point in points)

    def e_step(self, points):
        return [[v / sum(joints) for v in joints]
                for joints in (self.joints(*point) for point in points)]

    def elbo(self, points, q):
        return math.fsum(r * math.log(joint / r) for point, row in zip(points, q)
                         for r, joint in zip(row, self.joints(*point)) if r > 0)

    @staticmethod
    def m_step(points, q):
        components = []
        for k in range(3):
            column = [row[k] for row in q]
            total = math.fsum(column)
            mx, my = (math.fsum(r * point[i] for r, point in zip(column, points)) / total
                      for i in (0, 1))
            x, y = (0, mx), (1, my)
            xx, xy, yy = (math.fsum(r * (p[i] - m) * (p[j] - n) for r, p in zip(column, points))
                          / total for (i, m), (j, n) in ((x, x), (x, y), (y, y)))
            components.append((total / len(points), mx, my, xx, xy, yy))
        return Mixture(components)


GUESS = Mixture([(1 / 3, x, y, 1, 0, 1) for x, y in ((-0.5, 0.8), (0.5, 0.5), (0, -0.8))])


def points_of(run):
    table = run.table("em_points")
    return tuple(zip(table["x"], table["y"]))


@checks("06", "eq:em-touches", "eq:em-gap", "eq:em-monotone", "eq:m-step", "eq:mixture-log-prob")
def mixture_em(test, run):
    points, model, bound, rises, gaps = points_of(run), GUESS, -math.inf, [], []
    steps, where = run.table("em_steps"), run.table("em_components")
    for i in range(60):
        q = model.e_step(points)
        touched = model.elbo(points, q)
        test.close(touched, model.log_likelihood(points))
        model = Mixture.m_step(points, q)
        raised, likelihood = model.elbo(points, q), model.log_likelihood(points)
        for name, value in (("after_e_step", touched), ("after_m_step", raised),
                            ("log_likelihood", likelihood)):
            test.close(steps[name][i], value)
        rises += [touched - bound, raised - touched]
        gaps.append(likelihood - raised)
        bound = raised
        for k in range(3):
            row = 3 * (i + 1) + k
            found = [where[n][row] for n in ("weight", "mean_x", "mean_y", "var_xx", "var_xy",
                                             "var_yy")]
            for value, wanted in zip(found, model.components[k]):
                test.close(value, wanted, 1e-7)
    test.assertGreater(min(rises), -1e-9)
    test.assertGreater(min(gaps), -1e-9)
    test.claims(run, "eq:em-touches", 0)
    test.claims(run, "eq:em-gap", 0)
    test.claims(run, "eq:em-monotone", 0, got=min(rises), tolerance=1e-8)
    (claim,) = run.claims("eq:m-step")
    test.close(claim["expected"], bound)
    test.assertLessEqual(claim["got"], bound)
    test.claims(run, "eq:mixture-log-prob", likelihood)


@lru_cache
def em_to_the_end(points):
    model = GUESS
    for _ in range(150):
        model = Mixture.m_step(points, model.e_step(points))
    return model.log_likelihood(points)


@checks("06", "eq:generalised-em", "eq:variational-em", "eq:variational-em-gap")
def variants(test, run):
    points = points_of(run)

    def hard(model):
        rows = model.e_step(points)
        return [[float(k == row.index(max(row))) for k in range(3)] for row in rows]

    def part_of_the_way(model, best):
        # A third of the way for the means; the covariance around where they are now.
        components = []
        for old, (weight, mx, my, xx, xy, yy) in zip(model.components, best.components):
            a, b = (old[1] - mx) * 2 / 3, (old[2] - my) * 2 / 3
            components.append((weight, mx + a, my + b, xx + a * a, xy + a * b, yy + b * b))
        return Mixture(components)
    for name, e_step, move, label in (
            ("generalised_em", lambda m: m.e_step(points), part_of_the_way, "eq:generalised-em"),
            ("variational_em", hard, lambda _, best: best, "eq:variational-em")):
        model, bounds = GUESS, []
        for _ in range(150):
            q = e_step(model)
            model = move(model, Mixture.m_step(points, q))
            bounds.append(model.elbo(points, q))
        test.close(run.results[name + "_log_likelihood"], model.log_likelihood(points), 1e-6)
        rise = min(b - a for a, b in zip(bounds, bounds[1:]))
        test.claim(run.claims(label)[0], 0, got=rise, tolerance=1e-6)
        if name == "generalised_em":
            again = Mixture.m_step(points, model.e_step(points))
            test.claim(run.claims(label)[1], model.log_likelihood(points),
                       got=again.log_likelihood(points), tolerance=1e-6)
    test.close(run.results["variational_em_elbo"], bounds[-1], 1e-6)
    apart = -math.fsum(math.log(max(row)) for row in model.e_step(points))
    test.claims(run, "eq:variational-em-gap", apart, tolerance=1e-6)


@checks("06", "eq:stochastic-em")
def stochastic_em(test, run):
    points, random = points_of(run), Random(run.report["seed"], PLAY, 7)
    model, total = GUESS, [[0.0] * 6 for _ in range(3)]
    for step in range(1, 1501):
        batch = [points[random.below(len(points), step * 50 + j)] for j in range(50)]
        q, rate = model.e_step(batch), step**-0.7
        components = []
        for k, old in enumerate(total):
            terms = [(r, r * x, r * y, r * x * x, r * x * y, r * y * y)
                     for r, (x, y) in ((row[k], point) for row, point in zip(q, batch))]
            new = [o + rate * (sum(column) / 50 - o) for o, column in zip(old, zip(*terms))]
            total[k] = new
            mx, my, xx, xy, yy = (v / new[0] for v in new[1:])
            components.append([new[0], mx, my, xx - mx * mx + 1e-6, xy - mx * my,
                               yy - my * my + 1e-6])
        weight = sum(c[0] for c in components)
        model = Mixture([(c[0] / weight, *c[1:]) for c in components])
    test.close(run.results["stochastic_em_log_likelihood"], model.log_likelihood(points), 1e-6)
    test.claim(run.claims("eq:stochastic-em")[0], em_to_the_end(points) / len(points),
               got=model.log_likelihood(points) / len(points), tolerance=1e-6)


def eigenvalues(matrix):
    """Of a symmetric matrix, largest first, by Jacobi's rotations."""
    a, n = [list(row) for row in matrix], len(matrix)
    for _ in range(30):
        for p, q in itertools.combinations(range(n), 2):
            if abs(a[p][q]) < 1e-300:
                continue
            angle = 0.5 * math.atan2(2 * a[p][q], a[q][q] - a[p][p])
            c, s = math.cos(angle), math.sin(angle)
            for row in a:
                row[p], row[q] = c * row[p] - s * row[q], s * row[p] + c * row[q]
            a[p], a[q] = ([c * x - s * y for x, y in zip(a[p], a[q])],
                          [s * x + c * y for x, y in zip(a[p], a[q])])
    return sorted((a[i][i] for i in range(n)), reverse=True)


def ppca_covariance(seed, dimension, d, noise, n=2000):
    """The sample covariance of the chapter's data, in units of its own spread."""
    random, columns = Random(seed, DATA, 2), []
    raw = random.normals(dimension * d)
    for j in range(d):
        column = raw[j * dimension:(j + 1) * dimension]
        for other in columns:
            along = math.fsum(a * b for a, b in zip(other, column))
            column = [b - along * a for a, b in zip(other, column)]
        length = math.sqrt(math.fsum(v * v for v in column))
        columns.append([v / length for v in column])
    for j, column in enumerate(columns):
        scale = (3 - 1.5 * (j / (d - 1) if d > 1 else 0)) * max(1, noise)
        columns[j] = [scale * v for v in column]
    z, eps = random.normals(d * n, 1 << 21), random.normals(dimension * n, 1 << 32)
    x = [[sum(columns[j][i] * z[s * d + j] for j in range(d)) + noise * eps[s * dimension + i]
          for s in range(n)] for i in range(dimension)]
    x = [[v - math.fsum(row) / n for v in row] for row in x]
    covariance = [[math.fsum(a * b for a, b in zip(r, c)) / n for c in x] for r in x]
    spread = math.fsum(covariance[i][i] for i in range(dimension)) / dimension
    return [[v / spread for v in row] for row in covariance]


@checks("06", "eq:ppca-em", "eq:linear-vae", "eq:ppca-maximum-likelihood", "eq:ppca-noise")
def three_ways(test, run, dimension=10, d=3, noise=0.5):
    # Tipping and Bishop 1999: the likelihood needs only the eigenvalues of the covariance.
    values = eigenvalues(ppca_covariance(run.report["seed"], dimension, d, noise))
    rest = math.fsum(values[d:]) / (dimension - d)
    best = -0.5 * (dimension * (LOG_2PI + 1) + math.fsum(map(math.log, values[:d]))
                   + (dimension - d) * math.log(rest))
    test.claims(run, "eq:ppca-em", best, tolerance=1e-8)
    test.claims(run, "eq:linear-vae", best, tolerance=1e-8)
    test.claims(run, "eq:ppca-noise", rest, tolerance=1e-8)
    (claim,) = run.claims("eq:ppca-maximum-likelihood")
    test.close(claim["expected"], best, 1e-8)
    test.assertLessEqual(claim["got"], best + 1e-8)
