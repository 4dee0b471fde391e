"""The figures and the animation of chapter 5. Decoded digits are sheets that the chapter writes."""

import numpy as np
from style import circle, gap, halo, label


def curves(run, page, ink):
    """Both halves of the ELBO, epoch by epoch: on test images, and (dashed) while training."""
    table = run["curves"]
    epoch = table["epoch"]

    top, bottom = page.axes(2, 1, height=3.9, sharex=True, height_ratios=(2, 1))
    for name, style in (("train", {"linestyle": (0, (2, 2)), "linewidth": 1.2}), ("test", {})):
        reconstruction, kl = table[f"{name}_reconstruction"], table[f"{name}_kl"]
        if name == "test":
            gap(top, epoch, reconstruction - kl, reconstruction, ink.orange)
        for ax, y, colour in ((top, reconstruction, ink.text), (top, reconstruction - kl, ink.blue),
                              (bottom, kl, ink.orange)):
            ax.plot(epoch, y, "." if len(epoch) == 1 else "", color=colour, **style)
    for words, y, colour, dy in (("reconstruction", reconstruction, ink.text, 7),
                                 ("minus KL", reconstruction - kl / 2, ink.orange, 0),
                                 ("= ELBO", reconstruction - kl, ink.blue, -7)):
        label(top, words, (epoch[-1], y[-1]), colour, dx=6, dy=dy)
    label(bottom, "KL", (epoch[-1], kl[-1]), ink.orange, dx=6)
    label(bottom, "dashed: while training", (1, 0), ink.text, dx=-4, dy=10,
          xycoords="axes fraction")
    top.set(ylabel="nats per image")
    bottom.set(ylabel="nats", xlabel="epoch")
    bottom.xaxis.get_major_locator().set_params(integer=True)


def scatter(ax, x, y, digit, ink, size=4):
    """Codes in the colours of their digits, over the circle that holds 86 % of the prior."""
    circle(ax, 2, color=ink.muted, linewidth=0.8)
    colours = ink.ten[digit.astype(int)] if digit.min() >= 0 else ink.blue
    return ax.scatter(x, y, s=size, c=colours, linewidths=0, alpha=0.75, rasterized=True)


def medians(x, y, digit):
    """Where to write each digit that is known (none has the label -1)."""
    return [(int(d), np.median(x[digit == d]), np.median(y[digit == d]))
            for d in np.unique(digit) if d >= 0]


def write_digits(ax, x, y, digit, ink, size=9):
    return [ax.text(at_x, at_y, d, color=ink.text, size=size, weight="bold", ha="center",
                    va="center", path_effects=halo(ink, 2))
            for d, at_x, at_y in medians(x, y, digit)]


def square(ax, x, y):
    """A square about the origin that holds nearly all codes and the prior's circle."""
    width = max(2.5, 1.05 * np.percentile(np.abs([x, y]), 99.9))
    tick = max(tick for tick in (2, 5, 10, 20, 50, 100, 200, 500) if tick <= 0.9 * width)
    ax.set(xlim=(-width, width), ylim=(-width, width), aspect="equal", xticks=[-tick, 0, tick],
           yticks=[-tick, 0, tick])


def latent_frames(run, page, ink):
    """A thousand test digits in the plane of codes, as training goes."""
    table = run["latent_frames"]
    frame = table["frame"]
    last = int(frame.max())
    shown = range(last + 1) if last < 6 else [0, *np.round(np.geomspace(1, last, 5)).astype(int)]

    axes = page.axes(2, 3, height=3.5, sharex=True, sharey=True).ravel()
    for ax, number in zip(axes, shown):
        here = [table[name][frame == number] for name in ("x", "y", "label")]
        scatter(ax, *here, ink, size=3)
        ax.set_title("before" if number == 0 else f"epoch {number}")
        square(ax, table["x"], table["y"])
    write_digits(axes[len(shown) - 1], *here, ink, size=8)
    for ax in axes[len(shown):]:
        ax.set_axis_off()


def three_spaces(run, page, ink):
    """What each half of the ELBO wants; the circle is the prior's, at two standard deviations."""
    table = run["three_spaces"]
    axes = page.axes(1, 3, height=1.9)
    for ax, space, words in zip(axes, range(3), ("reconstruction only", "KL only", "both")):
        here = [table[name][table["space"] == space] for name in ("x", "y", "label")]
        scatter(ax, *here, ink)
        square(ax, *here[:2])
        ax.set_title(words)


def latent_film(run, page, ink):
    """The same codes after every epoch."""
    table = run["latent_frames"]
    frame, x, y, digit = (table[name] for name in ("frame", "x", "y", "label"))

    ax = page.axes(height=4.9)
    square(ax, x, y)
    ax.set(xlabel="z₁", ylabel="z₂")
    first = frame == frame[0]
    points = scatter(ax, x[first], y[first], digit[first], ink, size=12)
    words = write_digits(ax, x[first], y[first], digit[first], ink, size=13)
    for number in np.unique(frame):
        here = frame == number
        points.set_offsets(np.column_stack([x[here], y[here]]))
        for word, (_, *at) in zip(words, medians(x[here], y[here], digit[here])):
            word.set_position(at)
        ax.set_title("before training" if number == 0 else f"epoch {number:.0f}")
        yield page.figure


FIGURES = curves, latent_frames, three_spaces
ANIMATIONS = (latent_film,)
