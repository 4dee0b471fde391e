"""The figures of chapter 8."""

import numpy as np
from style import gap, label, level, on_line, plain_ticks


def rising_bounds(run, page, ink):
    """More samples, a higher floor; the ceiling is known by quadrature. Bars: 2 standard errors."""
    table = run["bounds"]
    k, bound, error = table["k"], table["bound"], table["error"]
    top = table["log_evidence"][0]

    ax = page.axes(height=2.9)
    gap(ax, k, bound, top, ink.orange)
    ax.errorbar(k, bound, 2 * error, fmt="o-", color=ink.blue, capsize=2)
    level(ax, top, "log p(x), by quadrature", ink.text)
    on_line(ax, "ELBO", k, bound, k[0], ink.blue, dx=9, dy=-2)
    on_line(ax, "the bound of k samples", k, bound, 20, ink.blue, dx=6, dy=-10)
    ax.set(xscale="log", xlabel="k, importance samples", ylabel="nats per image")
    ax.margins(y=0.12)
    plain_ticks(ax.xaxis, [1, 5, 50, 500])


def signal_to_noise(run, page, ink):
    """What a tighter bound gives the decoder, it takes from the encoder."""
    table = run["signal_to_noise"]
    k = table["k"]

    ax = page.axes(height=2.9)
    for name, colour, power in (("decoder", ink.orange, 0.5), ("encoder", ink.blue, -0.5)):
        ratio = table[name]
        middle = len(k) // 2
        ax.plot(k, ratio[middle] * (k / k[middle])**power, color=ink.muted, linewidth=1,
                linestyle=(0, (2, 2)))
        ax.plot(k, ratio, "o-", color=colour)
        label(ax, name, (k[-1], ratio[-1]), colour, dx=8)
    ax.set(xscale="log", yscale="log", xlabel="k, importance samples of the bound",
           ylabel="signal to noise of the gradient")
    label(ax, "dashed: slopes 1/2 and -1/2", (0, 1), ink.text, dx=6, dy=-8,
          xycoords="axes fraction")
    plain_ticks(ax.xaxis, k)


def training_with_k(run, page, ink):
    """Trained with k samples, all measured alike. Bars: 2 standard errors over the images."""
    table = run["training_with_k"]
    k, place = table["k"], np.arange(len(table["k"]))

    left, right = page.axes(1, 2, height=2.6)
    left.errorbar(place, table["log_evidence"], 2 * table["error"], fmt="o-", color=ink.text,
                  capsize=2)
    left.plot(place, table["elbo"], "o-", color=ink.blue)
    label(left, "log p(x)", (place[0], table["log_evidence"][0]), ink.text, dx=4, dy=11)
    label(left, "ELBO", (place[-1], table["elbo"][-1]), ink.blue, dx=-7)
    left.set(title="on test images", ylabel="nats per image")
    right.bar(place, table["active_units"], width=0.5, color=ink.blue)
    for x, units in zip(place, table["active_units"]):
        label(right, f"{units:.0f}", (x, units), ink.text, dy=6, ha="center")
    right.set(title="active dimensions of the code")
    right.margins(y=0.15)
    for ax in (left, right):
        ax.set_xticks(place, [f"{value:.0f}" for value in k])
        ax.set(xlabel="trained with k", xlim=(-0.5, len(k) - 0.5))


def rate_distortion(run, page, ink):
    """Nats for the code against nats for the pixels; along a thin line the ELBO is the same."""
    table = run["rate_distortion"]
    rate, distortion = table["rate"], table["distortion"]

    ax = page.axes(height=3.3)
    width, height = np.ptp(rate), np.ptp(distortion)
    ax.set(xlim=(max(0, rate.min() - 0.1 * width), rate.max() + 0.15 * width),
           ylim=(distortion.min() - 0.12 * height, distortion.max() + 0.15 * height))
    ends = np.array(ax.get_xlim())
    best = (rate + distortion).min()
    step = np.ceil(height / 4 / 10) * 10
    for total in best + step * np.arange(-6, 7):
        ax.plot(ends, total - ends, color=ink.text if total == best else ink.faint,
                linewidth=1, zorder=1, scalex=False, scaley=False)
    ax.plot(rate, distortion, "o-", color=ink.blue)
    for beta, x, y in zip(table["beta"], rate, distortion):
        label(ax, f"β = {beta:g}", (x, y), ink.blue, dx=7, dy=5 if y < distortion.max() else 9)
    floor = ax.get_ylim()[0]
    label(ax, f"ELBO = −{best:.0f}", (best - floor, floor), ink.text, dx=-12, dy=8)
    ax.set(xlabel="rate R: KL term, nats", ylabel="distortion D: −reconstruction, nats")


def kl_by_dimension(run, page, ink):
    """The KL of each dimension of the code, largest first, after equally long trainings."""
    table = run["kl_by_dimension"]
    unit = table["unit"]

    ax = page.axes(height=2.9)
    for name, words, colour, marker in (("plain", "plain", ink.text, "o"),
                                        ("warm_up", "KL warm-up", ink.orange, "s"),
                                        ("free_bits", "free bits", ink.blue, "D")):
        ax.plot(unit, table[name], marker + "-", color=colour, markersize=4, label=words)
    ax.set(yscale="log", xlabel="dimension of the code, by its KL", ylabel="mean KL, nats")
    ax.legend(frameon=False, loc="lower left", labelcolor="linecolor")
    ax.xaxis.get_major_locator().set_params(integer=True)


def linear_collapse(run, page, ink):
    """Eigenvalues above the noise are coded; those below are dropped, with exact inference too."""
    table = run["linear_collapse"]
    noises = sorted(set(table["noise_variance"]), reverse=True)

    axes = np.atleast_1d(page.axes(1, len(noises), height=2.6, sharey=True))
    for ax, noise in zip(axes, noises):
        here = table["noise_variance"] == noise
        unit, eigenvalue = table["unit"][here], table["eigenvalue"][here]
        active = table["vae"][here] > 0.01
        ax.axhline(noise, color=ink.orange, linewidth=1.2)
        ax.plot(unit[active], eigenvalue[active], "o", color=ink.blue)
        ax.plot(unit[~active], eigenvalue[~active], "o", markerfacecolor="none",
                markeredgecolor=ink.blue)
        ax.set(yscale="log", title=f"{np.sum(~active)} of {len(unit)} collapsed",
               xlabel="principal direction")
        ax.xaxis.get_major_locator().set_params(integer=True)
    label(axes[0], "noise variance", (len(unit), noises[0]), ink.orange, dy=7, ha="right")
    label(axes[0], "active", (1, 8), ink.blue, dx=8)
    label(axes[-1], "collapsed", (7, eigenvalue[-2]), ink.blue, dx=-8)
    axes[0].set(ylabel="eigenvalue")
    plain_ticks(axes[0].yaxis, [0.3, 1, 3, 8])


# The leaderboard's table (figures/leaderboard/results.json, once it is kept) belongs here.
FIGURES = (rising_bounds, signal_to_noise, training_with_k, rate_distortion, kl_by_dimension,
           linear_collapse)
