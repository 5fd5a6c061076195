"""Paints the rows of the runs table: a dot beside the status, and a row that is selected as a whole."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from studio.gui.pages.runs_model import LEVEL, STATUS_COLUMN
from studio.gui.theme import Theme

DOT = 8
INDENT = 18


class StatusDelegate(QStyledItemDelegate):
    """The status column gets a dot in its level's colour; the words stay."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        option.state &= ~QStyle.StateFlag.State_HasFocus
        if index.column() != STATUS_COLUMN:
            super().paint(painter, option, index)
            return
        level = index.data(LEVEL)
        whole = QRect(option.rect)
        theme = Theme.of(option.palette)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(whole, QColor(theme.raised))
        option.rect = whole.adjusted(INDENT, 0, 0, 0)
        super().paint(painter, option, index)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.dim if level == "none" else theme.level(level)))
        painter.drawEllipse(QRectF(whole.left() + 8, whole.center().y() - DOT / 2 + 1, DOT, DOT))
        painter.restore()
