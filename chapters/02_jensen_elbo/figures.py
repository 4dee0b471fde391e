"""The figures of chapter 2."""

import numpy as np
from style import gap, label, level, on_line, plain_ticks


def jensen_gap(run, page, ink):
    """The logarithm bends, so the chord runs below it: by how much."""
    table = run["jensen_gap"]
    spread, exact = table["relative_spread"], table["gap"]
    i = np.argmin(np.abs(spread - 0.8))
    s, lost = spread[i], exact[i]

    left, right = page.axes(1, 2, height=2.7)
    x = np.linspace(0.3, 6, 200)
    left.plot(x, np.log(x), color=ink.text)
    ends = np.array([3 * (1 - s), 3 * (1 + s)])
    left.plot(ends, np.log(ends), "o-", color=ink.blue, linewidth=1.5)
    left.plot([3, 3], [np.log(3) - lost, np.log(3)], color=ink.orange, linewidth=3)
    label(left, "gap", (3, np.log(3) - lost), ink.orange, dx=4, dy=-9)
    on_line(left, "log x", x, np.log(x), 1.9, ink.text, dx=-6, dy=8)
    left.set(xlabel="x", xticks=[0, 1, 2, 3, 4, 5, 6], yticks=[-1, 0, 1])

    right.plot(spread, table["half_variance"], color=ink.muted, linestyle=(0, (4, 2)))
    right.plot(spread, exact, color=ink.orange)
    right.plot(s, lost, "o", color=ink.orange)
    on_line(right, "the gap", spread, exact, 0.8, ink.orange, dx=-8, dy=4)
    label(right, "½ Var / mean²", (1, 0), ink.muted, dx=-2, dy=10)
    right.set(xlabel="standard deviation / mean", ylabel="nats", xlim=(0, 1), ylim=(0, None),
              xticks=[0, 0.5, 1])


