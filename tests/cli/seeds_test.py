"""The same seed, the same numbers, whatever the number of threads; another seed, others."""

import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
from chapter import BOOK, Case, SmallData, quick, run_quick, without_clocks  # noqa: E402


class Randomness(Case):
    def test_the_number_of_threads_changes_nothing_and_the_seed_all(self):
        data = SmallData(self.folder / "data").folder
        for chapter, each in BOOK.items():
            small = ("--data", data, *each.small) if each.trains else each.small
            with self.subTest(chapter):
                one, *others = (run_quick(chapter, "--seed", 3, "--threads", n, *small)
                                for n in (1, 2, 4))
                self.assertEqual(one.report["seed"], 3)
                for run in others:
                    self.assertEqual(without_clocks(run.report), without_clocks(one.report))
                    for name in each.tables:
                        self.assertEqual((run.folder / f"{name}.csv").read_bytes(),
                                         (one.folder / f"{name}.csv").read_bytes(), name)
                another = run_quick(chapter, "--seed", 4, *small)
                numbers = [([claim["got"] for claim in run.report["claims"]],
                            without_clocks(run.report)["results"]) for run in (one, another)]
                self.assertNotEqual(*numbers)

    def test_what_is_not_random_does_not_depend_on_the_seed(self):
        for chapter, names in (("01_entropy_kl", ["kl", "entropy", "forward_kl", "k2_bias"]),
                               ("02_jensen_elbo", ["log_evidence", "elbo", "restricted_weight"]),
                               ("03_reparameterization", ["noise_variance", "coin_gradient"])):
            one, two = run_quick(chapter, "--seed", 3).results, quick(chapter).results
            for name in names:
                self.assertEqual(one[name], two[name], name)

    def test_claims_hold_for_other_seeds(self):
        for chapter in ("01_entropy_kl", "02_jensen_elbo", "03_reparameterization", "06_em"):
            for seed in (0, 12345, 10**15):
                with self.subTest(chapter, seed=seed):
                    self.assertEqual(run_quick(chapter, "--seed", seed).status, 0)


if __name__ == "__main__":
    unittest.main()
