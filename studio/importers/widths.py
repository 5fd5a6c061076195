"""The two numbers that say how wide StyleGAN2's networks are, found from the widths (1912.04958, appendix B)."""

from __future__ import annotations

from collections.abc import Mapping

from studio.importers.found import unfit


def base_and_most(channels: Mapping[int, int]) -> tuple[int, int]:
    """`channel_base` and `channel_max` such that there are min(base // size, most) channels at each size.

    Raises:
        ForeignFileError: there are no such two.
    """
    most = max(channels.values())
    base = max(size * count for size, count in channels.items())
    for size, count in channels.items():
        if min(base // size, most) != count:
            raise unfit(f"it has {count} channels at {size} px")
    return base, most
