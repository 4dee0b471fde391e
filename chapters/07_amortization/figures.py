"""The figures of chapter 7."""

import numpy as np
from style import circle, gap, halo, label, level, on_line, plain_ticks

NAMES = "encoder", "refined", "mean-field, per image", "full covariance, per image"


def hues(ink):
    return ink.orange, ink.purple, ink.blue, ink.green


def contours(ax, grid, panel, ink):
    """The exact posterior of one image: where its density is e^-1/2, e^-2, e^-9/2 of the highest,
    as one, two and three standard deviations would be of a normal."""
    here = grid["panel"] == panel
    side = round(np.sqrt(here.sum()))
    x, y, log_p = (grid[name][here].reshape(side, side) for name in ("x", "y", "log_posterior"))
    below = log_p - log_p.max()
    ax.contourf(x, y, below, levels=[-4.5, -2, -0.5, 0], colors=[ink.muted], alpha=0.18)
    for lowest in (-4.5, -2, -0.5):
        ax.contourf(x, y, below, levels=[lowest, 0.1], colors=[ink.muted], alpha=0.16)
    ax.contour(x, y, below, levels=[-4.5, -2, -0.5], colors=[ink.muted], linewidths=0.6,
               linestyles="solid")
    ax.set(xlim=(x.min(), x.max()), ylim=(y.min(), y.max()), aspect="equal", xlabel="z₁")


def ellipse(ax, row, colour, **options):
    root = np.linalg.cholesky([[row["var_xx"], row["var_xy"]], [row["var_xy"], row["var_yy"]]])
    circle(ax, 2, at=(row["mean_x"], row["mean_y"]), root=root, color=colour, **options)


def rows_of(table, panel):
    chosen = np.flatnonzero(table["panel"] == panel)
    names = "inference", "mean_x", "mean_y", "var_xx", "var_xy", "var_yy", "gap"
    return [{name: table[name][i] for name in names} for i in chosen]


def free_corner(ax, run, panel):
    """The corner of the axes, in fractions of them, that is far from posterior and means."""
    grid, rows = run["posterior_grid"], rows_of(run["posterior_normals"], panel)
    here = grid["panel"] == panel
    here &= grid["log_posterior"] > grid["log_posterior"][here].max() - 5
    x = np.append(grid["x"][here], [row["mean_x"] for row in rows])
    y = np.append(grid["y"][here], [row["mean_y"] for row in rows])
    (x0, x1), (y0, y1) = ax.get_xlim(), ax.get_ylim()
    busy = np.column_stack([(x - x0) / (x1 - x0), (y - y0) / (y1 - y0)])
    corners = [(0.73, 0.73), (0.73, 0.01), (0.01, 0.73), (0.01, 0.01)]
    return max(corners, key=lambda at: np.hypot(*(busy - at - np.array(0.13)).T).min())


