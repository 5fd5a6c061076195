"""The objects of a batch of layouts as one list: only those that are there, in the order that the ConvLSTM wants."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from studio.api import Batch


@dataclass(frozen=True)
class Objects:
    """O objects of N layouts, packed: every layout's first object, the layout with most objects first, then every
    layout's second one, and so on.

    Attributes:
        boxes: (O, 4), x y w h as fractions.
        labels: int64 (O,).
        picture: int64 (O,), whose object it is.
        slot: int64 (O,), which of the layout's K it is.
        sizes: how many layouts have a first object, a second one, and so on.
        rank: int64 (N,), each layout's place when those with most objects come first.
    """

    boxes: Tensor
    labels: Tensor
    picture: Tensor
    slot: Tensor
    sizes: tuple[int, ...]
    rank: Tensor

    def __len__(self) -> int:
        return len(self.labels)


def pack(boxes: Tensor, labels: Tensor, present: Tensor) -> Objects:
    """The objects of boxes (N, K, 4), labels (N, K) and present (N, K); within a layout they keep their order.

    What boxes and labels of absent objects say is not looked at.
    """
    counts = present.sum(dim=1)
    rank = counts.argsort(descending=True, stable=True).argsort()
    picture, slot = present.nonzero(as_tuple=True)
    turn = (present.cumsum(dim=1) - 1)[picture, slot]
    order = (turn * len(present) + rank[picture]).argsort()
    picture, slot = picture[order], slot[order]
    sizes = tuple(torch.bincount(turn).tolist())
    return Objects(boxes[picture, slot], labels[picture, slot], picture, slot, sizes, rank)


def shuffled(batch: Batch) -> Objects:
    """The objects of a batch, each picture's in an order drawn from torch's global generator.

    The ConvLSTM sees objects one after another, and must not rely on who comes first (zhaobozb/layout2im,
    coco_custom_mask.py: __getitem__ shuffles them whenever a picture is read).
    """
    assert batch.boxes is not None
    assert batch.labels is not None
    assert batch.present is not None
    order = torch.rand(batch.labels.shape, device=batch.labels.device).argsort(dim=1)
    boxes = batch.boxes.gather(1, order[:, :, None].expand_as(batch.boxes))
    return pack(boxes, batch.labels.gather(1, order), batch.present.gather(1, order))
