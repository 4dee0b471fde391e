"""The site's own mechanisms fail where they should: a small site, one thing wrong with it."""

import io
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs/_ext"))

from docutils import nodes  # noqa: E402
from sphinx.application import Sphinx  # noqa: E402
from sphinx.util.docutils import docutils_namespace  # noqa: E402

import equations  # noqa: E402
import runs  # noqa: E402
from listing import between_marks  # noqa: E402

CONF = f"""
import sys
sys.path.insert(0, {str(ROOT / 'docs/_ext')!r})
extensions = ["equations", "katex", "runs", "listing", "drawn", "accessible", "lean"]
html_theme = "basic"
numfig = True
html_math_renderer = "katex"
katex_folder = {str(ROOT / 'build/docs/node_modules/katex')!r}
"""
PAGE = ":orphan:\n\nA page\n======\n\n"


class Site(unittest.TestCase):
    def build(self, text, checks=None):
        """HTML and warnings of a site whose only page is `text`; `checks` are all that tests check."""
        top = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, top)
        (top / "figures").symlink_to(ROOT / "figures")
        folder = top / "docs"
        folder.mkdir()
        (folder / "conf.py").write_text(CONF)
        (folder / "index.rst").write_text(PAGE + text)
        (folder / "verified.rst").write_text(":orphan:\n\nVerified\n========\n\n.. verified::\n")
        warnings = io.StringIO()
        with docutils_namespace():
            app = Sphinx(folder, folder, folder / "out", folder / "trees", "html", status=None,
                         warning=warnings)
            app.equation_checks = checks if checks is not None else {}
            app.build()
        return (folder / "out/index.html").read_text(), warnings.getvalue(), folder

    def test_an_equation_shows_who_checks_it(self):
        check = equations.Check("test", "by enumeration", "tests/x_test.cpp", 7)
        html, warnings, folder = self.build(".. math::\n   :label: eq:one\n\n   x = 1\n",
                                            {"eq:one": [check]})
        self.assertEqual(warnings, "")
        self.assertIn('href="verified.html#check-eq-one"', html)
        self.assertIn("by enumeration (tests/x_test.cpp)", html)
        self.assertIn("<math", html)
        self.assertIn("tests/x_test.cpp:7", (folder / "out/verified.html").read_text())

    def test_an_equation_without_a_test(self):
        self.assertIn("equation eq:one has no test",
                      self.build(".. math::\n   :label: eq:one\n\n   x = 1\n")[1])

    def test_an_equation_without_a_label(self):
        self.assertIn("without a label", self.build(".. math::\n\n   x = 1\n")[1])

    def test_a_check_without_an_equation(self):
        check = equations.Check("test", "by enumeration", "tests/x_test.cpp", 7)
        self.assertIn("eq:two is checked by 'by enumeration' and displayed nowhere",
                      self.build("Nothing.\n", {"eq:two": [check]})[1])

    def test_bad_tex(self):
        self.assertIn("KaTeX parse error", self.build(r"A formula :math:`\frac{1`." + "\n")[1])

    def test_numbers_come_from_the_kept_runs(self):
        value = runs.kept_run("02")["results"]["log_evidence"]
        html, warnings, _ = self.build(":result:`02 log_evidence .3f` nats\n")
        self.assertEqual(warnings, "")
        self.assertIn(f"\N{MINUS SIGN}{-value:.3f}", html)
        self.assertIn("chapter 02 has no result nothing",
                      self.build(":result:`02 nothing .3f`\n")[1])
        self.assertIn("wanted one chapter 77", self.build(":result:`77 nothing`\n")[1])
        self.assertIn("0 claims eq:none", self.build(":claim:`02 eq:none got`\n")[1])
        self.assertIn("Unknown format code", self.build(":result:`02 log_evidence .3q`\n")[1])

    def test_a_table_of_claims_that_are_not_there(self):
        self.assertIn("claims nothing of ['eq:none']",
                      self.build(".. printed:: 02\n   :labels: eq:none\n")[1])

    def test_a_comma_stays_with_the_formula_before_it(self):
        html, warnings, _ = self.build("Let :math:`q`, :math:`p` be given.\n")
        self.assertEqual(warnings, "")
        self.assertRegex(html, r'<span class="together">.*</span>,</span> ')
        self.assertNotIn("</span>, <", html.replace("</span>,</span>", ""))

    def test_numbers_are_written_as_by_hand(self):
        self.assertEqual(runs.minus("-3.1e-09"), "−3.1\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}10⁻⁹")
        self.assertEqual(runs.minus("2.0e+07"), "2.0\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}10⁷")
        self.assertEqual(runs.minus("-1.50"), "−1.50")

    def test_a_claim_has_indices_where_its_sentence_has_signs(self):
        def html(statement):
            return "".join(part.astext() if part.tagname == "#text" else
                           f"<{part.tagname[:3]} {part.astext()}>" for part in runs.typeset(statement))
        self.assertEqual(html("q(x_t-1 | x_0), x_1..x_T"),
                         "q(x<sub t-1> | x<sub 0>), x<sub 1>..x<sub T>")
        self.assertEqual(html("s^2/2 and M^-1 fall as k^-1/2"),
                         "s<sup 2>/2 and M<sup −1> fall as k<sup −1/2>")
        self.assertEqual(html("eps_hat of noise_scale, max_k"), "eps_hat of noise_scale, max_k")

    def test_a_listing_is_cut_by_its_marks(self):
        source = "a\n  // [x]\n  int b;\n\n    c();\n  // [x]\ne\n"
        self.assertEqual(between_marks(source, "x"), ("int b;\n\n  c();", 3))
        with self.assertRaisesRegex(ValueError, r"two marks \[y\], found 0"):
            between_marks(source, "y")
        name = "chapters/02_jensen_elbo/sampling.cpp"
        html, warnings, _ = self.build(f".. listing:: {name} weights\n")
        self.assertEqual(warnings, "")
        self.assertIn("log_joint", html)
        self.assertIn('<span class="pre short">run</span> <span class="pre short">02</span>', html)
        self.assertIn("found 0", self.build(f".. listing:: {name} nowhere\n")[1])

    def test_a_figure_wants_words_and_a_run(self):
        text = ".. drawn:: 02_jensen_elbo/{}\n{}\n   The caption.\n"
        alt = "   :alt: What is seen.\n"
        html, warnings, _ = self.build(text.format("touching_bound", alt))
        self.assertEqual(warnings, "")
        self.assertIn("only-light", html)
        self.assertIn("only-dark", html)
        self.assertIn("Drawn by ./book run 02, seed 1", html)
        self.assertIn("wanted :alt:", self.build(text.format("touching_bound", ""))[1])
        self.assertIn("no figure", self.build(text.format("nothing", alt))[1])