def touching_bound(run, page, ink):
    """The floor under log p(x) touches it where q is the posterior."""
    table = run["touching_bound"]
    mean, ceiling = table["q_mean"], table["log_evidence"]
    best, yours = table["elbo_posterior_scale"], table["elbo_your_scale"]
    at, top = run.results["posterior_mean"], ceiling[0]

    ax = page.axes(height=3)
    gap(ax, mean, best, ceiling, ink.orange)
    level(ax, top, "log p(x)", ink.text)
    if best.min() < yours[len(mean) // 4] and np.max(best - yours) > 0.05 * np.ptp(best):
        ax.plot(mean, yours, color=ink.purple, linestyle=(0, (4, 2)))
        on_line(ax, "your scale", mean, yours, mean[len(mean) // 4], ink.purple, dx=6, dy=-4)
    ax.plot(mean, best, color=ink.blue)
    ax.plot(at, top, "o", color=ink.blue, markersize=7)
    on_line(ax, "ELBO", mean, best, mean[len(mean) // 5], ink.blue, dx=-6)
    label(ax, "KL(q ‖ posterior)", (mean[-1], top), ink.orange, dx=-8, dy=-20)
    label(ax, "q is the posterior", (at, top), ink.blue, dy=11, ha="center")
    ax.set(xlabel="mean of q", ylabel="nats", xlim=(mean[0], mean[-1]),
           ylim=(best.min(), top + 0.18 * np.ptp(best)))
    ax.locator_params(axis="x", nbins=5)


def effective_sample_size(run, page, ink):
    """Draws from the prior stop counting as the dimension grows; draws from a good q do not."""
    table = run["effective_sample_size"]
    d = table["dimension"]

    ax = page.axes(height=2.7)
    for name, words, colour in (("posterior", "near the posterior", ink.blue),
                                ("prior", "from the prior", ink.orange)):
        ax.plot(d, table[name], "o-", color=colour)
        label(ax, words, (d[-2], table[name][-2]), colour, dx=4, dy=10)
    ax.set(xlabel="dimension of z", ylabel="draws that count", yscale="log", xlim=(0, None))
    plain_ticks(ax.yaxis, [1, 10, 100, 1000])


def weights(run, page, ink):
    """The draws sorted by weight: in twenty dimensions the prior's are nearly all nothing."""
    table = run["weights"]
    count = len(table["q_2"])
    ranks = np.unique(np.geomspace(1, count, 300).astype(int))  # where the axis can tell them apart
    axes = page.axes(2, 2, height=3.4, sharex=True, sharey="col")
    for row, (name, words, colour) in zip(axes, (("prior", "from the prior", ink.orange),
                                                 ("q", "near the posterior", ink.blue))):
        for ax, d in zip(row, (2, 20)):
            share = 100 * table[f"{name}_{d}"]
            ax.stairs(share[ranks - 1], [*ranks, count + 1], fill=True, color=colour)
            label(ax, words, (1, 1), colour, dx=-2, dy=-8, xycoords="axes fraction")
            most = 100 * max(table[f"prior_{d}"][0], table[f"q_{d}"][0])
            ax.set(xscale="log", ylim=(0, 1.2 * most))
    for ax, d in zip(axes[0], (2, 20)):
        ax.set_title(f"{d} dimensions")
    for ax in axes[1]:
        ax.set_xlabel("draws, heaviest first")
        plain_ticks(ax.xaxis, [1, 10, 100, 1000])
        ax.set_xlim(1, count + 1)
    for ax in axes[:, 0]:
        ax.set_ylabel("% of all weight")


def k_sample_bound(run, page, ink):
    """Average k weights before the logarithm, and the floor rises."""
    table = run["k_sample_bound"]
    k, bound = table["k"], table["bound"]

    ax = page.axes(height=2.7)
    gap(ax, k, bound, table["log_evidence"], ink.orange)
    level(ax, table["log_evidence"][0], "log p(x)", ink.text, at=0)
    ax.plot(k, bound, color=ink.blue)
    ax.plot(k[0], bound[0], "o", color=ink.blue, clip_on=False)
    label(ax, "k = 1: the ELBO", (k[0], bound[0]), ink.blue, dx=10)
    label(ax, "the gap", (1.15, 0.4 * bound[0] + 0.6 * table["log_evidence"][0]), ink.orange)
    ax.set(xscale="log", xlabel="k, weights averaged", ylabel="bound (nats)", xlim=(1, k[-1]))
    plain_ticks(ax.xaxis, [1, 2, 5, 10, 20, 50, 100, 200])


def restricted(run, page, ink):
    """With a q that cannot reach the posterior, the ELBO prefers another weight."""
    table = run["restricted"]
    weight, evidence, bound = table["weight"], table["log_evidence"], table["elbo"]

    ax = page.axes(height=2.9)
    gap(ax, weight, bound, evidence, ink.orange)
    ax.plot(weight, evidence, color=ink.text)
    ax.plot(weight, bound, color=ink.blue)
    low = bound.min()
    likeliest, best = run.results["likelihood_weight"], run.results["restricted_weight"]
    side = 1 if likeliest >= best else -1  # the words stand on outer sides
    for at, curve, dx, colour in ((likeliest, evidence, 5 * side, ink.text),
                                  (best, bound, -5 * side, ink.blue)):
        if at > weight[-1]:
            continue
        top = np.interp(at, weight, curve)
        ax.plot([at, at], [low, top], color=colour, linewidth=1.2, linestyle=":")
        ax.plot(at, top, "o", color=colour)
        label(ax, f"best at {at:.2f}", (at, low), colour, dx=dx, dy=4)
    far = 0.8 * weight[-1]
    on_line(ax, "log p(x)", weight, evidence, far, ink.text, dy=10)
    on_line(ax, "ELBO", weight, bound, far, ink.blue, dx=-6, dy=-6)
    ax.set(xlabel="weight of the model", ylabel="nats, mean over the data",
           xlim=(weight[0], weight[-1]))


FIGURES = (jensen_gap, touching_bound, effective_sample_size, weights, k_sample_bound, restricted)
