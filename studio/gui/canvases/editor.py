"""A document under a person's hands: every change is an undo command, and a gesture is one."""

from __future__ import annotations

from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from studio.api.capabilities import LatentSpace
from studio.edit.latent import LatentDocument

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
            step = self._step_in_progress(text) if gesture else None
            if step is None:
                self.undo_stack.push(_Replace(self, document, text, self._gesture if gesture else None))
            else:
                self._go_on(step, document)
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

    def _step_in_progress(self, text: str) -> _Replace[Document] | None:
        """The step named `text` of the gesture in progress, where it has begun."""
        last = self.undo_stack.command(self.undo_stack.index() - 1)
        return last if isinstance(last, _Replace) and last.gesture == self._gesture and last.text() == text else None

    def _go_on(self, step: _Replace[Document], document: Document) -> None:
        """A step goes on; it is none where it leads back to where it began.

        Not by `QUndoCommand.mergeWith`: PySide never lets go of a command that Qt deletes in `push`.
        """
        step.after = document
        self.show(document)
        if document == step.before:
            step.setObsolete(True)
            self.undo_stack.undo()


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
    """One document in place of another; `gesture` is the number of the one it is made by, None where there is none."""

    def __init__(self, editor: DocumentEditor[Document], after: Document, text: str, gesture: int | None) -> None:
        super().__init__(text)
        self.before = editor.document
        self.after = after
        self.gesture = gesture
        self._editor = editor

    def redo(self) -> None:
        self._editor.show(self.after)

    def undo(self) -> None:
        self._editor.show(self.before)
