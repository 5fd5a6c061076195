"""Something dropped on a widget, as Qt delivers it: it enters, moves, and falls on whoever would have it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

from studio.edit.documents import EditEnvelope
from studio.gui.canvases.carrying import EDIT_TYPE

HELD = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)


def files(*paths: Path) -> QMimeData:
    """Files on their way."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def carried(document: Any, canvas: str = "latent") -> QMimeData:
    """A document of a canvas on its way."""
    data = QMimeData()
    data.setData(EDIT_TYPE, EditEnvelope(canvas, "run", 1, document.to_json()).to_text().encode())
    return data


def drop(widget: QWidget, data: QMimeData, at: QPoint = QPoint(5, 5)) -> bool:  # noqa: B008 (never changed)
    """Whether anybody took it: the widget, or one that it is in."""
    entering = QDragEnterEvent(at, Qt.DropAction.CopyAction, data, *HELD)
    QApplication.sendEvent(widget, entering)
    if not entering.isAccepted():
        return False
    QApplication.sendEvent(widget, QDragMoveEvent(at, Qt.DropAction.CopyAction, data, *HELD))
    QApplication.sendEvent(widget, QDropEvent(QPointF(at), Qt.DropAction.CopyAction, data, *HELD))
    return True
