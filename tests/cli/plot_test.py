"""Tests of figures/plot.py on small invented runs: what is drawn, kept, and said when it cannot."""

import json
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTHON = "/usr/bin/python3"  # as ./book does: another one may lack matplotlib


def plot(*arguments):
    return subprocess.run([PYTHON, ROOT / "figures/plot.py", *arguments], capture_output=True,
                          text=True, check=False)


def table(path, **columns):
    rows = [",".join(columns), *(",".join(map(str, row)) for row in zip(*columns.values()))]
    path.write_text("\n".join(rows) + "\n")


def results(folder, chapter, **numbers):
    folder.mkdir(parents=True, exist_ok=True)
    written = {"chapter": chapter, "claims": [], "results": numbers}
    (folder / "results.json").write_text(json.dumps(written))
    return folder


def run_of_chapter_3(folder):
    """The cheapest chapter to draw: four line plots."""
    results(folder, "03_reparameterization", data_variance=0.7, noise_variance=0.2)
    kinds = "score", "baseline", "pathwise"
    table(folder / "variance_dimension.csv", dimension=[1, 10, 100],
          **{name + end: [3, 20, 200] for name in kinds for end in ("", "_exact")})
    table(folder / "variance_draws.csv", draws=[1, 32],
          **{name + end: [0.9, 0.8] for name in ("one_image", "batch") for end in ("", "_exact")})
    table(folder / "descent.csv", step=[1, 10, 1000], shrinking=[1, 0.1, 0.001],
          constant=[1, 0.1, 0.1])
    table(folder / "coin.csv", step=[1, 2000, 4000], biased=[0.5, 0.4, 0.4],
          unbiased=[0.5, 0.1, 0])
    return folder


def run_of_chapter_5(folder, label):
    """Scatters, which are pixels inside the SVG, and an animation of three frames."""
    results(folder, "05_vae")
    table(folder / "curves.csv", epoch=[1, 2], train_reconstruction=[-99, -80],
          train_kl=[20, 22], test_reconstruction=[-95, -81], test_kl=[21, 23])
    codes = {"x": [-1, 0, 1] * 3, "y": [0, 0.5, -1] * 3, "label": label * 3}
    for name, kind in (("latent_frames", "frame"), ("three_spaces", "space")):
        table(folder / f"{name}.csv", **{kind: [0, 0, 0, 1, 1, 1, 2, 2, 2]}, **codes)
    (folder / "samples.png").write_bytes(b"a sheet of the chapter's own")
    return folder


def contents(folder, *suffixes):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in suffixes}


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def assert_refused(self, run, code, *lines):
        """Exit code, and one line for each failure, which holds all the given parts."""
        said = run.stderr.strip().splitlines()
        self.assertEqual((run.returncode, len(said)), (code, len(lines)), run.stderr)
        for line, parts in zip(said, lines):
            for part in ("plot.py: ", *parts):
                self.assertIn(part, line)


class Drawing(Case):
    def test_a_redraw_is_the_same_to_the_byte(self):
        three = run_of_chapter_3(self.folder / "any name")
        five = run_of_chapter_5(self.folder / "05", label=[0, 7, 9])
        first = plot(three, five)
        self.assertEqual((first.returncode, first.stderr), (0, ""))
        self.assertEqual(first.stdout.splitlines(), [
            f"03_reparameterization: 4 figures, light and dark, in {three}",
            f"05_vae: 4 figures, light and dark, in {five}"])
        before = [contents(folder, ".svg", ".gif") for folder in (three, five)]
        self.assertEqual(plot(three, five).returncode, 0)
        after = [contents(folder, ".svg", ".gif") for folder in (three, five)]
        self.assertEqual(before, after)

        files = {**before[0], **before[1]}
        self.assertEqual(len(files), 16)
        for name, content in files.items():
            if "_light" in name:
                self.assertNotEqual(content, files[name.replace("_light", "_dark")])
            if name.endswith(".svg"):
                self.assertTrue(xml.etree.ElementTree.fromstring(content).tag.endswith("svg"))
                self.assertNotIn(b"<text", content)  # letters are outlines
            else:
                self.assertEqual(content[:6], b"GIF89a")
        for folder in (three, five):
            self.assertEqual([path.name for path in folder.glob("*.tmp")], [])

    def test_ink_is_readable(self):
        code = ("import json, style; "
                "print(json.dumps([vars(ink) for ink in style.THEMES]))")
        out = subprocess.run([PYTHON, "-Bc", code], cwd=ROOT / "figures", capture_output=True,
                             text=True, check=True).stdout

        def luminance(colour):
            parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
            linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
            return sum(weight * v for weight, v in zip((0.2126, 0.7152, 0.0722), linear))

        for ink in json.loads(out):
            for name in ("text", "muted", "blue", "orange", "green", "purple"):
                low, high = sorted(luminance(ink[key]) + 0.05 for key in (name, "page"))
                self.assertGreaterEqual(high / low, 4.5, f"{name} on {ink['name']}: WCAG's AA")


