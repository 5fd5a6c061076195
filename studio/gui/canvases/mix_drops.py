"""Styles that are dragged onto layers: a picture of the matrix, or one that was saved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from studio.api.errors import StudioError
from studio.edit.documents import read_envelope
from studio.edit.mixing import Span
from studio.edit.style_source import seed_of
from studio.gui.canvases.carrying import edit_in
from studio.gui.canvases.mix_editor import MixEditor
from studio.gui.studio import Studio
from studio.gui.theme import PICTURE_CORNER_PX, Theme

SEED_TYPE = "application/x-ganvas-seed"


def seed_data(seed: int) -> QMimeData:
    """The style of a seed, on its way."""
    data = QMimeData()
    data.setData(SEED_TYPE, str(seed).encode())
    return data


class StyleTarget(QWidget):
    """Layers that a style can be dropped on; they are framed while one is held above them.

    Signals:
        dropped(data, span): what was dropped, and the layers it was dropped on.
    """

    dropped = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._held_above = False
        self.setAcceptDrops(True)

    def span_at(self, event: QDropEvent) -> Span:
        """The layers below the pointer: first, one past last."""
        raise NotImplementedError

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(SEED_TYPE) or edit_in(event.mimeData()) is not None:
            self._hold(True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._hold(False)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self._hold(False)
        event.acceptProposedAction()
        self.dropped.emit(event.mimeData(), self.span_at(event))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._held_above:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(Theme.of(self).accent), 2.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), PICTURE_CORNER_PX, PICTURE_CORNER_PX)
        painter.end()

    def _hold(self, held: bool) -> None:
        self._held_above = held
        self.update()


class StyleDrops(QObject):
    """Takes what is dropped on layers into the document. A file is read off the GUI thread."""

    def __init__(self, editor: MixEditor, studio: Studio, parent: QObject) -> None:
        super().__init__(parent)
        self._editor = editor
        self._studio = studio

    def take(self, data: QMimeData, span: Span) -> None:
        """Gives layers the style of what was dropped; says why where it has none."""
        if data.hasFormat(SEED_TYPE):
            self._give(int(bytes(data.data(SEED_TYPE).data())), span)
            return
        edit = edit_in(data)
        if isinstance(edit, Path):
            self._studio.jobs.run(
                self, lambda: seed_of(read_envelope(edit)), lambda seed: self._give(seed, span), self._say
            )
        elif edit is not None:
            self._attempt(lambda: self._give(seed_of(edit), span))

    def _give(self, seed: int, span: Span) -> None:
        self._attempt(lambda: self._editor.edit(self._editor.document.with_style(seed, span), "Drop a style on layers"))

    def _attempt(self, action: Callable[[], None]) -> None:
        try:
            action()
        except StudioError as error:
            self._say(error)

    def _say(self, error: Exception) -> None:
        if not isinstance(error, StudioError):
            raise error
        self._studio.notify(error.message, error.remedy, level="warn")
