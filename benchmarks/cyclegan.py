"""CycleGAN at 128 px: the plugin's step and the reference's, typed from the paper, in pictures per CPU-second.

    uv run python -m benchmarks.cyclegan [--rounds 5] [--steps 1] [--resolution 128] [--blocks 6] [--width 64]

Both train networks of the same shape with the same settings, one picture of each domain a step, in turn, on one thread.
The plain step is the reference's in what it does and in which order (junyanz/pytorch-CycleGAN-and-pix2pix,
models/cycle_gan_model.py), typed from 1703.10593: translation and identity go through a generator on passes of their
own, and so do real and generated pictures through a discriminator; convolutions in front of an instance norm have a
bias; Adam has its default form. The reference too freezes the discriminators while the generators learn, so that is no
part of the difference. The plain step is given its pictures ready, while the plugin's jitters them. Reports the median
of the paired ratios: these machines are shared and noisy, and neighbours in time share their noise.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable
from itertools import chain

import torch
from torch import Tensor, nn

import studio_cyclegan
from benchmarks.side_by_side import compare
from studio.api import Batch, Clock
from studio.api.testing import build
from studio_cyclegan import CycleGanHyperparameters


def pictures(count: int, resolution: int) -> Tensor:
    """Noise will do: what the pixels are does not change what they cost."""
    draw = torch.Generator().manual_seed(0)
    return torch.rand(count, 2, 1, 3, resolution, resolution, generator=draw) * 2 - 1


def plugin(hp: CycleGanHyperparameters, steps: int) -> Callable[[], int]:
    """The plugin's `training_step`."""
    model = build(studio_cyclegan.CYCLEGAN, hp)
    model.clock = Clock(steps=1_000_000)
    data = pictures(8, hp.resolution)

    def run() -> int:
        for index in range(steps):
            for _ in model.training_step(Batch(*data[index % len(data)])):
                pass
        return steps

    return run


def normed(convolution: nn.Module, channels: int) -> list[nn.Module]:
    return [convolution, nn.InstanceNorm2d(channels), nn.ReLU(True)]


class Block(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        first, second = (nn.Conv2d(channels, channels, 3) for _ in range(2))
        inner = [nn.ReflectionPad2d(1), *normed(first, channels), nn.ReflectionPad2d(1), second]
        self.layers = nn.Sequential(*inner, nn.InstanceNorm2d(channels))

    def forward(self, x: Tensor) -> Tensor:
        total: Tensor = x + self.layers(x)
        return total


def generator(width: int, blocks: int) -> nn.Module:
    layers = [nn.ReflectionPad2d(3), *normed(nn.Conv2d(3, width, 7), width)]
    for wide in (2 * width, 4 * width):
        layers += normed(nn.Conv2d(wide // 2, wide, 3, stride=2, padding=1), wide)
    layers += [Block(4 * width) for _ in range(blocks)]
    for wide in (4 * width, 2 * width):
        layers += normed(nn.ConvTranspose2d(wide, wide // 2, 3, 2, padding=1, output_padding=1), wide // 2)
    return nn.Sequential(*layers, nn.ReflectionPad2d(3), nn.Conv2d(width, 3, 7), nn.Tanh())


def discriminator(width: int) -> nn.Module:
    layers: list[nn.Module] = [nn.Conv2d(3, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2, True)]
    for wide, stride in ((2 * width, 2), (4 * width, 2), (8 * width, 1)):
        convolution = nn.Conv2d(wide // 2, wide, 4, stride=stride, padding=1)
        layers += [convolution, nn.InstanceNorm2d(wide), nn.LeakyReLU(0.2, True)]
    return nn.Sequential(*layers, nn.Conv2d(8 * width, 1, 4, padding=1))


class Buffer:
    """Half of the time gives back one of the last fifty generated pictures, and keeps the new one in its place."""

    def __init__(self) -> None:
        self.held: list[Tensor] = []

    def query(self, picture: Tensor) -> Tensor:
        picture = picture.detach()
        if len(self.held) < 50:
            self.held.append(picture)
        elif random.random() > 0.5:
            place = random.randrange(50)
            old, self.held[place] = self.held[place].clone(), picture
            return old
        return picture


def plain_step(hp: CycleGanHyperparameters, steps: int) -> Callable[[], int]:
    """Sections 3 and 4 of the paper, term by term."""
    G, F = generator(hp.width, hp.blocks), generator(hp.width, hp.blocks)
    D_X, D_Y = discriminator(hp.d_width), discriminator(hp.d_width)
    G_opt = torch.optim.Adam(chain(G.parameters(), F.parameters()), lr=hp.lr, betas=(0.5, 0.999))
    D_opt = torch.optim.Adam(chain(D_X.parameters(), D_Y.parameters()), lr=hp.lr, betas=(0.5, 0.999))
    l1, mse = nn.L1Loss(), nn.MSELoss()
    buffer_x, buffer_y = Buffer(), Buffer()
    data = pictures(8, hp.resolution)

    def judged(D: nn.Module, picture: Tensor, target: float) -> Tensor:
        scores = D(picture)
        loss: Tensor = mse(scores, torch.full_like(scores, target))
        return loss

    def update(x: Tensor, y: Tensor) -> None:
        fake_y = G(x)
        back_x = F(fake_y)
        fake_x = F(y)
        back_y = G(fake_x)
        for parameter in chain(D_X.parameters(), D_Y.parameters()):
            parameter.requires_grad_(False)
        G_opt.zero_grad()
        identity = l1(G(y), y) * 10 * 0.5 + l1(F(x), x) * 10 * 0.5
        adversarial = judged(D_Y, fake_y, 1.0) + judged(D_X, fake_x, 1.0)
        (adversarial + l1(back_x, x) * 10 + l1(back_y, y) * 10 + identity).backward()
        G_opt.step()
        for parameter in chain(D_X.parameters(), D_Y.parameters()):
            parameter.requires_grad_(True)
        D_opt.zero_grad()
        for D, real, fake in ((D_Y, y, buffer_y.query(fake_y)), (D_X, x, buffer_x.query(fake_x))):
            ((judged(D, real, 1.0) + judged(D, fake, 0.0)) * 0.5).backward()
        D_opt.step()

    def run() -> int:
        for index in range(steps):
            update(*data[index % len(data)])
        return steps

    return run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=1)
    parser.add_argument("--resolution", type=int, default=128)
    parser.add_argument("--blocks", type=int, default=6)
    parser.add_argument("--width", type=int, default=64)
    options = parser.parse_args()
    hp = CycleGanHyperparameters(
        resolution=options.resolution, blocks=options.blocks, width=options.width, d_width=options.width
    )
    plain, ours = plain_step(hp, options.steps), plugin(hp, options.steps)
    compare(plain, ours, rounds=options.rounds, target=1.0)


if __name__ == "__main__":
    main()
