"""The pages of exercises, as built: every one is there, and no solution before its fold."""

import html
import re
import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "build/docs/html"
sys.path[:0] = [str(ROOT / "cmake/exercise"), str(ROOT / "tests/exercises")]

from catalogue import catalogue  # noqa: E402
from invariants import lines_of_code  # noqa: E402


def lines_of(page):
    """The lines that are seen, without blanks; those folded as a solution stand apart."""
    body = (SITE / page).read_text(encoding="utf-8")
    folded = "".join(re.findall(r'<details class="solution">.*?</details>', body, re.DOTALL))
    open_ = re.sub(r'<details class="solution">.*?</details>', "", body, flags=re.DOTALL)
    return tuple({re.sub(r"\s+|//.*", "", line)
                  for line in html.unescape(re.sub(r"<[^>]*>", "", part)).splitlines()}
                 for part in (open_, folded))


class Pages(unittest.TestCase):
    def test_each_exercise_has_its_question_hints_and_folded_solution(self):
        for one in catalogue():
            with self.subTest(one.name):
                page = f"exercises/{one.chapter[:2]}.html"
                seen, folded = lines_of(page)
                self.assertIn(f"$./bookexercise{one.name}", seen)
                stub = lines_of_code(one.file().read_text(encoding="utf-8"))
                solution = lines_of_code(one.file("solution").read_text(encoding="utf-8")) - stub
                self.assertTrue(solution)
                self.assertEqual(stub - seen, set())
                self.assertEqual(solution - folded, set())
                self.assertEqual(solution & seen, set())
                body = (SITE / page).read_text(encoding="utf-8")
                self.assertEqual(body.count('<details class="hint">'),
                                 3 * sum(other.chapter == one.chapter for other in catalogue()))


if __name__ == "__main__":
    unittest.main()
