"""WGAN-GP with perceptrons at 32 px: the plugin's step and a plain loop typed from the paper, pictures per CPU-second.

    uv run python -m benchmarks.wgan_gp [--rounds 9] [--steps 4] [--hidden 512] [--batch 64]

Both train networks of the same shape with the same settings on the same pictures, in turn, on one thread. The plain
loop is algorithm 1 of 1704.00028 as a tutorial would have it: every critic update builds G's graph and goes back
through it, G's update takes gradients of the critic's weights, Adam has its default form, and losses are read with
`.item()`. Reports the median of the paired ratios: these machines are shared and noisy, and neighbours in time share
their noise.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from itertools import pairwise

import torch
from torch import Tensor, nn

import studio_wgan
from benchmarks.side_by_side import compare
from studio.api import Batch
from studio.api.testing import build
from studio_wgan.hyperparameters import WganGpHyperparameters

RESOLUTION = 32


def pictures(count: int) -> Tensor:
    """Noise will do: what the pixels are does not change what they cost."""
    return torch.rand(count, 3, RESOLUTION, RESOLUTION, generator=torch.Generator().manual_seed(0)) * 2 - 1


def plugin(hp: WganGpHyperparameters, steps: int) -> Callable[[], int]:
    """The plugin's `training_step`."""
    model = build(studio_wgan.WGAN_GP, hp)
    data = pictures(4096)

    def draw() -> Batch:
        batch = Batch(data[torch.randint(len(data), (hp.batch,))])
        batch._next = draw
        return batch

    def run() -> int:
        for _ in range(steps):
            for _ in model.training_step(draw()):
                pass
        return steps * hp.n_critic * hp.batch

    return run


def perceptron(sizes: list[int], activation: Callable[[], nn.Module]) -> list[nn.Module]:
    layers: list[nn.Module] = []
    for inputs, units in pairwise(sizes):
        layers += [nn.Linear(inputs, units), activation()]
    return layers


def plain_loop(hp: WganGpHyperparameters, steps: int) -> Callable[[], int]:
    """Algorithm 1, line by line."""
    pixels = 3 * RESOLUTION**2
    hidden = [hp.hidden] * 4
    G = nn.Sequential(*perceptron([hp.z_dim, *hidden], nn.ReLU), nn.Linear(hp.hidden, pixels), nn.Tanh())
    D = nn.Sequential(*perceptron([pixels, *hidden], lambda: nn.LeakyReLU(0.2)), nn.Linear(hp.hidden, 1))
    G_opt = torch.optim.Adam(G.parameters(), lr=hp.lr, betas=(hp.beta1, hp.beta2))
    D_opt = torch.optim.Adam(D.parameters(), lr=hp.lr, betas=(hp.beta1, hp.beta2))
    data = pictures(4096)
    shown: dict[str, float] = {}

    def critic_update() -> None:
        x = data[torch.randint(len(data), (hp.batch,))].flatten(1)
        z = torch.randn(hp.batch, hp.z_dim)
        epsilon = torch.rand(hp.batch, 1)
        x_tilde = G(z)
        x_hat = (epsilon * x + (1 - epsilon) * x_tilde.data).requires_grad_(True)
        scores = D(x_hat)
        gradient = torch.autograd.grad(scores, x_hat, torch.ones_like(scores), create_graph=True, retain_graph=True)[0]
        penalty = ((gradient.norm(2, dim=1) - 1) ** 2).mean()
        loss = D(x_tilde).mean() - D(x).mean() + hp.penalty * penalty
        D_opt.zero_grad()
        loss.backward()
        D_opt.step()
        shown["critic"] = loss.item()

    def generator_update() -> None:
        loss = -D(G(torch.randn(hp.batch, hp.z_dim))).mean()
        G_opt.zero_grad()
        loss.backward()
        G_opt.step()
        shown["G"] = loss.item()

    def run() -> int:
        for _ in range(steps):
            for _ in range(hp.n_critic):
                critic_update()
            generator_update()
        return steps * hp.n_critic * hp.batch

    return run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--steps", type=int, default=4)
    parser.add_argument("--hidden", type=int, default=512)
    parser.add_argument("--batch", type=int, default=64)
    options = parser.parse_args()
    hp = WganGpHyperparameters(resolution=RESOLUTION, architecture="mlp", hidden=options.hidden, batch=options.batch)
    plain, ours = plain_loop(hp, options.steps), plugin(hp, options.steps)
    compare(plain, ours, rounds=options.rounds, target=1.35)


if __name__ == "__main__":
    main()
