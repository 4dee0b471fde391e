"""The chapters as their readers run them: what they print, keep and refuse, and their status."""

import hashlib
import json
import math
import subprocess
import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
from chapter import (BIN, BOOK, CHAPTERS, ROOT, SMALL_VAE, Case, Run, SmallData,  # noqa: E402
                     quick, read_png, run_quick, without_clocks)

class EveryChapter(Case):
    """What holds for each, with --quick --json and defaults otherwise."""

    def each(self):
        for chapter in CHAPTERS:
            with self.subTest(chapter):
                yield chapter, quick(chapter)

    def test_exit_status_is_0_and_stdout_is_results_json(self):
        for _, run in self.each():
            self.assertEqual(run.status, 0, run)
            self.assertEqual(run.stdout, (run.folder / "results.json").read_text())
            self.assertTrue(run.stdout.endswith("}\n"))
            json.loads(run.stdout, parse_constant=self.fail)  # no NaN, no Infinity

    def test_results_json_has_what_was_agreed_on(self):
        for chapter, run in self.each():
            report = run.report
            self.assertEqual(report.keys() - {"parameters"},
                             {"chapter", "seed", "quick", "threads", "version", "compiler",
                              "flags", "data", "claims", "results", "seconds"})
            self.assertEqual("parameters" in report, chapter == "05_vae")
            self.assertGreaterEqual(report["threads"], 1)
            self.assertRegex(report["version"], r"^\d+\.\d+\.\d+$")
            self.assertRegex(report["compiler"], r"^(GCC|Clang) \d+\.\d+")
            self.assertEqual(report["chapter"], chapter)
            self.assertEqual((report["seed"], report["quick"]), (1, True))
            self.assertTrue(0 < report["seconds"] < 120)
            if BOOK[chapter].trains:
                self.assertEqual(report["data"]["name"], "digits")
                self.assertRegex(report["data"]["sha256"], "^[0-9a-f]{64}$")
            else:
                self.assertIsNone(report["data"])
            self.assertTrue(report["results"])
            for name, value in report["results"].items():
                self.assertRegex(name, r"^[a-z0-9_.]+$")
                self.assertIsInstance(value, (int, float))

    def test_at_least_eight_claims_and_all_hold(self):
        for _, run in self.each():
            claims = run.report["claims"]
            self.assertGreaterEqual(len(claims), 8)
            for claim in claims:
                self.assertEqual(claim.keys(), {"label", "statement", "expected", "got", "error",
                                                "tolerance", "fails_if", "ok"})
                self.assertRegex(claim["label"], "^eq:[a-z0-9-]+$")
                self.assertTrue(claim["statement"])
                self.assertIs(claim["ok"], True, claim)
                self.assertLessEqual(claim["error"], claim["tolerance"], claim)
                # An equation's error is the distance; a bound's is 0 or the distance.
                distance = abs(claim["got"] - claim["expected"])
                self.assertIn(claim["error"], (0, distance), claim)
                self.assert_refutable(claim)

    def assert_refutable(self, claim):
        """What is said to refute it would: the number named lies as far off as the tolerance allows."""
        rule, _, number = claim["fails_if"].rpartition(" ")
        if rule in ("above", "below"):
            sign = 1 if rule == "above" else -1
            edge = claim["expected"] + sign * claim["tolerance"]
            self.assertAlmostEqual(float(number), edge, delta=1e-6 * abs(edge) + 1e-300, msg=claim)
            self.assertLessEqual(sign * claim["got"], sign * float(number) + 1e-6 * abs(edge), claim)
        elif rule == "off by more than":
            self.assertAlmostEqual(float(number), claim["tolerance"], delta=0.06 * claim["tolerance"])
        else:
            self.assertEqual((claim["fails_if"], claim["error"]), ("not equal", 0), claim)

    def test_stderr_is_progress_alone(self):
        for chapter, run in self.each():
            lines = run.stderr.splitlines()
            for line in lines:
                self.assertRegex(line, r"^[\w ,-]+ \d+/\d+(  |$)")
            self.assertEqual(bool(lines), BOOK[chapter].trains, run.stderr)

    def test_the_tables_are_there_and_whole(self):
        for chapter, run in self.each():
            found = sorted(path.stem for path in run.folder.glob("*.csv"))
            self.assertEqual(found, BOOK[chapter].tables)
            for name in found:
                columns = run.table(name)
                self.assertTrue(all(columns.values()), f"{name}: no rows")
                for column, values in columns.items():
                    self.assertTrue(all(map(math.isfinite, values)), f"{name}: {column}")

    def test_nothing_else_is_left(self):
        for chapter, run in self.each():
            wanted = {"results.json", *(f"{name}.csv" for name in BOOK[chapter].tables),
                      *(f"{name}.png" for name in BOOK[chapter].sheets)}
            self.assertEqual({path.name for path in run.folder.iterdir()}, wanted)

    def test_the_figures_find_every_table_they_read(self):
        for chapter in CHAPTERS:
            script = (ROOT / "chapters" / chapter / "figures.py").read_text()
            read = {name for each in BOOK.values() for name in each.tables
                    if f'run["{name}"]' in script}
            self.assertLessEqual(read, set(BOOK[chapter].tables))
            self.assertTrue(read)

    def test_help_starts_nothing(self):
        for chapter in CHAPTERS:
            with self.subTest(chapter):
                run = Run(chapter, "--help")
                self.assertEqual((run.status, run.stderr), (0, ""))
                self.assertFalse(run.folder.exists())
                for option in ("--seed", "--threads", "--out", "--quick", "--data", "--json"):
                    self.assertIn(option, run.stdout)

    def test_without_json_a_reader_sees_every_claim(self):
        for chapter in ("01_entropy_kl", "06_em"):
            with self.subTest(chapter):
                run = Run(chapter, "--quick")
                self.assertEqual((run.status, run.stderr), (0, ""))
                for claim in run.report["claims"]:
                    self.assertIn(claim["statement"], run.stdout)
                for name in run.results:
                    self.assertIn(name, run.stdout)
                number = len(run.report["claims"])
                self.assertIn(f"{number} of {number} claims hold", run.stdout)
                self.assertEqual(without_clocks(run.report), without_clocks(quick(chapter).report))

    def test_the_default_folder_is_out_and_the_name(self):
        run = subprocess.run([BIN / "01_entropy_kl", "--quick", "--json"], cwd=self.folder,
                             capture_output=True, text=True, check=True)
        kept = self.folder / "out" / "01_entropy_kl" / "results.json"
        self.assertEqual(kept.read_text(), run.stdout)


