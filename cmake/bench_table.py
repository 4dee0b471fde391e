"""The table of ./book bench, for the terminal and for the readme: what was measured beside what was
aimed at. A speed that misses its target fails nothing."""

import operator
import sys

MARKS = ("<!-- bench: ./book bench, then cmake/bench.py --readme -->", "<!-- /bench -->")
COMPARE = {">=": operator.ge, "<": operator.lt}


def look_up(results, path):
    """The value at "a/b", or None."""
    for name in path.split("/"):
        results = results.get(name) if isinstance(results, dict) else None
    return results


def number(value, form):
    """`value` in the form of "{:.1f} s"; a text or nothing stays what it is."""
    return form.format(value) if isinstance(value, (int, float)) else value or "not measured"


def row(results, what, path, form, target="", scale=1, peer=""):
    """The line's five cells: what, ours, PyTorch's, the target, whether it is met."""
    value = look_up(results, path)
    if isinstance(value, (int, float)):
        value *= scale
    met = ""
    if target and isinstance(value, (int, float)):
        sign, bound = target.split()
        met = "yes" if COMPARE[sign](value, float(bound)) else "NO"
    unit = form[form.index("}") + 1:]
    return [what, number(value, form), peer, target and target + unit, met]


def peer_seconds(results, section, note=""):
    value = look_up(results, f"{section}/pytorch_seconds")
    threads = look_up(results, f"{section}/pytorch_threads")
    if isinstance(value, str):
        return value
    return "" if value is None else f"{value:.3g} s{note}, {threads} thread" + "s" * (threads > 1)


def rows(results):
    epoch, quality, evidence = (results.get(key, {})
                                for key in ("vae_epoch", "quality", "log_evidence"))
    measured = "seconds" if "seconds" in evidence else "projected_seconds"
    table = [
        row(results, f"VAE 784-400-20, epoch of {epoch['images']:,} images", "vae_epoch/seconds",
            "{:.2f} s", peer=peer_seconds(results, "vae_epoch")),
        row(results, "  times as fast as PyTorch", "vae_epoch/speedup", "{:.1f}x", ">= 5"),
        row(results, "  of the FMA peak of all cores", "vae_epoch/fraction_of_peak", "{:.0f} %",
            ">= 60", 100),
        row(results, "  most memory", "vae_epoch/peak_rss_mb", "{:.0f} MB", "< 250"),
        row(results, "  times as fast with a second core", "scaling/speedup_of_second_core",
            "{:.3f}x", ">= 1.8"),
        row(results, "log p(x) of 10,000 images, K = 5000"
            + ", projected" * (measured != "seconds"), f"log_evidence/{measured}", "{:.0f} s",
            "< 180"),
    ]
    if "seconds" not in quality:
        skipped = quality.get("skipped", "not measured")
        return [*table, ["training to test log p(x) = -97.10", skipped, "", "", ""]]
    training = row(results, "training to test log p(x) = -97.10", "quality/seconds", "{:.1f} s",
                   "< 20", peer=peer_seconds(results, "quality"))
    speedup = row(results, "  times as fast as PyTorch", "quality/speedup", "{:.0f}x", ">= 15")
    if not quality["reached"]:  # fast is no merit then
        training[1] += f", only {quality['test_log_evidence']:.2f}"
        training[4] = speedup[4] = "NO"
    return [*table, training, speedup]


HEAD = ["measured", "here", "PyTorch", "aimed at", "met"]


def machine(results):
    m = results["machine"]
    cores = "1 core" if m["cores"] == 1 else f"{m['cores']} cores"
    torch = look_up(results, "vae_epoch/pytorch_version")
    return (f"{m['processor']}, {cores}, {m['vectors']}, {m['compiler']} {m['flags']}, "
            f"{m['matrix_products']}" + (f", PyTorch {torch}" if torch else ""))


def table(results):
    lines = [HEAD, *rows(results)]
    widths = [max(map(len, column)) for column in zip(*lines)]
    text = "\n".join("  ".join(f"{cell:{width}}" for cell, width in zip(line, widths)).rstrip()
                     for line in lines)
    return "\n".join(["", machine(results), "", text, *doubts(results)])


def doubts(results):
    """What says that the numbers are not this machine's best."""
    peak, cores = results["fma_peak"], results["machine"]["cores"]
    if max(product["gflops"] for product in results["gemm"].values()) > peak["one_core"]:
        yield "A product was faster than the peak of one core: the machine was busy; measure again."
    together = peak["all_cores"] / peak["one_core"]
    if together < 0.9 * cores:
        yield (f"{cores} cores together reached {together:.2f} times the peak of one: they share "
               "their units, or the machine was busy; then measure again.")


def write_readme(path, results):
    """Replaces what stands between the marks."""
    text = path.read_text()
    if any(text.count(mark) != 1 for mark in MARKS):
        sys.exit(f"{path}: wanted one line {MARKS[0]} and one line {MARKS[1]} below it; add them")
    before, rest = text.split(MARKS[0])
    lines = [HEAD, ["---"] * len(HEAD)]
    lines += [[cell.strip() for cell in line] for line in rows(results)]
    body = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    path.write_text(f"{before}{MARKS[0]}\n{body}\n\nMeasured on: {machine(results)}.\n"
                    f"{MARKS[1]}{rest.split(MARKS[1])[1]}")
