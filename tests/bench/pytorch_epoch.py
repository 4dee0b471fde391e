"""An epoch of the VAE 784-400-20-400-784 in PyTorch, as the field writes it: seconds, as JSON.

The same model, batch, optimiser and pixels as our epoch. Without --variant all are tried on a
quarter of the images: plain modules; Adam on all tensors at once (foreach); the model compiled by
torch.jit besides."""

import time

from peer import options, pixels, report, set_up

chosen = options(__doc__.splitlines()[0],
                 variant=(str, "", "eager, foreach or jit"),
                 epochs=(int, 3, "of the variant"),
                 images=(int, 60000, "of an epoch"))

import torch  # noqa: E402
from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402


class Vae(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(784, 400)
        self.mean = nn.Linear(400, 20)
        self.log_variance = nn.Linear(400, 20)
        self.decoder_hidden = nn.Linear(20, 400)
        self.logits = nn.Linear(400, 784)

    def forward(self, x):
        """The negative ELBO, summed over the batch."""
        h = F.relu(self.hidden(x))
        mean, log_variance = self.mean(h), self.log_variance(h)
        z = mean + torch.randn_like(mean) * torch.exp(0.5 * log_variance)
        logits = self.logits(F.relu(self.decoder_hidden(z)))
        reconstruction = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
        kl = 0.5 * torch.sum(mean.pow(2) + log_variance.exp() - 1 - log_variance)
        return reconstruction + kl


class Training:
    batch = 128

    def __init__(self, foreach=None, compiled=False):
        model = Vae()
        self.optimiser = torch.optim.Adam(model.parameters(), lr=1e-3, foreach=foreach)
        self.model = torch.jit.script(model) if compiled else model

    def epoch(self, x):
        """Seconds of a pass over all images, in a fresh order."""
        start = time.perf_counter()
        for chosen_images in torch.randperm(len(x)).split(self.batch):
            self.optimiser.zero_grad(set_to_none=True)
            loss = self.model(x[chosen_images]) / len(chosen_images)
            loss.backward()
            self.optimiser.step()
        return time.perf_counter() - start


def main():
    set_up(torch, chosen.threads)
    data = pixels(torch, chosen.data, "train-images-idx3-ubyte", chosen.images)
    x = data.to(torch.float32) / 255
    variants = {"eager": {}, "foreach": {"foreach": True},
                "jit": {"foreach": True, "compiled": True}}
    results = {}
    for name in [chosen.variant] if chosen.variant else variants:
        training = Training(**variants[name])
        training.epoch(x[:64 * Training.batch])  # warms up, and jit compiles
        if chosen.variant:
            results["all_seconds"] = [training.epoch(x) for _ in range(chosen.epochs)]
        else:
            results[name] = training.epoch(x[:len(x) // 4])
    report(torch, chosen, **results)


main()
