"""StyleGAN2 at 64 px: the plugin's step and a plain loop typed from the paper, pictures per CPU-second.

    uv run python -m benchmarks.stylegan2 [--rounds 3] [--steps 16] [--channels 1024] [--most 64] [--batch 4]

Both train networks of the same shape with the same settings on the same pictures, in turn, on one thread; 16 steps hold
the regularisers in their true proportion, four path length updates and one of R1. The plain loop is what 1912.04958
says in ordinary PyTorch: weights modulated a picture and convolved in groups, while training too; filters as one 4 x 4
convolution over every channel as a picture of its own; activations scaled after LeakyReLU; Adam in its default form;
losses read with `.item()`. It does freeze the network that does not learn. Reports the median of the paired ratios:
these machines are shared and noisy, and neighbours in time share their noise.
"""

from __future__ import annotations

import argparse
import itertools
import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.side_by_side import Run, compare
from studio.api import Batch
from studio.api.model import Clock
from studio.api.testing import build
from studio_stylegan import STYLEGAN2
from studio_stylegan.hyperparameters import StyleGan2Hyperparameters

RESOLUTION = 64
Step = Callable[[int], None]


def pictures(count: int) -> Tensor:
    """Noise will do: what the pixels are does not change what they cost."""
    return torch.rand(count, 3, RESOLUTION, RESOLUTION, generator=torch.Generator().manual_seed(0)) * 2 - 1


def plugin(hp: StyleGan2Hyperparameters) -> Step:
    """The plugin's `training_step`."""
    model = build(STYLEGAN2, hp)
    data = pictures(256)

    def step(index: int) -> None:
        model.clock = Clock(step=index)
        for _ in model.training_step(Batch(data[torch.randint(len(data), (hp.batch,))])):
            pass

    return step


def filtered(x: Tensor, up: int, down: int, before: int, after: int, gain: float = 1.0) -> Tensor:
    """Zeros in between, padding, [1, 3, 3, 1], every n-th pixel."""
    count, channels, height, width = x.shape
    x = x.reshape(-1, height, 1, width, 1)
    x = functional.pad(x, [0, up - 1, 0, 0, 0, up - 1]).reshape(-1, 1, height * up, width * up)
    x = functional.pad(x, [before, after, before, after])
    row = torch.tensor([1.0, 3.0, 3.0, 1.0])
    kernel = torch.outer(row, row) / 64 * gain
    x = functional.conv2d(x, kernel[None, None])[:, :, ::down, ::down]
    return x.reshape(count, channels, *x.shape[2:])


def activated(x: Tensor, bias: Tensor) -> Tensor:
    shape = [1, -1] + [1] * (x.ndim - 2)
    return functional.leaky_relu(x + bias.view(shape), 0.2) * math.sqrt(2)


class Linear(nn.Module):
    def __init__(self, inputs: int, outputs: int, bias: float = 0.0, slow: float = 1.0, lrelu: bool = False) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs) / slow)
        self.bias = nn.Parameter(torch.full((outputs,), bias))
        self.scale, self.slow, self.lrelu = slow / math.sqrt(inputs), slow, lrelu

    def forward(self, x: Tensor) -> Tensor:
        if self.lrelu:
            return activated(functional.linear(x, self.weight * self.scale), self.bias * self.slow)
        return functional.linear(x, self.weight * self.scale, self.bias * self.slow)


