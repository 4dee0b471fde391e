#!/usr/bin/python3
"""The leaderboard's long runs, one process a core, and the table of what they reached.

    chapters/05_vae/leaderboard/leaderboard.py                 all runs of leaderboard.json
    chapters/05_vae/leaderboard/leaderboard.py --only static   those with this in their name
    chapters/05_vae/leaderboard/leaderboard.py --collect       only the table

Each run keeps a checkpoint under out/leaderboard: call it again after a stop and it goes on. The
results go to figures/leaderboard/results.json: mean and standard error over the seeds, each seed's
results, and every setting; table.md sets them beside what others have printed. The settings were chosen by valid_log_evidence; the test images are
looked at once a run, at its end.
"""

import argparse
import json
import math
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
BINARY = ROOT / "build/release/bin/leaderboard"
OUT = ROOT / "out/leaderboard"
KEPT = ROOT / "figures/leaderboard/results.json"


def folder(run, seed):
    return OUT / f"{'-'.join(re.findall('[a-zA-Z0-9]+', run['name']))}-{seed}"


def train(run, seed):
    """One run, on one thread: two of them use two cores better than one run does."""
    out = folder(run, seed)
    if (out / "results.json").exists():
        return
    out.mkdir(parents=True, exist_ok=True)
    options = [word for name, value in run["options"].items() for word in (name, str(value))]
    command = [str(BINARY), *options, "--seed", str(seed), "--threads", "1", "--out", str(out),
               "--checkpoint", str(out / "run.safetensors"), "--resume"]
    print(f"leaderboard: {run['name']}, seed {seed}", file=sys.stderr, flush=True)
    with open(out / "log.txt", "a", encoding="utf-8") as log:
        done = subprocess.run(command, stdout=log, stderr=log, cwd=ROOT, check=False)
    if done.returncode:
        raise SystemExit(f"leaderboard: {run['name']}, seed {seed}: failed with exit status "
                         f"{done.returncode}; see {out / 'log.txt'}, mend it and start again")


def mean_and_error(values):
    """Over seeds: the mean, and its standard error (NaN-free: 0 where there is one seed)."""
    mean = sum(values) / len(values)
    squares = sum((value - mean) ** 2 for value in values)
    count = len(values)
    return mean, math.sqrt(squares / (count - 1) / count) if count > 1 else 0.0


def summary(run, seeds):
    """One row of the table, or nothing where no seed has finished."""
    found = [json.loads((folder(run, seed) / "results.json").read_text())
             for seed in seeds if (folder(run, seed) / "results.json").exists()]
    if not found:
        return None
    row = {"name": run["name"], "settings": run["options"]}
    for key in ("valid_log_evidence", "test_log_evidence", "test_elbo"):
        row[key], row[key + "_se_over_seeds"] = mean_and_error([r["results"][key] for r in found])
    row["core_seconds"] = sum(r["results"]["training_seconds"] for r in found)
    row["seeds"] = [{"seed": r["seed"], "parameters": r["parameters"], "compiler": r["compiler"],
                     "flags": r["flags"], "version": r["version"], "data": r["data"],
                     "results": r["results"]} for r in found]
    return row


def collected(config):
    """Rows of all runs: of those whose folders are gone, the row that was kept, if their settings are
    still the same."""
    kept = json.loads(KEPT.read_text())["runs"] if KEPT.exists() else []
    rows = []
    for run in config["runs"]:
        row = summary(run, run.get("seeds", config["seeds"])) or next(
            (old for old in kept if (old["name"], old["settings"]) == (run["name"], run["options"])), None)
        if row:
            rows.append(row)
    return rows


def kind(run):
    return run["options"].get("--binarization", "static")


COLUMNS = {"static": "static binarised", "dynamic": "dynamically binarised",
           "grey": "grey: a bound on no likelihood"}


def table(rows, config):
    """Three columns that must never be mixed, each with its best on top: what was reached here, and what
    others printed."""
    kinds = {run["name"]: kind(run) for run in config["runs"]}
    head = ["| model | " + " | ".join(COLUMNS.values()) + " | from |",
            "|---|" + "---:|" * len(COLUMNS) + "---|"]
    lines = []

    def line(data, model, value, error, source):
        text = f"{value:.2f}{error}".replace("-", "−")
        cells = [text if data == column else "" for column in COLUMNS]
        place = list(COLUMNS).index(data), -value
        lines.append((place, "| " + " | ".join([model, *cells, source]) + " |"))

    for row in rows:
        data, settings = kinds[row["name"]], row["settings"]
        bound = "ELBO" if settings["--bound"] == "elbo" else f"k = {settings['--samples']}"
        hidden = settings["--hidden"].replace(",", "-")
        model = f"784-{hidden}-z{settings['--latent']}, {bound}, {settings['--epochs']} epochs"
        if "--start" in settings:
            model += " more, from another run"
        what = "test_elbo" if data == "grey" else "test_log_evidence"
        error = row[what + "_se_over_seeds"]
        seeds = f" ± {error:.2f}" if len(row["seeds"]) > 1 else ""
        line(data, model, row[what], seeds, "here")
    for other in config["published"]:
        value = other.get("log_evidence", other.get("elbo"))
        line(other["data"], other["model"], value, "", other["source"])
    return "\n".join([*head, *(text for _, text in sorted(lines))]) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--only", default="", help="runs with this in their name")
    parser.add_argument("--collect", action="store_true", help="only write the table")
    chosen = parser.parse_args()
    if not BINARY.exists():
        sys.exit(f"leaderboard.py: wanted {BINARY}, found nothing; build it: cmake --workflow "
                 "--preset release")
    config = json.loads((HERE / "leaderboard.json").read_text())
    runs = [run for run in config["runs"] if chosen.only in run["name"]]
    if not chosen.collect:
        with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
            jobs = [pool.submit(train, run, seed) for run in runs
                    for seed in run.get("seeds", config["seeds"])]
            for job in jobs:
                job.result()
    rows = collected(config)
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    KEPT.write_text(json.dumps({"runs": rows}, indent=2) + "\n")
    (KEPT.parent / "table.md").write_text(table(rows, config), encoding="utf-8")
    for run in runs:  # the pages show this model
        model = folder(run, config["seeds"][0]) / "model.safetensors"
        if "keep" in run and model.exists():
            shutil.copy(model, KEPT.parent / run["keep"])
    for row in rows:
        print(f"{row['name']:32} {row['test_log_evidence']:9.3f} "
              f"+- {row['test_log_evidence_se_over_seeds']:.3f} over {len(row['seeds'])} seeds, "
              f"{row['core_seconds']:.0f} core seconds")


if __name__ == "__main__":
    main()
