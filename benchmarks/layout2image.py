"""layout2image at 64 px: the plugin's step and a plain loop typed from the paper, pictures per CPU-second.

    uv run python -m benchmarks.layout2image [--rounds 5] [--width 64] [--batch 8]

Both train networks of the same shape with the same settings on the same layouts of 3 to 8 objects, in turn, on one
thread. The plain loop does what 1811.11389 says in the order in which the authors' code does it: both pictures are
made once for the Ds and again for G; every object's maps are spelled out at the picture's size; the ConvLSTM goes
through one layout after another, object by object; the Ds see each kind of picture in a pass of its own, pool after
they convolve, and have gradients of their weights taken in G's step; Adam has its default form, and losses are read
with `.item()`.
Reports the median of the paired ratios: these machines are shared and noisy, and neighbours in time share their noise.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.parametrizations import spectral_norm

from benchmarks.side_by_side import Run, compare
from studio.api import Batch, DataInfo, DataKind
from studio_layout2image import Layout2ImageHyperparameters
from studio_layout2image.model import Layout2Image

CLASSES = 171  # of COCO-Stuff, as in the paper
MOST = 8


def batches(hp: Layout2ImageHyperparameters) -> Iterator[Batch]:
    """Noise in random boxes will do: what the pixels are does not change what they cost."""
    draw = torch.Generator().manual_seed(0)
    while True:
        corners = torch.rand(hp.batch, MOST, 2, generator=draw) * 0.6
        sizes = 0.15 + 0.25 * torch.rand(hp.batch, MOST, 2, generator=draw)
        yield Batch(
            torch.rand(hp.batch, 3, hp.resolution, hp.resolution, generator=draw) * 2 - 1,
            labels=torch.randint(CLASSES, (hp.batch, MOST), generator=draw),
            boxes=torch.cat([corners, sizes], dim=2),
            present=torch.arange(MOST) < torch.randint(3, MOST + 1, (hp.batch, 1), generator=draw),
        )


def plugin(hp: Layout2ImageHyperparameters) -> Callable[[Batch], object]:
    """The plugin's `training_step`."""
    torch.manual_seed(0)
    names = tuple(f"class {index}" for index in range(CLASSES))
    model = Layout2Image(hp, DataInfo(DataKind.LAYOUT, 1000, hp.resolution, labels=names, objects=MOST))
    return lambda batch: list(model.training_step(batch))


class ByClass(nn.Module):
    """Conditional batch norm."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(channels, affine=False)
        self.table = nn.Embedding(CLASSES, 2 * channels)

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        scale, shift = self.table(labels)[:, :, None, None].chunk(2, dim=1)
        return scale * self.norm(x) + shift


class Encoder(nn.Module):
    """Crop and label -> mu and log variance."""

    def __init__(self, hp: Layout2ImageHyperparameters) -> None:
        super().__init__()
        w = hp.width
        self.layers = nn.ModuleList([nn.Conv2d(3, w, 7, 1, 3, bias=False)])
        self.layers.extend(nn.Conv2d(w * 2**k, w * 2 ** (k + 1), 4, 2, 1, bias=False) for k in range(4))
        self.norms = nn.ModuleList(ByClass(w * 2**k) for k in range(5))
        self.mu, self.log_variance = nn.Linear(16 * w, hp.z_dim), nn.Linear(16 * w, hp.z_dim)

    def forward(self, x: Tensor, labels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        for layer, norm in zip(self.layers, self.norms, strict=True):
            x = torch.relu(norm(layer(x), labels))
        x = functional.adaptive_avg_pool2d(x, 1).flatten(1)
        mu, log_variance = self.mu(x), self.log_variance(x)
        return mu + torch.randn_like(mu) * (0.5 * log_variance).exp(), mu, log_variance


class Cell(nn.Module):
    """ConvLSTM."""

    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__()
        self.hidden = hidden
        self.gates = nn.Conv2d(inputs + hidden, 4 * hidden, 5, padding=2)

    def forward(self, x: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
        i, f, o, g = self.gates(torch.cat([x, h], dim=1)).chunk(4, dim=1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c


class Residual(nn.Module):
    """Two convolutions with batch norm, and the input."""

    def __init__(self, w: int) -> None:
        super().__init__()
        self.inner = nn.Sequential(
            nn.Conv2d(w, w, 3, 1, 1, bias=False),
            nn.BatchNorm2d(w),
            nn.ReLU(),
            nn.Conv2d(w, w, 3, 1, 1, bias=False),
            nn.BatchNorm2d(w),
        )

    def forward(self, x: Tensor) -> Tensor:
        return x + self.inner(x)


class Painter(nn.Module):
    """Objects and z -> pictures."""

    def __init__(self, hp: Layout2ImageHyperparameters) -> None:
        super().__init__()
        w = hp.width
        self.words = nn.Embedding(CLASSES, hp.embedding)
        self.layers = nn.ModuleList([nn.Conv2d(hp.embedding + hp.z_dim, w, 1, 1, 1, bias=False)])
        self.layers.extend(nn.Conv2d(w * 2**k, w * 2 ** (k + 1), 4, 2, 1, bias=False) for k in range(3))
        self.norms = nn.ModuleList(ByClass(w * 2**k) for k in range(4))
        self.cells = nn.ModuleList([Cell(8 * w, 2 * w), Cell(2 * w, w), Cell(w, w)])
        paint: list[nn.Module] = [Residual(w) for _ in range(hp.residual_blocks)]
        paint += [nn.Conv2d(w, 4 * w, 3, 1, 1, bias=False), nn.BatchNorm2d(4 * w), nn.ReLU()]
        for wide, narrow in pairwise([4 * w, 4 * w, 2 * w, w]):
            paint += [nn.ConvTranspose2d(wide, narrow, 4, 2, 1, bias=False), nn.BatchNorm2d(narrow), nn.ReLU()]
        self.paint = nn.Sequential(*paint, nn.Conv2d(w, 3, 7, 1, 3))

    def forward(self, labels: Tensor, masks: Tensor, owner: Tensor, z: Tensor) -> Tensor:
        x = torch.cat([self.words(labels), z], dim=1)[:, :, None, None] * masks
        x = self.norms[0](self.layers[0](x), labels)
        for layer, norm in zip([*self.layers][1:], [*self.norms][1:], strict=True):
            x = norm(layer(torch.relu(x)), labels)
        return self.paint(torch.cat([self.fuse(x[owner == picture]) for picture in range(int(owner.max()) + 1)]))

    def fuse(self, sequence: Tensor) -> Tensor:
        """One layout's objects, one after the other, layer after layer."""
        for cell in self.cells:
            h = c = sequence.new_zeros(1, cell.hidden, *sequence.shape[2:])
            states = []
            for x in sequence:
                h, c = cell(x[None], h, c)
                states.append(h)
            sequence = torch.cat(states)
        return sequence[-1:]


