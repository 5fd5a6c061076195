"""4 x 4 convolutions with stride 2, which halve and double pictures in DCGAN, PatchGAN and U-Nets.

At the few pixels of a U-Net's inner layers PyTorch's CPU convolutions spend most of their time bringing the weights
into an order that pays only at many pixels. There the same sums are taken as one product of matrices.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import fold, unfold

# Positions of the smaller side, over the batch, up to which the product is faster (at 256 to 1,024 channels).
_FEW = 64


class Halving(nn.Conv2d):
    """(N, in_channels, H, W) -> (N, out_channels, H / 2, W / 2); a `Conv2d` of kernel 4, stride 2 and padding 1."""

    def __init__(self, in_channels: int, out_channels: int, bias: bool = True) -> None:
        super().__init__(in_channels, out_channels, 4, stride=2, padding=1, bias=bias)

    def forward(self, images: Tensor) -> Tensor:
        """The convolution."""
        count, _, height, width = images.shape
        if not _few(images, count * (height // 2) * (width // 2)):
            return super().forward(images)
        patches = unfold(images, 4, padding=1, stride=2).transpose(1, 2).flatten(0, 1)
        made = _product(patches, self.weight.flatten(1).T)
        if self.bias is not None:
            made = made + self.bias
        return made.view(count, height // 2, width // 2, -1).permute(0, 3, 1, 2)


class Doubling(nn.ConvTranspose2d):
    """(N, in_channels, H, W) -> (N, out_channels, 2H, 2W); a `ConvTranspose2d` of kernel 4, stride 2 and padding 1."""

    def __init__(self, in_channels: int, out_channels: int, bias: bool = True) -> None:
        super().__init__(in_channels, out_channels, 4, stride=2, padding=1, bias=bias)

    def forward(self, images: Tensor, output_size: list[int] | None = None) -> Tensor:
        """The transposed convolution."""
        count, channels, height, width = images.shape
        if output_size is not None or not _few(images, count * height * width):
            return super().forward(images, output_size)
        positions = images.permute(0, 2, 3, 1).reshape(-1, channels)
        patches = _product(positions, self.weight.flatten(1)).view(count, height * width, -1).transpose(1, 2)
        made = fold(patches, (2 * height, 2 * width), 4, padding=1, stride=2)
        return made if self.bias is None else made + self.bias[:, None, None]


def _few(images: Tensor, positions: int) -> bool:
    return images.device.type == "cpu" and positions <= _FEW and not torch.is_autocast_enabled("cpu")


def _product(rows: Tensor, matrix: Tensor) -> Tensor:
    product: Tensor = _RowsProduct.apply(rows, matrix)
    return product


class _RowsProduct(torch.autograd.Function):
    """rows (P, K) @ matrix (K, O) for few rows.

    Where rows lie in memory column by column, a product with 2 to 8 of them is up to twenty times as slow (MKL). So
    they are laid out row by row, gradients too, which autograd's own product would take as they come.
    """

    @staticmethod
    def forward(ctx: Any, rows: Tensor, matrix: Tensor) -> Tensor:
        rows = rows.contiguous()
        ctx.save_for_backward(rows, matrix)
        return rows @ matrix

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, Tensor | None]:
        rows, matrix = ctx.saved_tensors
        gradient = gradients[0].contiguous()
        to_rows, to_matrix = None, None
        if ctx.needs_input_grad[0]:
            to_rows = gradient @ matrix.T
        if ctx.needs_input_grad[1]:
            # In the memory order of the matrix, so that the weight's gradient needs no copy.
            to_matrix = rows.T @ gradient if matrix.is_contiguous() else (gradient.T @ rows).T
        return to_rows, to_matrix
