"""What a chapter says to a mistake, a full disk and a kill: one line, and nothing half done."""

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
from chapter import BIN, CHAPTERS, Case, Run, SmallData, idx  # noqa: E402


class Refusals(Case):
    """The reader's mistakes: one line, nothing else, and nothing half done."""

    def test_usage_errors(self):
        for chapter in CHAPTERS:
            for options in (["--wrong"], ["stray"], ["--seed"], ["--seed", "-1"],
                            ["--seed", "1.5"], ["--threads", "many"], ["--seed", "1e400"],
                            ["--threads", "257"], ["--seed", "1", "--seed", "2"]):
                with self.subTest(chapter, options=options):
                    run = Run(chapter, *options)
                    self.assert_refused(run, 2, f"{chapter}: ", options[0], "--help")
                    self.assertFalse(run.folder.exists(), "a folder was made")

    def test_values_out_of_range_name_their_option(self):
        for chapter, option, value in (
                ("01_entropy_kl", "--scale", "0"), ("01_entropy_kl", "--mean", "1,,2"),
                ("01_entropy_kl", "--mean", "nan,0"), ("01_entropy_kl", "--other-scale", "-1,1"),
                ("02_jensen_elbo", "--noise", "0"), ("02_jensen_elbo", "--samples", "9"),
                ("02_jensen_elbo", "--x", "inf"), ("03_reparameterization", "--dimension", "0"),
                ("03_reparameterization", "--samples", "0x400"), ("05_vae", "--hidden", "0"),
                ("05_vae", "--hidden", "20,,20"), ("05_vae", "--hidden", "3.5"),
                ("05_vae", "--likelihood", "poisson"), ("05_vae", "--latent", "1.5"),
                ("05_vae", "--learning-rate", "0"), ("05_vae", "--beta", "-1"),
                ("05_vae", "--epochs", "0"), ("06_em", "--latent", "0"),
                ("06_em", "--dimension", "1"), ("06_em", "--noise-scale", "0.01"),
                ("07_amortization", "--overlap", "1"), ("07_amortization", "--seen-data", "10"),
                ("07_amortization", "--images", "0"), ("07_amortization", "--refine", "0"),
                ("09_flows", "--layers", "3"), ("09_flows", "--steps", "0"),
                ("09_flows", "--importance-samples", "1"),
                ("10_diffusion", "--steps", "20"), ("10_diffusion", "--shape", "square"),
                ("10_diffusion", "--scale", "0"), ("10_diffusion", "--loss", "best")):
            with self.subTest(chapter, option=option, value=value):
                self.assert_refused(Run(chapter, option, value), 2, f"{chapter}: ", option,
                                    "wanted", "found")

    def test_data_that_cannot_be_read(self):
        (self.folder / "empty").mkdir()
        SmallData(self.folder / "cut", 20, 20)
        cut = self.folder / "cut" / "train-images-idx3-ubyte"
        cut.write_bytes(cut.read_bytes()[:-1])
        SmallData(self.folder / "labels", 20, 20)
        (self.folder / "labels" / "t10k-labels-idx1-ubyte").write_bytes(idx(2, content=[1, 2]))
        environment = {"HOME": str(self.folder), "PATH": os.environ["PATH"]}
        for data, parts in (("nowhere", ["nowhere", "wanted", "found"]),
                            ("empty", ["wanted", "train-images-idx3-ubyte", "found"]),
                            ("cut", [str(cut), "wanted", "found", "truncated"]),
                            ("labels", ["t10k-labels", "wanted 20", "found 2"])):
            with self.subTest(data):
                run = Run("05_vae", "--quick", "--json", "--data", self.folder / data)
                self.assert_refused(run, 1, "05_vae: ", *parts)
                self.assertEqual(list(run.folder.iterdir()), [])
        for name in ("mnist", "binarized-mnist"):
            run = Run("05_vae", "--quick", "--json", "--data", name, env=environment)
            self.assert_refused(run, 1, "wanted", "found", f"./book data {name}",
                                str(self.folder / ".cache" / "elbo" / name))

    def test_places_that_cannot_be_written(self):
        (self.folder / "file").write_text("mine")
        places = [self.folder / "file", self.folder / "file" / "below", "/dev/full", "/dev/full/x"]
        if os.path.ismount("/proc"):  # a bare chroot may lack it
            places += ["/proc", "/proc/elbo"]
        for out in places:
            for chapter in CHAPTERS:
                with self.subTest(chapter, out=str(out)):
                    run = Run(chapter, "--quick", "--json", out=out)
                    self.assert_refused(run, 1, f"{chapter}: ", str(out))
        self.assertEqual((self.folder / "file").read_text(), "mine")

    def test_an_output_folder_of_root_for_somebody_else(self):
        if os.geteuid() != 0:
            self.skipTest("only root can be somebody else")
        out = self.folder / "locked"
        out.mkdir(mode=0o555)
        self.folder.chmod(0o755)
        binary = self.folder / "bin"
        binary.mkdir()
        shutil.copy(BIN / "01_entropy_kl", binary)
        run = subprocess.run([binary / "01_entropy_kl", "--quick", "--json", "--out", out],
                             capture_output=True, text=True, check=False, cwd="/", user=65534)
        self.assertEqual((run.returncode, run.stdout), (1, ""))
        self.assertRegex(run.stderr, r"\A01_entropy_kl: .*locked.*Permission denied.*\n\Z")

    def test_a_disk_that_fills_up_during_the_run(self):
        def limited():  # no file may grow beyond a KiB; the error is told, not signalled
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))
        for chapter in ("01_entropy_kl", "02_jensen_elbo", "03_reparameterization", "06_em"):
            with self.subTest(chapter):
                out = self.folder / f"full-{chapter}"
                out.mkdir()
                (out / "results.json").write_text("of an earlier run")
                run = Run(chapter, "--quick", "--json", out=out, preexec_fn=limited,
                          restore_signals=False)
                self.assert_refused(run, 1, f"{chapter}: ", str(out), "cannot write")
                self.assertEqual((out / "results.json").read_text(), "of an earlier run")
                for path in out.iterdir():
                    self.assertIn(path.suffix, (".csv", ".json"), "a temporary was left")
                    if path.suffix == ".csv":
                        run.table(path.stem)  # whole

    def test_a_small_file_system_that_is_full(self):
        disk = self.folder / "disk"
        disk.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", disk],
                                 capture_output=True, check=False)
        if mounted.returncode != 0:
            self.skipTest("may not mount a file system here")
        try:
            run = Run("01_entropy_kl", "--quick", "--json", out=disk)
            self.assert_refused(run, 1, "No space left on device", str(disk))
            self.assertFalse((disk / "results.json").exists())
        finally:
            subprocess.run(["umount", disk], check=True)

    def test_an_output_that_cannot_be_written(self):
        for options in ((), ("--json",)):
            with open("/dev/full", "w", encoding="ascii") as full:
                run = Run("01_entropy_kl", "--quick", *options, stdout=full)
            self.assertEqual(run.status, 1, run)
            self.assertRegex(run.stderr, r"\A01_entropy_kl: .*\n\Z")

    def test_a_run_that_is_killed_leaves_no_half_results(self):
        data = SmallData(self.folder / "killed").folder
        out = self.folder / "killed-out"
        for kind in (signal.SIGTERM, signal.SIGKILL):
            with subprocess.Popen([BIN / "05_vae", "--quick", "--json", "--data", data, "--epochs",
                                   "100000", "--hidden", "10", "--out", out],
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
                process.stderr.readline()
                time.sleep(0.05)
                process.send_signal(kind)
                process.stderr.read()
                self.assertEqual(process.wait(), -kind)
            self.assertEqual(list(out.iterdir()), [])


if __name__ == "__main__":
    unittest.main()