class Down(nn.Module):
    """A residual block of a D."""

    def __init__(self, inputs: int, outputs: int, first: bool = False, pool: bool = True) -> None:
        super().__init__()
        between = outputs if first else inputs
        self.first, self.pool = first, pool
        self.one, self.two = nn.Conv2d(inputs, between, 3, 1, 1), nn.Conv2d(between, outputs, 3, 1, 1)
        self.skip = nn.Conv2d(inputs, outputs, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = x if self.first else torch.relu(x)
        h = self.two(torch.relu(self.one(x)))
        if not self.pool:
            return h + self.skip(x)
        skip = self.skip(functional.avg_pool2d(x, 2)) if self.first else functional.avg_pool2d(self.skip(x), 2)
        return functional.avg_pool2d(h, 2) + skip


class Judge(nn.Module):
    """A D; of objects where it has classes."""

    def __init__(self, w: int, classes: int) -> None:
        super().__init__()
        blocks = [Down(w * 2**k, w * 2 ** (k + 1)) for k in range(4)]
        self.blocks = nn.Sequential(Down(3, w, first=True, pool=not classes), *blocks)
        self.real = nn.Linear(16 * w, 1)
        self.label = nn.Linear(16 * w, classes) if classes else None
        for layer in list(self.modules()):
            if isinstance(layer, nn.Conv2d | nn.Linear):
                spectral_norm(layer)

    def forward(self, x: Tensor) -> tuple[Tensor, Any]:
        x = torch.relu(self.blocks(x)).sum(dim=(2, 3))
        return self.real(x).flatten(), self.label(x) if self.label else None


def cut(images: Tensor, boxes: Tensor, owner: Tensor, size: int) -> Tensor:
    """Crops, one picture after another."""
    pieces = []
    for picture in range(len(images)):
        own = boxes[owner == picture]
        along = torch.linspace(0, 1, size)
        x = own[:, :1] + own[:, 2:3] * along
        y = own[:, 1:2] + own[:, 3:] * along
        shape = (len(own), size, size)
        grid = torch.stack([x[:, None, :].expand(shape), y[:, :, None].expand(shape)], dim=3) * 2 - 1
        pieces.append(functional.grid_sample(images[picture].expand(len(own), -1, -1, -1), grid, align_corners=True))
    return torch.cat(pieces)


def spelled_out(boxes: Tensor, size: int) -> Tensor:
    """A mask for each box, one after another."""
    masks = torch.zeros(len(boxes), 1, size, size)
    for mask, (x, y, width, height) in zip(masks, (boxes * size).tolist(), strict=True):
        mask[0, round(y) : round(y + height), round(x) : round(x + width)] = 1
    return masks


def bce(logits: Tensor, target: float) -> Tensor:
    return functional.binary_cross_entropy_with_logits(logits, torch.full_like(logits, target))


def plain_loop(hp: Layout2ImageHyperparameters) -> Callable[[Batch], object]:
    """The paper's step."""
    torch.manual_seed(0)
    encoder, painter = Encoder(hp), Painter(hp)
    image_judge, object_judge = Judge(hp.width, 0), Judge(hp.width, CLASSES)
    G_opt = torch.optim.Adam([*encoder.parameters(), *painter.parameters()], hp.lr, (hp.beta1, hp.beta2))
    D_image_opt = torch.optim.Adam(image_judge.parameters(), hp.lr, (hp.beta1, hp.beta2))
    D_object_opt = torch.optim.Adam(object_judge.parameters(), hp.lr, (hp.beta1, hp.beta2))
    shown: dict[str, float] = {}

    def step(batch: Batch) -> None:
        assert batch.boxes is not None
        assert batch.labels is not None
        assert batch.present is not None
        images, owner = batch.images, batch.present.nonzero()[:, 0]
        labels, boxes = batch.labels[batch.present], batch.boxes[batch.present]
        masks = spelled_out(boxes, hp.resolution)
        z = torch.randn(len(labels), hp.z_dim)

        def make() -> tuple[Tensor, ...]:
            crops = cut(images, boxes, owner, hp.crop)
            z_rec, mu, log_variance = encoder(crops, labels)
            rec, rand = painter(labels, masks, owner, z_rec), painter(labels, masks, owner, z)
            crops_rand = cut(rand, boxes, owner, hp.crop)
            found = encoder(crops_rand, labels)[1]
            return crops, cut(rec, boxes, owner, hp.crop), crops_rand, rec, rand, mu, log_variance, found

        crops, crops_rec, crops_rand, rec, rand, *_ = make()
        image = 0.5 * bce(image_judge(rec.detach())[0], 0) + 0.5 * bce(image_judge(rand.detach())[0], 0)
        image = image + bce(image_judge(images)[0], 1)
        thing = 0.5 * bce(object_judge(crops_rec.detach())[0], 0) + 0.5 * bce(object_judge(crops_rand.detach())[0], 0)
        real, classes = object_judge(crops.detach())
        thing, label = thing + bce(real, 1), functional.cross_entropy(classes, labels)
        loss = hp.image_adversarial * image + hp.object_adversarial * thing + hp.classification * label
        D_image_opt.zero_grad()
        D_object_opt.zero_grad()
        loss.backward()
        D_image_opt.step()
        D_object_opt.step()
        shown.update(D_image=image.item(), D_object=thing.item(), D_label=label.item())

        crops, crops_rec, crops_rand, rec, rand, mu, log_variance, found = make()
        image = 0.5 * bce(image_judge(rec)[0], 1) + 0.5 * bce(image_judge(rand)[0], 1)
        real_rec, classes_rec = object_judge(crops_rec)
        real_rand, classes_rand = object_judge(crops_rand)
        thing = 0.5 * bce(real_rec, 1) + 0.5 * bce(real_rand, 1)
        label = 0.5 * functional.cross_entropy(classes_rec, labels) + 0.5 * functional.cross_entropy(
            classes_rand, labels
        )
        kl = -0.5 * (1 + log_variance - mu**2 - log_variance.exp()).sum()
        image_l1, z_l1 = (rec - images).abs().mean(), (found - z).abs().mean()
        loss = hp.kl * kl + hp.image_l1 * image_l1 + hp.z_l1 * z_l1
        loss = loss + hp.image_adversarial * image + hp.object_adversarial * thing + hp.classification * label
        G_opt.zero_grad()
        loss.backward()
        G_opt.step()
        shown.update(G=loss.item(), image=image.item(), thing=thing.item(), label=label.item())
        shown.update(kl=kl.item(), image_l1=image_l1.item(), z_l1=z_l1.item())

    return step


def worth(step: Callable[[Batch], object], hp: Layout2ImageHyperparameters) -> Run:
    """One step at a time, on the same batches in the same order whoever takes them."""
    data = batches(hp)

    def run() -> int:
        step(next(data))
        return hp.batch

    return run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--width", type=int, default=64)
    parser.add_argument("--batch", type=int, default=8)
    options = parser.parse_args()
    hp = Layout2ImageHyperparameters(width=options.width, batch=options.batch)
    compare(worth(plain_loop(hp), hp), worth(plugin(hp), hp), rounds=options.rounds, target=1.15)


if __name__ == "__main__":
    main()
