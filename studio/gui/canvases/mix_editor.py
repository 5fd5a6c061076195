"""The mixing canvas's document under a person's hands."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication, QUndoStack

from studio.api.capabilities import LatentSpace
from studio.edit.mixing import MixDocument
from studio.gui.canvases.editor import DocumentEditor


class MixEditor(DocumentEditor[MixDocument]):
    """The mixing canvas's.

    Attributes:
        space: what z is drawn from.
    """

    def __init__(
        self, space: LatentSpace, undo_stack: QUndoStack, document: MixDocument, parent: QObject | None = None
    ) -> None:
        super().__init__(undo_stack, document, parent)
        self.space = space

    def shifted(self) -> bool:
        """Whether Shift is held: the other meaning of a button."""
        return bool(QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier)
