"""The figures of chapter 1."""

import numpy as np
from style import halo, label, on_line, plain_ticks


def kl_surface(run, page, ink):
    """KL(N(mean, scale^2) || N(0, 1)): a bowl with one zero."""
    table = run["kl_surface"]
    mean, scale = np.unique(table["mean"]), np.unique(table["scale"])
    kl = table["kl"].reshape(len(mean), len(scale)).T

    ax = page.axes(height=3.2)
    levels = [0.25, 0.5, 1, 2, 4]
    steps = np.linspace(0.08, 0.7, len(levels) + 1)
    ax.contourf(mean, scale, kl, [0, *levels, kl.max() + 4],
                colors=ink.shades(ink.blue)(steps))
    lines = ax.contour(mean, scale, kl, levels, colors=ink.text, linewidths=0.7)
    # The numbers climb one straight path out of the bowl, towards narrow and to the right.
    way = [(1.6 * t, np.exp(-1.6 * t)) for t in np.linspace(0, 1.7, 200)]
    height = [np.interp(m, mean, [np.interp(s, scale, row) for row in kl.T]) for m, s in way]
    spots = [way[np.argmin(np.abs(np.array(height) - one))] for one in levels]
    for text in ax.clabel(lines, levels, inline=True, fontsize=8.5, fmt="%g", manual=spots):
        text.set_path_effects(halo(ink, 1.5))
    ax.plot(0, 1, "o", color=ink.orange, markersize=8)
    label(ax, "0 only at N(0, 1)", (0, 1), ink.text, dy=-84, ha="center",
          arrowprops={"arrowstyle": "-", "color": ink.orange, "linewidth": 1.2})

    ax.set_yscale("log")
    plain_ticks(ax.yaxis, [0.05, 0.1, 0.2, 0.5, 1, 2, 4])
    ax.set(xlabel="mean", ylabel="standard deviation (log scale)", ylim=(scale[0], scale[-1]))
    label(ax, "KL in nats", (0, 0), ink.text, dx=6, dy=10, xycoords="axes fraction")


def two_humps(run, page, ink):
    """One normal for two humps: KL(p || q) covers both, KL(q || p) chooses one."""
    table = run["two_humps"]
    x = table["x"]

    ax = page.axes(height=2.8)
    ax.fill_between(x, table["p"], color=ink.faint)
    ax.plot(x, table["forward"], color=ink.orange)
    ax.plot(x, table["reverse"], color=ink.blue)
    label(ax, "p", (-1.8, 0.06), ink.text, dx=0, ha="center", size=12, style="italic")
    label(ax, "q chooses one hump:\nKL(q ‖ p) is least",
          (run.results["reverse_mean"], table["reverse"].max()), ink.blue, dx=-28, dy=-14)
    on_line(ax, "q covers both:\nKL(p ‖ q) is least", x, table["forward"], -1.8, ink.orange,
            dy=54, ha="center")
    ax.set(xlabel="x", ylabel="density", xlim=(x[0], x[-1]), ylim=(0, None))


def kl_estimators(run, page, ink):
    """Where three estimates of the same KL fall, each the mean of 200 samples."""
    table = run["kl_estimators"]
    rows = [("k1", r"$k_1 = -\log r$", ink.orange),
            ("k2", r"$k_2 = \frac{1}{2}(\log r)^2$", ink.purple),
            ("k3", r"$k_3 = (r - 1) - \log r$", ink.blue)]
    truth = 0.125
    low, high = (f([f(table[name]) for name, *_ in rows]) for f in (np.min, np.max))

    axes = page.axes(3, 1, height=3.4, sharex=True, sharey=True)
    for ax, (name, formula, colour) in zip(axes, rows):
        heights, edges = np.histogram(table[name], np.linspace(low, high, 100), density=True)
        ax.stairs(heights, edges, fill=True, color=colour, alpha=0.75)
        ax.axvline(truth, color=ink.text, linewidth=1.2)
        ax.plot(table[name].mean(), 0, "^", color=ink.text, markersize=8, clip_on=False, zorder=5)
        label(ax, formula, (0, 0.8), colour, xycoords="axes fraction")
        ax.spines["left"].set_visible(False)
        ax.set(yticks=[])
    label(axes[0], "KL = 1/8", (truth, heights.max()), ink.text, dx=5, dy=-4)
    bias = table["k2"].mean()
    label(axes[1], f"mean {bias:.3f}: biased", (bias, 0), ink.text, dx=50, dy=22,
          arrowprops={"arrowstyle": "-", "color": ink.muted, "linewidth": 0.8, "shrinkB": 4})
    axes[2].set(xlabel="estimate from 200 samples (nats)", ylim=(0, None))


FIGURES = kl_surface, two_humps, kl_estimators
