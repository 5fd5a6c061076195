"""What canvases have in common that people bring pictures to: dropped, pasted or opened."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from studio.edit.translation import MOST_INPUTS
from studio.gui.canvases.canvas import Canvas, Document
from studio.gui.canvases.canvas_panel import CanvasPanel
from studio.gui.canvases.document_history import DocumentHistory
from studio.gui.canvases.history import HistoryStrip
from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.input_arrivals import Arrivals, brings_pictures
from studio.gui.canvases.keys import CTRL, PLAIN, SHIFT, KeyTable
from studio.gui.canvases.picture_stack import PictureStack
from studio.gui.canvases.rows import column, row
from studio.gui.canvases.size_label import SizeLabel
from studio.gui.canvases.split_picture import SplitPicture
from studio.gui.widgets.basics import DimLabel
from studio.gui.widgets.elided_label import ElidedLabel
from studio.gui.widgets.empty import EmptyState

NAME_PX = 76
NUDGE = 0.05


class InputCanvas(Canvas[Document]):
    """A big picture that shows before and after, strips under it, and doors for pictures to come in.

    Keys: Ctrl+O opens pictures, Ctrl+V pastes (with Shift the picture alone), comma and full stop move the dividing
    line.

    Args:
        host: the canvas's door to the studio.
        parent: its parent.
        most: how many pictures it takes at a time.

    Attributes:
        arrivals: brings pictures in.
        history: where a person has been; `kept` shows it.
        empty, strips, hint: what there is beside the big picture: words in its place, strips and a line below it.
    """

    panel: CanvasPanel
    history: DocumentHistory[Document]

    def __init__(self, host: CanvasHost, parent: QWidget | None = None, *, most: int = MOST_INPUTS) -> None:
        super().__init__(host, parent)
        self.arrivals = Arrivals(host, self, most)
        self.setAcceptDrops(True)

    def stand(
        self, pictures: QWidget, hero: SplitPicture, empty: EmptyState, strips: Mapping[str, QWidget], keys: KeyTable
    ) -> None:
        """Lays the canvas out, and listens.

        Args:
            pictures: what holds the big picture, or itself.
            hero: the big picture.
            empty: what is there in its place while there is none.
            strips: what stands below it, above the history, by name.
            keys: what keys do, besides those of every such canvas.
        """
        self.empty = empty
        self._pictures = PictureStack(pictures, hero, empty)
        self.kept = HistoryStrip(self.history.entries)
        self.kept.chosen.connect(self.history.go_to)
        self.strips = _named_strips({**strips, "History": self.kept})
        self.hint = ElidedLabel()
        left = column(spacing=8)
        left.addWidget(self._pictures, 1)
        left.addWidget(self.strips)
        left.addLayout(row(self.hint, 1, SizeLabel(hero)))
        self.lay_out(left, self.panel)
        self.listen(hero, self._pictures, keys | self._doors(hero))

    def event(self, event: QEvent) -> bool:
        """Opening pictures, with the canvas at hand, is not the window's opening of data to train on."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_open(event):
            event.accept()
            return True
        return super().event(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if brings_pictures(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if self.arrivals.take(event.mimeData()):
            event.acceptProposedAction()

    def _doors(self, hero: SplitPicture) -> KeyTable:
        return {
            (PLAIN, Qt.Key.Key_Comma): lambda: hero.move_split(hero.split - NUDGE),
            (PLAIN, Qt.Key.Key_Period): lambda: hero.move_split(hero.split + NUDGE),
            (CTRL, Qt.Key.Key_O): self.arrivals.open,
            (CTRL, Qt.Key.Key_V): self.arrivals.paste,
            (CTRL | SHIFT, Qt.Key.Key_V): lambda: self.arrivals.paste(alone=True),
        }


def _named_strips(strips: Mapping[str, QWidget]) -> QWidget:
    made, layout = QWidget(), column(spacing=8)
    for name, strip in strips.items():
        label = DimLabel(name)
        label.setFixedWidth(NAME_PX)
        layout.addLayout(row(label, strip))
    made.setLayout(layout)
    return made


def _is_open(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_O and event.modifiers() == CTRL