def four_answers(run, page, ink):
    """Two images' exact posteriors (grey), and four normals at two standard deviations."""
    grid, normals = run["posterior_grid"], run["posterior_normals"]
    axes = page.axes(1, 2, height=3.3)
    for panel, (ax, title) in enumerate(zip(axes, ("a tilted posterior", "the worst served image"))):
        contours(ax, grid, panel, ink)
        for row, colour in zip(rows_of(normals, panel), hues(ink)):
            ellipse(ax, row, colour, linewidth=1.6)
            ax.plot(row["mean_x"], row["mean_y"], "+", color=colour, markersize=7)
        ax.set_title(title)
        pixels = run["two_images"]["first" if panel == 0 else "second"]
        side = round(np.sqrt(pixels.size))
        if side * side == pixels.size:
            inset = ax.inset_axes((*free_corner(ax, run, panel), 0.27, 0.27))
            inset.imshow(pixels.reshape(side, side), cmap=ink.shades(ink.text), vmin=0, vmax=1,
                         interpolation="nearest")
            inset.set_axis_off()
    axes[0].set_ylabel("z₂")
    for number, (name, colour) in enumerate(zip(NAMES, hues(ink))):
        label(axes[number // 2], name, (0, -0.32 - 0.11 * (number % 2)), colour,
              xycoords="axes fraction")


def gaps(run, page, ink):
    """What each inference loses: no diagonal normal could do better / this answer could."""
    table = run["gaps"]
    ax = page.axes(height=2.6)
    names = "encoder", "refined", "per image"
    at = 3.6 * table["unseen"] + table["inference"]
    shape, rest = table["approximation_gap"], table["amortization_gap"]
    ax.bar(at, shape, color=ink.blue, width=0.75)
    ax.bar(at, rest, bottom=shape, color=ink.orange, width=0.75, yerr=table["error"],
           error_kw={"ecolor": ink.text, "elinewidth": 1, "capsize": 2})
    ax.set_xticks(at, [names[int(i)] for i in table["inference"]])
    top = (shape + rest + table["error"]).max()
    for which, words in enumerate(("training images", "unseen images")):
        label(ax, words, (3.6 * which + 1, 0), ink.text, dy=-27, ha="center")
    for number, (words, colour) in enumerate((("amortisation: this answer's own", ink.orange),
                                              ("approximation: the shape of q", ink.blue))):
        label(ax, words, (0, 0.95 - 0.11 * number), colour, dx=6, xycoords="axes fraction")
    ax.set(ylabel="nats below log p(x)", ylim=(0, 1.3 * top))
    ax.tick_params(axis="x", length=0)


def refinement(run, page, ink):
    """The mean gap as each image climbs its own ELBO, from the encoder's answer and without one."""
    table, results = run["refinement"], run.results
    step = table["step"] + 1
    ax = page.axes(height=2.9)
    for name, words, colour, factor in (("from_prior", "from the best of 1000 codes", ink.blue, 1.4),
                                        ("from_encoder", "from the encoder's answer", ink.orange,
                                         0.25)):
        ax.plot(step, table[name], ".-", color=colour)
        label(ax, words, (1, factor * table[name][0]), colour, dx=4)
    floor = results["unseen_approximation_gap"]
    level(ax, floor, "no diagonal normal gets below: the approximation gap", ink.text, at=0,
          below=True)
    ax.set(xscale="log", yscale="log", xlabel="gradient steps, plus 1", ylabel="nats below log p(x)",
           ylim=(0.6 * floor, 2 * table["from_prior"].max()))
    plain_ticks(ax.xaxis, [n for n in (1, 2, 5, 10, 20, 50, 100, 200) if n <= step.max()])
    lowest, highest = ax.get_ylim()
    plain_ticks(ax.yaxis, [n for n in (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20) if
                           lowest <= n <= highest])


def hamiltonian_path(run, page, ink):
    """Ten moves of one chain over an image's exact posterior, and what many moves leave behind."""
    path, draws = run["hmc_path"], run["hmc_draws"]
    grid = run["posterior_grid"]
    inside = (grid["panel"] == 0) & (grid["log_posterior"] > grid["log_posterior"][
        grid["panel"] == 0].max() - 6)
    x, y = grid["x"][inside], grid["y"][inside]

    left, right = page.axes(1, 2, height=2.3, sharey=True)
    for ax in (left, right):
        contours(ax, grid, 0, ink)
        ax.set(xlim=(x.min(), x.max()), ylim=(y.min(), y.max()))
    for move in np.unique(path["move"]):
        here = path["move"] == move
        left.plot(path["x"][here], path["y"][here], color=ink.blue, linewidth=1)
        left.plot(path["x"][here][0], path["y"][here][0], "o", color=ink.blue, markersize=3.5)
    right.plot(draws["x"], draws["y"], ".", color=ink.blue, markersize=2.5, alpha=0.6,
               rasterized=True)
    left.set_title("ten moves, step by step")
    right.set_title("where 16 chains stood")
    left.set_ylabel("z₂")


def linear_gaps(run, page, ink):
    """The approximation gap where it has a formula, and where gradient ascent ends."""
    table = run["linear_gaps"]
    overlap, climbed = table["overlap"], table["climbed_gap"]
    ax = page.axes(height=2.5)
    gap(ax, overlap, 0 * overlap, table["approximation_gap"], ink.blue)
    ax.plot(overlap, table["approximation_gap"], color=ink.blue)
    shown = climbed >= -0.5
    ax.plot(overlap[shown], climbed[shown], "o", color=ink.orange)
    on_line(ax, "closed form", overlap, table["approximation_gap"], 0.72, ink.blue, dx=-8, dy=8)
    label(ax, "gradient ascent", (overlap[shown][4], climbed[shown][4]), ink.orange, dx=8, dy=-8)
    ax.set(xlabel="overlap of the two directions", ylabel="approximation gap, nats",
           ylim=(0, None))


FIGURES = four_answers, gaps, refinement, hamiltonian_path, linear_gaps
