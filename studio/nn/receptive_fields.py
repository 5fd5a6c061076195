"""How much of a picture one score of a PatchGAN sees, and how small a picture may be for it. Free of torch."""

from __future__ import annotations

from typing import Literal

from studio.api.errors import StudioError

ReceptiveField = Literal[1, 16, 70, 286]

# Halving convolutions before the two that keep the size, as the reference counts them (networks.py: n_layers).
HALVINGS: dict[ReceptiveField, int] = {1: 0, 16: 1, 70: 3, 286: 5}


def smallest_resolution(receptive_field: ReceptiveField) -> int:
    """The least height and width, in pixels, of which a `PatchDiscriminator` still gives one score.

    Each 4 x 4 convolution that keeps the size takes one pixel: three must be left of the picture after the halvings.
    """
    return 1 if receptive_field == 1 else 3 * 2 ** HALVINGS[receptive_field]


def require_room(resolution: int, receptive_field: ReceptiveField) -> None:
    """Nothing, where pictures of `resolution` px have room for the discriminator's layers.

    Raises:
        StudioError: they have not; the remedy names what would do.
    """
    smallest = smallest_resolution(receptive_field)
    if resolution < smallest:
        fitting = max(field for field in HALVINGS if smallest_resolution(field) <= resolution)
        raise StudioError(
            f"A receptive field of {receptive_field} px needs pictures of at least {smallest} px, not {resolution}.",
            f"Set the receptive field to {fitting}, or the resolution to {smallest} or more.",
        )
