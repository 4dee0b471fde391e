"""Checkpoints as a reader meets them: a run that is killed or stopped at any moment ends with the
same bits, Python reads the file, and what is not this run's is refused and left alone."""

import json
import random
import re
import resource
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import numpy as np

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
from chapter import BIN, Run, SmallData  # noqa: E402
from chapters_test import without_clocks  # noqa: E402
from safetensors_test import read, write  # noqa: E402

EPOCHS = 40  # of 12 steps
OPTIONS = ("--quick", "--json", "--hidden", "50,30", "--latent", "3", "--batch", "50")


class Checkpoints(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.shared = Path(scratch.name)
        cls.data = SmallData(cls.shared / "data").folder
        cls.options = (*OPTIONS, "--data", cls.data, "--epochs", EPOCHS)
        cls.plain = Run("05_vae", *cls.options)  # without a checkpoint, without a stop

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        self.file = self.folder / "kept" / "it's a model.safetensors"  # for a shell to quote
        self.file.parent.mkdir()

    def run_(self, *options, file=None):
        return Run("05_vae", *self.options, "--checkpoint", file or self.file, *options)

    def start(self, *options):
        command = [BIN / "05_vae", *self.options, "--checkpoint", self.file,
                   "--checkpoint-every", 0, "--out", self.folder / "out", *options]
        return subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL,
                                stderr=subprocess.PIPE, text=True)

    def interrupted(self, line, kind=signal.SIGINT):
        """The exit status, and the last line, of a run that gets a signal when it says `line`."""
        with self.start() as process:
            for said in process.stderr:
                if said.startswith(line):
                    break
            process.send_signal(kind)
            rest = process.stderr.read().splitlines()
            return process.wait(), rest[-1]

    def assert_as_if_never_stopped(self, folder):
        report = json.loads((folder / "results.json").read_text())
        self.assertEqual(report["parameters"], self.plain.report["parameters"])
        self.assertEqual(without_clocks(report), without_clocks(self.plain.report))
        for name in ("curves.csv", "samples.png"):
            self.assertEqual((folder / name).read_bytes(),
                             (self.plain.folder / name).read_bytes(), name)

    def assert_refused(self, run, *parts, status=1):
        self.assertEqual((run.status, run.stdout, run.stderr.count("\n")), (status, "", 1), run)
        for part in ("05_vae: ", *parts):
            self.assertIn(part, run.stderr)
        self.assertFalse((run.folder / "results.json").exists())

    def steps(self):
        return int(read(self.file)[2]["progress/steps"])

    def test_killed_at_twenty_random_times(self):
        generator, seen = random.Random(7), []
        for kill in range(20):
            with self.start("--resume", "--threads", 1 + kill % 3) as process:
                # Half of them after a time from the start, half after one from the first epoch on.
                if kill % 2:
                    process.stderr.readline()
                time.sleep(generator.uniform(0, 0.3))
                process.kill()
                process.stderr.read()
                self.assertEqual(process.wait(), -signal.SIGKILL)
            if self.file.exists():  # the first kill may come before the first save
                seen.append(self.steps())
        self.assertEqual(seen, sorted(seen))
        self.assertGreater(len(set(seen) - {0, 12 * EPOCHS}), 4, f"few in training: {seen}")
        final = self.run_("--resume")
        self.assert_as_if_never_stopped(final.folder)
        self.assertEqual(list(self.file.parent.iterdir()), [self.file])  # no temporary of any

    def test_ctrl_c_saves_and_says_how_to_go_on(self):
        for kind, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            with self.subTest(kind):
                self.file.unlink(missing_ok=True)
                got, said = self.interrupted("training 3/", kind)
                self.assertEqual(got, status)
                found = re.fullmatch(r"05_vae: stopped after step (\d+) \(epochs finished: (\d+)\), "
                                     r"saved in (.*); go on with: (.*)", said)
                self.assertTrue(found, said)
                step, epochs, name, command = found.groups()
                self.assertEqual((int(step), name), (self.steps(), str(self.file)))
                self.assertTrue(3 <= int(epochs) < EPOCHS, said)
                subprocess.run(command, shell=True, check=False, capture_output=True)
                self.assert_as_if_never_stopped(self.folder / "out")

    def test_ctrl_c_after_the_training(self):
        got, said = self.interrupted("two codes 1/")
        self.assertEqual(got, 130)
        self.assertRegex(said, "^05_vae: stopped after the training, which .* holds; go on with: ")
        subprocess.run(said.split("go on with: ")[1], shell=True, check=False, capture_output=True)
        self.assert_as_if_never_stopped(self.folder / "out")

    def test_what_python_reads(self):
        run = self.run_()
        _, header, arrays, metadata = read(self.file)
        shapes = {"encoder.0.weight": (50, 144), "encoder.0.bias": (50, 1),
                  "encoder.1.weight": (30, 50), "encoder.2.weight": (6, 30),
                  "decoder.0.weight": (30, 3), "decoder.2.weight": (144, 50)}
        for name, shape in shapes.items():
            for part in ("parameters", "adam/m", "adam/v"):
                array = arrays[f"{part}/{name}"]
                self.assertEqual((array.shape, array.dtype), (shape, np.float32))
                self.assertTrue(np.isfinite(array).all() and array.any(), name)
            self.assertGreaterEqual(arrays[f"adam/v/{name}"].min(), 0)
        self.assertEqual(arrays["progress/steps"], 12 * EPOCHS)
        self.assertEqual(arrays["adam/steps"], 12 * EPOCHS)
        self.assertEqual((arrays["progress/epochs"], arrays["progress/position"]), (EPOCHS, 0))
        self.assertEqual((arrays["random/seed"], arrays["random/seed"].dtype), (1, np.uint64))
        self.assertEqual(arrays["adam/learning_rate"], 1e-3)
        for name, column in run.table("curves").items():
            self.assertEqual(arrays[f"history/{name}"].tolist(), column)
        words = {"format": "elbo checkpoint", "version": "1", "program": "05_vae", "--seed": "1",
                 "--latent": "3", "--hidden": "50,30", "--batch": "50", "--epochs": str(EPOCHS),
                 "--learning-rate": "0.001", "--beta": "1", "--likelihood": "bernoulli",
                 "--samples": "1", "data sha256": run.report["data"]["sha256"]}
        self.assertEqual({name: metadata[name] for name in words}, words)
        self.assertNotIn("--threads", metadata)
        self.assertTrue(all(entry["dtype"] in ("F32", "F64", "I64", "U64")
                            for entry in header.values()))
        # A finished training is not done again.
        again = self.run_("--resume", "--threads", "1")
        self.assertNotIn("training", again.stderr)
        self.assert_as_if_never_stopped(again.folder)

    def test_a_disk_that_is_full_leaves_the_checkpoint_as_it_was(self):
        def limited():  # no file may grow beyond 10 KB; the error is told, not signalled
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (10240, 10240))
        self.assertEqual(self.interrupted("training 2/")[0], 130)
        whole = self.file.read_bytes()
        run = Run("05_vae", *self.options, "--checkpoint", self.file, "--resume",
                  "--checkpoint-every", 0, preexec_fn=limited, restore_signals=False)
        self.assertEqual((run.status, run.stdout), (1, ""), run)
        self.assertRegex(run.stderr.splitlines()[-1],
                         "^05_vae: .*: cannot write: .*; free some space, or .*--checkpoint FILE$")
        self.assertEqual(self.file.read_bytes(), whole)
        self.assertEqual(list(self.file.parent.iterdir()), [self.file])

    def test_what_is_not_this_run_s_is_refused_and_left_alone(self):
        with self.start() as process:
            for said in process.stderr:
                if said.startswith("training 2/"):
                    break
            process.kill()
        whole = self.file.read_bytes()
        (length,) = struct.unpack("<Q", whole[:8])
        SmallData(self.folder / "other", train=601)
        for options, parts in (
                ((), ("wanted no such file yet", "--resume")),
                (("--resume", "--seed", 2), ("--seed 1", "--seed 2", "give the options")),
                (("--resume", "--beta", 4), ("--beta 1", "--beta 4")),
                (("--resume", "--learning-rate", 0.01), ("--learning-rate 0.001", "0.01")),
                (("--resume", "--samples", 2), ("--samples 1", "--samples 2"))):
            with self.subTest(options):
                self.assert_refused(self.run_(*options), str(self.file), *parts)
                self.assertEqual(self.file.read_bytes(), whole)
        for name, value in (("--latent", 4), ("--hidden", 50), ("--epochs", 41),
                            ("--data", self.folder / "other")):
            with self.subTest(name):
                options = list(self.options)
                options[options.index(name) + 1] = value
                run = Run("05_vae", *options, "--checkpoint", self.file, "--resume")
                shown = "data sha256" if name == "--data" else f"{name} {value}"
                self.assert_refused(run, str(self.file), "made with", shown)
                self.assertEqual(self.file.read_bytes(), whole)

        def flipped(at):
            return whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1:]
        strangers = {"empty": b"", "cut": whole[:-1], "cut early": whole[:length],
                     "header": flipped(8 + length // 2), "array": flipped(len(whole) - 20),
                     "longer": whole + b"\0", "mine": b"#!/bin/sh\n", "noise":
                     random.Random(1).randbytes(5000)}
        for name, content in strangers.items():
            with self.subTest(name):
                path = self.folder / name
                path.write_bytes(content)
                for options in ((), ("--resume",)):
                    self.assert_refused(self.run_(*options, file=path), str(path), "wanted", "; ")
                    self.assertEqual(path.read_bytes(), content)
        other = self.folder / "other.safetensors"
        write(other, {"encoder.0.weight": np.zeros((50, 144), np.float32)}, {"format": "pt"})
        self.assert_refused(self.run_("--resume", file=other), "another safetensors file")

    def test_command_lines_and_places(self):
        self.assert_refused(Run("05_vae", *self.options, "--resume"), "--resume",
                            "wanted --checkpoint FILE", status=2)
        self.assert_refused(self.run_("--checkpoint-every", -1), "--checkpoint-every", status=2)
        for place in (self.folder / "nowhere" / "a", "/dev/full/a"):
            self.assert_refused(self.run_(file=place), str(place), "cannot write",
                                "--checkpoint FILE")
        self.assert_refused(self.run_("--resume", file=self.folder), "a folder")
        run = Run("05_vae", *(each for each in self.options if each != "--json"), "--resume",
                  "--checkpoint", self.file)
        self.assertIn("not there yet, starting from the beginning\n", run.stdout)
        self.assert_as_if_never_stopped(run.folder)


class Determinism(unittest.TestCase):
    def test_the_parameters_are_the_same_for_any_thread_count(self):
        with tempfile.TemporaryDirectory() as scratch:
            data = SmallData(Path(scratch) / "data").folder
            options = ("--quick", "--json", "--data", data, "--hidden", "300", "--batch", "200",
                       "--epochs", "3", "--latent", "5")
            hashes = [Run("05_vae", *options, "--threads", n).report["parameters"]
                      for n in (1, 1, 2, 4)]
            self.assertRegex(hashes[0], "^[0-9a-f]{64}$")
            self.assertEqual(hashes, hashes[:1] * 4)
            other = Run("05_vae", *options, "--seed", "2").report["parameters"]
            self.assertNotEqual(other, hashes[0])


if __name__ == "__main__":
    unittest.main()
