"""Pictures of one size, ready to be drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from studio.api.data import Batch, DataInfo
from studio.data.skipped import Skipped

if TYPE_CHECKING:
    import torch
    from torch import Tensor


@dataclass(frozen=True)
class Chosen:
    """Some rows of decoded pictures, without a copy.

    Attributes:
        pictures: uint8 (M, H, W, 3), memory-mapped.
        rows: int64 (N,), which of them.
    """

    pictures: np.ndarray
    rows: np.ndarray

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, indices: np.ndarray) -> np.ndarray:
        chosen: np.ndarray = self.pictures[self.rows[indices]]
        return chosen


@dataclass(frozen=True)
class Objects:
    """What is where in N pictures of at most K objects each, the first objects of a row being there.

    Attributes:
        labels: int64 (N, K); 0 where there is no object.
        boxes: float32 (N, K, 4), x y w h as fractions of the picture; 0 where there is no object.
        present: bool (N, K), which objects are there.
    """

    labels: np.ndarray
    boxes: np.ndarray
    present: np.ndarray


Pictures = np.ndarray | Chosen


@dataclass(frozen=True)
class Dataset:
    """Decoded pictures. Fields that the kind of data lacks are None.

    Attributes:
        info: what a model may know of them.
        fingerprint: changes whenever any picture, its order or its meaning does.
        pictures: uint8 (N, H, W, 3); the input side where paired, domain A where unpaired.
        pictures_b: uint8 (M, H, W, 3): the target side, row by row, where paired; domain B where unpaired.
        labels: int64 (N,), where labelled.
        objects: where layout.
        skipped: what was left out.
    """

    info: DataInfo
    fingerprint: str
    pictures: Pictures
    pictures_b: Pictures | None = None
    labels: np.ndarray | None = None
    objects: Objects | None = None
    skipped: tuple[Skipped, ...] = ()

    def __len__(self) -> int:
        return len(self.pictures)

    def batch(self, indices: np.ndarray, device: torch.device | str, indices_b: np.ndarray | None = None) -> Batch:
        """The pictures of `indices` on `device`: float32 (B, 3, H, W) in [-1, 1].

        `indices_b` are those of the other side, which has the same ones where it is paired and none are given.
        """
        import torch

        device = torch.device(device)
        batch = Batch(_on_device(self.pictures[indices], device))
        if self.pictures_b is not None:
            batch.images_b = _on_device(self.pictures_b[indices if indices_b is None else indices_b], device)
        if self.labels is not None:
            batch.labels = torch.from_numpy(self.labels[indices]).to(device)
        if self.objects is not None:
            batch.labels = torch.from_numpy(self.objects.labels[indices]).to(device)
            batch.boxes = torch.from_numpy(self.objects.boxes[indices]).to(device)
            batch.present = torch.from_numpy(self.objects.present[indices]).to(device)
        return batch


def _on_device(pictures: np.ndarray, device: torch.device) -> Tensor:
    import torch

    raw = torch.from_numpy(np.ascontiguousarray(pictures))
    if device.type == "cuda":
        raw = raw.pin_memory()
    return raw.to(device, non_blocking=True).permute(0, 3, 1, 2).contiguous().float().div_(127.5).sub_(1.0)
