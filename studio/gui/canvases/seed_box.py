"""The seed: typed, stepped, or thrown."""

from __future__ import annotations

import secrets

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QIntValidator, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from studio.edit.latent import MAX_SEED
from studio.gui.canvases.rows import row
from studio.gui.widgets.basics import IconButton

DICE_SIDES = 1_000_000
FAR = 10


class SeedBox(QWidget):
    """A number with buttons for the one before, the next and a random one.

    Attributes:
        number: the box; Up and Down step it, and the wheel while it has the focus.

    Signals:
        chosen(seed): a person chose a seed.
        thrown(): a person wants a random one.
    """

    chosen = Signal(int)
    thrown = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.number = _SeedNumber(self)
        self.number.chosen.connect(self.chosen)
        before = IconButton("ri.arrow-left-s-line", "Previous seed (Left)", lambda: self.number.step(-1))
        after = IconButton("ri.arrow-right-s-line", "Next seed (Right)", lambda: self.number.step(1))
        throw = IconButton("ri.shuffle-line", "Random seed (R)", self.thrown.emit)
        layout = row(self.number, before, after, throw, spacing=0)
        layout.setStretch(0, 1)
        layout.insertSpacing(1, 4)
        self.setLayout(layout)
        self.setFocusProxy(self.number)

    def show_seed(self, seed: int) -> None:
        """Shows a seed without a signal."""
        self.number.show_seed(seed)


def random_seed() -> int:
    """A seed that a person can remember: below a million."""
    return secrets.randbelow(DICE_SIDES)


class _SeedNumber(QLineEdit):
    """Takes what was typed on Enter or on leaving; Escape goes back.

    Signals:
        chosen(seed): another seed.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._seed = 0
        self.setValidator(QIntValidator(0, MAX_SEED, self))
        self.setAccessibleName("Seed")
        self.setToolTip("The number that z is drawn from: the same seed is the same z, always")
        self.returnPressed.connect(self._take)

    def show_seed(self, seed: int) -> None:
        """Shows a seed; what was being typed is dropped."""
        self._seed = seed
        self.setText(str(seed))
        self.setModified(False)

    def step(self, seeds: int) -> None:
        """Goes some seeds on, or back, as far as there are any."""
        seed = min(max(self._seed + seeds, 0), MAX_SEED)
        if seed != self._seed:
            self.chosen.emit(seed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: FAR, Qt.Key.Key_PageDown: -FAR}
        if event.key() in steps:
            self.step(steps[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Escape:
            self.show_seed(self._seed)
            event.ignore()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus() and event.angleDelta().y():
            self.step(1 if event.angleDelta().y() > 0 else -1)
        else:
            event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._take()

    def _take(self) -> None:
        if not self.isModified():
            return
        if self.hasAcceptableInput() and int(self.text()) != self._seed:
            self.chosen.emit(int(self.text()))
        else:
            self.show_seed(self._seed)
