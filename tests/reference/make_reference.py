#!/usr/bin/python3
"""Values of SciPy and PyTorch that the C++ tests are held against.

Run from anywhere, with Debian's python3-numpy, python3-scipy and python3-torch:

    /usr/bin/python3 tests/reference/make_reference.py

It writes scipy.inc and torch.inc beside itself; commit them with any change made here. All inputs
come from fixed seeds and stand in the same files, so the C++ side needs no generator of its own.
Matrices are written column after column, as the library stores them.
"""

import pathlib
import textwrap

import numpy as np
import scipy
import scipy.special as special
import scipy.stats as stats
import torch

HERE = pathlib.Path(__file__).parent
torch.set_default_dtype(torch.float64)


class Header:
    """A C++ file of arrays of doubles, each with all its digits."""

    def __init__(self, name, source):
        self.path = HERE / name
        self.lines = [f"// Written by make_reference.py ({source}). Do not edit.", "#pragma once", ""]
        self.lines += ["namespace reference {", ""]

    def add(self, name, values):
        flat = np.asarray(values, dtype=np.float64).flatten(order="F")
        text = ", ".join(repr(float(v)) for v in flat).replace("inf", "infinity")
        body = textwrap.fill(text, width=96, initial_indent="    ", subsequent_indent="    ")
        self.lines += [f"inline constexpr double {name}[] = {{", body + "};"]

    def write(self):
        self.lines += ["", "}  // namespace reference", ""]
        self.path.write_text("\n".join(self.lines))


def scipy_values():
    out = Header("scipy.inc", f"SciPy {scipy.__version__}")
    random = np.random.RandomState(1)

    # Special functions, far out too.
    a = np.array([-700.0, -50.0, -3.3, -0.7, -1e-3, 1e-9, 0.4, 2.0, 37.0, 800.0])
    out.add("special_at", a)
    out.add("sigmoid", special.expit(a))
    out.add("softplus", -special.log_expit(-a))
    out.add("log_sum_exp", [special.logsumexp(a)])

    # Normals: three columns of two dimensions, diagonal; then one with full covariance.
    mean, scale = random.randn(2, 3), np.exp(0.5 * random.randn(2, 3))
    z = mean + 2 * random.randn(2, 3)
    out.add("normal_mean", mean)
    out.add("normal_scale", scale)
    out.add("normal_at", z)
    out.add("normal_log_prob", stats.norm(mean, scale).logpdf(z).sum(axis=0))
    out.add("normal_entropy", stats.norm(mean, scale).entropy().sum(axis=0))
    root = np.array([[1.5, 0.0, 0.0], [0.4, 0.8, 0.0], [-1.1, 0.3, 2.0]])
    center, points = random.randn(3), random.randn(3, 4)
    full = stats.multivariate_normal(center, root @ root.T)
    out.add("full_mean", center)
    out.add("full_covariance", root @ root.T)
    out.add("full_at", points)
    out.add("full_log_prob", full.logpdf(points.T))
    out.add("full_entropy", [full.entropy()])

    # Countable: entropies and divergences.
    logits_q, logits_p = 2 * random.randn(5), 2 * random.randn(5)
    q, p = special.softmax(logits_q), special.softmax(logits_p)
    out.add("logits_q", logits_q)
    out.add("logits_p", logits_p)
    out.add("categorical_log_probs", special.log_softmax(logits_q))
    out.add("categorical_entropy", [stats.entropy(q)])
    out.add("categorical_kl", [special.rel_entr(q, p).sum()])
    q, p = special.expit(logits_q), special.expit(logits_p)
    out.add("bernoulli_entropy", [(special.entr(q) + special.entr(1 - q)).sum()])
    out.add("bernoulli_kl", [(special.rel_entr(q, p) + special.rel_entr(1 - q, 1 - p)).sum()])
    out.write()


PIXELS, HIDDEN, LATENT, BATCH = 12, 5, 2, 3


