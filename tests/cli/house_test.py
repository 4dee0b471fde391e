"""The house rules that a machine can hold: who may include whom, how long a file may be, which
folders there are, and that no equation goes unchecked."""

import re
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
from chapter import ROOT  # noqa: E402
from claims_test import IN_THE_RUN_ONLY, LABELS  # noqa: E402

# Floors of src/elbo, the ground first. A header includes headers of lower floors only; a source
# file includes its own header and what lies below it or beside it.
FLOORS = [
    ["types", "files", "options", "sha256", "threads", "statistics"],
    ["lanes"],
    ["steps"],
    ["tiles"],
    ["random", "special", "shape", "images", "parameters", "product", "quadrature", "sgd",
     "tensor"],
    ["adam", "data_source", "digits", "distributions", "hmc", "idx", "idx_format", "layers", "pca",
     "picture", "planar_flow", "roc", "safetensors", "safetensors_header", "variational"],
    ["checkpoint_key", "dataset", "energy_distance", "likelihood", "made", "mixture",
     "noise_schedule", "ppca"],
    ["autoencoder", "autoregressive_flow", "diffusion", "report", "vae"],
    ["denoiser", "estimators", "flow_vae"],
    ["trainer"],
    ["checkpoint"],
    ["checkpointer"],
]
FLOOR = {name: number for number, names in enumerate(FLOORS) for name in names}
# Beyond the floors: these know no model, and must not come to.
NO_MODEL = {"types", "lanes", "steps", "tiles", "random", "special", "shape", "images", "parameters",
            "adam", "sgd", "idx", "idx_format", "digits", "dataset", "data_source", "picture", "report", "files", "options", "threads",
            "quadrature", "statistics", "layers", "distributions", "likelihood", "product", "tensor",
            "safetensors", "safetensors_header", "checkpoint_key", "sha256", "autoregressive_flow",
            "energy_distance", "hmc", "made", "pca", "planar_flow", "roc", "variational"}
MODELS = {"autoencoder", "denoiser", "diffusion", "flow_vae", "mixture", "noise_schedule", "ppca",
          "vae"}
# The page's numbers are made from options and files, never the other way round.
NO_READER = {"types", "lanes", "steps", "tiles", "random", "special", "shape", "parameters", "adam",
             "sgd", "distributions",
             "likelihood", "layers", "vae", "ppca", "mixture", "estimators", "trainer",
             "quadrature", "product", "tensor", "safetensors_header", "autoencoder",
             "autoregressive_flow", "denoiser", "diffusion", "energy_distance", "flow_vae", "hmc",
             "made", "noise_schedule", "pca", "planar_flow", "roc", "variational"}
READER = {"options", "report", "files", "picture"}

LONGEST = 260  # lines of a file of src or chapters
FOLDERS = {"chapters", "src", "figures", "docs", "tests", "cmake"}
BUILT = {"build", "out", "exercises"}  # never committed; the last is the reader's


def includes(path):
    """What a C++ file includes in quotes, or from the library in any form."""
    text = path.read_text()
    return re.findall(r'^\s*#\s*include\s*"([^"]+)"', text, re.MULTILINE) + re.findall(
        r"^\s*#\s*include\s*<(elbo/[^>]+)>", text, re.MULTILINE)


def library(path):
    """Names of the library's headers that `path` includes, without folder and ending."""
    return [name[5:-4] for name in includes(path) if name.startswith("elbo/")]


def cpp_files(*folders):
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.[ch]pp"))


def relative(path):
    return str(path.relative_to(ROOT))


