"""What must hold of an exercise: invariants.py NAME. Its stub builds and fails without a crash, its solution
passes, every listed wrong answer is told its own slip, and the hints do not give the code away."""

import os
import re
import subprocess
import sys
import tempfile
import tomllib
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "cmake/exercise"))

import build  # noqa: E402
from catalogue import KINDS, catalogue  # noqa: E402
from lesson import hold  # noqa: E402

YOUR_TURN = "// --- Your turn"


def lines_of_code(text):
    """The lines that say something: long enough not to stand anywhere else."""
    text = re.sub(r"//[^\n]*", "", text)
    return {re.sub(r"\s+", "", line) for line in text.splitlines() if len(line.strip()) > 25}


class Invariants(unittest.TestCase):
    def setUp(self):
        self.one = next(one for one in catalogue() if one.name == NAME)

    def program(self, kind):
        return build.BIN / f"{NAME}_{kind}"

    def code(self, kind=""):
        return self.one.file(kind).read_text(encoding="utf-8")

    def test_the_stub_fails_and_says_in_which_case(self):
        lesson = hold(self.one, self.program("stub"))
        self.assertFalse(lesson.passed)
        self.assertEqual(lesson.trouble, "")
        self.assertIn("case", lesson.said)
        if self.one.kind != "bug":
            self.assertEqual(self.code().count(YOUR_TURN), 1, "one marked place to write")
        self.assertIn(self.one.label, self.code(), "the stub names its formula")

    def test_the_solution_passes_and_keeps_to_the_rules(self):
        lesson = hold(self.one, self.program("solution"))
        self.assertTrue(lesson.passed, f"{lesson}")
        self.assertEqual(self.one.not_allowed(self.code("solution")), "")
        self.assertEqual(self.one.not_allowed(self.code()), "")
        self.assertEqual(bool(lesson.score), self.one.kind == "open", "an open one has a score")

    def test_each_slip_is_told_apart(self):
        self.assertGreaterEqual(len(self.one.slips), 3)
        self.assertEqual(len(set(self.one.slips)), len(self.one.slips))
        for number, words in enumerate(self.one.slips, 1):
            with self.subTest(slip=number):
                lesson = hold(self.one, self.program("slips"), {"SLIP": str(number)})
                self.assertFalse(lesson.passed)
                self.assertIn(words, lesson.said.get("question", ""), f"{lesson}")

    def test_the_numbers_of_the_question_are_true(self):
        if "[.told]" not in self.code("test"):
            return
        with tempfile.NamedTemporaryFile("r") as lesson:
            done = subprocess.run([self.program("stub"), "[.told]"], capture_output=True, text=True, check=False,
                                  env={**os.environ, "ELBO_LESSON": lesson.name})
            told = re.findall(r"^told: (.*)$", lesson.read(), re.MULTILINE)
        self.assertEqual(done.returncode, 0, done.stdout)
        question = re.findall(r"-?\d+(?:\.\d+)?", re.sub(r"^(?!//).*$", "", self.code(), flags=re.MULTILINE))
        self.assertTrue(told)
        self.assertLessEqual(set(told), set(question))

    def test_the_hints_lead_and_do_not_carry(self):
        self.assertEqual(len(self.one.hints), 3)
        solution = lines_of_code(self.code("solution")) - lines_of_code(self.code())
        for hint in self.one.hints:
            self.assertGreater(len(hint.split()), 5, hint)
            self.assertLess(len(hint), 700, hint)
            for line in solution:
                self.assertNotIn(line, re.sub(r"\s+", "", hint))
        self.assertNotIn(";", re.sub(r"; ", "", self.one.hints[-1]), "code in a hint")

    def test_it_leads_back_to_the_page(self):
        self.assertIn(self.one.kind, KINDS)
        page = (ROOT / "docs" / f"{self.one.chapter}.rst").read_text(encoding="utf-8")
        titles = re.findall(r"^(.+)\n[-~]{3,}$", page, re.MULTILINE)
        self.assertIn(self.one.reread, titles)
        sheet = (ROOT / f"docs/equations/{self.one.chapter[:2]}.rst").read_text(encoding="utf-8")
        self.assertIn(f":label: {self.one.label}\n", page + sheet)


class Catalogue(unittest.TestCase):
    def test_at_least_four_a_chapter_that_climb(self):
        chapters = sorted(path.name for path in (ROOT / "chapters").glob("[0-9][0-9]_*"))
        names = [one.name for one in catalogue()]
        self.assertEqual(len(set(names)), len(names), "a name is used once")
        for chapter in chapters:
            with self.subTest(chapter=chapter):
                kinds = [one.kind for one in catalogue() if one.chapter == chapter]
                self.assertGreaterEqual(len(kinds), 4)
                self.assertEqual(kinds, sorted(kinds, key=KINDS.index), "they climb")
                self.assertEqual(kinds.count("open"), 1)

    def test_no_file_without_an_exercise(self):
        for path in (ROOT / "chapters").glob("*/exercises/*.cpp"):
            name = re.sub(r"_(test|solution|slips)$", "", path.stem)
            entries = tomllib.loads((path.parent / "exercises.toml").read_text(encoding="utf-8"))
            self.assertIn(name, entries, path)


if __name__ == "__main__":
    NAME = sys.argv.pop() if len(sys.argv) > 1 else ""
    unittest.main(defaultTest="Invariants" if NAME else "Catalogue")
