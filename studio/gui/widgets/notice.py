"""A notice where it belongs: what happened, what to do, and the detail for those who want it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontDatabase, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from studio.gui.theme import CORNER_PX, Theme
from studio.gui.widgets.basics import Button, IconButton, QuietButton, set_look

BAR_PX = 3
DETAIL_PX = 160

Action = tuple[str, Callable[[], Any]]


class Notice(QWidget):
    """A card with a bar in the level's colour, a bold sentence, a remedy, buttons and a detail to unfold and copy.

    Args:
        message: what happened, one sentence.
        remedy: what to do, one sentence; may be empty.
        detail: a traceback or other small print; folded away.
        level: `info`, `good`, `warn` or `bad`.
        actions: buttons, as words and what they do.
        closable: whether a person can dismiss it.
        lifted: whether it lies over other things, and so needs an edge.

    Signals:
        closed(): it was dismissed.
    """

    closed = Signal()

    def __init__(
        self,
        message: str,
        remedy: str = "",
        detail: str = "",
        level: str = "warn",
        actions: Sequence[Action] = (),
        parent: QWidget | None = None,
        *,
        closable: bool = False,
        lifted: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")
        self.message = message
        self.level = level
        self._lifted = lifted
        self._text = _sentence(message, remedy)
        self._detail = _detail_box(detail, self)
        self._show_detail = QuietButton("Show detail", self._toggle_detail, self)
        self._copy_detail = QuietButton("Copy detail", self._copy, self)
        self.setAccessibleName(f"{message} {remedy}".strip())
        self._lay_out(actions, closable=closable)
        self._show_detail.setVisible(bool(detail))
        self._copy_detail.hide()
        self._detail.hide()

    def _lay_out(self, actions: Sequence[Action], *, closable: bool) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(BAR_PX + 12, 10, 8, 10)
        column.setSpacing(8)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._text, 1)
        if closable:
            close = IconButton("ri.close-line", "Dismiss", self.closed.emit)
            top.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(top)
        row = QHBoxLayout()
        row.setSpacing(8)
        for words, call in actions:
            row.addWidget(Button(words, call))
        if not actions:
            set_look(self._show_detail, "quiet-first")
        row.addWidget(self._show_detail)
        row.addWidget(self._copy_detail)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self._detail)

    def _toggle_detail(self) -> None:
        shown = not self._detail.isVisible()
        self._detail.setVisible(shown)
        self._copy_detail.setVisible(shown)
        self._show_detail.setText("Hide detail" if shown else "Show detail")

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._detail.toPlainText())

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(theme.line if self._lifted else theme.raised))
        painter.setBrush(QColor(theme.raised))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), CORNER_PX, CORNER_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.level(self.level)))
        painter.setClipRect(QRectF(0, 0, BAR_PX, self.height()))
        painter.drawRoundedRect(QRectF(0, 0, CORNER_PX * 2, self.height()), CORNER_PX, CORNER_PX)
        painter.end()


def _sentence(message: str, remedy: str) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.RichText)
    label.setText(f"<span style='font-weight:600'>{_escaped(message)}</span> {_escaped(remedy)}".strip())
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _detail_box(detail: str, parent: QWidget) -> QPlainTextEdit:
    box = QPlainTextEdit(detail, parent)
    box.setReadOnly(True)
    box.setFixedHeight(DETAIL_PX)
    box.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPixelSize(12)
    box.setFont(font)
    box.setAccessibleName("Detail")
    return box