class Chapter1(Case):
    @staticmethod
    def by_hand(mean, scale, other_mean, other_scale):
        kl = sum(math.log(t / s) - 0.5 + (s * s + (m - n)**2) / (2 * t * t)
                 for m, s, n, t in zip(mean, scale, other_mean, other_scale))
        entropy = sum(0.5 * math.log(2 * math.pi * math.e * s * s) for s in scale)
        return {"kl": kl, "entropy": entropy, "cross_entropy": kl + entropy}

    def test_your_pair_against_the_formulas(self):
        for mean, scale, *other in (([0.3, -1.2], [0.5, 2.0]),
                                    ([-0.3, 1], [1, 0.01], [2, -5], [0.7, 3]),
                                    ([-4], [0.2], [-4], [0.2]),
                                    ([1, 2, 3, 4, 5], [1] * 5, [5, 4, 3, 2, 1], [2] * 5),
                                    ([100, -100], [10, 0.1], [90, -99], [20, 0.3])):
            with self.subTest(mean=mean, scale=scale, other=other):
                options = [f"{name}={','.join(map(str, values))}" for name, values in
                           zip(("--mean", "--scale", "--other-mean", "--other-scale"),
                               (mean, scale, *other))]
                run = run_quick("01_entropy_kl", *options)
                self.assertEqual(run.status, 0, run)
                wanted = self.by_hand(mean, scale,
                                      *(other or ([0] * len(mean), [1] * len(mean))))
                for name, value in wanted.items():
                    self.assertAlmostEqual(run.results[name], value,
                                           delta=1e-11 * max(1, abs(value)))

    def test_one_option_of_the_other_without_the_second(self):
        run = run_quick("01_entropy_kl", "--mean", "0.3,-1.2", "--scale", "0.5,2.0",
                        "--other-mean", "-1,1")
        wanted = self.by_hand([0.3, -1.2], [0.5, 2.0], [-1, 1], [1, 1])
        self.assertAlmostEqual(run.results["kl"], wanted["kl"], places=12)

    def test_lists_of_unequal_length(self):
        for options in (("--mean", "1,2,3", "--scale", "1,2"), ("--mean", "1", "--scale", "1,2"),
                        ("--mean", "1"), ("--other-mean", "1"), ("--other-scale", "1,2,3")):
            with self.subTest(options):
                self.assert_refused(Run("01_entropy_kl", *options), 2, "--", "--mean", "wanted",
                                    "found")


