"""What the tests of the chapters share: a run, a small data set, and how to read files."""

import csv
import json
import math
import os
import random
import shutil
import struct
import subprocess
import tempfile
import unittest
import weakref
import zlib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("ELBO_BIN", ROOT / "build/release/bin"))
# Small enough for a test of every option: the fixed parts of chapter 05 take half a second on it.
SMALL_VAE = ("--hidden", "50,30", "--latent", "3", "--epochs", "2")


@dataclass
class Chapter:
    """What a chapter's run leaves, and how the tests make it small."""

    tables: list  # its CSV files
    sheets: dict = field(default_factory=dict)  # its pictures: (across, down) of 28 pixels a side
    half_size: tuple = ()  # those of them whose pictures are 14 x 14
    trains: bool = False  # on --data; it tells on standard error how far it is
    small: tuple = ()  # options, beside a small set, that make it quicker than --quick
    claims_on_digits: bool = False  # where the small set would leave too many of them out


BOOK = {
    "01_entropy_kl": Chapter(["kl_estimators", "kl_surface", "two_humps"]),
    "02_jensen_elbo": Chapter(["effective_sample_size", "jensen_gap", "k_sample_bound",
                               "restricted", "touching_bound", "weights"]),
    "03_reparameterization": Chapter(["coin", "descent", "variance_dimension", "variance_draws"]),
    "04_autoencoder": Chapter(["holes", "plane_codes", "plane_map", "roc", "widths"],
                              {"denoising": (10, 4), "interpolation": (11, 6),
                               "overcomplete": (10, 6), "random_codes": (12, 3),
                               "widths": (10, 10)}, half_size=("overcomplete",), trains=True,
                              small=("--hidden", "50", "--epochs", "2")),
    "05_vae": Chapter(["curves", "latent_frames", "three_spaces"],
                      {"reconstructions": (20, 2), "samples": (20, 5), "interpolation": (11, 5),
                       "prior_grid": (20, 20)}, trains=True, small=SMALL_VAE),
    "06_em": Chapter(["em_components", "em_points", "em_steps", "linear_vae_encoder", "ppca_em",
                      "ppca_vae"]),
    "07_amortization": Chapter(["gaps", "hmc_draws", "hmc_path", "images", "linear_gaps",
                                "posterior_grid", "posterior_normals", "refinement", "two_by_two",
                                "two_images"], trains=True,
                               small=("--hidden", "30", "--epochs", "10", "--images", "20"),
                               claims_on_digits=True),
    "08_tighter_bounds": Chapter(["active_units", "bounds", "kl_by_dimension", "linear_collapse",
                                  "rate_distortion", "signal_to_noise", "training_with_k"],
                                 trains=True, small=("--epochs", "2")),
    "09_flows": Chapter(["digits", "free_energy", "moons", "posteriors", "ring", "ring_cost",
                         "warped_grid"], trains=True,
                        small=("--latent", "3", "--flow-hidden", "20", "--epochs", "2")),
    "10_diffusion": Chapter(["elbo_terms", "forward_frames", "gaussian_gap", "reverse_ends",
                             "reverse_frames", "schedules", "steps"],
                            {"digits_data": (20, 2), "digits_samples": (20, 3),
                             "digits_normal": (20, 3), "digits_path": (12, 8)},
                            half_size=("digits_data", "digits_samples", "digits_normal",
                                       "digits_path"),
                            trains=True,
                            small=("--steps", "40", "--epochs", "2", "--digit-epochs", "2"),
                            claims_on_digits=True),
    "11_bug_museum": Chapter(["museum"], {"museum_samples": (16, 16)}, trains=True,
                             claims_on_digits=True),
}
CHAPTERS = list(BOOK)


class Run:
    """One run of a chapter into a folder of its own (or the given one)."""

    def __init__(self, chapter, *options, out=None, **process):
        if out is None:
            folder = tempfile.mkdtemp(prefix="elbo-chapter-")
            weakref.finalize(self, shutil.rmtree, folder)
            out = Path(folder) / "out"
        self.folder = Path(out)
        # One thread each: ctest runs as many tests at once as there are cores.
        threads = () if {"--threads", "--help"} & set(options) else ("--threads", "1")
        self.command = [str(BIN / chapter), "--out", str(out), *threads, *map(str, options)]
        process.setdefault("stdout", subprocess.PIPE)
        done = subprocess.run(self.command, stderr=subprocess.PIPE, text=True, timeout=120,
                              check=False, **process)
        self.status, self.stdout, self.stderr = done.returncode, done.stdout, done.stderr

    def __str__(self):
        return f"{' '.join(self.command)}: exit status {self.status}\n{self.stderr[-2000:]}"

    @property
    def report(self):
        return json.loads((self.folder / "results.json").read_text())

    @property
    def results(self):
        return self.report["results"]

    def claims(self, label):
        return [claim for claim in self.report["claims"] if claim["label"] == label]

    def table(self, name):
        """A CSV file as a dictionary: column name -> numbers."""
        with open(self.folder / f"{name}.csv", newline="", encoding="ascii") as file:
            names, *rows = csv.reader(file)
        assert len(set(names)) == len(names) and all(names), f"{name}: column names {names}"
        assert all(len(row) == len(names) for row in rows), f"{name}: rows of unequal length"
        return {column: [float(row[c]) for row in rows] for c, column in enumerate(names)}


