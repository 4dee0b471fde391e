"""The figures of chapter 3."""

from style import label, level, on_line, plain_ticks


def variance_dimension(run, page, ink):
    """One draw's variance against dimension: closed forms as lines, measurements as points."""
    table = run["variance_dimension"]
    d = table["dimension"]
    lines = [("score", "score function", ink.orange), ("baseline", "with a baseline", ink.purple),
             ("pathwise", "pathwise", ink.blue)]

    ax = page.axes(height=3)
    for name, words, colour in lines:
        ax.plot(d, table[name + "_exact"], color=colour, linewidth=1.5)
        ax.plot(d, table[name], "o", color=colour)
        label(ax, words, (d[-1], table[name + "_exact"][-1]), colour, dx=8)
    ax.set(xscale="log", yscale="log", xlabel="dimension of z",
           ylabel="variance of the gradient\nfrom one draw")
    plain_ticks(ax.xaxis, [1, 2, 5, 10, 20, 50, 100])
    plain_ticks(ax.yaxis, [1, 10, 100, 1000, 10000], "{:,}")


def variance_draws(run, page, ink):
    """More draws calm only the noise; more images calm everything."""
    table = run["variance_draws"]
    draws = table["draws"]

    ax = page.axes(height=2.8)
    for name, words, images, colour in (("one_image", "1 image", 1, ink.orange),
                                        ("batch", "32 images", 32, ink.blue)):
        ax.plot(draws, table[name + "_exact"], color=colour, linewidth=1.5)
        ax.plot(draws, table[name], "o", color=colour)
        label(ax, words, (draws[-1], table[name + "_exact"][-1]), colour, dy=11, ha="right")
        level(ax, run.results["data_variance"] / images, "the images' own share", ink.muted,
              below=True, linestyle=":")
    ax.set(xscale="log", yscale="log", xlabel="draws of the noise for each image, L",
           ylabel="variance of the gradient")
    plain_ticks(ax.xaxis, draws)
    plain_ticks(ax.yaxis, [0.01, 0.03, 0.1, 0.3, 1])
    ax.set_ylim(0.01, 1.5)


def descent(run, page, ink):
    """Steps that shrink arrive; steps that do not, hover."""
    table = run["descent"]
    step = table["step"]

    ax = page.axes(height=2.8)
    ax.plot(step, table["constant"], color=ink.orange)
    ax.plot(step, table["shrinking"], color=ink.blue)
    on_line(ax, "constant steps hover", step, table["constant"], 60, ink.orange, dy=10)
    on_line(ax, "shrinking steps arrive:\nerror 1 / steps", step, table["shrinking"], 60, ink.blue,
            dx=-6, dy=-12)
    ax.set(xscale="log", yscale="log", xlabel="step", ylabel="mean squared distance\nfrom the best")
    plain_ticks(ax.xaxis, [1, 10, 100, 1000])
    plain_ticks(ax.yaxis, [0.001, 0.01, 0.1, 1])


def coin(run, page, ink):
    """A gradient that is wrong on average converges too, elsewhere."""
    table = run["coin"]
    step = table["step"]

    ax = page.axes(height=2.6)
    level(ax, 0, "the best coin never shows heads", ink.muted, linestyle=":")
    ax.plot(step, table["biased"], color=ink.orange)
    ax.plot(step, table["unbiased"], color=ink.blue)
    on_line(ax, "straight-through gradient: biased", step, table["biased"], 700, ink.orange, dy=-11)
    on_line(ax, "score function: unbiased", step, table["unbiased"], 250, ink.blue, dx=8, dy=10)
    ax.set(xlabel="step", ylabel="probability of heads", ylim=(-0.02, None), xlim=(0, step[-1]))


FIGURES = variance_dimension, variance_draws, descent, coin
