"""The mixing canvas's document under a person's hands."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from studio.edit.mixing import MixDocument
from studio.gui.canvases.editor import SpaceEditor


class MixEditor(SpaceEditor[MixDocument]):
    """The mixing canvas's."""

    def shifted(self) -> bool:
        """Whether Shift is held: the other meaning of a button."""
        return bool(QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier)