def run_quick(chapter, *options):
    return Run(chapter, "--quick", "--json", *options)


quick = lru_cache(maxsize=None)(run_quick)  # a run that several tests look at

CLOCKS = ("seconds", "seconds_per_epoch", "threads")  # what may differ between equal runs


def without_clocks(report):
    report = dict(report, results=dict(report["results"]))
    for name in CLOCKS:
        report.pop(name, None)
        report["results"].pop(name, None)
    return report


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)

    def assert_refused(self, run, status, *parts):
        """One line on standard error that has all `parts`, and nothing else anywhere."""
        self.assertEqual(run.status, status, run)
        self.assertEqual(run.stdout, "", run)
        self.assertEqual(run.stderr.count("\n"), 1, run)
        self.assertTrue(run.stderr.endswith("\n"), run)
        for part in parts:
            self.assertIn(part, run.stderr)


def idx(*sizes, content):
    header = struct.pack(f">{1 + len(sizes)}I", 0x800 + len(sizes), *sizes)
    return header + bytes(content)


def small_pictures(count, side, generator):
    """Soft dots, rows and columns: (pixels, labels)."""
    pixels, labels = [], []
    for _ in range(count):
        a, b = (side * generator.uniform(0.2, 0.8) for _ in range(2))
        kind, width = generator.randrange(3), generator.uniform(1.2, 2)
        for r in range(side):
            for c in range(side):
                distance = (math.hypot(r - a, c - b), abs(r - a), abs(c - b))[kind]
                pixels.append(int(255 * math.exp(-0.7 * (distance / width) ** 2)))
        labels.append(kind)
    return pixels, labels


class SmallData:
    """A folder of IDX files: 600 training and 100 test pictures of 12 x 12, or as asked for."""

    def __init__(self, folder, train=600, test=100, side=12, labels=True):
        self.folder, self.side = Path(folder), side
        self.folder.mkdir(parents=True)
        generator = random.Random(1)
        self.train, self.train_labels = small_pictures(train, side, generator)
        self.test, self.test_labels = small_pictures(test, side, generator)
        for name, pixels, kinds in (("train", self.train, self.train_labels),
                                    ("t10k", self.test, self.test_labels)):
            count = len(kinds)
            (self.folder / f"{name}-images-idx3-ubyte").write_bytes(
                idx(count, side, side, content=pixels))
            if labels:
                (self.folder / f"{name}-labels-idx1-ubyte").write_bytes(idx(count, content=kinds))


def read_png(path):
    """(width, height, rows of bytes) of an 8-bit grey PNG without interlacing, all checked."""
    data = Path(path).read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n", f"{path}: no PNG"
    at, chunks = 8, []
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + length]
        (checksum,) = struct.unpack(">I", data[at + 8 + length:at + 12 + length])
        assert checksum == zlib.crc32(kind + body), f"{path}: checksum of {kind}"
        chunks.append((kind, body))
        at += 12 + length
    assert chunks[0][0] == b"IHDR" and chunks[-1] == (b"IEND", b""), f"{path}: its chunks"
    width, height, *form = struct.unpack(">IIBBBBB", chunks[0][1])
    assert form == [8, 0, 0, 0, 0], f"{path}: not 8-bit grey"
    packed = zlib.decompress(b"".join(body for kind, body in chunks if kind == b"IDAT"))
    assert len(packed) == height * (width + 1), f"{path}: {len(packed)} bytes"
    rows, above = [], bytes(width)
    for r in range(height):
        filter_type, line = packed[r * (width + 1)], packed[r * (width + 1) + 1:][:width]
        above = unfilter(filter_type, line, above)
        rows.append(above)
    return width, height, rows


def unfilter(kind, line, above):
    row = bytearray()
    for i, value in enumerate(line):
        left, up, corner = (row[i - 1] if i else 0), above[i], (above[i - 1] if i else 0)
        guess = left + up - corner
        nearest = min((abs(guess - left), 0, left), (abs(guess - up), 1, up),
                      (abs(guess - corner), 2, corner))[2]
        row.append((value + (0, left, up, (left + up) // 2, nearest)[kind]) % 256)
    return bytes(row)
