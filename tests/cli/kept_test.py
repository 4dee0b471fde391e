"""What the pages quote is what a run says: chapters are run anew, with their defaults, and held against
the kept set. Chapters that train for long are run where ELBO_KEPT=all asks for it."""

import json
import math
import os
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
from chapter import BOOK, ROOT, Run  # noqa: E402

QUICK = ("01_entropy_kl", "02_jensen_elbo", "03_reparameterization", "06_em")
# Chapter 5's kept set is of MNIST, which not every machine has.
LONG = [name for name in BOOK if name not in QUICK and name != "05_vae"]
# Doubles whose sums other compilers order otherwise; a training in floats carries such a difference on,
# which is why its results are compared to three digits only (tests/reference says how far they part).
TOLERANCE = {name: 1e-6 for name in QUICK} | {name: 2e-3 for name in LONG}
CLOCKS = ("seconds", "per_second", "cost")  # results that a clock gave


class Kept(unittest.TestCase):
    def compare(self, name):
        kept = json.loads((ROOT / "figures" / name / "results.json").read_text())
        with tempfile.TemporaryDirectory() as folder:
            run = Run(name, out=Path(folder) / "out")
            self.assertEqual(run.status, 0, run)
            now = run.report
        self.assertEqual(now["results"].keys(), kept["results"].keys())
        for key, value in kept["results"].items():
            if not any(word in key for word in CLOCKS):
                self.close(f"result {key}", now["results"][key], value, TOLERANCE[name])
        def words(claim):
            return claim["label"], claim["statement"], claim["fails_if"].rpartition(" ")[0]
        self.assertEqual([words(claim) for claim in now["claims"]],
                         [words(claim) for claim in kept["claims"]])
        for new, old in zip(now["claims"], kept["claims"]):
            slack = max(old["tolerance"], 1e-9)  # two roundings of one number may differ by all of it
            self.close(f"{old['label']} expected", new["expected"], old["expected"],
                       TOLERANCE[name], slack)
            self.close(f"{old['label']} got", new["got"], old["got"], TOLERANCE[name], slack)

    def close(self, what, new, old, relative, absolute=1e-9):
        self.assertTrue(math.isclose(new, old, rel_tol=relative, abs_tol=absolute),
                        f"{what}: the run says {new}, the kept set {old}; if the run is right, "
                        "redraw it: ./book figures")

    def test_chapters(self):
        names = QUICK + tuple(LONG if os.environ.get("ELBO_KEPT") == "all" else ())
        for name in names:
            with self.subTest(name):
                self.compare(name)


if __name__ == "__main__":
    unittest.main()
