"""The leaderboard's program, script and kept table: what is kept is what the runs said."""

import importlib.util
import json
import math
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
from chapter import BIN  # noqa: E402
from safetensors_test import read  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "chapters/05_vae/leaderboard"
KEPT = ROOT / "figures/leaderboard"

SPEC = importlib.util.spec_from_file_location("leaderboard", FOLDER / "leaderboard.py")
SCRIPT = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(SCRIPT)


def run(out, *options):
    command = [BIN / "leaderboard", "--quick", "--data", "digits", "--binarization", "dynamic",
               "--hidden", "30", "--latent", "2", "--out", out, *options]
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)


class Program(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = Path(scratch.name)
        done = run(cls.folder / "plain", "--threads", 1)
        assert done.returncode == 0, done.stderr
        cls.plain = json.loads((cls.folder / "plain/results.json").read_text())

    def test_dynamic_pixels_are_the_same_after_a_stop_and_on_other_threads(self):
        # A limit on epochs is a setting, so the run is stopped by a signal at its first epoch.
        out = self.folder / "stopped"
        command = [BIN / "leaderboard", "--quick", "--data", "digits", "--binarization", "dynamic",
                   "--hidden", "30", "--latent", "2", "--out", out, "--threads", "2",
                   "--checkpoint", self.folder / "run.safetensors", "--checkpoint-every", "0"]
        with subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True) as process:
            for line in process.stderr:
                if line.startswith("training"):
                    process.terminate()
        self.assertEqual(process.returncode, 143)
        done = subprocess.run([*map(str, command), "--resume"], capture_output=True, text=True,
                              check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        again = json.loads((out / "results.json").read_text())
        self.assertEqual(again["parameters"], self.plain["parameters"])
        for name in ("valid_log_evidence", "test_log_evidence", "test_elbo"):
            self.assertEqual(again["results"][name], self.plain["results"][name])

    def test_the_model_is_kept_by_names(self):
        _, header, arrays, metadata = read(self.folder / "plain/model.safetensors")
        self.assertEqual(header["encoder.0.weight"]["shape"], [30, 784])
        self.assertEqual(arrays["decoder.1.weight"].shape, (784, 30))
        self.assertTrue(all(np.isfinite(array).all() for array in arrays.values()))
        self.assertEqual((metadata["--latent"], metadata["--seed"]), ("2", "1"))

    def test_grey_pixels_are_no_likelihood(self):
        done = subprocess.run([BIN / "leaderboard", "--quick", "--data", "digits", "--out",
                               self.folder / "grey"], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("--binarization dynamic", done.stderr)


class TwoCodes(unittest.TestCase):
    """What the pages' latent explorer shows: by another program, from the kept model and a new one."""

    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = Path(scratch.name)
        done = subprocess.run([BIN / "two_codes", "--quick", "--vae", KEPT / "two_codes.safetensors",
                               "--out", cls.folder], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    def test_new_files_have_the_shapes_of_the_kept_ones(self):
        for name in ("two_codes_autoencoder.safetensors", "two_codes_of_digits.safetensors"):
            _, new, _, words = read(self.folder / name)
            _, old, _, _ = read(KEPT / name)
            self.assertEqual({key: (value["dtype"], value["shape"]) for key, value in new.items()},
                             {key: (value["dtype"], value["shape"]) for key, value in old.items()})
            self.assertEqual(words["--epochs"], "2")

    def test_the_kept_codes_have_the_spread_of_a_prior(self):
        # 500 test digits for 60,000 training ones: five standard errors of a mean are 0.22, and of
        # a deviation, with tails heavier than a normal's, about as much.
        _, _, arrays, _ = read(KEPT / "two_codes_of_digits.safetensors")
        codes = arrays["autoencoder.codes"]
        np.testing.assert_allclose(codes.mean(0), 0, atol=0.22)
        np.testing.assert_allclose(codes.std(0), 1, atol=0.22)
        for model in ("vae", "autoencoder"):
            far = arrays[f"{model}.distances"]
            self.assertTrue(((far >= 0) & (far < 2)).all())
        self.assertEqual(set(arrays["labels"].ravel()), set(range(10)))


class Table(unittest.TestCase):
    def test_mean_and_standard_error(self):
        values = [-88.0, -88.5, -89.1]
        mean, error = SCRIPT.mean_and_error(values)
        self.assertAlmostEqual(mean, np.mean(values), places=12)
        self.assertAlmostEqual(error, np.std(values, ddof=1) / math.sqrt(3), places=12)
        self.assertEqual(SCRIPT.mean_and_error([-88.0]), (-88.0, 0.0))

    def test_the_kept_table_is_that_of_its_seeds_and_of_the_configuration(self):
        config = {run["name"]: run for run in
                  json.loads((FOLDER / "leaderboard.json").read_text())["runs"]}
        rows = json.loads((KEPT / "results.json").read_text())["runs"]
        self.assertTrue(rows)
        for row in rows:
            with self.subTest(row["name"]):
                self.assertEqual(row["settings"], config[row["name"]]["options"])
                each = [seed["results"]["test_log_evidence"] for seed in row["seeds"]]
                self.assertAlmostEqual(row["test_log_evidence"], np.mean(each), places=9)
                self.assertEqual(len({seed["data"]["sha256"] for seed in row["seeds"]}), 1)
                self.assertEqual(len({seed["parameters"] for seed in row["seeds"]}),
                                 len(row["seeds"]))
                for seed in row["seeds"]:
                    self.assertEqual(seed["results"]["test_images"], 10000)
                    binary = row["settings"]["--data"] == "binarized-mnist"
                    self.assertEqual(seed["data"]["binary"], binary)
                    self.assertLess(seed["results"]["test_elbo"],
                                    seed["results"]["test_log_evidence"])

    def test_what_is_not_run_again_stays(self):
        config = json.loads((FOLDER / "leaderboard.json").read_text())
        with tempfile.TemporaryDirectory() as empty:
            out, SCRIPT.OUT = SCRIPT.OUT, Path(empty)
            self.addCleanup(setattr, SCRIPT, "OUT", out)
            self.assertEqual(SCRIPT.collected(config),
                             json.loads((KEPT / "results.json").read_text())["runs"])

    def test_the_printed_table_never_mixes_its_columns(self):
        config = json.loads((FOLDER / "leaderboard.json").read_text())
        rows = json.loads((KEPT / "results.json").read_text())["runs"]
        self.assertEqual((KEPT / "table.md").read_text(), SCRIPT.table(rows, config))
        head, _, *lines = [[cell.strip() for cell in line.strip("|").split("|")]
                           for line in (KEPT / "table.md").read_text().splitlines()]
        self.assertEqual(head[1:4], list(SCRIPT.COLUMNS.values()))
        self.assertEqual(len(lines), len(rows) + len(config["published"]))
        here, places = [[], [], []], []
        for line in lines:
            (column, value), = [(i, float(cell.split()[0].replace("−", "-")))
                                for i, cell in enumerate(line[1:4]) if cell]
            places.append((column, -value))
            if line[4] == "here":
                here[column].append(value)
        self.assertEqual(places, sorted(places))  # each column from its best down
        for column, data in enumerate(("static", "dynamic", "grey")):
            name = "test_elbo" if data == "grey" else "test_log_evidence"
            wanted = sorted((row[name] for row in rows
                             if row["settings"].get("--binarization", "static") == data), reverse=True)
            self.assertEqual(len(here[column]), len(wanted))
            for got, value in zip(here[column], wanted):
                self.assertAlmostEqual(got, value, delta=0.005001)

    def test_kept_models_are_whole(self):
        models = {path for path in KEPT.glob("*.safetensors") if not path.stem.endswith("_of_digits")}
        self.assertEqual(len(models), 2)
        for path in models:
            _, header, arrays, metadata = read(path)
            self.assertIn("decoder.0.weight", header)
            self.assertEqual(arrays["decoder.0.weight"].shape[1], 2)
            self.assertEqual(metadata.get("--latent", "2"), "2")


if __name__ == "__main__":
    unittest.main()
