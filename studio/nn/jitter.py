"""Random jitter: pictures are enlarged, cropped back at random and mirrored by chance (1611.07004, appendix 6.2)."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import interpolate


def jitter(images: Tensor, *others: Tensor, scale: float = 286 / 256, flip: bool = True) -> tuple[Tensor, ...]:
    """Enlarges pictures to round(scale x size), crops them back and mirrors them with probability 1/2.

    Every picture of the batch has a crop and a coin of its own; `others` get those of their partner in `images`, so
    pairs stay pairs. The draws are from torch's global generator on the pictures' device, and nothing waits for it.

    The reference (junyanz/pytorch-CycleGAN-and-pix2pix, data/base_dataset.py: get_transform) enlarges with Pillow's
    bicubic filter; this is the same filter (Keys' with a = -.5), without Pillow's rounding and clipping to whole bytes
    after each axis.

    Args:
        images: pictures (N, C, H, W) in [-1, 1].
        others: as many pictures of the same height and width each; channels may differ.
        scale: at least 1; 1 leaves nothing to crop.
        flip: whether to mirror, left to right.

    Returns:
        `images` and `others`, in their order, in the same shapes and in [-1, 1].
    """
    count, _, height, width = images.shape
    tall, wide = round(scale * height), round(scale * width)
    rows = _crops(count, height, tall, images.device)
    columns = _crops(count, width, wide, images.device)
    if flip:
        mirrored = torch.rand(count, 1, device=images.device) < 0.5
        columns = torch.where(mirrored, columns.flip(1), columns)
    return tuple(_take(_enlarged(pictures, tall, wide), rows, columns) for pictures in (images, *others))


def _crops(count: int, size: int, available: int, device: torch.device) -> Tensor:
    """`size` neighbouring indices below `available` a picture, (count, size)."""
    first = torch.randint(available - size + 1, (count, 1), device=device)
    return first + torch.arange(size, device=device)


def _enlarged(images: Tensor, height: int, width: int) -> Tensor:
    if images.shape[-2:] == (height, width):
        return images
    # `antialias` selects Pillow's kernel; when enlarging it does nothing else.
    larger = interpolate(images, (height, width), mode="bicubic", antialias=True)
    return larger.clamp_(-1.0, 1.0)


def _take(images: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """The pixels at the crossings of `rows` (N, H) and `columns` (N, W)."""
    pictures = torch.arange(len(images), device=images.device)[:, None, None]
    return images[pictures, :, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)
