"""./book bench: the measurements one after another, each in a process of its own, into one
bench.json. Ours and PyTorch's epoch take turns, so that both meet the same machine.

bench.py BIN OUT [--quick] [--images N] [--mnist FOLDER] [--binarized FOLDER]
bench.py --readme README.md BENCH.JSON       writes the table between the readme's two marks"""

import argparse
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

from bench_table import table, write_readme

PEER = Path(__file__).resolve().parents[1] / "tests" / "bench"
WITHOUT_TORCH = "not installed: ./book bench --peer"


def say(line):
    print(line, file=sys.stderr, flush=True)


def call(command):
    """What the program says on standard output. Its mistakes are the end of this one too."""
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(f"book: {Path(command[0]).name} {Path(command[1]).name} failed, see above")
    return done.stdout


def thread_counts():
    """1, 2, 4, ... and all; each with one thread for the BLAS, and with as many."""
    cores = len(os.sched_getaffinity(0))
    counts = {min(2 ** i, cores) for i in range(cores.bit_length() + 1)}
    return sorted({(threads, blas) for threads in counts for blas in (1, threads)})


class Measurements:
    def __init__(self, options):
        self.options, self.results = options, {}
        self.torch = importlib.util.find_spec("torch") is not None

    def section(self, name):
        """Ours: the section's numbers."""
        say(f"bench: {name}")
        o = self.options
        folder = o.out / "bench"
        call([o.bin / "bench", "--section", name, "--json", "--out", folder,
              "--images", str(o.images), "--data", "mnist" if o.mnist else "digits",
              *(["--quick"] if o.quick else [])])
        return json.loads((folder / f"{name}.json").read_text())

    def peer(self, program, data, *arguments):
        data = ["--data", data] if data else []
        return json.loads(call([sys.executable, PEER / program, *data, *map(str, arguments)]))

    def peer_epoch(self):
        """PyTorch's, at its best thread counts and its best variant."""
        images = ("--images", self.options.images)
        trials = []
        for threads, blas in thread_counts():
            say(f"bench: PyTorch on trial, threads {threads}, of its BLAS {blas}")
            setting = ("--threads", threads, "--blas-threads", blas)
            trial = self.peer("pytorch_epoch.py", self.options.mnist, *images, *setting)
            trials += [(trial[variant], *setting, "--variant", variant)
                       for variant in ("eager", "foreach", "jit")]
        _, *best = min(trials)
        say(f"bench: PyTorch, threads {best[1]}, of its BLAS {best[3]}, {best[5]}")
        return {**self.peer("pytorch_epoch.py", self.options.mnist, *images, *best,
                            "--epochs", 1 if self.options.quick else 5), "variant": best[-1]}

    def epoch(self):
        first = self.section("epoch")
        peer = self.peer_epoch() if self.torch else None
        self.results.update(merge_epochs(first, self.section("epoch") if peer else first, peer))
        self.results["vae_epoch"].update(self.section("memory")["vae_epoch"])

    def quality(self):
        o = self.options
        if o.quick or not o.binarized:
            self.results["quality"] = {
                "skipped": "by --quick" if o.quick else "no data: ./book data binarized-mnist"}
            return
        quality = self.section("quality")["quality"]
        if self.torch:
            say("bench: PyTorch's model of that quality")
            peers = [self.peer("pytorch_quality.py", o.binarized, "--threads", threads,
                               "--blas-threads", blas) for threads, blas in thread_counts()]
            best = min(peers, key=lambda each: each["seconds"])
            quality.update({"pytorch_" + key: best[key] for key in
                            ("seconds", "steps", "seconds_per_step", "seconds_of_published_steps",
                             "threads", "blas_threads")})
            quality["speedup"] = best["seconds"] / quality["seconds"]
        self.results["quality"] = quality

    def kernels(self):
        if not (self.options.bin / "kernels").exists():
            self.results["kernels"] = {}
            return say("bench: no kernels: Google Benchmark (libbenchmark-dev) is missing")
        say("bench: kernels")
        time = ["--benchmark_min_time=0.01"] if self.options.quick else []
        said = json.loads(call([self.options.bin / "kernels", "--benchmark_format=json", *time]))
        self.results["kernels"] = {
            each["name"]: {"ns": each["cpu_time"],
                           **{key: each[key] for key in each if key.endswith("_per_second")}}
            for each in said["benchmarks"]}

    def all(self):
        self.epoch()
        for name in ("scaling", "evidence"):
            self.results.update(self.section(name))
        self.quality()
        self.kernels()
        return self.results


def merge_epochs(first, second, peer):
    """Our two runs and PyTorch's between them. Of each the fastest epoch counts."""
    results = {**first}
    ours = results["vae_epoch"] = min((each["vae_epoch"] for each in (first, second)),
                                      key=lambda epoch: epoch["seconds"])
    peaks = [each["fma_peak"] for each in (first, second)]
    results["fma_peak"] = {key: max(peak[key] for peak in peaks) for key in peaks[0]}
    ours["fraction_of_peak"] = ours["gflops"] / results["fma_peak"]["all_cores"]
    if peer:
        seconds = min(peer["all_seconds"])
        ours.update(pytorch_seconds=seconds, pytorch_threads=peer["threads"],
                    pytorch_blas_threads=peer["blas_threads"], pytorch_variant=peer["variant"],
                    pytorch_version=peer["torch"], speedup=seconds / ours["seconds"])
    else:
        ours["pytorch_seconds"] = WITHOUT_TORCH
    return results


def measure(options):
    results = Measurements(options).all()
    part = options.out / "bench.json.tmp"
    part.write_text(json.dumps(results, indent=2) + "\n")
    part.replace(options.out / "bench.json")
    print(table(results))
    print(f"\n{options.out / 'bench.json'}")


def main():
    parser = argparse.ArgumentParser(prog="bench.py", description=__doc__.splitlines()[0])
    parser.add_argument("first", type=Path, help="folder of the programs; with --readme the readme")
    parser.add_argument("out", type=Path, help="folder for bench.json; with --readme a bench.json")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--images", type=int, default=60000)
    parser.add_argument("--mnist", type=Path)
    parser.add_argument("--binarized", type=Path)
    parser.add_argument("--readme", action="store_true")
    options = parser.parse_args()
    if options.readme:
        return write_readme(options.first, json.loads(options.out.read_text()))
    options.bin = options.first
    return measure(options)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
