"""Picture sizes that a network can reach by doubling: a small base, times a power of two."""

from __future__ import annotations

from studio.api.errors import StudioError

SMALLEST_BASE = 4


def split_resolution(resolution: int) -> tuple[int, int]:
    """`resolution` as (base, doublings): base x 2^doublings, with a base of 4 to 7 and at least one doubling.

    64 is (4, 4), which is DCGAN's own (1511.06434, figure 1); 28 is (7, 2); 96 is (6, 4).

    Raises:
        StudioError: there is no such pair; the remedy names the nearest sizes that have one.
    """
    pair = _split(resolution)
    if pair is None:
        below = next((size for size in range(resolution, 0, -1) if _split(size)), None)
        above = next(size for size in range(max(resolution, 1), 2 * max(resolution, 8) + 1) if _split(size))
        nearest = f"{above}" if below is None else f"{below} or {above}"
        raise StudioError(f"Pictures of {resolution} px cannot be made by doubling a small picture.", f"Use {nearest}.")
    return pair


def _split(resolution: int) -> tuple[int, int] | None:
    base, doublings = resolution, 0
    while base % 2 == 0 and base >= 2 * SMALLEST_BASE:
        base, doublings = base // 2, doublings + 1
    fits = SMALLEST_BASE <= base < 2 * SMALLEST_BASE and doublings >= 1
    return (base, doublings) if fits else None
