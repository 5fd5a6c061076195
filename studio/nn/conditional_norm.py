"""Batch norm whose scale and shift depend on a label."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from studio.nn.boxed import BoxedMaps


class ConditionalBatchNorm2d(nn.Module):
    """(x - mean) / std, then one scale and one shift a channel for each class (A Learned Representation For Artistic
    Style, 1610.07629, equation 5, with batch statistics; zhaobozb/layout2im, generator.py: ConditionalBatchNorm2d).

    Scales start at N(1, .02), shifts at 0. In eval mode the statistics are running ones, and no map depends on another.
    """

    def __init__(self, channels: int, classes: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(channels, affine=False)
        self.scale = nn.Embedding(classes, channels)
        self.shift = nn.Embedding(classes, channels)
        nn.init.normal_(self.scale.weight, 1.0, 0.02)
        nn.init.zeros_(self.shift.weight)

    def forward(self, maps: Tensor, labels: Tensor) -> Tensor:
        """Maps (O, C, H, W), normalised together, each scaled and shifted by its label's (O,)."""
        normal: Tensor = self.norm(maps)
        # In mixed precision maps may be narrower than weights.
        scale, shift = self.scale(labels).to(normal.dtype), self.shift(labels).to(normal.dtype)
        return torch.addcmul(shift[:, :, None, None], scale[:, :, None, None], normal)

    def boxed(self, maps: BoxedMaps, labels: Tensor) -> BoxedMaps:
        """`forward` of maps in short, in the weights' precision; the statistics are those of all their pixels."""
        scale, shift = self.scale(labels), self.shift(labels)
        maps = maps.each(lambda values: values.to(scale.dtype))
        mean, var = self._batch_statistics(maps) if self.training else self._running_statistics()
        std = (var + self.norm.eps).sqrt()
        return maps.each(lambda values: torch.addcmul(shift, scale, (values - mean) / std))

    def _running_statistics(self) -> tuple[Tensor, Tensor]:
        mean, var = self.norm.running_mean, self.norm.running_var
        assert mean is not None
        assert var is not None
        return mean, var

    def _batch_statistics(self, maps: BoxedMaps) -> tuple[Tensor, Tensor]:
        """Mean and variance (C,) of the maps' pixels; the running ones move as in `BatchNorm2d`."""
        share = maps.share
        mean = torch.lerp(maps.outside, maps.inside, share).mean(dim=0)
        var = torch.lerp((maps.outside - mean).square(), (maps.inside - mean).square(), share).mean(dim=0)
        pixels = maps.masks.numel()
        with torch.no_grad():
            running_mean, running_var = self._running_statistics()
            running_mean.lerp_(mean, self._momentum)
            running_var.lerp_(var * (pixels / (pixels - 1)), self._momentum)
            assert self.norm.num_batches_tracked is not None
            self.norm.num_batches_tracked.add_(1)
        return mean, var

    @property
    def _momentum(self) -> float:
        assert self.norm.momentum is not None
        return self.norm.momentum