class Includes(unittest.TestCase):
    def setUp(self):
        self.headers = {path.stem: path for path in (ROOT / "src" / "elbo").glob("*.hpp")}
        self.sources = {path.stem: path for path in (ROOT / "src" / "elbo").glob("*.cpp")}
        self.assertGreater(len(self.headers), 20)

    def test_every_header_has_a_floor(self):
        self.assertEqual(self.headers.keys(), FLOOR.keys())
        self.assertEqual(len(FLOOR), sum(map(len, FLOORS)))

    def test_headers_include_lower_floors_only(self):
        for name, path in self.headers.items():
            for other in library(path):
                with self.subTest(f"{name}.hpp includes {other}.hpp"):
                    self.assertLess(FLOOR[other], FLOOR[name])

    def test_sources_include_nothing_above_their_header(self):
        for name, path in self.sources.items():
            self.assertIn(name, self.headers)
            self.assertIn(name, library(path), f"{name}.cpp leaves out its own header")
            for other in library(path):
                with self.subTest(f"{name}.cpp includes {other}.hpp"):
                    self.assertLessEqual(FLOOR[other], FLOOR[name])

    def test_what_knows_no_model_and_no_reader(self):
        for name, path in {**{n + ".hpp": p for n, p in self.headers.items()},
                           **{n + ".cpp": p for n, p in self.sources.items()}}.items():
            stem = name[:-4]
            with self.subTest(name):
                seen = self.reach(stem) | {other for each in library(path) if each != stem
                                           for other in self.reach(each)}
                if stem in NO_MODEL:
                    self.assertEqual(seen & MODELS, set())
                if stem in NO_READER:
                    self.assertEqual(seen & READER, set())

    def reach(self, name, seen=None):
        """The header and all that it includes, directly or not."""
        seen = set() if seen is None else seen
        if name not in seen:
            seen.add(name)
            for other in library(self.headers[name]):
                self.reach(other, seen)
        return seen

    def test_headers_run_in_no_circle(self):
        for name, path in self.headers.items():
            for other in library(path):
                self.assertNotIn(name, self.reach(other), f"{name}.hpp and {other}.hpp: a circle")

    def test_the_library_includes_itself_alone(self):
        for path in cpp_files("src"):
            for name in includes(path):
                with self.subTest(f"{relative(path)} includes {name}"):
                    self.assertRegex(name, r"^elbo/\w+\.hpp$")

    def test_chapters_include_the_library_and_themselves(self):
        for path in cpp_files("chapters"):
            chapter = ROOT / "chapters" / path.relative_to(ROOT / "chapters").parts[0]
            for name in includes(path):
                with self.subTest(f"{relative(path)} includes {name}"):
                    if name.startswith("elbo/"):
                        self.assertIn(name[5:-4], self.headers)
                        continue
                    if "exercises" in path.parts and (ROOT / "tests/exercises" / name).is_file():
                        continue  # how a check speaks
                    other = (path.parent / name).resolve()
                    self.assertTrue(other.is_file(), "no such file beside it")
                    self.assertTrue(other.is_relative_to(chapter), "it is of another chapter")

    def test_headers_are_included_once(self):
        for path in cpp_files("src", "chapters"):
            if path.suffix == ".hpp":
                self.assertEqual(path.read_text().count("#pragma once"), 1, relative(path))
            found = includes(path)
            self.assertEqual(len(found), len(set(found)), f"{relative(path)}: {found}")

    def test_every_source_is_built(self):
        built = (ROOT / "CMakeLists.txt").read_text()
        chapters = (ROOT / "chapters" / "CMakeLists.txt").read_text()
        for path in cpp_files("src", "chapters"):
            if path.suffix != ".cpp" or "exercises" in path.parts:
                continue
            if path.is_relative_to(ROOT / "src"):
                self.assertIn(relative(path), built)
            else:
                name = path.relative_to(ROOT / "chapters").parts[0]
                (call,) = re.findall(rf"add_chapter\({name}\b([^)]*)\)", chapters)
                self.assertIn(path.name, call.split(), relative(path))


