"""The figures of the bug museum: what the logs say beside what is true, and what the models draw."""

import numpy as np
from PIL import Image
from style import label

# The catalogue's exhibits in its order, as --bug takes them; a table of the run has their numbers.
NAMES = ("correct", "mean-reduction", "half-missing", "kl-sign", "kl-direction", "log-scale",
         "noise-scale", "uniform-noise", "z-is-mean", "sigmoid-twice", "no-bias-correction",
         "grey-bernoulli", "correct-k", "average-log-weights", "correct-gaussian",
         "mse-without-variance")
GAUSSIAN = 14  # from here on densities of grey pixels, which compare with one another alone


def short(value):
    """What does not fit the axis, in few letters."""
    if abs(value) < 1e5:
        return f"{value:.0f}".replace("-", "−")
    return f"{value:.0e}".replace("e+0", "e").replace("e+", "e").replace("-", "−")


def panel(ax, table, rows, low, high, ink):
    """One line an exhibit: from the truth to what the log says, an arrow where either is off."""
    for y, row in enumerate(rows):
        log, elbo, evidence = (table[name][row] for name in ("log", "elbo", "log_evidence"))
        inside = np.clip([log, elbo], low, high)
        ax.plot(inside, [y, y], color=ink.orange if log > elbo else ink.muted, linewidth=1.2,
                zorder=1)
        beyond = {low: 0, high: 0}  # numbers that do not fit stand in a row above the line
        for value, colour, marker, size in ((evidence, ink.text, "|", 9), (elbo, ink.blue, "o", 6),
                                            (log, ink.orange, "D", 5)):
            if low <= value <= high:
                ax.plot(value, y, marker, color=colour, markersize=size, clip_on=False)
            else:
                left = value < low
                ax.plot(low if left else high, y, "<" if left else ">", color=colour,
                        markersize=size, clip_on=False)
                edge = low if left else high
                dx = 7 + 25 * beyond[edge]
                label(ax, short(value), (edge, y), colour, dx=dx if left else -dx, dy=6, size=7)
                beyond[edge] += 1
    ax.set(xlim=(low, high), ylim=(len(rows) - 0.4, -0.6))
    ax.set_yticks(range(len(rows)), [NAMES[int(table["exhibit"][row])] for row in rows])
    ax.tick_params(axis="y", length=0)
    for y, row in enumerate(rows):
        if table["exhibit"][row] == table["like"][row]:
            ax.axhspan(y - 0.5, y + 0.5, color=ink.faint, alpha=0.5, linewidth=0, zorder=0)


def museum(run, page, ink):
    """What each program's log says of the test set, and what is true of the model it made."""
    table = run["museum"]
    coins = np.flatnonzero(table["exhibit"] < GAUSSIAN)
    normals = np.flatnonzero(table["exhibit"] >= GAUSSIAN)
    parts = [(rows, low, high) for rows, low, high in ((coins, -330, 30), (normals, -600, 600))
             if len(rows)]
    axes = page.axes(len(parts), 1, height=0.27 * len(table["exhibit"]) + 0.65 * len(parts) + 0.4,
                     squeeze=False, height_ratios=[len(rows) + 0.8 for rows, *_ in parts])[:, 0]
    for ax, (rows, low, high) in zip(axes, parts):
        panel(ax, table, rows, low, high, ink)
        if rows is coins:
            ax.axvspan(0, high, color=ink.orange, alpha=0.15, linewidth=0)
            label(ax, "p > 1", (high / 2, len(rows) - 0.5), ink.orange, dy=6, ha="center", size=7)
            ax.set_xticks([-300, -200, -100, 0])
    axes[-1].set_xlabel("nats per test image")
    top = axes[0]
    for x, words, colour in ((0, "◆ its log says", ink.orange), (0.36, "● true ELBO", ink.blue),
                             (0.66, "| log p(x)", ink.text)):
        label(top, words, (x, 1), colour, dy=9, ha="left", xycoords="axes fraction")


def museum_models(run, page, ink):
    """The same sixteen codes from the prior, decoded by each model; decoder means."""
    table = run["museum"]
    sheet = np.asarray(Image.open(run.folder / "museum_samples.png").convert("L"))
    count = len(table["exhibit"])
    step = (sheet.shape[0] + 1) // count
    axes = page.axes(count, 1, height=0.3 * count + 0.1, squeeze=False)[:, 0]
    for i, (ax, exhibit) in enumerate(zip(axes, table["exhibit"])):
        ax.imshow(sheet[i * step:(i + 1) * step - 1], cmap="gray", vmin=0, vmax=255,
                  interpolation="none")
        ax.set(xticks=[], yticks=[])
        ax.set_ylabel(NAMES[int(exhibit)], rotation=0, ha="right", va="center", size=8)
        ax.spines[:].set_visible(False)


FIGURES = museum, museum_models