class Chapter2(Case):
    def test_evidence_bound_and_gap_against_the_formulas(self):
        for weight, noise, x, mean, scale in ((1.5, 0.8, 1.2, 0.2, 0.25), (1, 1, 0, 0, 1),
                                              (-2, 0.5, 3, -1, 0.3), (0, 1, 2, 0.5, 2),
                                              (30, 0.05, -40, -1.3, 0.01), (0.1, 20, 5, 3, 4)):
            with self.subTest(weight=weight, noise=noise, x=x, mean=mean, scale=scale):
                run = run_quick("02_jensen_elbo", "--weight", weight, "--noise", noise, "--x", x,
                                "--q-mean", mean, "--q-scale", scale)
                self.assertEqual(run.status, 0, run)
                variance = weight**2 + noise**2
                log_evidence = -0.5 * (x * x / variance + math.log(2 * math.pi * variance))
                m, s = weight * x / variance, noise / math.sqrt(variance)
                kl = math.log(s / scale) - 0.5 + (scale**2 + (mean - m)**2) / (2 * s * s)
                for name, value in (("log_evidence", log_evidence), ("kl", kl),
                                    ("elbo", log_evidence - kl)):
                    self.assertAlmostEqual(run.results[name], value,
                                           delta=1e-8 * max(1, abs(log_evidence - kl)))
                # d ELBO / d weight = 0 where weight^2 + noise^2 = noise S / scale, else at 0.
                square = noise * math.sqrt(variance) / scale - noise**2
                self.assertAlmostEqual(run.results["restricted_weight"],
                                       math.sqrt(max(0, square)), delta=1e-3 * max(1, weight))

    def test_at_the_posterior_the_bound_touches(self):
        results = run_quick("02_jensen_elbo", "--weight", 3, "--noise", 4, "--x", 25,
                            "--q-mean", 3, "--q-scale", 0.8).results
        self.assertAlmostEqual(results["kl"], 0, delta=1e-9)
        self.assertAlmostEqual(results["elbo"], results["log_evidence"], delta=1e-9)

    def test_more_samples_raise_the_effective_number(self):
        few, many = (run_quick("02_jensen_elbo", "--samples", n).results for n in (100, 10000))
        for name in ("effective_sample_size_2", "effective_sample_size_q_20"):
            self.assertLess(few[name], 100)
            self.assertLess(10 * few[name], many[name])


class Chapter3(Case):
    def test_variances_are_in_order(self):
        for dimension in (5, 20):
            with self.subTest(dimension=dimension):
                run = run_quick("03_reparameterization", "--dimension", dimension)
                self.assertEqual(run.status, 0, run)
                pathwise, baseline, score = (run.results[f"variance_{name}"] for name in
                                             ("pathwise", "score_baseline", "score"))
                self.assertLess(2 * pathwise, baseline)
                self.assertLess(2 * baseline, score)

    def test_samples_asked_for_win_over_quick(self):
        one, two = (run_quick("03_reparameterization", *options).results["variance_score"]
                    for options in (("--samples", "20000"), ("--samples", "1000")))
        self.assertEqual(one, quick("03_reparameterization").results["variance_score"])
        self.assertNotEqual(one, two)


