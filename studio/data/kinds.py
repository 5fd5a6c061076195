"""Which kinds of data a model can use, and where to get them."""

from __future__ import annotations

from collections.abc import Mapping

from studio.api.data import DataKind
from studio.api.errors import StudioError

ALSO_FITS: Mapping[DataKind, tuple[DataKind, ...]] = {
    DataKind.UNLABELLED: (DataKind.LABELLED, DataKind.CAPTIONED),
    DataKind.UNPAIRED: (DataKind.PAIRED,),
}
REMEDIES: Mapping[DataKind, str] = {
    DataKind.UNLABELLED: "Choose a folder of pictures, or demo:icons.",
    DataKind.LABELLED: "Choose a folder with a subfolder for each class, or demo:icons-labelled.",
    DataKind.PAIRED: "Choose a folder with subfolders A and B whose file names match, or demo:icons-paired.",
    DataKind.UNPAIRED: "Choose a folder with subfolders A and B, or demo:icons-unpaired.",
    DataKind.LAYOUT: "Choose COCO's instances JSON, pictures with layouts beside them, or demo:icons-layout.",
    DataKind.CAPTIONED: "Choose pictures with captions.",
}


def fits(given: DataKind, needed: DataKind) -> bool:
    """Whether a model that needs one kind can use another."""
    return given is needed or given in ALSO_FITS.get(needed, ())


def require_kind(given: DataKind, needed: DataKind, title: str) -> None:
    """Checks that a model called `title` can use data of a kind.

    Raises:
        StudioError: it cannot.
    """
    if not fits(given, needed):
        raise StudioError(f"{title} needs {needed} data, and this is {given}.", REMEDIES[needed])
