"""A - B + C of pictures, each the mean of some."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from studio.edit.arithmetic import MOST_POINTS, TERMS, Arithmetic, Term
from studio.edit.latent import LatentPoint
from studio.gui.canvases.editor import LatentEditor
from studio.gui.canvases.point_drops import PointDrops
from studio.gui.canvases.point_thumbnails import PointThumbnails
from studio.gui.canvases.rows import column, row
from studio.gui.canvases.term_row import TermRow
from studio.gui.widgets.basics import Button, DimLabel, QuietButton

if TYPE_CHECKING:
    from studio.gui.canvases.host import CanvasHost

SIGNS: dict[Term, str] = {"a": "A", "b": "− B", "c": "+ C"}


class ArithmeticPanel(QWidget):
    """The three terms, and a button that shows their sum; it is shown anew with every change of them then.

    Attributes:
        rows: a row a term.
        words: what it is for.
        show_sum, clear: its buttons.
    """

    def __init__(self, editor: LatentEditor, host: CanvasHost, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._thumbnails = PointThumbnails(host, editor.space, "sum", self)
        drops = PointDrops(host, editor.space)
        self.rows = {name: TermRow(SIGNS[name], drops, self._thumbnails.image) for name in TERMS}
        self.words = DimLabel("What A has and B has not, given to C. Several pictures of a kind in each work best.")
        self.show_sum = Button("Show A − B + C", self._show_sum)
        self.clear = QuietButton("Clear", lambda: self._change(Arithmetic(), "Clear the sum"))
        layout = column(spacing=4)
        layout.addWidget(self.words)
        for one in self.rows.values():
            layout.addWidget(one)
        layout.addLayout(row(self.show_sum, self.clear, 1))
        self.setLayout(layout)
        for name, one in self.rows.items():
            one.add_wanted.connect(partial(self.add, name))
            one.dropped.connect(partial(self._add_point, name))
            one.go_wanted.connect(partial(self._go, name))
            one.removal_wanted.connect(partial(self._take_out, name))
        self._thumbnails.came.connect(self._show_images)
        editor.changed.connect(self.show_document)
        editor.settled.connect(self._want)
        self.show_document()
        self._want()

    def add(self, name: Term) -> None:
        """Adds what is shown to a term."""
        self._add_point(name, self._editor.document.landed(self._editor.space).point)

    def show_document(self) -> None:
        """Brings the terms up to date."""
        terms = self._editor.document.sum
        for name, one in self.rows.items():
            one.show_points(terms.term(name), MOST_POINTS)
        self.show_sum.setEnabled(terms.ready and not terms.shown)
        self.clear.setEnabled(terms != Arithmetic())

    def _add_point(self, name: Term, point: LatentPoint) -> None:
        terms = self._editor.document.sum.with_point(name, point)
        self._change(terms, f"Add to {name.upper()}")

    def _take_out(self, name: Term, index: int) -> None:
        self._change(self._editor.document.sum.without(name, index), f"Take out of {name.upper()}")

    def _go(self, name: Term, index: int) -> None:
        document = self._editor.document
        self._editor.edit(document.at_point(document.sum.term(name)[index]), f"Go to a picture of {name.upper()}")

    def _show_sum(self) -> None:
        document = self._editor.document
        self._editor.edit(document.with_sum(document.sum), "Show A − B + C")

    def _change(self, terms: Arithmetic, text: str) -> None:
        self._editor.edit(self._editor.document.with_terms(terms, self._editor.space), text)

    def _want(self) -> None:
        document = self._editor.document
        self._thumbnails.want([point for name in TERMS for point in document.sum.term(name)], document)
        self._show_images()

    def _show_images(self) -> None:
        for one in self.rows.values():
            one.show_images()
