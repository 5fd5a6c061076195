"""A document under a person's hands: every change is an undo command, and a gesture is one."""

from __future__ import annotations

from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from studio.api.capabilities import LatentSpace
from studio.edit.latent import LatentDocument

COMMAND_ID = 1

Document = TypeVar("Document")


class DocumentEditor(QObject, Generic[Document]):
    """Holds a canvas's document, a value, and its undo stack; whoever shows it listens to `changed`.

    Attributes:
        document: the document now.
        undo_stack: the changes so far.

    Signals:
        changed(): the document is another one.
        settled(): a change is complete: not one in the middle of a gesture.
    """

    changed = Signal()
    settled = Signal()

    def __init__(self, undo_stack: QUndoStack, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.undo_stack = undo_stack
        self.document = document
        self._gesture = 0
        self._pushing = False

    def edit(self, document: Document, text: str, *, gesture: bool = False) -> None:
        """Replaces the document as one undoable step named `text`.

        With `gesture`, steps of the same name become one until `end_gesture`.
        """
        if document == self.document:
            return
        if not gesture:
            self._gesture += 1
        self._pushing = True
        try:
            self.undo_stack.push(_Replace(self, document, text, self._gesture if gesture else None))
        finally:
            self._pushing = False
        if not gesture:
            self.settled.emit()

    def end_gesture(self) -> None:
        """The hand let go: the next change is a step of its own."""
        self._gesture += 1
        self.settled.emit()

    def show(self, document: Document) -> None:
        """Makes `document` the one shown; for commands, whoever undoes or redoes them."""
        self.document = document
        self.changed.emit()
        if not self._pushing:
            self.end_gesture()


class SpaceEditor(DocumentEditor[Document]):
    """That of a document about points of z.

    Attributes:
        space: what z is drawn from.
    """

    def __init__(
        self, space: LatentSpace, undo_stack: QUndoStack, document: Document, parent: QObject | None = None
    ) -> None:
        super().__init__(undo_stack, document, parent)
        self.space = space


class LatentEditor(SpaceEditor[LatentDocument]):
    """The latent canvas's."""


class _Replace(QUndoCommand, Generic[Document]):
    """One document in place of another. Steps of one gesture merge and keep where the gesture began."""

    def __init__(self, editor: DocumentEditor[Document], after: Document, text: str, gesture: int | None) -> None:
        super().__init__(text)
        self._editor = editor
        self._before = editor.document
        self._after = after
        self._gesture = gesture

    def id(self) -> int:
        return -1 if self._gesture is None else COMMAND_ID

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Replace) or other._gesture != self._gesture or other.text() != self.text():
            return False
        self._after = other._after
        self.setObsolete(self._after == self._before)
        return True

    def redo(self) -> None:
        self._editor.show(self._after)

    def undo(self) -> None:
        self._editor.show(self._before)
