"""pix2pix at 256 px as the paper has it: the plugin's step and a plain one, pictures per CPU-second.

    uv run python -m benchmarks.pix2pix [--rounds 7] [--steps 1] [--resolution 256] [--width 64] [--batch 1]

Both train networks of the same shape with the same settings on the same pairs, in turn, on one thread. The
plain step is typed from the paper, with what the reference does and in its order: G once, D on made and real pairs, D
again on made ones without gradients of its weights, plain convolutions, Adam in its default form, losses read with
`.item()` as for its log. The plugin's step also jitters its pairs, which the reference leaves to its loader; the plain
step is given that for nothing. Reports the median of the paired ratios: these machines are shared and noisy, and
neighbours in time share their noise.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

import torch
from torch import Tensor, nn

import studio_pix2pix
from benchmarks.side_by_side import compare
from studio.api import Batch
from studio.api.model import Clock
from studio.api.testing import build
from studio_pix2pix.hyperparameters import Pix2PixHyperparameters

PAIRS = 8


def pairs(hp: Pix2PixHyperparameters) -> Callable[[], tuple[Tensor, Tensor]]:
    """Noise will do: what the pixels are does not change what they cost."""
    draw = torch.Generator().manual_seed(0)
    first, second = torch.rand(2, PAIRS, 3, hp.resolution, hp.resolution, generator=draw) * 2 - 1

    def next_pairs() -> tuple[Tensor, Tensor]:
        chosen = torch.randint(PAIRS, (hp.batch,), generator=draw)
        return first[chosen], second[chosen]

    return next_pairs


def plugin(hp: Pix2PixHyperparameters, steps: int) -> Callable[[], int]:
    """The plugin's `training_step`."""
    model = build(studio_pix2pix.PIX2PIX, hp)
    model.clock = Clock(0, 0, 1000)
    draw = pairs(hp)

    def run() -> int:
        for _ in range(steps):
            for _ in model.training_step(Batch(*draw())):
                pass
        return steps * hp.batch

    return run


class Level(nn.Module):
    """One level of the U-Net, with the next one inside."""

    def __init__(self, outer: int, inner: int, inside: nn.Module | None, dropout: bool) -> None:
        super().__init__()
        self.down = [nn.LeakyReLU(0.2, True), nn.Conv2d(outer, inner, 4, 2, 1, bias=False)]
        if inside is not None:
            self.down += [nn.BatchNorm2d(inner), inside]
        self.up = [
            nn.ReLU(True),
            nn.ConvTranspose2d(inner if inside is None else 2 * inner, outer, 4, 2, 1, bias=False),
        ]
        self.up += [nn.BatchNorm2d(outer)]
        if dropout:
            self.up += [nn.Dropout(0.5)]
        self.layers = nn.Sequential(*self.down, *self.up)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([x, self.layers(x)], 1)


def plain_generator(levels: int, width: int) -> nn.Module:
    channels = [width * min(2**level, 8) for level in range(levels)]
    inside: nn.Module | None = None
    for level in range(levels - 1, 0, -1):
        inside = Level(channels[level - 1], channels[level], inside, dropout=4 <= level < levels - 1)
    assert inside is not None
    outermost = [nn.Conv2d(3, width, 4, 2, 1, bias=False), inside, nn.ReLU(True)]
    return nn.Sequential(*outermost, nn.ConvTranspose2d(2 * width, 3, 4, 2, 1), nn.Tanh())


def plain_discriminator(width: int) -> nn.Module:
    layers: list[nn.Module] = [nn.Conv2d(6, width, 4, 2, 1), nn.LeakyReLU(0.2, True)]
    for inputs, outputs, stride in ((1, 2, 2), (2, 4, 2), (4, 8, 1)):
        layers += [nn.Conv2d(width * inputs, width * outputs, 4, stride, 1, bias=False)]
        layers += [nn.BatchNorm2d(width * outputs), nn.LeakyReLU(0.2, True)]
    return nn.Sequential(*layers, nn.Conv2d(8 * width, 1, 4, 1, 1))


def plain_step(hp: Pix2PixHyperparameters, steps: int) -> Callable[[], int]:
    """Equations 1, 3 and 4 of 1611.07004, line by line."""
    G, D = plain_generator(hp.levels, hp.width), plain_discriminator(hp.width)
    G_opt = torch.optim.Adam(G.parameters(), lr=hp.lr, betas=(hp.beta1, hp.beta2))
    D_opt = torch.optim.Adam(D.parameters(), lr=hp.lr, betas=(hp.beta1, hp.beta2))
    bce, l1 = nn.BCEWithLogitsLoss(), nn.L1Loss()
    draw = pairs(hp)
    shown: dict[str, float] = {}

    def judged(x: Tensor, y: Tensor, target: float) -> Tensor:
        scores = D(torch.cat([x, y], 1))
        loss: Tensor = bce(scores, torch.tensor(target).expand_as(scores))
        return loss

    def update() -> None:
        x, y = draw()
        made = G(x)
        D.requires_grad_(True)
        D_opt.zero_grad()
        on_made = judged(x, made.detach(), 0.0)
        on_real = judged(x, y, 1.0)
        ((on_made + on_real) * 0.5).backward()
        D_opt.step()
        D.requires_grad_(False)
        G_opt.zero_grad()
        adversarial = judged(x, made, 1.0)
        distance = l1(made, y) * hp.l1_weight
        (adversarial + distance).backward()
        G_opt.step()
        losses = {"D_fake": on_made, "D_real": on_real, "G_GAN": adversarial, "G_L1": distance}
        shown.update({name: loss.item() for name, loss in losses.items()})

    def run() -> int:
        for _ in range(steps):
            update()
        return steps * hp.batch

    return run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--steps", type=int, default=1)
    parser.add_argument("--resolution", type=int, default=256)
    parser.add_argument("--width", type=int, default=64)
    parser.add_argument("--batch", type=int, default=1)
    options = parser.parse_args()
    hp = Pix2PixHyperparameters(resolution=options.resolution, width=options.width, batch=options.batch)
    plain, ours = plain_step(hp, options.steps), plugin(hp, options.steps)
    compare(plain, ours, rounds=options.rounds, target=1.25)


if __name__ == "__main__":
    main()
