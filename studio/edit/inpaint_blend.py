"""Poisson blending: what was found takes on the colours around the hole, so that no seam is left (1607.07539, 3.4).

Solved exactly on the pixels of the hole, rather than by OpenCV's `seamlessClone`: that one moves the hole's edge
inwards, knows no hole at the picture's border, and computes in eight bits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

MOST_ROUNDS = 2000
FEW_ROUNDS = 16
LOOK_EVERY = 8
SMALLEST = 8


def blended(photo: Tensor, found: Tensor, hole: Tensor, rounds: int = MOST_ROUNDS) -> Tensor:
    """Pictures (N, 3, H, W) that are `photo` outside the hole and have the gradients of `found` inside it.

    The difference of the two is a membrane: given around the hole, harmonic in it, level across the picture's border.

    Args:
        photo: (1, 3, H, W) or (N, 3, H, W).
        found: (N, 3, H, W).
        hole: bool (H, W).
        rounds: how long the solver may go on; `FEW_ROUNDS` will do for a glance.
    """
    if not hole.any():
        return photo.expand_as(found)
    pasted = photo.expand_as(found).clone()
    rows, columns = (_around(hole.any(dim)) for dim in (1, 0))
    under, over = photo[..., rows, columns], found[..., rows, columns]
    joined = over + membrane(under - over, hole[rows, columns], rounds)
    pasted[..., rows, columns] = joined.where(hole[rows, columns], pasted[..., rows, columns])
    return pasted


def membrane(known: Tensor, hole: Tensor, rounds: int = MOST_ROUNDS) -> Tensor:
    """`known` (N, C, H, W) outside the hole, and the harmonic function that joins it inside; 0 without outside.

    Conjugate gradients on the 5-point Laplacian, begun from the answer at half the size.
    """
    import torch

    outside = (~hole).to(known.dtype)
    held = known * outside
    if hole.all() or not hole.any():
        return held
    inside = 1 - outside
    count = _neighbours(torch.ones_like(outside[None, None]))

    def laplacian(field: Tensor) -> Tensor:
        return (count * field - _neighbours(field)) * inside

    field = _beginning(held, outside, rounds) * inside
    left = _neighbours(held) * inside - laplacian(field)
    direction = left / count
    energy = (left * direction).sum((1, 2, 3), keepdim=True)
    enough = 1e-7 if known.dtype == torch.float64 else 2e-5
    for turn in range(rounds):
        if turn % LOOK_EVERY == 0 and float(left.abs().max()) < enough:
            break
        pushed = laplacian(direction)
        step = energy / (direction * pushed).sum((1, 2, 3), keepdim=True).clamp_min(1e-30)
        field = field + step * direction
        left = left - step * pushed
        energy, before = (left * left / count).sum((1, 2, 3), keepdim=True), energy
        direction = left / count + energy / before.clamp_min(1e-30) * direction
    return held + field


def _beginning(held: Tensor, outside: Tensor, rounds: int) -> Tensor:
    """The same question at half the size, where a pixel is known when any of its four is."""
    from torch.nn.functional import avg_pool2d, interpolate

    height, width = outside.shape
    if min(height, width) <= SMALLEST:
        return held.sum((2, 3), keepdim=True) / outside.sum()
    share = avg_pool2d(outside[None, None], 2, ceil_mode=True)
    known = avg_pool2d(held, 2, ceil_mode=True) / share.clamp_min(1e-6)
    smooth = membrane(known, share[0, 0] == 0, rounds)
    return interpolate(smooth, (height, width), mode="bilinear", align_corners=False)


def _neighbours(field: Tensor) -> Tensor:
    """The sum of the four pixels around each; those beyond the border do not count."""
    from torch.nn.functional import pad

    around = pad(field, (1, 1, 1, 1))
    rows = around[..., :-2, 1:-1] + around[..., 2:, 1:-1]
    return rows + around[..., 1:-1, :-2] + around[..., 1:-1, 2:]


def _around(held: Tensor) -> slice:
    """From one before the first that is true to one behind the last."""
    places = held.nonzero()
    return slice(max(int(places[0]) - 1, 0), int(places[-1]) + 2)