class Labels(unittest.TestCase):
    def setUp(self):
        self.labels = {}  # of the library: label -> header
        for path in cpp_files("src"):
            for label in re.findall(r"@label (eq:[a-z0-9-]+)", path.read_text()):
                self.assertNotIn(label, self.labels, f"twice: {relative(path)}")
                self.labels[label] = relative(path)
        self.tags = {tag for path in cpp_files("tests")
                     for tag in re.findall(r"\[(eq:[a-z0-9-]+)\]", path.read_text())}
        self.claims = {}  # (chapter, label) -> file; what ends in - is completed at run time
        for path in cpp_files("chapters"):
            chapter = path.relative_to(ROOT / "chapters").parts[0][:2]
            for label in re.findall(r'"(eq:[a-z0-9-]+)"', path.read_text()):
                self.claims[chapter, label] = relative(path)

    def test_every_label_of_the_library_is_the_tag_of_a_test(self):
        self.assertGreater(len(self.labels), 30)
        missing = {label: path for label, path in self.labels.items() if label not in self.tags}
        self.assertEqual(missing, {})

    def test_every_claim_is_computed_a_second_time(self):
        """By a C++ test with its tag, in claims_test.py, or, said openly there, not at all."""
        self.assertGreater(len(self.claims), 50)
        known = LABELS.keys() | IN_THE_RUN_ONLY.keys()
        missing = {}
        for (chapter, label), path in self.claims.items():
            if label.endswith("-"):
                found = any(key[0] == chapter and key[1].startswith(label) for key in known)
            else:
                found = (chapter, label) in known or label in self.tags
            if not found:
                missing[label] = path
        self.assertEqual(missing, {}, "no test has these labels of chapters")

    def test_the_tables_name_no_claim_that_is_gone(self):
        prefixes = tuple(label for _, label in self.claims if label.endswith("-"))
        for chapter, label in LABELS.keys() | IN_THE_RUN_ONLY.keys():
            with self.subTest(chapter=chapter, label=label):
                self.assertTrue((chapter, label) in self.claims
                                or bool(prefixes) and label.startswith(prefixes))

    def test_labels_are_spelled_one_way(self):
        for path in cpp_files("src", "chapters", "tests"):
            if path.name == "labels_test.cpp":  # looks for labels itself, by patterns
                continue
            for label in re.findall(r'(?:@label\s+|"|\[)(eq:[^"\]\s]*)', path.read_text()):
                with self.subTest(relative(path)):
                    self.assertRegex(label, r"^eq:[a-z0-9]+(-[a-z0-9]+)*-?$")


class House(unittest.TestCase):
    def tracked(self):
        """The files that are, or could be, committed."""
        if not shutil.which("git"):
            self.skipTest("no git to ask")
        listing = subprocess.run(["git", "-C", ROOT, "ls-files", "--cached", "--others",
                                  "--exclude-standard", "-z"],
                                 capture_output=True, text=True, check=False)
        if listing.returncode != 0:
            self.skipTest("not in a repository")
        return [Path(name) for name in listing.stdout.split("\0") if name]

    def test_top_level_folders(self):
        for path in ROOT.iterdir():
            if path.is_dir() and not path.name.startswith("."):
                self.assertIn(path.name, FOLDERS | BUILT)
        for name in ("chapters", "src", "tests"):
            self.assertTrue((ROOT / name).is_dir(), name)

    def test_nothing_built_is_kept(self):
        for path in self.tracked():
            self.assertNotIn(path.parts[0], BUILT)
            self.assertNotIn("__pycache__", path.parts)
            self.assertNotIn(path.suffix, {".o", ".a", ".pyc", ".tmp", ".part"})

    def test_chapters_are_numbered(self):
        for path in (ROOT / "chapters").iterdir():
            if path.is_dir() and path.name != "__pycache__":
                self.assertRegex(path.name, r"^\d\d_[a-z0-9_]+$")
                self.assertTrue((path / "main.cpp").is_file(), path.name)
                self.assertTrue((path / "figures.py").is_file(), path.name)

    def test_files_are_short(self):
        for path in cpp_files("src", "chapters"):
            lines = len(path.read_text().splitlines())
            self.assertLessEqual(lines, LONGEST, f"{relative(path)} has {lines} lines")

    def test_marks_come_in_pairs(self):
        # `// [name]` opens and closes a listing of the page.
        for path in cpp_files("src", "chapters"):
            marks = re.findall(r"^\s*// \[([a-z0-9-]+)\]$", path.read_text(), re.MULTILINE)
            for mark in set(marks):
                self.assertEqual(marks.count(mark), 2, f"{relative(path)}: [{mark}]")


if __name__ == "__main__":
    unittest.main()