class Chapter5(Case):
    """On the small data set: claims about learning may fail there, numbers must agree."""

    RESULTS = ("train_elbo", "test_elbo", "test_reconstruction", "test_kl", "test_log_evidence",
               "test_log_evidence_se", "seconds_per_epoch")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.data = SmallData(cls.folder / "data")
        cls.default = run_quick("05_vae", "--data", cls.data.folder, *SMALL_VAE)

    def run_small(self, *options, data=None):
        return run_quick("05_vae", "--data", data or self.data.folder, *SMALL_VAE, *options)

    def check_numbers(self, run):
        failed = [claim for claim in run.report["claims"] if not claim["ok"]]
        self.assertEqual(run.status, 1 if failed else 0, run)
        r = run.results
        for name in self.RESULTS:
            self.assertIn(name, r)
        self.assertAlmostEqual(r["test_elbo"], r["test_reconstruction"] - r["test_kl"], places=9)
        self.assertLessEqual(r["test_elbo"], r["test_log_evidence"])
        self.assertGreaterEqual(r["test_kl"], 0)
        self.assertGreater(r["test_log_evidence_se"], 0)
        self.assertGreater(r["seconds_per_epoch"], 0)

    def test_every_likelihood(self):
        found = {}
        for likelihood in ("bernoulli", "gaussian", "gaussian-learned"):
            with self.subTest(likelihood):
                run = self.run_small("--likelihood", likelihood)
                self.check_numbers(run)
                found[likelihood] = run.results["test_elbo"]
                by_hand = {c["label"]: c["ok"] for c in run.report["claims"]
                           if c["label"] in ("eq:vae-gradient", "eq:gaussian-mse",
                                             "eq:bernoulli-log-prob", "eq:elbo-bound",
                                             "eq:generalised-linear-model")}
                self.assertEqual(len(by_hand), 5)
                self.assertTrue(all(by_hand.values()), by_hand)
        self.assertEqual(len(set(found.values())), 3)

    def test_options_reach_the_model(self):
        default = self.default.results
        for options in (("--hidden", "20"), ("--latent", "1"), ("--batch", "600"), ("--beta", "0"),
                        ("--learning-rate", "0.01"), ("--samples", "3"), ("--epochs", "1")):
            with self.subTest(options):
                run = self.run_small(*options) if options[0] not in SMALL_VAE else run_quick(
                    "05_vae", "--data", self.data.folder, *replaced(SMALL_VAE, options))
                self.check_numbers(run)
                self.assertNotEqual(run.results["test_elbo"], default["test_elbo"])
        run = self.run_small("--importance-samples", "7")
        self.assertEqual(run.results["test_log_evidence_samples"], 7)
        self.assertEqual(run.results["test_elbo"], default["test_elbo"])

    def test_training_longer_helps(self):
        epochs = {n: run_quick("05_vae", "--data", self.data.folder,
                               *replaced(SMALL_VAE, ("--epochs", n))) for n in ("1", "40")}
        self.assertGreater(epochs["40"].results["test_elbo"],
                           epochs["1"].results["test_elbo"] + 5)
        self.assertEqual(epochs["40"].table("curves")["epoch"], list(range(1, 41)))

    def test_a_folder_is_named_with_the_hash_of_its_bytes(self):
        run = self.default
        every_byte = bytes(self.data.train + self.data.train_labels
                           + self.data.test + self.data.test_labels)
        self.assertEqual(run.report["data"], {
            "name": str(self.data.folder), "sha256": hashlib.sha256(every_byte).hexdigest(),
            "train_images": 600, "test_images": 100, "binary": False})

    def test_a_folder_without_labels(self):
        data = SmallData(self.folder / "unlabelled", labels=False).folder
        run = self.run_small(data=data)
        self.check_numbers(run)
        self.assertEqual(run.results["test_elbo"], self.default.results["test_elbo"])
        self.assertEqual(set(run.table("latent_frames")["label"]), {-1})

    def test_a_folder_with_a_handful_of_pictures(self):
        for train, test in ((5, 3), (1, 1), (30, 12)):
            with self.subTest(train=train, test=test):
                data = SmallData(self.folder / f"few-{train}-{test}", train, test, side=6).folder
                run = self.run_small(data=data)
                self.assertIn(run.status, (0, 1), run)
                if (run.folder / "results.json").exists():
                    self.check_numbers(run)
                else:
                    self.assertEqual(run.stderr.splitlines()[-1][:7], "05_vae:", run)
                    self.assertIn("wanted", run.stderr.splitlines()[-1])

    def test_the_decomposition_of_the_kl_term_holds_on_any_data(self):
        # It is an identity: broad codes, as after little training, must not escape its integral.
        (claim,) = self.default.claims("eq:kl-mutual-information")
        self.assertTrue(claim["ok"], claim)

    def test_the_sheets_on_the_digits(self):
        for chapter, each in BOOK.items():
            for name, (across, down) in each.sheets.items():
                with self.subTest(chapter, sheet=name):
                    side = 14 if name in each.half_size else 28
                    self.look_at(quick(chapter).folder / f"{name}.png", across, down, side)

    def look_at(self, path, across, down, side):
        width, height, rows = read_png(path)
        self.assertEqual((width, height), ((side + 1) * across - 1, (side + 1) * down - 1))
        # The lines between the pictures are grey, the pictures are not.
        if down > 1:
            self.assertEqual({rows[side][c] for c in range(width)}, {96})
        self.assertEqual({row[side] for row in rows}, {96})
        self.assertGreater(max(max(row) for row in rows), 128)

    def test_the_upper_half_of_the_reconstructions_is_the_data(self):
        run = self.default
        width, _, rows = read_png(run.folder / "reconstructions.png")
        self.assertEqual(width, 13 * 20 - 1)
        for i in range(20):
            picture = [rows[r][13 * i + c] for r in range(12) for c in range(12)]
            self.assertEqual(picture, self.data.test[144 * i:144 * (i + 1)])

    def test_the_frames_start_before_training(self):
        frames = self.default.table("latent_frames")
        self.assertEqual(sorted(set(frames["frame"])), list(range(6)))
        self.assertEqual(frames["label"][:100], self.data.test_labels)


