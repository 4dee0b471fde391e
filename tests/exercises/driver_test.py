"""./book exercise as a newcomer meets it: list, fail, hint, pass; mistakes of every kind; nothing of theirs lost."""

import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "cmake/exercise"))
import progress  # noqa: E402

NAME, CHAPTER = "kl_normal", "01_entropy_kl"
EXERCISES = Path("chapters") / CHAPTER / "exercises"


class Newcomer(unittest.TestCase):
    """A tree of its own, with a folder exercises/ that is nobody's."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="elbo-newcomer-")
        cls.addClassCleanup(folder.cleanup)
        cls.top = Path(folder.name).resolve()
        for name in ("src", "tests", "docs", "CMakeLists.txt", "CMakePresets.json"):
            (cls.top / name).symlink_to(ROOT / name)
        shutil.copy(ROOT / "book", cls.top)
        shutil.copytree(ROOT / "cmake", cls.top / "cmake")
        others = shutil.ignore_patterns("exercises")
        shutil.copytree(ROOT / "chapters", cls.top / "chapters", ignore=others)
        shutil.copytree(ROOT / EXERCISES, cls.top / EXERCISES)
        # So that a loop is stopped soon.
        catalogue = cls.top / EXERCISES / "exercises.toml"
        text = catalogue.read_text()
        catalogue.write_text(text.replace(f"[{NAME}]\n", f"[{NAME}]\nseconds = 2\n", 1))
        cls.answer = cls.top / "exercises" / CHAPTER / f"{NAME}.cpp"
        cls.solution = (ROOT / EXERCISES / f"{NAME}_solution.cpp").read_text()
        cls.stub = (ROOT / EXERCISES / f"{NAME}.cpp").read_text()

    def setUp(self):
        shutil.rmtree(self.top / "exercises", ignore_errors=True)

    def book(self, *words, status=0, says=""):
        done = subprocess.run([self.top / "book", "exercise", *words], input=says, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        self.assertEqual(done.returncode, status, done.stdout)
        return done.stdout

    def write(self, code):
        self.answer.parent.mkdir(parents=True, exist_ok=True)
        self.answer.write_text(code)

    def test_list_fail_hint_pass(self):
        before = self.book()
        self.assertIn(f"NEXT    {NAME}", before)
        self.assertRegex(before, r"\n0 of \d+ done\. Next: ./book exercise kl_normal\n\Z")

        first = self.book(NAME, status=1)
        self.assertIn(f"New: exercises/{CHAPTER}/{NAME}.cpp is yours", first)
        self.assertEqual(self.answer.read_text(), self.stub)
        self.assertIn("got       nan", first)

        catalogue = (ROOT / EXERCISES / "exercises.toml").read_text()
        hints = re.findall(r'^  "(.*)",$', catalogue, re.MULTILINE)[:3]
        for number in (1, 2, 3, 3):
            shown = " ".join(self.book(NAME, "--hint").split())
            for tier, hint in enumerate(hints, 1):
                self.assertEqual(hint[:40] in shown, tier <= number, shown)

        self.write(self.solution)
        self.assertRegex(self.book(NAME), r"Right, in all \d+ cases\.")
        after = self.book()
        self.assertIn(f"done    {NAME}", after)
        self.assertIn("\n1 of ", after)
        self.assertNotIn("[y/N]", self.book(NAME, "--solution"))  # it is solved
        self.assertIn("1 of 1 right", self.book("--all"))
        self.write(self.solution + "\n// changed\n")
        listed = self.book()
        self.assertIn(f"changed {NAME}", listed)
        self.assertIn("\n0 of ", listed)  # not checked since

    def test_the_compiler_is_heard_while_the_answer_is_wrong(self):
        unused = self.stub.replace("return ", "const double half = 0.5;\n  return ", 1)
        self.assertNotEqual(unused, self.stub)
        line = unused.splitlines().index("  const double half = 0.5;") + 1
        self.write(unused)
        for _ in range(2):  # the second time nothing is compiled
            self.assertIn(f"The compiler wonders about line {line}: unused variable ‘half’",
                          self.book(NAME, status=1))
        self.write(self.stub + "\n")
        self.assertNotIn("half", self.book(NAME, status=1))

    def test_what_the_page_shows_is_what_it_says(self):
        page = (ROOT / "docs/exercises.rst").read_text()
        (block,) = re.findall(r":name: said-of-twice-the-answer\n\n((?:   .*\n|\n)+)", page)
        block = re.sub(r"^   ", "", block, flags=re.MULTILINE).strip()
        self.write(self.solution.replace("0.5 * (", "("))
        self.assertEqual(self.book(NAME, status=1).strip(), block)

    def test_the_compiler_is_kept_short(self):
        self.write(self.stub.replace("(void)log_variance;", "return mean.squared();"))
        said = self.book(NAME, status=1)
        line = 1 + self.stub[:self.stub.index("(void)")].count("\n")
        self.assertIn(f"exercises/{CHAPTER}/{NAME}.cpp, line {line}: ", said)
        self.assertIn("squared", said)
        self.assertIn("      return mean.squared();", said)
        self.assertLess(len(said), 800)

        self.write(self.stub.replace("kl_normal(", "kl_of_normal("))
        self.assertIn("the check calls kl_normal(", self.book(NAME, status=1))

    def test_a_loop_and_a_crash(self):
        self.write(self.stub.replace("(void)log_variance;", "volatile int i = 1; while (i) {}"
                                                            " (void)log_variance;"))
        self.assertIn("Stopped after 2 s", self.book(NAME, status=1))
        self.write(self.stub.replace("(void)log_variance;", "if (log_variance(7, 7) > 0) return {};"))
        said = self.book(NAME, status=1)
        line = 1 + self.stub[:self.stub.index("(void)")].count("\n")
        self.assertIn("An assertion of Eigen's failed", said)
        self.assertIn(f"at line {line} of your file", said)
        self.write(self.stub.replace("(void)log_variance;", "int* p = nullptr; *p = 1;"
                                                            " (void)log_variance;"))
        self.assertIn(f"at line {line} of your file", self.book(NAME, status=1))
        self.write(self.stub.replace("(void)log_variance;", f"return {NAME}(mean, log_variance);"))
        self.assertIn("It calls itself", self.book(NAME, status=1))

    def test_saving_while_it_builds(self):
        # What is built is what was there at the start; the next look sees what was saved.
        self.write(self.solution.replace("0.5 * (", "("))
        with subprocess.Popen([self.top / "book", "exercise", NAME], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
            process.stdout.readline()
            time.sleep(0.7)
            self.write(self.solution)
            self.assertIn("did you drop the 1/2", process.stdout.read())
        self.assertIn("Right, in all", self.book(NAME))

    def test_what_is_no_pass(self):
        place = "(void)log_variance;"
        self.write("#include <cstdlib>\n" + self.stub.replace(place, place + " std::exit(0);"))
        self.assertIn("It ended before its check did", self.book(NAME, status=1))

    def test_what_the_answer_prints(self):
        self.write("#include <iostream>\n" + self.solution.replace(
            "return", 'std::cout << "seen by me\\n";\n  return'))
        self.assertIn("Your program printed:\n    seen by me", self.book(NAME))

    def test_a_bug_as_found_is_not_explained(self):
        said = self.book("negative_kl", status=1)
        self.assertIn("As you found it.", said)
        self.assertIn("expected", said)

    def test_notes_that_are_none(self):
        self.write(self.solution)
        for text in ("", "[]", "null", '{"kl_normal": 3}', '{"kl_normal": {"hints": "x"}}'):
            notes = self.top / "exercises/progress.json"
            notes.write_text(text)
            self.assertIn(NAME, self.book())
            self.book(NAME, "--hint")
            self.assertIn("Right, in all", self.book(NAME))
            self.assertIn(f"done    {NAME}", self.book())
        self.assertEqual((self.top / "exercises/progress.json.bad").read_text(),
                         '{"kl_normal": 3}')

    def test_the_better_score_is_kept(self):
        low, high = "error = 0.25, goal <= 0.35", "error = 0.3, goal <= 0.35"
        self.assertEqual(progress.better(high, low), low)
        self.assertEqual(progress.better(low, high), low)
        self.assertEqual(progress.better(low, None), low)
        more, less = "AUROC = 0.9, goal >= 0.8", "AUROC = 0.85, goal >= 0.8"
        self.assertEqual(progress.better(less, more), more)

    def test_the_library_is_off_limits(self):
        self.write('#include "elbo/distributions.hpp"\n' + self.stub)
        self.assertIn("elbo/distributions.hpp is not for this one", self.book(NAME, status=1))
        solution = ROOT / EXERCISES / f"{NAME}_solution.cpp"
        self.write(f'#include "{solution}"\n')
        self.assertIn("is not for this one", self.book(NAME, status=1))

    def test_a_solution_is_shown_when_asked_for(self):
        self.write(self.stub)
        for words in ("", "n\n", "what\n"):
            said = self.book(NAME, "--solution", says=words)
            self.assertIn("not solved yet? [y/N]", said)
            self.assertNotIn("colwise", said)
        self.assertIn("+  return (0.5", self.book(NAME, "--solution", says="y\n"))
        self.assertEqual(self.answer.read_text(), self.stub)

    def test_a_new_start_loses_nothing(self):
        for number in (1, 2, 3):
            self.write(f"// mine, {number}\n")
            self.assertIn(f"{NAME}.cpp.{number}", self.book(NAME, "--reset"))
            self.assertEqual(self.answer.read_text(), self.stub)
        for number in (1, 2, 3):
            aside = self.answer.with_suffix(f".cpp.{number}")
            self.assertEqual(aside.read_text(), f"// mine, {number}\n")

    def test_watching(self):
        self.write(self.stub)
        with subprocess.Popen([self.top / "book", "exercise", NAME, "--watch"], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
            give_up = threading.Timer(100, process.kill)
            give_up.start()
            for line in process.stdout:
                if "Waiting for you" in line:
                    break
            time.sleep(0.05)
            self.write(self.solution)
            rest = process.stdout.read()
            self.assertEqual(process.wait(), 0, rest)
            give_up.cancel()
        self.assertIn("Right, in all", rest)

    def test_usage(self):
        for words, part in ((("kl_norml",), "did you mean kl_normal?"), (("--hint",), "which"),
                            ((NAME, "--wrong"), "--wrong"), ((NAME, "--hint", "--all"), "--all"), ((NAME, "--all"), "--all")):
            said = self.book(*words, status=2)
            self.assertRegex(said, r"\Abook: exercise: .*\n\Z")
            self.assertIn(part, said)
        self.assertIn("--solution", self.book("--help"))


if __name__ == "__main__":
    unittest.main()
