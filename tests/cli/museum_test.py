"""The bug museum as its visitors use it: the list, one exhibit, all of them."""

import ast
import math
import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
from chapter import ROOT, Run, read_png, run_quick  # noqa: E402

CHAPTER = "11_bug_museum"
SMALL = ("--images", 200, "--epochs", 1, "--hidden", 10, "--importance-samples", 10)
RIGHT = {"correct", "correct-k", "correct-gaussian"}


def numbers(report):
    """What must not depend on the threads."""
    return report["claims"], report["results"], report["data"]


class Museum(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.list = Run(CHAPTER, "--list")
        cls.names = [line for line in cls.list.stdout.splitlines() if line[:1].strip()]

    def test_the_list_tells_of_every_exhibit_and_runs_none(self):
        self.assertEqual((self.list.status, self.list.stderr), (0, ""))
        self.assertFalse(self.list.folder.exists())
        self.assertGreaterEqual(len(self.names), 15)
        cards = self.list.stdout.strip().split("\n\n")
        self.assertEqual(len(cards), len(self.names))
        for name, card in zip(self.names, cards):
            wanted = ["right", "looks like", "caught by"]
            if name not in RIGHT:
                wanted.insert(0, "wrong")
            self.assertEqual([line[2:13].strip() for line in card.splitlines()[1:]], wanted)

    def test_every_test_that_is_named_exists(self):
        sources = "".join(path.read_text() for path in (ROOT / "tests").glob("*.cpp"))
        for line in self.list.stdout.splitlines():
            if line.startswith("  caught by"):
                self.assertIn("TEST_CASE(" + line[13:], sources)

    def test_the_figure_names_them_as_the_list_does(self):
        script = (ROOT / "chapters" / CHAPTER / "figures.py").read_text()
        tables = [node.value for node in ast.parse(script).body if isinstance(node, ast.Assign) and
                  node.targets[0].id == "NAMES"]
        self.assertEqual([list(ast.literal_eval(names)) for names in tables], [self.names])

    def test_all_exhibits_hold_their_claims(self):
        run = run_quick(CHAPTER)
        self.assertEqual(run.status, 0, run)
        claims = run.report["claims"]
        self.assertGreaterEqual(len(claims), 20)
        for claim in claims:
            self.assertIs(claim["ok"], True, claim)
        labels = {claim["label"] for claim in claims}
        for name in set(self.names) - RIGHT:
            self.assertIn("eq:bug-" + name, labels)
        table = run.table("museum")
        self.assertEqual(table["exhibit"], list(range(len(self.names))))
        for name, log, elbo, evidence in zip(self.names, table["log"], table["elbo"],
                                             table["log_evidence"]):
            key = name.replace("-", "_")
            self.assertEqual(run.results[key + "_log"], log)
            self.assertTrue(all(map(math.isfinite, (log, elbo, evidence))), name)
        width, height, _ = read_png(run.folder / "museum_samples.png")
        self.assertEqual((width, height), (29 * 16 - 1, 29 * len(self.names) - 1))

    def test_one_exhibit_stands_beside_the_right_program(self):
        for name, like in (("kl-sign", "correct"), ("mse-without-variance", "correct-gaussian"),
                           ("correct", "correct")):
            run = Run(CHAPTER, "--quick", "--bug", name, *SMALL)
            self.assertIn(run.status, (0, 1), run)
            self.assertIn(f"{name}\n", run.stdout)
            table = run.table("museum")
            self.assertEqual([self.names[int(e)] for e in table["exhibit"]],
                             list(dict.fromkeys((like, name))))

    def test_the_number_of_threads_changes_nothing(self):
        one, two = (run_quick(CHAPTER, "--threads", n, *SMALL) for n in (1, 2))
        self.assertEqual(numbers(one.report), numbers(two.report))
        for name in ("museum.csv", "museum_samples.png"):
            self.assertEqual((one.folder / name).read_bytes(), (two.folder / name).read_bytes())

    def test_an_exhibit_that_is_not_there(self):
        run = Run(CHAPTER, "--bug", "off-by-one")
        self.assertEqual(run.status, 2, run)
        self.assertIn("wanted one of all, correct", run.stderr)
        self.assertEqual(run.stderr.count("\n"), 1)


if __name__ == "__main__":
    unittest.main()
