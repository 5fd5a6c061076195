"""Looking at how the picture was: before the last change, or as it was when somebody asked to remember it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from studio.gui.canvases.rows import row
from studio.gui.widgets.basics import QuietButton

if TYPE_CHECKING:
    from studio.gui.canvases.editor import DocumentEditor
    from studio.gui.canvases.hero import HeroPicture

KEY = Qt.Key.Key_C


class Comparison(QObject):
    """Remembers the picture from before a change; a whole gesture is one change.

    Args:
        editor: whose changes they are.
        hero: the picture; while it has the focus, C shows how it was.
        also: what takes that key too, where the hands are elsewhere.

    Attributes:
        held: whether that one is shown at this moment.
        original: the picture a person asked to compare with, uint8 (H, W, 3); None for the one before the last change.

    Signals:
        changed(): there is another picture to compare with, or none.
    """

    changed = Signal()

    def __init__(
        self,
        editor: DocumentEditor[Any],
        hero: HeroPicture,
        parent: QObject | None = None,
        *,
        also: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._hero = hero
        self._before: np.ndarray | None = None
        self._changing = False
        self.held = False
        self.original: np.ndarray | None = None
        editor.changed.connect(self._begin)
        editor.settled.connect(self._settle)
        for watched in (hero, also):
            if watched is not None:
                watched.installEventFilter(self)

    @property
    def reference(self) -> np.ndarray | None:
        """What the picture is compared with; None where there is nothing yet."""
        return self._before if self.original is None else self.original

    def hold(self) -> None:
        """Shows how it was, until `release`."""
        if self.reference is not None and not self.held:
            self.held = True
            self._hero.show_instead(self.reference)

    def release(self) -> None:
        """Shows the picture again."""
        if self.held:
            self.held = False
            self._hero.show_instead(None)

    def remember(self, wanted: bool) -> None:
        """Compares with the picture as it is now from now on, or again with the one before the last change."""
        self.original = self._hero.pixels if wanted else None
        self.changed.emit()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.key() == KEY and not event.modifiers():
            if not event.isAutoRepeat():
                (self.hold if event.type() == QEvent.Type.KeyPress else self.release)()
            return event.type() in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease)
        if isinstance(event, QFocusEvent) and event.lostFocus():
            self.release()
        return False

    def _begin(self) -> None:
        if not self._changing and self._hero.pixels is not None:
            self._before = self._hero.pixels
            self.changed.emit()
        self._changing = True

    def _settle(self) -> None:
        self._changing = False


class CompareButtons(QWidget):
    """A button to hold, and one that remembers the picture as it is now.

    Attributes:
        compare, original: the buttons.
    """

    def __init__(self, comparison: Comparison, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._comparison = comparison
        self.compare = QuietButton("Before")
        self.compare.setToolTip("Hold to see the picture before the last change (C)")
        self.compare.pressed.connect(comparison.hold)
        self.compare.released.connect(comparison.release)
        self.original = QuietButton("Remember")
        self.original.setCheckable(True)
        self.original.setToolTip("Compare with the picture as it is now, whatever follows")
        self.original.toggled.connect(comparison.remember)
        self.setLayout(row(self.compare, self.original, spacing=0))
        comparison.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        self.compare.setEnabled(self._comparison.reference is not None)
