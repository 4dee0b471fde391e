"""The figures and the animation of chapter 10. Digits are sheets that the chapter writes."""

import numpy as np
from style import label, on_line, plain_ticks

KEPT_TABLES = "forward_frames", "reverse_frames", "reverse_ends"


def frames_of(table):
    """Time and positions of every frame."""
    for number in np.unique(table["frame"]):
        rows = table["frame"] == number
        yield int(table["t"][rows][0]), table["x_1000"][rows] / 1000, table["y_1000"][rows] / 1000


def plain_square(ax):
    ax.set(xlim=(-3, 3), ylim=(-3, 3), aspect="equal", xticks=[], yticks=[])
    ax.spines[:].set_visible(False)


def colours_of(run, ink):
    """Each point in the colour of the curve it ends on."""
    return np.array([ink.blue, ink.orange])[run["reverse_ends"]["curve"].astype(int)]


def flow(run, page, ink):
    """Above: data drowned in noise, left to right. Below, right to left: the network's way back."""
    forward, back = list(frames_of(run["forward_frames"])), list(frames_of(run["reverse_frames"]))
    shown = [0, 3, 7, 13, 22, 40]
    axes = page.axes(2, 6, height=1.95)
    for ax, number in zip(axes[0], shown):
        t, x, y = forward[number]
        ax.scatter(x, y, s=2, c=ink.text, linewidths=0, alpha=0.8, rasterized=True)
        ax.set_title(f"t = {t}")
    for ax, number in zip(axes[1], shown):
        _, x, y = back[40 - number]
        ax.scatter(x, y, s=2, c=colours_of(run, ink), linewidths=0, alpha=0.9, rasterized=True)
    for ax in axes.ravel():
        plain_square(ax)
    axes[0, 0].set_ylabel("data →")
    axes[1, 0].set_ylabel("samples ←")


def schedules(run, page, ink):
    """What is left of the sample, and what the ELBO lets a wrong guess of the noise cost."""
    table = run["schedules"]
    t = table["t"]
    left, right = page.axes(1, 2, height=2.6)
    for name, colour, at, dx in (("linear", ink.blue, 0.22, -5), ("cosine", ink.orange, 0.5, 5)):
        left.plot(t, table[f"{name}_alpha_bar"], color=colour)
        on_line(left, name, t, table[f"{name}_alpha_bar"], at * t[-1], colour, dx=dx, dy=dx)
    left.set(xlabel="t", ylabel="ᾱ, share of the sample's variance")

    right.plot(t, table["linear_posterior"], color=ink.blue, linestyle=(0, (2, 2)))
    right.plot(t, table["linear_beta"], color=ink.blue)
    right.plot(t, np.ones_like(t), color=ink.muted)
    label(right, "simple", (t[1], 1), ink.muted, dy=7)
    label(right, "variance β", (t[0], 0.24 * table["linear_beta"][1]), ink.blue, dx=1)
    on_line(right, "the posterior's", t, table["linear_posterior"], 3, ink.blue, dx=6, dy=4)
    right.set(xscale="log", yscale="log", xlabel="t", ylabel="weight of |ε − ε̂|², nats")
    plain_ticks(right.xaxis, [tick for tick in (1, 3, 10, 30, 100, 300, 1000) if tick <= t[-1]])


def gaussian_gap(run, page, ink):
    """Normal samples: what the bound loses, by the number of layers and the decoder's variance."""
    table = run["gaussian_gap"]
    steps = table["steps"]
    ax = page.axes(height=3)
    for name, words, colour, at, dy in (("posterior", "the posterior's variance", ink.orange, 200, 9),
                                        ("beta", "variance β: falls like 1/T", ink.blue, 200, 9),
                                        ("exact", "exact variance: the prior's mismatch alone",
                                         ink.green, 75, -16)):
        ax.plot(steps, table[name], "o-", color=colour)
        on_line(ax, words, steps, table[name], at, colour, dx=3, dy=dy)
    ax.set(xscale="log", yscale="log", xlabel="T, layers", ylabel="log p(x) − ELBO, nats")
    plain_ticks(ax.xaxis, steps)


def elbo_terms(run, page, ink):
    """Where the nats go: the mean of every term, for networks trained with either loss."""
    table = run["elbo_terms"]
    t = table["t"][1:-1]  # t = 1 is a density, which may be negative; the last row is L_T
    ax = page.axes(height=3)
    for name, words, colour, at, style in (
            ("simple", "simple loss", ink.blue, 0.32, {}),
            ("elbo", "ELBO weights", ink.orange, 0.22, {"linestyle": (0, (2, 2))})):
        y, first = table[name][1:-1], table[name][0]
        ax.plot(t, y, color=colour, **style)
        label(ax, f"{words}: {y.sum():.2f} nats in all; L₀ {first:.2f}".replace("-", "−"),
              (0.03, at), colour, xycoords="axes fraction")
    label(ax, f"L_T {table['simple'][-1]:.5f}", (0.03, 0.12), ink.text, xycoords="axes fraction")
    ax.set(xscale="log", yscale="log", xlabel="t", ylabel="KL of layer t, nats a point")
    plain_ticks(ax.xaxis, [tick for tick in (2, 5, 10, 20, 50, 100, 200, 500) if tick <= t[-1]])


def steps_quality(run, page, ink):
    """One network, fewer and larger steps: its bound, and its samples."""
    table = run["steps"]
    steps = table["steps"]
    floor = run.results["plane_distance_of_data_se"]
    left, right = page.axes(1, 2, height=2.5)
    for ax, name, colour in ((left, "gap", ink.blue), (right, "distance", ink.orange)):
        ax.errorbar(steps, table[name], 2 * table[f"{name}_se"], color=colour, marker="o",
                    markersize=4)
        ax.set(xscale="log", xlabel="layers of the way back")
        plain_ticks(ax.xaxis, steps)
    right.axhspan(-2 * floor, 2 * floor, color=ink.faint, linewidth=0)
    label(right, "two data sets", (0.03, -2 * floor), ink.muted, dy=-7,
          xycoords=("axes fraction", "data"))
    right.set_ylim(bottom=min(-6 * floor, right.get_ylim()[0]))
    left.set(ylabel="true log p(x) − ELBO, nats", ylim=(0, None))
    right.set(ylabel="energy distance to data")


def reverse_film(run, page, ink):
    """Noise on its way to data."""
    frames = list(frames_of(run["reverse_frames"]))
    ax = page.axes(height=4.9)
    plain_square(ax)
    points = ax.scatter(*frames[0][1:], s=12, c=colours_of(run, ink), linewidths=0, alpha=0.9)
    for t, x, y in frames:
        points.set_offsets(np.column_stack([x, y]))
        ax.set_title(f"t = {t}")
        yield page.figure


FIGURES = flow, schedules, gaussian_gap, elbo_terms, steps_quality
ANIMATIONS = (reverse_film,)
