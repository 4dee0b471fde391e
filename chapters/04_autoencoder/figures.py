"""The figures of chapter 4. Pictures of digits are sheets that the chapter writes."""

import numpy as np
from style import circle, label, plain_ticks


def widths(run, page, ink):
    """What is lost of an unseen digit, by how many numbers it had to pass through."""
    table = run["widths"]
    width = table["width"]

    ax = page.axes(height=2.8)
    for name, words, at, colour, style, dx, dy in (
            ("pca", "PCA", 2.7, ink.muted, {"linewidth": 6, "alpha": 0.45}, 9, 7),
            ("linear", "and the linear autoencoder", 3.4, ink.text, {"marker": "o"}, 9, 7),
            ("nonlinear", "non-linear autoencoder", width[1], ink.blue, {"marker": "o"}, -7, -9)):
        ax.plot(width, table[name], color=colour, **style)
        height = np.interp(np.log(at), np.log(width), table[name])
        label(ax, words, (at, height), colour, dx=dx, dy=dy)
    ax.set(xscale="log", ylim=(0, None), xlabel="width of the code",
           ylabel="squared error of a test picture")
    plain_ticks(ax.xaxis, width)


def holes(run, page, ink):
    """How far from any training digit a decoded random code lies."""
    table = run["holes"]
    names = (("test_digits", "unseen digits", ink.muted),
             ("vae_prior", "VAE, its prior", ink.blue),
             ("autoencoder_normal", "autoencoder, a fitted normal", ink.green),
             ("autoencoder_box", "autoencoder, the box of its codes", ink.orange))
    most = np.percentile(table["autoencoder_box"], 95)
    bins = np.linspace(0, most, 60)

    axes = page.axes(len(names), 1, height=3.6, sharex=True, sharey=True)
    for ax, (name, words, colour) in zip(axes, names):
        ax.hist(table[name], bins=bins, color=colour, alpha=0.75)
        ax.axvline(np.median(table[name]), color=ink.text, linewidth=1)
        label(ax, words, (1, 0.75), colour, dx=-2, xycoords="axes fraction")
        ax.set(yticks=[])
        ax.spines["left"].set_visible(False)
    axes[-1].set(xlabel="distance of what is decoded to the nearest digit (line: median)",
                 xlim=(0, most))


def plane(run, page, ink):
    """Two planes of codes. Orange: what is decoded there lies far from every digit."""
    points, field = run["plane_codes"], run["plane_map"]
    most = np.percentile(field["distance"], 98)

    for number, (ax, words, below) in enumerate(zip(
            page.axes(1, 2, height=3), ("autoencoder", "VAE"),
            ("orange: far from every digit", "circle: 86 % of the prior"))):
        here = field["model"] == number
        x, y, distance = (field[name][here] for name in ("x", "y", "distance"))
        side = round(np.sqrt(len(x)))
        ax.pcolormesh(x.reshape(side, side), y.reshape(side, side), distance.reshape(side, side),
                      cmap=ink.shades(ink.orange), vmin=0, vmax=most, shading="gouraud",
                      rasterized=True)
        there = points["model"] == number
        ax.scatter(points["x"][there], points["y"][there], s=2, color=ink.text, linewidths=0,
                   alpha=0.8, rasterized=True)
        if number == 1:
            circle(ax, 2, color=ink.blue, linewidth=1.2)
        ax.set(xlim=(x.min(), x.max()), ylim=(y.min(), y.max()), aspect="equal", xlabel=below)
        ax.set_title(words)


KINDS = ("pixels inverted", "rows shuffled", "mirrored", "patch erased", "half the contrast",
         "ones, never seen")


def roc(run, page, ink):
    """Six kinds of pictures that are not what the models were trained on."""
    table = run["roc"]
    axes = page.axes(2, 3, height=3.9, sharex=True, sharey=True).ravel()
    for kind, (ax, words) in enumerate(zip(axes, KINDS)):
        if kind not in table["kind"]:  # a quick run leaves no digit out
            ax.set_axis_off()
            continue
        ax.plot([0, 1], [0, 1], color=ink.muted, linewidth=0.8)
        for score, (colour, style) in enumerate(((ink.orange, "-"), (ink.blue, (0, (3, 2))))):
            here = (table["kind"] == kind) & (table["score"] == score)
            x, y = table["false_positives"][here], table["true_positives"][here]
            ax.plot(x, y, color=colour, linestyle=style)
            area = np.sum(np.diff(x) * (y[1:] + y[:-1])) / 2
            label(ax, f"{('error', 'ELBO')[score]} {area:.2f}", (1, 0.24 - 0.14 * score), colour,
                  dx=-3, xycoords="axes fraction")
        ax.set_title(words)
        ax.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), aspect="equal", xticks=[0, 1],
               yticks=[0, 1])
    axes[4].set(xlabel="share of digits called strange")
    axes[0].set(ylabel="share of strange")
    axes[3].set(ylabel="pictures found")


FIGURES = widths, holes, plane, roc
