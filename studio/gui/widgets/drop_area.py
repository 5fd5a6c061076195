"""The face of a card that says: drop something here."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from studio.gui.theme import CORNER_PX, Theme
from studio.gui.widgets.icons import icon

ICON_PX = 28


class DropArea(QWidget):
    """A dashed outline with an icon. The window itself takes the drop."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.dim), 1.5, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), CORNER_PX, CORNER_PX)
        middle = self.rect().center()
        place = QRect(middle.x() - ICON_PX // 2, middle.y() - ICON_PX // 2, ICON_PX, ICON_PX)
        icon("ri.folder-add-line", theme.dim).paint(painter, place)
        painter.end()
