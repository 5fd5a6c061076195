"""The strip of inputs under the big picture."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QWidget

from studio.edit.strokes import Paper
from studio.edit.translation import TranslationDocument, TranslationInput
from studio.gui.canvases.tile_model import TileModel
from studio.gui.canvases.tile_strip import TileStrip
from studio.gui.widgets.picture import to_qimage

TILE = 52
GAP = 6


class InputModel(TileModel[TranslationInput]):
    """The inputs and how they look. Those that have not changed are not drawn anew."""

    def __init__(self, resolution: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._resolution = resolution

    def show_inputs(self, inputs: tuple[TranslationInput, ...]) -> None:
        """Brings the rows up to date."""
        known = {id(one): image for one, image in self._rows}
        rows = [(one, known.get(id(one)) or self._image(one)) for one in inputs]
        if [one for one, _ in rows] == [one for one, _ in self._rows]:
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def words(self, row: int) -> str:
        one = self.entry(row)
        return f"{one.name} · {one.domain}" if one.domain else one.name

    def _image(self, one: TranslationInput) -> QImage:
        return to_qimage(one.pixels(Paper(self._resolution)))


class InputStrip(TileStrip):
    """One row of inputs; the one that is translated has an edge. Delete takes it out.

    Signals:
        removed(row): a person wants that input out.
    """

    removed = Signal(int)

    def __init__(self, resolution: int, parent: QWidget | None = None) -> None:
        self.inputs = InputModel(resolution)
        super().__init__(self.inputs, TILE, GAP, parent=parent)
        self.setAccessibleName("Pictures to translate")
        self.setAccessibleDescription("Left and right go from one to the next, Delete takes one out.")

    def show_document(self, document: TranslationDocument) -> None:
        """Brings the strip up to date."""
        self.inputs.show_inputs(document.inputs)
        self.show_current(document.current)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self.shown < self.inputs.rowCount():
            self.removed.emit(self.shown)
        else:
            super().keyPressEvent(event)
