"""The claims of chapter 11: each is of a trained network. What has no second computation is said."""

BUGS = ("average-log-weights", "grey-bernoulli", "half-missing", "kl-direction", "kl-sign",
        "log-scale", "mean-reduction", "mse-without-variance", "no-bias-correction", "noise-scale",
        "sigmoid-twice", "uniform-noise", "z-is-mean")

IN_THE_RUN_ONLY = {
    ("11", "eq:museum-correct"): "a trained network's log against its true bound",
    ("11", "eq:museum-looks-better"): "the logs of trained networks against their true bounds",
    **{("11", f"eq:bug-{name}"): "a network trained wrongly, against one trained rightly"
       for name in BUGS},
}
OF_DIGITS = set()
