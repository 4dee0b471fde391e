"""The figures of chapter 6."""

import numpy as np
from style import circle, gap, label, level, on_line, plain_ticks


def em_staircase(run, page, ink):
    """Every E-step lifts the bound to the likelihood; every M-step lifts both, and parts them."""
    table = run["em_steps"]
    # Half-steps: t - 1/2 after the E-step of iteration t, t after its M-step. The first iteration
    # gains so much that the others could not be seen beside it.
    half_steps = slice(1, 14)
    iteration = table["iteration"]
    time = np.ravel([iteration - 0.5, iteration], "F")[half_steps]
    bound = np.ravel([table["after_e_step"], table["after_m_step"]], "F")[half_steps]
    likelihood = np.ravel([table["after_e_step"], table["log_likelihood"]], "F")[half_steps]

    ax = page.axes(height=3)
    gap(ax, time, bound, likelihood, ink.orange)
    ax.plot(time, likelihood, color=ink.text)
    ax.plot(time, bound, color=ink.blue)
    ax.plot(time[1::2], bound[1::2], "o", color=ink.blue, markersize=7)
    label(ax, "E-step: the ELBO touches", (time[1], bound[1]), ink.blue, dx=9, dy=-8)
    label(ax, "M-step: both rise, and part", (time[6], bound[6]), ink.orange, dx=8, dy=-14)
    label(ax, "log-likelihood", (time[4], likelihood[4]), ink.text, dy=9, ha="right")
    ax.set(xlabel="iteration", ylabel="nats, all points together", xticks=time[::2])


def em_mixture(run, page, ink):
    """From three round guesses to three components; each point in the colours of its posterior."""
    points, path = run["em_points"], run["em_components"]
    hues = ink.blue, ink.orange, ink.green
    mixed = ink.mix(hues, np.column_stack([points[f"r{k}"] for k in range(3)]))

    ax = page.axes(height=3.7)
    ax.scatter(points["x"], points["y"], s=7, c=mixed, linewidths=0, rasterized=True, alpha=0.6)
    for k, colour in enumerate(hues):
        rows = path["component"] == k
        x, y = path["mean_x"][rows], path["mean_y"][rows]
        for i, style in ((0, {"linestyle": (0, (2, 2)), "linewidth": 1}), (-1, {})):
            xx, xy, yy = (path[f"var_{name}"][rows][i] for name in ("xx", "xy", "yy"))
            root = np.linalg.cholesky([[xx, xy], [xy, yy]])
            circle(ax, 2, at=(x[i], y[i]), root=root, color=colour, **style)
        ax.plot(x, y, color=ink.text, linewidth=1)
        ax.plot(x[-1], y[-1], "o", color=ink.text)
    label(ax, "dashed: the guess", (0, 1), ink.text, dx=4, dy=-4, xycoords="axes fraction")
    ax.set(xlabel="x₁", ylabel="x₂", aspect="equal", adjustable="datalim")


def ppca_three_ways(run, page, ink):
    """Closed form, EM and a linear VAE: one likelihood."""
    em, vae = run["ppca_em"], run["ppca_vae"]
    top = run.results["log_likelihood_closed_form"]

    ax = page.axes(height=2.8)
    level(ax, top, "closed form", ink.text, at=0)
    for name, words, at, x, colour in (("em", "EM, by iteration", 1.7, em["iteration"], ink.orange),
                                       ("vae", "linear VAE, by epoch", 7, vae["epoch"], ink.blue)):
        y = run[f"ppca_{name}"]["log_likelihood"]
        ax.plot(x + 1, y, color=colour)
        on_line(ax, words, x + 1, y, at, colour, dx=8, dy=-4)
    ax.set(xscale="log", xlabel="iteration or epoch", ylabel="log p(x), nats a sample")
    plain_ticks(ax.xaxis, [1, 2, 5, 10, 20, 50, 100, 200])


def linear_vae_encoder(run, page, ink):
    """What the encoder answers, beside what it should."""
    table = run["linear_vae_encoder"]
    exact = table["posterior_mean"]
    ends = [exact.min(), exact.max()]

    ax = page.axes(height=3)
    ax.plot(ends, ends, color=ink.muted, linewidth=1)
    ax.plot(exact, table["encoder_mean"], ".", color=ink.blue, alpha=0.6, rasterized=True)
    on_line(ax, "equal", ends, ends, ends[1], ink.muted, dx=-10)
    ax.set(xlabel="exact posterior mean of z₁", ylabel="the encoder's mean", aspect="equal")


FIGURES = em_staircase, em_mixture, ppca_three_ways, linear_vae_encoder
