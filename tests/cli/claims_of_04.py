"""The claims of chapter 4, from the numbers its run left: areas and means added up once more."""

import math

from oracle import checks

ERRORS = "pca_error", "linear_error", "nonlinear_error"


@checks("04", "eq:pca-error")
def pca_error(test, run):
    """The eigenvalues of the covariance sum up to the pixels' variances."""
    (claim,) = run.claims("eq:pca-error")
    d = run.data.side**2
    spread = 0.0
    for pixel in range(d):
        values = [v / 255 for v in run.data.train[pixel::d]]
        mean = math.fsum(values) / len(values)
        spread += math.fsum((v - mean)**2 for v in values) / len(values)
    # 32 of 144 directions are left in: more than their share of the spread is gone.
    test.assertLess(claim["expected"], spread * (1 - 32 / d))
    test.assertGreater(claim["expected"], 0)
    test.close(claim["got"], claim["expected"])


@checks("04", "eq:linear-autoencoder-error", "eq:autoencoder-beats-pca")
def widths(test, run):
    table = run.table("widths")
    for i, width in enumerate(table["width"]):
        for name in ERRORS:
            test.close(run.results[f"{name}_{width:.0f}"], table[name.removesuffix("_error")][i])
    test.assertEqual(table["pca"], sorted(table["pca"], reverse=True))


@checks("04", "eq:denoising", "eq:denoising-gain")
def denoising(test, run):
    # The best linear map is no worse than leaving the noise where it is.
    test.assertGreater(run.results["wiener_gain_db"], 0)


@checks("04", "eq:holes", "eq:holes-box", "eq:holes-fitted", "eq:holes-of-a-vae")
def holes(test, run):
    table = run.table("holes")
    for column, name in (("test_digits", "nearest_test_digits"),
                         ("autoencoder_box", "nearest_autoencoder_box"),
                         ("autoencoder_normal", "nearest_autoencoder_normal"),
                         ("autoencoder_reconstruction", "nearest_autoencoder_reconstruction"),
                         ("vae_reconstruction", "nearest_vae_reconstruction"),
                         ("vae_prior", "nearest_vae_prior")):
        test.close(run.results[name], math.fsum(table[column]) / len(table[column]))
    # The test pictures' distances, by a plain loop over all pairs of unit vectors.
    d = run.data.side**2

    def unit(x):
        length = math.sqrt(sum(v * v for v in x))
        return [v / length for v in x]
    train = [unit(run.data.train[i:i + d]) for i in range(0, len(run.data.train), d)]
    for i in (0, 1, 2, 50):
        x = unit(run.data.test[d * i:d * (i + 1)])
        nearest = min(sum((a - b)**2 for a, b in zip(x, y)) for y in train)
        test.close(table["test_digits"][i], nearest, 1e-5)  # 1 - 2 cos + 1 in floats


@checks("04", "eq:auroc", "eq:anomaly-found", "eq:anomaly-dimmed", "eq:anomaly-simpler",
        "eq:anomaly-unseen")
def areas(test, run):
    """The area below the curve, trapezium by trapezium."""
    table = run.table("roc")
    areas = {}
    last = None
    for kind, score, x, y in zip(*(table[name] for name in (
            "kind", "score", "false_positives", "true_positives"))):
        if x == 0 and y == 0:
            areas[kind, score] = 0.0
        else:
            areas[kind, score] += 0.5 * (x - last[0]) * (y + last[1])
        last = x, y
    names = ["inverted", "shuffled_rows", "mirrored", "patch_erased", "dimmed"]
    test.assertEqual(len(areas), 2 * len(names))
    for (kind, score), area in areas.items():
        which = "elbo" if score else "error"
        test.close(run.results[f"auroc_{which}_{names[int(kind)]}"], area, 1e-12)


@checks("04", "eq:overcomplete-identity", "eq:decodability", "eq:decodability-unseen",
        "eq:overcomplete-samples")
def overcomplete(test, run):
    results = run.results
    test.assertGreater(results["overcomplete_width"], results["overcomplete_pixels"])
    test.assertLess(results["lost_noise"], results["lost_narrow_noise"])

# What has no second computation: the claim compares two ways within the run, and that is all.
IN_THE_RUN_ONLY = {
    ("04", "eq:linear-autoencoder-pca"): "two subspaces, whose angles the C++ tests check",
    ("04", "eq:linear-autoencoder-bound"): "a trained network's error against the eigenvalues",
    ("04", "eq:noise-error"): "the noise against its variance",
    ("04", "eq:interpolation"): "decoded midpoints of a trained network",
    ("04", "eq:anomaly-ink"): "the ink of shuffled pictures",
    ("04", "eq:noise-has-no-structure"): "a trained network against a count of dimensions",
    ("04", "eq:structure-is-compressibility"): "two trained networks",
}
# What is claimed of digits alone.
OF_DIGITS = {("04", "eq:" + name) for name in (
    "linear-autoencoder-error", "autoencoder-beats-pca", "linear-autoencoder-pca", "denoising",
    "denoising-gain", "interpolation", "holes", "holes-box", "holes-fitted", "holes-of-a-vae",
    "anomaly-dimmed", "anomaly-found", "anomaly-ink", "anomaly-simpler", "anomaly-unseen",
    "overcomplete-identity", "decodability", "decodability-unseen",
    "structure-is-compressibility", "overcomplete-samples",)}
