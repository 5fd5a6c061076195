"""Jitter: Pillow's filter, crops of its own for every picture, pairs that stay pairs, and the mirror."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from studio.nn.jitter import jitter


def noise(count: int, size: int, seed: int = 0) -> Tensor:
    return torch.rand(count, 3, size, size, generator=torch.Generator().manual_seed(seed)) * 2 - 1


def numbered(count: int, size: int) -> Tensor:
    """Pictures whose pixels say where they are: 1,000 y + x."""
    steps = torch.arange(size, dtype=torch.float32)
    return (1000 * steps[:, None] + steps).expand(count, 1, size, size)


def test_shapes_range_and_dtype_are_kept() -> None:
    torch.manual_seed(0)
    for dtype in (torch.float32, torch.float64):
        first, second = jitter(noise(3, 32).to(dtype), noise(3, 32, 1)[:, :1].to(dtype), scale=1.2)
        assert (first.shape, second.shape) == ((3, 3, 32, 32), (3, 1, 32, 32))
        assert first.dtype == second.dtype == dtype
        assert max(first.abs().max(), second.abs().max()) <= 1


def test_without_scale_and_flip_nothing_happens() -> None:
    images = noise(2, 8)
    (same,) = jitter(images, scale=1, flip=False)
    assert torch.equal(same, images)


def test_a_crop_is_cut_from_what_pillow_would_have_made() -> None:
    torch.manual_seed(0)
    picture = np.random.default_rng(0).integers(90, 166, (64, 64, 3), np.uint8)
    enlarged = np.asarray(Image.fromarray(picture).resize((72, 72), Image.Resampling.BICUBIC))
    images = torch.from_numpy(picture).permute(2, 0, 1)[None] / 127.5 - 1
    theirs = torch.from_numpy(enlarged.copy()).permute(2, 0, 1)[None] / 127.5 - 1
    for _ in range(5):
        (ours,) = jitter(images, scale=72 / 64, flip=False)
        apart = [(ours - theirs[:, :, y : y + 64, x : x + 64]).abs().max().item() for y in range(9) for x in range(9)]
        # Pillow rounds to whole bytes after either axis, and would also clip there: no pixel here is near the ends.
        assert min(apart) <= 1.5 / 127.5


def test_the_references_size_is_286_of_256(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setattr("studio.nn.jitter.interpolate", lambda images, size, **_: seen.append(size) or noise(1, 286))
    jitter(noise(1, 256))
    assert seen == [(286, 286)]


def test_partners_get_the_same_crop_and_the_same_mirroring() -> None:
    torch.manual_seed(0)
    images = noise(16, 16)
    first, second = jitter(images, -images, scale=1.25)
    assert torch.equal(first, -second)
    # Every picture has a crop and a coin of its own: sixteen equal pictures come out different.
    (several,) = jitter(images[:1].expand(16, -1, -1, -1), scale=1.25)
    assert len({tuple(picture.flatten().tolist()) for picture in several}) > 8


def test_half_of_the_pictures_are_mirrored() -> None:
    torch.manual_seed(0)
    images = numbered(400, 4)
    (seen,) = jitter(images, scale=1)
    mirrored = [torch.equal(picture, images[0].flip(2)) for picture in seen]
    assert all(torch.equal(picture, images[0]) for picture, was in zip(seen, mirrored, strict=True) if not was)
    assert 160 < sum(mirrored) < 240


def test_every_crop_is_as_likely(monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(0)
    monkeypatch.setattr("studio.nn.jitter._enlarged", lambda images, *_: numbered(len(images), 6))
    (seen,) = jitter(numbered(1800, 4), scale=1.5, flip=False)
    corners, counts = seen[:, 0, 0, 0].unique(return_counts=True)
    assert corners.tolist() == [1000 * y + x for y in range(3) for x in range(3)]
    assert counts.min() > 150
    assert torch.equal(seen - seen[:, :, :1, :1], numbered(1800, 4))


def test_the_seed_decides() -> None:
    torch.manual_seed(5)
    (first,) = jitter(noise(4, 16), scale=1.3)
    torch.manual_seed(5)
    (second,) = jitter(noise(4, 16), scale=1.3)
    assert torch.equal(first, second)
