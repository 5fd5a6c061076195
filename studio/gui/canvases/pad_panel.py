"""Going between four pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from studio.edit.latent import LatentPoint
from studio.edit.pad import CORNERS, Pad
from studio.gui.canvases.editor import LatentEditor
from studio.gui.canvases.pad_view import GRID, NAMES, PadView
from studio.gui.canvases.point_drops import PointDrops
from studio.gui.canvases.point_thumbnails import PointThumbnails
from studio.gui.canvases.rows import column, row
from studio.gui.canvases.seed_box import random_seed
from studio.gui.widgets.basics import DimLabel, QuietButton

if TYPE_CHECKING:
    from studio.gui.canvases.host import CanvasHost


class PadPanel(QWidget):
    """The pad, and buttons that fill and empty its corners.

    Attributes:
        view: the pad.
        words: what to do with it, until its corners are pinned.
        random, clear: its buttons.
    """

    def __init__(self, editor: LatentEditor, host: CanvasHost, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._field: tuple[LatentPoint | None, ...] = ()
        self._field_of: tuple[object, ...] = ()
        self._thumbnails = PointThumbnails(host, editor.space, "pad", self)
        self.view = PadView(PointDrops(host, editor.space))
        self.random = QuietButton("Random corners", self._randomise)
        self.clear = QuietButton("Clear", self._clear)
        self.words = DimLabel("Click in a corner to pin what is shown there, or drop a picture on it.")
        layout = column(spacing=6)
        layout.addWidget(self.view)
        layout.addWidget(self.words)
        layout.addLayout(row(self.random, self.clear, 1))
        self.setLayout(layout)
        self.view.moved.connect(self._move)
        self.view.released.connect(editor.end_gesture)
        self.view.pin_wanted.connect(self.pin)
        self.view.dropped.connect(self._set_corner)
        self.view.menu_wanted.connect(self._open_menu)
        self._thumbnails.came.connect(self._show_images)
        editor.changed.connect(self.show_document)
        editor.settled.connect(self._want)
        self.show_document()
        self._want()

    def pin(self, corner: int) -> None:
        """Pins what is shown in a corner."""
        self._set_corner(corner, self._editor.document.landed(self._editor.space).point)

    def show_document(self) -> None:
        """Brings the pad up to date."""
        pad = self._editor.document.pad
        self.view.show_pad(pad)
        self.words.setVisible(not pad.complete)
        self.clear.setEnabled(bool(pad.points))

    def menu(self, corner: int) -> QMenu:
        """What can be done with a corner."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        there = self._editor.document.pad.corners[corner] is not None
        for words, call, useful in (
            (f"Pin what is shown at the {NAMES[corner]}", lambda: self.pin(corner), True),
            ("Random seed", lambda: self._set_corner(corner, LatentPoint(random_seed())), True),
            ("Remove", lambda: self._set_corner(corner, None), there),
        ):
            action = QAction(words, menu)
            action.setEnabled(useful)
            action.triggered.connect(lambda _checked, call=call: call())
            menu.addAction(action)
        return menu

    def _open_menu(self, corner: int, place: QPoint) -> None:
        self.menu(corner).popup(place)

    def _move(self, x: float, y: float) -> None:
        self._editor.edit(self._editor.document.on_pad(x, y), "Move on the pad", gesture=True)

    def _set_corner(self, corner: int, point: LatentPoint | None) -> None:
        text = f"{'Remove' if point is None else 'Pin'} the {NAMES[corner]} corner"
        self._editor.edit(self._editor.document.with_corner(corner, point, self._editor.space), text)

    def _randomise(self) -> None:
        document = self._editor.document
        for corner in range(CORNERS):
            document = document.with_corner(corner, LatentPoint(random_seed()), self._editor.space)
        x, y = document.pad.spot or (0.5, 0.5)
        self._editor.edit(document.on_pad(x, y), "Random corners")

    def _clear(self) -> None:
        document = self._editor.document
        for corner in range(CORNERS):
            document = document.with_corner(corner, None, self._editor.space)
        self._editor.edit(document, "Clear the pad")

    def _want(self) -> None:
        """Asks for the corners, then for what is between them."""
        document = self._editor.document
        basis = (document.pad.corners, document.path)
        if basis != self._field_of:
            self._field_of = basis
            self._field = _field(document.pad, self._editor)
        corners = [self._field[index] for index in _CORNERS]
        between = [point for index, point in enumerate(self._field) if index not in _CORNERS]
        self._thumbnails.want([point for point in (*corners, *between) if point is not None], document)
        self._show_images()

    def _show_images(self) -> None:
        self.view.show_images([None if point is None else self._thumbnails.image(point) for point in self._field])


_CORNERS = (0, GRID - 1, GRID * (GRID - 1), GRID * GRID - 1)


def _field(pad: Pad, editor: LatentEditor) -> tuple[LatentPoint | None, ...]:
    """The points under the pad's pictures, row by row; None where nothing is yet."""
    if not pad.complete:
        corners = dict(zip(_CORNERS, pad.corners, strict=True))
        return tuple(corners.get(index) for index in range(GRID * GRID))
    spots = [(x / (GRID - 1), y / (GRID - 1)) for y in range(GRID) for x in range(GRID)]
    document = editor.document
    return tuple(document.on_pad(*spot).landed(editor.space).point for spot in spots)