class Conv(nn.Module):
    def __init__(self, inputs: int, outputs: int, kernel: int, down: bool = False, lrelu: bool = True) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs, kernel, kernel))
        self.scale, self.kernel, self.down = 1 / math.sqrt(inputs * kernel**2), kernel, down
        self.bias = nn.Parameter(torch.zeros(outputs)) if lrelu else None

    def forward(self, x: Tensor) -> Tensor:
        if self.down:
            around = 1 + self.kernel // 2
            x = functional.conv2d(filtered(x, 1, 1, around, around), self.weight * self.scale, stride=2)
        else:
            x = functional.conv2d(x, self.weight * self.scale, padding=self.kernel // 2)
        return x if self.bias is None else activated(x, self.bias)


class Modulated(nn.Module):
    def __init__(self, inputs: int, outputs: int, kernel: int, w_dim: int, up: bool = False, colour: bool = False):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(1, outputs, inputs, kernel, kernel))
        self.affine = Linear(w_dim, inputs, bias=1.0)
        self.scale, self.kernel, self.up, self.colour = 1 / math.sqrt(inputs * kernel**2), kernel, up, colour
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.strength = nn.Parameter(torch.zeros(1))

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        count, inputs, height, width = x.shape
        weight = self.scale * self.weight * self.affine(w).view(count, 1, inputs, 1, 1)
        if not self.colour:
            weight = weight * torch.rsqrt(weight.pow(2).sum([2, 3, 4], keepdim=True) + 1e-8)
        outputs, kernel = weight.shape[1], self.kernel
        x = x.reshape(1, count * inputs, height, width)
        if self.up:
            weight = weight.transpose(1, 2).reshape(count * inputs, outputs, kernel, kernel)
            x = functional.conv_transpose2d(x, weight, stride=2, groups=count)
            x = filtered(x.view(count, outputs, *x.shape[2:]), 1, 1, 1, 1, gain=4.0)
        else:
            weight = weight.reshape(count * outputs, inputs, kernel, kernel)
            x = functional.conv2d(x, weight, padding=kernel // 2, groups=count).view(count, outputs, height, width)
        if self.colour:
            return x + self.bias.view(1, -1, 1, 1)
        return activated(x + self.strength * torch.randn(count, 1, *x.shape[2:]), self.bias)


def widths(hp: StyleGan2Hyperparameters) -> dict[int, int]:
    return {size: min(hp.channel_base // size, hp.channel_max) for size in (4, 8, 16, 32, 64)}


class PlainG(nn.Module):
    def __init__(self, hp: StyleGan2Hyperparameters) -> None:
        super().__init__()
        channels = widths(hp)
        sizes = [hp.z_dim] + [hp.w_dim] * hp.mapping_layers
        self.mapping = nn.Sequential(*(Linear(a, b, slow=0.01, lrelu=True) for a, b in pairwise(sizes)))
        self.const = nn.Parameter(torch.randn(1, channels[4], 4, 4))
        self.first = Modulated(channels[4], channels[4], 3, hp.w_dim)
        self.colours = nn.ModuleList(Modulated(channels[size], 3, 1, hp.w_dim, colour=True) for size in channels)
        self.layers = nn.ModuleList()
        for size in list(channels)[1:]:
            self.layers.append(Modulated(channels[size // 2], channels[size], 3, hp.w_dim, up=True))
            self.layers.append(Modulated(channels[size], channels[size], 3, hp.w_dim))
        self.num_ws = len(self.layers) + 2

    def ws(self, z: Tensor, mixing: float) -> Tensor:
        w = self.mapping(z * torch.rsqrt(z.pow(2).mean(1, keepdim=True) + 1e-8))
        ws = w.unsqueeze(1).repeat(1, self.num_ws, 1)
        if float(torch.rand(())) < mixing:
            z = torch.randn_like(z)
            other = self.mapping(z * torch.rsqrt(z.pow(2).mean(1, keepdim=True) + 1e-8)).unsqueeze(1)
            cut = int(torch.randint(1, self.num_ws, ()))
            ws = torch.cat([ws[:, :cut], other.repeat(1, self.num_ws - cut, 1)], 1)
        return ws

    def forward(self, ws: Tensor) -> Tensor:
        x = self.first(self.const.repeat(len(ws), 1, 1, 1), ws[:, 0])
        images: Tensor = self.colours[0](x, ws[:, 1])
        for index in range(0, len(self.layers), 2):
            x = self.layers[index](x, ws[:, index + 1])
            x = self.layers[index + 1](x, ws[:, index + 2])
            images = filtered(images, 2, 1, 2, 1, gain=4.0) + self.colours[index // 2 + 1](x, ws[:, index + 3])
        return images


class PlainBlock(nn.Module):
    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.first, self.second = Conv(inputs, inputs, 3), Conv(inputs, outputs, 3, down=True)
        self.skip = Conv(inputs, outputs, 1, down=True, lrelu=False)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = (self.second(self.first(x)) + self.skip(x)) / math.sqrt(2)
        return out


class PlainD(nn.Module):
    def __init__(self, hp: StyleGan2Hyperparameters) -> None:
        super().__init__()
        channels = widths(hp)
        sizes = list(channels)[:0:-1]
        blocks = (PlainBlock(channels[size], channels[size // 2]) for size in sizes)
        self.blocks = nn.Sequential(Conv(3, channels[RESOLUTION], 1), *blocks)
        self.last = Conv(channels[4] + 1, channels[4], 3)
        self.linear = nn.Sequential(Linear(channels[4] * 16, channels[4], lrelu=True), Linear(channels[4], 1))

    def forward(self, images: Tensor) -> Tensor:
        x = self.blocks(images)
        group = x.view(4, -1, *x.shape[1:])
        deviation = torch.sqrt(group.var(0, unbiased=False) + 1e-8).mean([1, 2, 3], keepdim=True)
        x = self.last(torch.cat([x, deviation.repeat(4, 1, *x.shape[2:])], 1))
        out: Tensor = self.linear(x.flatten(1))
        return out


def learning(network: nn.Module, flag: bool) -> None:
    for parameter in network.parameters():
        parameter.requires_grad = flag


def adam(network: nn.Module, hp: StyleGan2Hyperparameters, every: int) -> torch.optim.Optimizer:
    ratio = every / (every + 1)
    return torch.optim.Adam(network.parameters(), lr=hp.lr * ratio, betas=(0.0, 0.99**ratio))


def plain_loop(hp: StyleGan2Hyperparameters) -> Step:
    """Section 3.1 and appendix B, line by line."""
    G, D = PlainG(hp), PlainD(hp)
    G_opt, D_opt = adam(G, hp, hp.pl_every), adam(D, hp, hp.r1_every)
    data = pictures(256)
    state: dict[str, Any] = {"mean": torch.zeros(())}

    def update(optimizer: torch.optim.Optimizer, loss: Tensor) -> None:
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    def discriminator(real: Tensor, index: int) -> None:
        learning(G, False)
        learning(D, True)
        fake = G(G.ws(torch.randn(hp.batch, hp.z_dim), hp.mixing))
        loss = functional.softplus(D(fake)).mean() + functional.softplus(-D(real)).mean()
        update(D_opt, loss)
        state["D"] = loss.item()
        if index % hp.r1_every == 0:
            real.requires_grad = True
            (gradient,) = torch.autograd.grad(D(real).sum(), real, create_graph=True)
            r1 = gradient.pow(2).reshape(len(real), -1).sum(1).mean()
            update(D_opt, hp.gamma / 2 * r1 * hp.r1_every)
            state["R1"] = r1.item()

    def generator(index: int) -> None:
        learning(G, True)
        learning(D, False)
        loss = functional.softplus(-D(G(G.ws(torch.randn(hp.batch, hp.z_dim), hp.mixing)))).mean()
        update(G_opt, loss)
        state["G"] = loss.item()
        if index % hp.pl_every == 0:
            ws = G.ws(torch.randn(max(hp.batch // hp.pl_shrink, 1), hp.z_dim), hp.mixing)
            images = G(ws)
            noise = torch.randn_like(images) / RESOLUTION
            (gradient,) = torch.autograd.grad((images * noise).sum(), ws, create_graph=True)
            lengths = torch.sqrt(gradient.pow(2).sum(2).mean(1))
            mean = state["mean"] + hp.pl_decay * (lengths.mean() - state["mean"])
            update(G_opt, hp.pl_weight * hp.pl_every * (lengths - mean).pow(2).mean())
            state["mean"] = mean.detach()
            state["path"] = mean.item()

    def step(index: int) -> None:
        discriminator(data[torch.randint(len(data), (hp.batch,))], index)
        generator(index)

    return step


def worth(step: Step, steps: int, batch: int) -> Run:
    """So many steps at a time, which go on where the last ones ended."""
    count = itertools.count()

    def run() -> int:
        for index in itertools.islice(count, steps):
            step(index)
        return steps * batch

    return run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=16)
    parser.add_argument("--channels", type=int, default=1024)
    parser.add_argument("--most", type=int, default=64)
    parser.add_argument("--batch", type=int, default=4)
    options = parser.parse_args()
    hp = StyleGan2Hyperparameters(
        resolution=RESOLUTION,
        batch=options.batch,
        channel_base=options.channels,
        channel_max=options.most,
        z_dim=options.most,
        w_dim=options.most,
        augment="none",
    )
    plain, ours = (worth(step, options.steps, options.batch) for step in (plain_loop(hp), plugin(hp)))
    compare(plain, ours, rounds=options.rounds, target=1.0)


if __name__ == "__main__":
    main()
