"""Cutting boxes out of pictures and bringing them to one size, differentiably."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import grid_sample


def crop(images: Tensor, boxes: Tensor, size: int) -> Tensor:
    """One crop a picture, by bilinear interpolation, as in sg2im (google/sg2im, bilinear.py) and layout2im.

    The corner pixels of a crop lie on the corners of its box, where 0 and 1 are the centres of the picture's first and
    last pixels (PyTorch 1.0's `grid_sample`, `align_corners=True` today). A crop smaller than its box skips pixels.

    Args:
        images: (O, C, H, W), one for each box: `pictures[owner]`.
        boxes: (O, 4), x y w h as fractions of the picture; what lies outside it is 0.
        size: height and width of the crops, at least 2.

    Returns:
        Crops (O, C, size, size), differentiable with respect to the pictures and the boxes.
    """
    along = torch.linspace(-1, 1, size, dtype=boxes.dtype, device=boxes.device)
    x, y, width, height = boxes.unsqueeze(2).unbind(1)
    columns = 2 * x + width - 1 + width * along
    rows = 2 * y + height - 1 + height * along
    shape = (len(boxes), size, size)
    grid = torch.stack([columns[:, None, :].expand(shape), rows[:, :, None].expand(shape)], dim=3)
    return grid_sample(images, grid, mode="bilinear", padding_mode="zeros", align_corners=True)
