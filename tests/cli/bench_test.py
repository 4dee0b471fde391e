"""Tests of ./book bench: that it measures everything and adds up, and what its table says. Never
how fast anything is."""

import argparse
import contextlib
import io
import json
import math
import os
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "cmake"))
sys.dont_write_bytecode = True

import bench  # noqa: E402
import bench_table  # noqa: E402

IMAGES = 400


def results():
    """As a machine might measure them; every target is met."""
    return {
        "machine": {"processor": "Abacus", "cores": 2, "vectors": "AVX2", "compiler": "g++ 12",
                    "flags": "-O3", "matrix_products": "Eigen 3.4.0"},
        "gemm": {"forward": {"gflops": 90.0}},
        "fma_peak": {"one_core": 100.0, "all_cores": 200.0},
        "vae_epoch": {"images": 60000, "seconds": 1.0, "gflops": 150.0, "fraction_of_peak": 0.75,
                      "peak_rss_mb": 80.4, "pytorch_seconds": 6.0, "pytorch_threads": 1,
                      "pytorch_version": "1.13", "speedup": 6.0},
        "scaling": {"speedup_of_second_core": 1.9},
        "log_evidence": {"projected_seconds": 170.0, "seconds": 175.0},
        "quality": {"seconds": 15.0, "reached": True, "test_log_evidence": -96.5,
                    "pytorch_seconds": 450.0, "pytorch_threads": 2, "speedup": 30.0},
        "kernels": {}}


