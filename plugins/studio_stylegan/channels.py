"""How wide each resolution of StyleGAN2's networks is (1912.04958, appendix B; networks.py: channels_dict)."""

from __future__ import annotations

SMALLEST = 4


def block_resolutions(resolution: int) -> list[int]:
    """4, 8, ... up to `resolution`, which is a power of two."""
    return [2**power for power in range(2, resolution.bit_length())]


def channel_counts(resolution: int, base: int, most: int) -> dict[int, int]:
    """Channels at each resolution: `base` over the resolution, at most `most`."""
    return {size: min(base // size, most) for size in block_resolutions(resolution)}
