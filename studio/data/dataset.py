"""Pictures of one size, ready to be drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from studio.api.data import Batch, DataInfo
from studio.data.skipped import Skipped

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Dataset:
    """Decoded pictures.

    Attributes:
        info: what a model may know of them.
        fingerprint: changes whenever any picture, its order or its meaning does.
        pictures: uint8 (N, H, W, 3), memory-mapped.
        labels: int64 (N,), or None.
        skipped: what was left out.
    """

    info: DataInfo
    fingerprint: str
    pictures: np.ndarray
    labels: np.ndarray | None = None
    skipped: tuple[Skipped, ...] = ()

    def __len__(self) -> int:
        return len(self.pictures)

    def batch(self, indices: np.ndarray, device: torch.device | str) -> Batch:
        """The pictures of `indices` on `device`: float32 (B, 3, H, W) in [-1, 1]."""
        import torch

        device = torch.device(device)
        raw = torch.from_numpy(np.ascontiguousarray(self.pictures[indices]))
        if device.type == "cuda":
            raw = raw.pin_memory()
        images = raw.to(device, non_blocking=True).permute(0, 3, 1, 2).contiguous().float().div_(127.5).sub_(1.0)
        labels = None
        if self.labels is not None:
            labels = torch.from_numpy(self.labels[indices]).to(device)
        return Batch(images, labels=labels)

    def thumbnails(self, count: int, seed: int = 0) -> np.ndarray:
        """Some pictures to look at, uint8 (n, H, W, 3), the same ones for the same seed."""
        chosen = np.random.default_rng(seed).permutation(len(self))[:count]
        return np.asarray(self.pictures[np.sort(chosen)])
