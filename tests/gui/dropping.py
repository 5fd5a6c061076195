"""Something dropped on a widget, as Qt delivers it: it enters, moves, and falls on whoever would have it."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

HELD = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)


def drop(widget: QWidget, data: QMimeData, at: QPoint) -> bool:
    """Whether anybody took it: the widget, or one that it is in."""
    entering = QDragEnterEvent(at, Qt.DropAction.CopyAction, data, *HELD)
    QApplication.sendEvent(widget, entering)
    if not entering.isAccepted():
        return False
    QApplication.sendEvent(widget, QDragMoveEvent(at, Qt.DropAction.CopyAction, data, *HELD))
    QApplication.sendEvent(widget, QDropEvent(QPointF(at), Qt.DropAction.CopyAction, data, *HELD))
    return True
