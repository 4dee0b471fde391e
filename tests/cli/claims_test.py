"""The chapters' claims, computed a second time: in pure Python, from textbook formulas.

LABELS (of oracle.py) maps a chapter's number and an equation's label to a check. A check gets a run
and recomputes what the claims of that label expect, and what they got, without any code of the
library; where a chapter draws numbers, the same ones are drawn here by a generator written anew.
"""

import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
from chapter import BOOK, SmallData, run_quick  # noqa: E402
import claims_of_04  # noqa: E402
import claims_of_07  # noqa: E402
import claims_of_08  # noqa: E402
import claims_of_09  # noqa: E402
import claims_of_10  # noqa: E402
import claims_of_11  # noqa: E402
import claims_of_slips  # noqa: E402
from claims_of_01_02_03 import Toy, decomposition, restricted, two_estimators  # noqa: E402
from claims_of_05_06 import three_ways  # noqa: E402
from oracle import LABELS, Case  # noqa: E402

# What has no second computation: the claim compares two ways within the run, and that is all.
IN_THE_RUN_ONLY = {
    ("05", "eq:elbo-bound"): "a trained network's bound against its estimated evidence",
    ("05", "eq:vae-gradient"): "backward against difference quotients, as in the C++ tests",
    ("05", "eq:log-evidence"): "a trained network's estimate against its quadrature",
    ("03", "eq:pathwise-network"): "backpropagation against difference quotients, there",
    ("03", "eq:score-function-network"): "the same network: its means against the pathwise ones",
    ("05", "eq:generalised-linear-model"): "difference quotients against residuals, there",
    ("05", "eq:elbo-gap"): "a trained network's bound against its quadrature",
    ("05", "eq:log-evidence-is-below"): "a trained network's estimate against its quadrature",
    ("05", "eq:kl-mutual-information"): "a trained network's codes against two integrals",
    ("05", "eq:learned-variance"): "a trained network's variance against its error",
    ("05", "eq:variance-is-a-choice"): "the bounds of two trained networks",
    ("06", "eq:linear-vae-mean"): "a trained encoder against its decoder's posterior",
    ("06", "eq:linear-vae-variance"): "the same, for variances",
    ("06", "eq:linear-vae-touches"): "the same, for the bound",
    ("06", "eq:linear-vae-gap"): "closed forms of its decoder and encoder, as in the C++ tests",
    ("06", "eq:e-step"): "a maximum among neighbours, as in the C++ tests",
}
# What is claimed of digits alone; these runs are on a small set, where the results say the same.
OF_DIGITS = {("05", "eq:" + name) for name in (
    "independent-pixels", "kl-only", "reconstruction-only", "both-terms", "learned-variance",
    "variance-is-a-choice")}


# The chapters that came later say it beside their checks, as IN_THE_RUN_ONLY and OF_DIGITS.
for module in (claims_of_04, claims_of_07, claims_of_08, claims_of_09, claims_of_10, claims_of_11,
               claims_of_slips):
    IN_THE_RUN_ONLY |= module.IN_THE_RUN_ONLY
    OF_DIGITS |= module.OF_DIGITS


class Claims:
    """Every label's check on a run of the chapter with its defaults, or on a small data set."""

    chapter, options = None, ()

    @classmethod
    def setUpClass(cls):
        small = BOOK[cls.chapter].trains and not BOOK[cls.chapter].claims_on_digits
        if small:
            folder = tempfile.TemporaryDirectory()
            cls.addClassCleanup(folder.cleanup)
            data = SmallData(Path(folder.name) / "data")
            cls.options = ("--data", data.folder, *BOOK[cls.chapter].small, *cls.options)
        cls.run_ = run_quick(cls.chapter, *cls.options)
        if small:
            cls.run_.data = data

    def test_labels(self):
        """Each label of the run is checked, or said not to be."""
        number = self.chapter[:2]
        found = {(number, claim["label"]) for claim in self.run_.report["claims"]}
        self.assertEqual(found - LABELS.keys() - IN_THE_RUN_ONLY.keys(), set())
        tables = LABELS.keys() | IN_THE_RUN_ONLY.keys()
        found |= {key for key in OF_DIGITS if key[0] == number}
        self.assertEqual({key for key in tables if key[0] == number} - found, set())
        for check in dict.fromkeys(LABELS[key] for key in sorted(found & LABELS.keys())):
            with self.subTest(check.__name__):
                check(self, self.run_)


for name in BOOK:  # Chapter01, Chapter02, ...
    globals()[f"Chapter{name[:2]}"] = type(f"Chapter{name[:2]}", (Claims, Case), {"chapter": name})


class Chapter1OtherSeed(Claims, Case):
    chapter, options = "01_entropy_kl", ("--seed", "77")


class OtherOptions(Case):
    """The same checks where the reader's options enter them."""

    def test_toys_of_chapter_2(self):
        for toy in (Toy(weight=-2.0, noise=0.5, x=-1.0, q_mean=1.0, q_scale=0.4),
                    Toy(weight=0.7, noise=1.5, x=3.0, q_mean=-1.0, q_scale=0.9),
                    Toy(x=30.0, q_mean=12.0, q_scale=0.1)):
            with self.subTest(toy=vars(toy)):
                run = run_quick("02_jensen_elbo", *toy.arguments())
                self.assertEqual(run.status, 0, run)
                decomposition(self, run, toy)
                restricted(self, run, toy)

    def test_dimensions_of_chapter_3(self):
        for dimension in (1, 5, 20):
            with self.subTest(dimension=dimension):
                run = run_quick("03_reparameterization", "--dimension", dimension, "--seed", 5)
                self.assertEqual(run.status, 0, run)
                two_estimators(self, run, dimension)

    def test_models_of_chapter_6(self):
        for dimension, latent, noise in ((2, 1, 0.5), (6, 2, 1.5)):
            with self.subTest(dimension=dimension, latent=latent, noise=noise):
                run = run_quick("06_em", "--dimension", dimension, "--latent", latent,
                                "--noise-scale", noise)
                self.assertEqual(run.status, 0, run)
                three_ways(self, run, dimension, latent, noise)


    def test_normals_of_chapter_10(self):
        with tempfile.TemporaryDirectory() as folder:
            data = SmallData(Path(folder) / "data").folder
            for scale in (0.2, 1, 3):
                with self.subTest(scale=scale):
                    run = run_quick("10_diffusion", "--data", data, "--scale", scale,
                                    *BOOK["10_diffusion"].small)
                    claims_of_10.gaussian_gaps(self, run, scale)


class Tables(unittest.TestCase):
    def test_no_label_is_in_both(self):
        self.assertEqual(LABELS.keys() & IN_THE_RUN_ONLY.keys(), set())


if __name__ == "__main__":
    unittest.main()