class LastRun(unittest.TestCase):
    def test_a_test_that_failed_is_known(self):
        with tempfile.NamedTemporaryFile("w", suffix=".xml") as file:
            file.write('<testsuite><testcase name="good" status="run"/>'
                       '<testcase name="bad" status="fail"><failure/></testcase></testsuite>')
            file.flush()
            kept, equations.LAST_RUN = equations.LAST_RUN, Path(file.name)
            try:
                self.assertEqual(equations.failed_tests(), {"bad"})
            finally:
                equations.LAST_RUN = kept

    def test_every_label_of_the_tests_is_found(self):
        checks = equations.checks_in_tests()
        self.assertGreater(len(checks), 200)
        names = [check.name for check in checks["eq:kl-standard-normal"]]
        self.assertIn("KL from the standard normal", names)
        self.assertTrue(all((ROOT / check.file).exists() for found in checks.values()
                            for check in found))


class Bounds(unittest.TestCase):
    def test_a_bound_reads_as_one(self):
        for rule, expected, printed in [
                ("off by more than 5e-07", "3", "off by more than 5\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}10⁻⁷"),
                ("below -2.5", "≥ 3", "below −2.5"), ("above 3.5", "≤ 3", "above 3.5"),
                ("not equal", "3", "not equal")]:
            claim = {"expected": 3.0, "fails_if": rule}
            self.assertEqual((runs.expectation(claim), runs.refutation(claim)), (expected, printed))
        self.assertIsInstance(nodes.Text(runs.short(-1.5)), nodes.Text)


if __name__ == "__main__":
    unittest.main()
