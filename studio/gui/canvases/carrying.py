"""Pictures on their way out of a canvas, and edits on their way in: clipboard and drops."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QMimeData

from studio.api.errors import StudioError
from studio.edit.documents import EditEnvelope
from studio.gui.widgets.picture import to_qimage

EDIT_TYPE = "application/x-ganvas-edit"
SUFFIXES = (".png", ".json")


def mime_of(pixels: np.ndarray, envelope: EditEnvelope) -> QMimeData:
    """A picture, uint8 (H, W, 3), for other programs, and its edit for this one."""
    data = QMimeData()
    data.setImageData(to_qimage(pixels))
    data.setData(EDIT_TYPE, envelope.to_text().encode())
    return data


def edit_in(data: QMimeData | None) -> EditEnvelope | Path | None:
    """The edit in what was dropped or pasted, or the file that may carry one; None where there is neither.

    There is no data at all on a clipboard that another program has just let go of.
    """
    if data is None:
        return None
    if data.hasFormat(EDIT_TYPE):
        try:
            return EditEnvelope.from_text(bytes(data.data(EDIT_TYPE).data()).decode(errors="replace"))
        except StudioError:
            return None
    for url in data.urls():
        path = Path(url.toLocalFile())
        if path.suffix.lower() in SUFFIXES:
            return path
    return None