class Keeping(Case):
    def test_copies_and_removes_what_is_stale(self):
        folder = run_of_chapter_5(self.folder / "05", label=[-1, -1, -1])  # digits unnamed
        kept = self.folder / "figures" / "05_vae"
        kept.mkdir(parents=True)
        for stale in ("old_light.svg", "old.png", "old.gif", "README.md"):
            (kept / stale).write_text("old")
        neighbour = kept.parent / "plot.svg"
        neighbour.write_text("not ours")
        run = plot(folder, "--keep", kept.parent)
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        self.assertIn(f"kept in {kept}", run.stdout)
        self.assertEqual(contents(kept, ".svg", ".png", ".gif", ".json"),
                         contents(folder, ".svg", ".png", ".gif", ".json"))
        self.assertTrue((kept / "README.md").exists() and neighbour.exists())

    def test_a_failed_chapter_keeps_what_was_kept(self):
        folder = run_of_chapter_3(self.folder / "03")
        (folder / "coin.csv").unlink()
        kept = self.folder / "figures" / "03_reparameterization" / "coin_light.svg"
        kept.parent.mkdir(parents=True)
        kept.write_text("old")
        self.assert_refused(plot(folder, "--keep", kept.parents[1]), 1, ["coin.csv"])
        self.assertEqual(kept.read_text(), "old")

    def test_a_file_where_the_folder_should_be(self):
        folder = run_of_chapter_3(self.folder / "03")
        (self.folder / "figures").write_text("")
        self.assert_refused(plot(folder, "--keep", self.folder / "figures"), 1,
                            ["figures", "wanted to keep", "found", "take a folder"])


class Refusing(Case):
    def test_each_bad_folder_gets_a_line_and_the_good_one_its_figures(self):
        good = run_of_chapter_3(self.folder / "good")
        first = "variance_dimension.csv"

        def spoilt(name, spoil):
            folder = self.folder / name
            shutil.copytree(good, folder)
            spoil(folder)
            return folder

        def put(name, content):
            return lambda folder: (folder / name).write_bytes(content)

        cases = [
            (self.folder / "nowhere", ["nowhere/results.json", "no such file", "run the chapter"]),
            (spoilt("no-results", lambda f: (f / "results.json").unlink()),
             ["no-results/results.json", "no such file", "run the chapter"]),
            (spoilt("torn", put("results.json", b'{"chapter": ')), ["torn/results.json", "wanted"]),
            (spoilt("list", put("results.json", b"[1]")), ["list/results.json", "wanted"]),
            (spoilt("stranger", put("results.json", b'{"chapter": "../etc", "results": {}}')),
             ["'../etc'", "wanted"]),
            (spoilt("no-number", lambda f: results(f, "03_reparameterization")),
             ["no-number/results.json", "'data_variance'"]),
            (spoilt("no-table", lambda f: (f / first).unlink()),
             [f"no-table/{first}", "no such file", "again"]),
            (spoilt("words", put(first, b"dimension,score\n1,two\n")),
             [f"words/{first}", "wanted a table of numbers", "two"]),
            (spoilt("ragged", put(first, b"dimension,score\n1,2\n3\n")),
             [f"ragged/{first}", "wanted"]),
            (spoilt("bytes", put(first, bytes(range(256)))), [f"bytes/{first}", "wanted"]),
            (spoilt("empty", put(first, b"")), [f"empty/{first}", "0 rows"]),
            (spoilt("header", put(first, b"dimension,score\n")), [f"header/{first}", "0 rows"]),
            (spoilt("column", put(first, b"dimension,score\n1,2\n")),
             [f"column/{first}", "'score_exact'", "dimension, score"]),
            (spoilt("odd", lambda f: results(f, "03_reparameterization", data_variance="much")),
             ["odd: variance_draws cannot be drawn", "TypeError", "run the chapter again"]),
            (spoilt("occupied", lambda f: (f / "coin_light.svg").mkdir()),
             ["occupied/coin_light.svg", "wanted to write", "free the path"]),
        ]
        run = plot(*(folder for folder, _ in cases[:7]), good, *(folder for folder, _ in cases[7:]))
        self.assert_refused(run, 1, *(parts for _, parts in cases))
        self.assertEqual(len(contents(good, ".svg")), 8)
        self.assertEqual(len(run.stdout.splitlines()), 1)

    def test_usage(self):
        self.assert_refused(plot(), 2, ["OUT_DIR"])
        self.assert_refused(plot("out", "--kept", "x"), 2, ["--kept"])


if __name__ == "__main__":
    unittest.main()
