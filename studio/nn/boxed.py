"""Feature maps that hold one vector inside a box and another everywhere else, without spelling them out.

A layout network begins with such maps: an object's embedding inside its box, nothing outside. A 1 x 1 convolution,
batch norm and an activation keep them so, and a convolution of them is a sum over the kernel's taps alone. Where the
reference code convolves every channel of every pixel (zhaobozb/layout2im, generator.py: LayoutEncoder), this takes a
thirtieth of the multiplications for the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import unfold


def box_masks(boxes: Tensor, size: int) -> Tensor:
    """1 inside each box and 0 outside: (O, 4), x y w h as fractions, -> (O, 1, size, size) in the boxes' dtype.

    Edges are rounded to whole pixels, half to even, and a box is at least one pixel wide and high (zhaobozb/layout2im,
    coco_custom_mask.py: __getitem__).
    """
    first = (boxes[:, :2] * size).round()
    last = torch.maximum(((boxes[:, :2] + boxes[:, 2:]) * size).round(), first + 1)
    pixels = torch.arange(size, device=boxes.device)
    inside = (pixels >= first[:, :, None]) & (pixels < last[:, :, None])
    columns, rows = inside.unbind(1)
    return (rows[:, None, :, None] & columns[:, None, None, :]).to(boxes.dtype)


@dataclass(frozen=True)
class BoxedMaps:
    """Maps (O, C, H, W) in short.

    Attributes:
        inside: (O, C), what every pixel in the box holds.
        outside: (O, C), what every other pixel holds.
        masks: (O, 1, H, W), 1 in the box and 0 outside.
    """

    inside: Tensor
    outside: Tensor
    masks: Tensor

    @property
    def share(self) -> Tensor:
        """The share of the pixels that is in each box, (O, 1)."""
        return self.masks.mean(dim=(2, 3))

    def each(self, function: Callable[[Tensor], Tensor]) -> BoxedMaps:
        """A function of single values, such as ReLU, of every pixel."""
        return BoxedMaps(function(self.inside), function(self.outside), self.masks)

    def dense(self) -> Tensor:
        """Spelled out, (O, C, H, W)."""
        return torch.where(self.masks > 0, self.inside[:, :, None, None], self.outside[:, :, None, None])


def boxed_conv2d(maps: BoxedMaps, convolution: nn.Conv2d) -> Tensor:
    """`convolution(maps.dense())`, (O, D, H', W'), without spelling the maps out.

    The kernel is square, the padding zeros, and there are no dilation and no groups.
    """
    kernel, stride, padding = convolution.kernel_size[0], convolution.stride[0], int(convolution.padding[0])
    masks, channels = maps.masks, convolution.out_channels
    taps = convolution.weight.permute(1, 0, 2, 3).flatten(1)
    # What the box adds, and what is everywhere.
    by_tap = [(values @ taps).view(-1, channels, kernel**2) for values in (maps.inside - maps.outside, maps.outside)]
    covered = [unfold(area, kernel, padding=padding, stride=stride) for area in (masks, torch.ones_like(masks))]
    products = torch.bmm(torch.cat(by_tap, dim=2), torch.cat(covered, dim=1))
    if convolution.bias is not None:
        products = products + convolution.bias[:, None]
    height, width = ((pixels + 2 * padding - kernel) // stride + 1 for pixels in masks.shape[2:])
    return products.view(len(masks), channels, height, width)
