"""The figures of chapter 9."""

import numpy as np
from style import circle, label, level, on_line, plain_ticks


def shade(ax, table, name, ink, colour):
    """A density on its grid, as a picture; returns x, y and the density in rows."""
    x, y = np.unique(table["x"]), np.unique(table["y"])
    rows = table[name].reshape(len(y), len(x))
    half = (x[1] - x[0]) / 2, (y[1] - y[0]) / 2
    ax.imshow(rows, origin="lower", cmap=ink.shades(colour), vmin=0, interpolation="bilinear",
              extent=(x[0] - half[0], x[-1] + half[0], y[0] - half[1], y[-1] + half[1]))
    return x, y, rows


def bare(ax):
    ax.set(xticks=[], yticks=[], aspect="equal")
    ax.spines[:].set_visible(False)


def moons(run, page, ink):
    """Two moons, and what 1, 4 and more layers make of a normal."""
    table = run["moons"]
    most = int(run["free_energy"]["layers"].max())
    names = (("target", "the target", ink.orange), ("layers_1", "1 layer", ink.blue),
             ("layers_4", "4 layers", ink.blue), ("layers_most", f"{most} layers", ink.blue))
    axes = page.axes(1, 4, height=1.75)
    for ax, (name, words, colour) in zip(axes, names):
        shade(ax, table, name, ink, colour)
        bare(ax)
        ax.set_title(words)
        if name != "target":
            count = {"layers_1": 1, "layers_4": 4}.get(name, most)
            kl = run.results[f"moons_kl_{count}"]
            label(ax, f"KL {kl:.2f}", (0.5, 0), ink.text, dy=-8, ha="center",
                  xycoords="axes fraction")


def free_energy(run, page, ink):
    """The free energy falls to -log Z, which quadrature knows, and never through it."""
    table = run["free_energy"]
    counts = np.unique(table["layers"]).astype(int)
    ax = page.axes(height=2.8)
    for count, colour in zip(counts, (ink.orange, ink.purple, ink.blue)):
        here = table["layers"] == count
        x, y = table["step"][here], table["free_energy"][here]
        ax.plot(x, y, color=colour)
        label(ax, f"{count} layer{'s' * (count > 1)}", (x[-1], y[-1]), colour, dx=6, dy=4)
    floor = -run.results["moons_log_normaliser"]
    level(ax, floor, "−log Z, by quadrature", ink.text, at=1, below=True)
    last = max(table["free_energy"][table["step"] == table["step"].max()])
    ax.set(xlabel="step of Adam", ylabel="free energy, nats",
           ylim=(floor - 0.25, floor + 1.6 * (last - floor) + 0.5))


def ring(run, page, ink):
    """A ring, and a flow's: where the hole must be cut open or filled, a bridge of density stays."""
    table = run["ring"]
    axes = page.axes(1, 2, height=2.6)
    for ax, name, words, colour in ((axes[0], "target", "the ring", ink.orange),
                                    (axes[1], "flow", "a flow of N(0, I)", ink.blue)):
        shade(ax, table, name, ink, colour)
        bare(ax)
        ax.set_title(words)


def warped_grid(run, page, ink):
    """The plane of the noise as squares, and where the flow takes them."""
    table = run["warped_grid"]
    axes = page.axes(1, 2, height=2.6)
    for i in range(-10, 11):
        for along in ((0.3 * i, 0.3 * i), (-3, 3)), ((-3, 3), (0.3 * i, 0.3 * i)):
            axes[0].plot(*along, color=ink.muted, linewidth=0.5)
    for radius in (1, 2):
        circle(axes[0], radius, color=ink.blue)
    axes[0].set_title("the noise, and N(0, I)")
    for line in np.unique(table["line"]):
        here = table["line"] == line
        axes[1].plot(table["x"][here], table["y"][here], color=ink.muted, linewidth=0.5)
    axes[1].set_title("the same squares in the ring")
    for radius in (1.7, 2.3):
        circle(axes[1], radius, color=ink.orange)
    for ax in axes:
        bare(ax)
    axes[1].set(xlim=(-3.4, 3.4), ylim=(-3.4, 3.4))


def digits(run, page, ink):
    """Test images: the bound and the evidence of both models, and how much the flow gains."""
    table = run["digits"]
    left, right = page.axes(1, 2, height=2.7, width_ratios=(3, 2))
    for model, words, colour in ((0, "mean field", ink.orange), (1, "flow", ink.blue)):
        y = [table["elbo"][model], table["log_evidence"][model]]
        error = [2 * table["elbo_se"][model], 2 * table["log_evidence_se"][model]]
        x = np.array([0, 1]) + 0.16 * (model - 0.5)
        left.errorbar(x, y, error, fmt="o", color=colour, capsize=3)
        label(left, words, (x[0], y[0]), colour, dx=-8 if model == 0 else 8)
    left.set(xticks=[0, 1], xlim=(-0.95, 1.4), ylabel="nats per image")
    left.set_xticklabels(["ELBO", "log p(x)"])
    gains = [run.results[f"gain_{name}"] for name in ("elbo", "log_evidence")]
    errors = [2 * run.results[f"gain_{name}_se"] for name in ("elbo", "log_evidence")]
    right.axhline(0, color=ink.muted, linewidth=1)
    right.errorbar([0, 1], gains, errors, fmt="o", color=ink.text, capsize=3)
    right.set(xticks=[0, 1], xlim=(-0.5, 1.5), ylabel="flow − mean field, nats")
    right.set_xticklabels(["ELBO", "log p(x)"])


def posteriors(run, page, ink):
    """One image in the plane of two codes: the posterior (shaded), and q at 1 and 2 scales."""
    table = run["posteriors"]
    axes = page.axes(1, 2, height=2.7)
    for ax, model, words in zip(axes, (0, 1), ("mean field", "flow")):
        here = {name: table[name][table["model"] == model] for name in ("x", "y", "posterior", "q")}
        x, y, _ = shade(ax, here, "posterior", ink, ink.orange)
        q = here["q"].reshape(len(y), len(x))
        ax.contour(x, y, q, levels=q.max() * np.exp([-2.0, -0.5]), colors=ink.blue, linewidths=1.4)
        ax.set(title=words, xlabel="z₁", aspect="equal")
    axes[0].set_ylabel("z₂")


FIGURES = moons, free_energy, ring, warped_grid, digits, posteriors