def vae_inputs(random):
    """The parameters as the library orders them, x and eps."""
    shapes = {}
    for net, (a, b, c) in {"encoder": (PIXELS, HIDDEN, 2 * LATENT),
                           "decoder": (LATENT, HIDDEN, PIXELS)}.items():
        shapes |= {f"{net}.0.weight": (b, a), f"{net}.0.bias": (b,),
                   f"{net}.1.weight": (c, b), f"{net}.1.bias": (c,)}
    parameters = {name: torch.tensor(random.randn(*shape) * 0.6, requires_grad=True)
                  for name, shape in shapes.items()}
    parameters["decoder.log_variance"] = torch.tensor([-0.4], requires_grad=True)
    return parameters, torch.tensor(random.rand(BATCH, PIXELS)), torch.tensor(
        random.randn(BATCH, LATENT))


def vae_terms(parameters, x, eps, likelihood, activation):
    """Both terms of the bound, per image, by torch.distributions."""

    def network(name, inputs):
        linear = torch.nn.functional.linear
        hidden = activation(linear(inputs, parameters[f"{name}.0.weight"],
                                   parameters[f"{name}.0.bias"]))
        return linear(hidden, parameters[f"{name}.1.weight"], parameters[f"{name}.1.bias"])

    mean, log_variance = network("encoder", x).split(LATENT, dim=1)
    posterior = torch.distributions.Normal(mean, torch.exp(log_variance / 2))
    prior = torch.distributions.Normal(torch.zeros_like(mean), torch.ones_like(mean))
    eta = network("decoder", mean + posterior.scale * eps)
    if likelihood == "bernoulli":  # of grey pixels: minus the cross-entropy
        cross_entropy = torch.nn.functional.binary_cross_entropy_with_logits
        log_prob = -cross_entropy(eta, x, reduction="none")
    elif likelihood == "gaussian":
        log_prob = torch.distributions.Normal(eta, 1.0).log_prob(x)
    else:
        scale = torch.exp(parameters["decoder.log_variance"] / 2)
        log_prob = torch.distributions.Normal(eta, scale).log_prob(x)
    return log_prob.sum(1), torch.distributions.kl_divergence(posterior, prior).sum(1)


def torch_values():
    out = Header("torch.inc", f"PyTorch {torch.__version__}")
    random = np.random.RandomState(2)
    parameters, x, eps = vae_inputs(random)
    out.add("vae_parameters", np.concatenate(
        [p.detach().numpy().flatten(order="F") for p in parameters.values()]))
    out.add("vae_x", x.numpy().T)
    out.add("vae_eps", eps.numpy().T)

    cases = [("bernoulli", torch.tanh, 1.0, 1.0), ("gaussian", torch.relu, 1.0, 1.0),
             ("gaussian_learned", torch.tanh, 0.75, 2.5)]
    for likelihood, activation, reconstruction_weight, kl_weight in cases:
        for p in parameters.values():
            p.grad = torch.zeros_like(p)
        reconstruction, kl = vae_terms(parameters, x, eps, likelihood, activation)
        (kl_weight * kl - reconstruction_weight * reconstruction).sum().backward()
        out.add(f"{likelihood}_reconstruction", reconstruction.detach().numpy())
        out.add(f"{likelihood}_kl", kl.detach().numpy())
        out.add(f"{likelihood}_gradient", np.concatenate(
            [p.grad.numpy().flatten(order="F") for p in parameters.values()]))

    # Adam, fed with given gradients; the last of each five is tiny, so that epsilon matters.
    gradients = random.randn(8, 5) * np.array([1.0, 10.0, 0.1, 1.0, 1e-6])
    theta = torch.nn.Parameter(torch.tensor([0.5, -1.0, 2.0, 0.0, 1.0]))
    adam = torch.optim.Adam([theta], lr=0.05, betas=(0.8, 0.95), eps=1e-6)
    path = []
    for gradient in gradients:
        theta.grad = torch.tensor(gradient)
        adam.step()
        path.append(theta.detach().numpy().copy())
    out.add("adam_gradients", gradients.T)
    out.add("adam_path", np.array(path).T)
    out.write()


if __name__ == "__main__":
    scipy_values()
    torch_values()