def replaced(options, pair):
    """`options` with the value of one of them replaced."""
    options = list(options)
    options[options.index(pair[0]) + 1] = pair[1]
    return options


class Chapter6(Case):
    def test_three_ways_to_one_likelihood(self):
        for options in ((), ("--dimension", "6", "--latent", "2", "--noise-scale", "1")):
            with self.subTest(options):
                run = quick("06_em", *options)
                self.assertEqual(run.status, 0, run)
                closed, em, vae = (run.results[f"log_likelihood_{name}"]
                                   for name in ("closed_form", "em", "vae"))
                self.assertAlmostEqual(em, closed, delta=1e-6)
                self.assertAlmostEqual(vae, closed, delta=0.003 * 10)
                self.assertLessEqual(max(em, vae), closed + 1e-9)

    def test_latent_not_below_dimension(self):
        for latent, dimension in ((10, 10), (3, 2), (50, 10)):
            self.assert_refused(Run("06_em", "--latent", latent, "--dimension", dimension), 2,
                                "--latent", "--dimension", f"({dimension})", f"found {latent}")


class Chapter10(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.data = SmallData(cls.folder / "data").folder

    def run_small(self, *options):
        return run_quick("10_diffusion", "--data", self.data, *BOOK["10_diffusion"].small, *options)

    def test_options_reach_the_networks(self):
        default = self.run_small().results
        for options in (("--shape", "ring"), ("--shape", "spiral"), ("--schedule", "cosine"),
                        ("--variance", "posterior"), ("--loss", "elbo")):
            with self.subTest(options):
                run = self.run_small(*options)
                self.assertIn(run.status, (0, 1), run)  # so little training may not suffice
                self.assertNotEqual(run.results["plane_elbo"], default["plane_elbo"])
        run = self.run_small("--scale", "0.8")
        self.assertNotEqual(run.results["gaussian_gap_25"], default["gaussian_gap_25"])

    def test_identities_hold_for_any_options(self):
        for options in ((), ("--scale", "0.2"), ("--scale", "3"), ("--variance", "posterior")):
            with self.subTest(options):
                by_training = {"eq:" + name for name in (
                    "diffusion-learns", "energy-distance", "respaced", "ancestral-sampling")}
                for claim in self.run_small(*options).report["claims"]:
                    if claim["label"] not in by_training:
                        self.assertTrue(claim["ok"], claim)

    def test_frames_go_from_data_to_noise_and_back(self):
        run = quick("10_diffusion")
        for name, times in (("forward_frames", list(range(0, 101))),
                            ("reverse_frames", list(range(100, -1, -1)))):
            table = run.table(name)
            self.assertEqual(len(table["t"]), 41 * 300)
            self.assertEqual(sorted(set(table["frame"])), list(range(41)))
            self.assertEqual((table["t"][0], table["t"][-1]), (times[0], times[-1]))
            self.assertTrue(all(value == int(value) for value in table["x_1000"]))
            noise = [x / 1000 for t, x in zip(table["t"], table["x_1000"]) if t == 100]
            # x_T is N(0, 1), nearly: the variance of 300 draws is 1 within 5 standard errors.
            self.assertLess(abs(sum(x * x for x in noise) / 300 - 1), 5 * math.sqrt(2 / 300))

    def test_pictures_too_small_to_halve(self):
        data = SmallData(self.folder / "tiny", 120, 120, side=3).folder
        run = Run("10_diffusion", "--quick", "--json", "--data", data)
        self.assert_refused(run, 1, "10_diffusion: ", "wanted at least", "4 pixels", "found")


if __name__ == "__main__":
    unittest.main()