class Table(unittest.TestCase):
    def verdicts(self, measured):
        return [line[4] for line in bench_table.rows(measured)]

    def test_targets_met(self):
        text = bench_table.table(results())
        self.assertIn("Abacus, 2 cores, AVX2, g++ 12 -O3, Eigen 3.4.0, PyTorch 1.13", text)
        for line in (r"60,000 images +1\.00 s +6 s, 1 thread\n", r"PyTorch +6\.0x +>= 5x +yes\n",
                     r"peak of all cores +75 % +>= 60 % +yes\n", r"memory +80 MB +< 250 MB +yes\n",
                     r"K = 5000 +175 s +< 180 s +yes\n",
                     r"-97\.10 +15\.0 s +450 s, 2 threads +< 20 s +yes\n",
                     r"PyTorch +30x +>= 15x +yes$"):
            self.assertRegex(text, line)

    def test_targets_missed(self):
        measured = results()
        measured["vae_epoch"].update(speedup=4.9, fraction_of_peak=0.59, peak_rss_mb=251.0)
        measured["scaling"]["speedup_of_second_core"] = 1.7
        measured["log_evidence"] = {"projected_seconds": 181.0}
        measured["quality"].update(reached=False, test_log_evidence=-98.0)
        self.assertEqual(self.verdicts(measured), ["", *["NO"] * 7])
        self.assertIn("15.0 s, only -98.00", bench_table.table(measured))
        self.assertIn("K = 5000, projected", bench_table.table(measured))

    def test_without_pytorch_without_data_on_one_core(self):
        measured = results()
        for name in ("pytorch_threads", "pytorch_version", "speedup"):
            del measured["vae_epoch"][name]
        measured["vae_epoch"]["pytorch_seconds"] = bench.WITHOUT_TORCH
        measured["quality"] = {"skipped": "no data: ./book data binarized-mnist"}
        measured["scaling"] = {}
        text = bench_table.table(measured)
        self.assertRegex(text, r"1\.00 s +not installed: \./book bench --peer\n")
        self.assertRegex(text, r"-97\.10 +no data: \./book data binarized-mnist$")
        self.assertRegex(text, r"second core +not measured +>= 1\.8x\n")

    def test_a_busy_machine_is_named(self):
        measured = results()
        measured["fma_peak"] = {"one_core": 80.0, "all_cores": 90.0}
        self.assertRegex(bench_table.table(measured),
                         r"measure again\.\n2 cores together reached 1\.12")

    def test_the_readme(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "README.md"
            begin, end = bench_table.MARKS
            path.write_text(f"above\n{begin}\nold\n{end}\nbelow\n")
            for _ in range(2):  # writing it again changes nothing
                bench_table.write_readme(path, results())
                text = path.read_text()
                self.assertRegex(text, rf"^above\n{begin}\n\| measured \|[^_]*\.\n{end}\nbelow\n$")
                self.assertNotIn("old", text)
                self.assertIn("| times as fast as PyTorch | 6.0x |  | >= 5x | yes |", text)
            path.write_text("no marks")
            with self.assertRaisesRegex(SystemExit, "wanted one line <!-- bench"):
                bench_table.write_readme(path, results())

    def test_the_readme_of_this_house_has_the_marks(self):
        text = (ROOT / "README.md").read_text()
        self.assertEqual([text.count(mark) for mark in bench_table.MARKS], [1, 1])


class Merge(unittest.TestCase):
    def test_the_fastest_of_both_sides(self):
        first, second = results(), results()
        second["vae_epoch"].update(seconds=0.8, gflops=187.5)
        second["fma_peak"] = {"one_core": 90.0, "all_cores": 210.0}
        peer = {"all_seconds": [5.0, 4.0], "threads": 1, "blas_threads": 2, "variant": "jit",
                "torch": "1.13"}
        merged = bench.merge_epochs(first, second, peer)
        self.assertEqual(merged["fma_peak"], {"one_core": 100.0, "all_cores": 210.0})
        self.assertAlmostEqual(merged["vae_epoch"]["fraction_of_peak"], 187.5 / 210)
        self.assertAlmostEqual(merged["vae_epoch"]["speedup"], 5)

    def test_without_a_peer(self):
        merged = bench.merge_epochs(results(), results(), None)
        self.assertEqual(merged["vae_epoch"]["pytorch_seconds"], bench.WITHOUT_TORCH)


def numbers(value, path=""):
    """(path, number) for every number in it."""
    if isinstance(value, dict):
        value = value.items()
    elif isinstance(value, list):
        value = enumerate(value)
    else:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            yield path, value
        return
    for name, entry in value:
        yield from numbers(entry, f"{path}/{name}")


@unittest.skipUnless(os.environ.get("ELBO_BENCH") == "ON", "built without ELBO_BENCH")
class ATinyRun(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as folder:
            measurements = bench.Measurements(argparse.Namespace(
                bin=Path(os.environ["ELBO_BIN"]), out=Path(folder), quick=True, images=IMAGES,
                mnist=None, binarized=None))
            measurements.torch = False
            with contextlib.redirect_stderr(io.StringIO()):
                cls.results = measurements.all()

    def test_every_section_is_there(self):
        self.assertEqual(set(self.results), {"machine", "gemm", "fma_peak", "vae_epoch", "scaling",
                                             "log_evidence", "quality", "kernels"})
        self.assertEqual(self.results["vae_epoch"]["data"], "digits")
        for name in ("threads", "batch", "images", "epochs"):
            self.assertGreater(len(self.results["scaling"][name]), 0)
        json.dumps(self.results, allow_nan=False)

    def test_every_number_is_positive(self):
        found = list(numbers(self.results))
        self.assertGreater(len(found), 50)
        for path, value in found:
            self.assertTrue(math.isfinite(value) and value > 0, f"{path}: {value}")

    def test_it_adds_up(self):
        epoch, peak = self.results["vae_epoch"], self.results["fma_peak"]
        # Weights of 784-400-40 and 20-400-784, six operations each, four for the first layer's.
        flops = IMAGES * (6 * (784 * 400 + 400 * 40 + 20 * 400 + 400 * 784) - 2 * 784 * 400)
        self.assertEqual(epoch["flops"], flops)
        self.assertAlmostEqual(epoch["gflops"], flops / epoch["seconds"] / 1e9)
        self.assertAlmostEqual(epoch["fraction_of_peak"], epoch["gflops"] / peak["all_cores"])
        self.assertGreaterEqual(epoch["seconds_median"], epoch["seconds"])
        self.assertGreaterEqual(peak["one_core"], peak["one_core_median"])
        evidence = self.results["log_evidence"]
        self.assertAlmostEqual(evidence["projected_seconds"], 5e7 / evidence["pairs_per_second"])

    def test_its_table(self):
        self.assertIn(f"epoch of {IMAGES} images", bench_table.table(self.results))


if __name__ == "__main__":
    unittest.main()
