"""The translation document under a person's hands."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoStack

from studio.edit.translation import TranslationDocument, TranslationInput, opposite
from studio.gui.canvases.editor import DocumentEditor
from studio.gui.canvases.seed_box import random_seed


class TranslateEditor(DocumentEditor[TranslationDocument]):
    """What can be done to it, an undo step each.

    Attributes:
        directions: the model's.
    """

    def __init__(
        self,
        directions: tuple[str, ...],
        undo_stack: QUndoStack,
        document: TranslationDocument,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(undo_stack, document, parent)
        self.directions = directions

    @property
    def back(self) -> str | None:
        """The direction that undoes the document's; None where the model has none."""
        return opposite(self.document.direction, self.directions)

    def add(self, inputs: Sequence[TranslationInput]) -> int:
        """Puts pictures into the strip and shows the first; how many there was no room for."""
        fitting = self.document.fitting(inputs)
        self.edit(self.document.with_inputs(fitting), "Add pictures")
        return len(inputs) - len(fitting)

    def swap(self) -> None:
        """Translates the other way, where there is one."""
        if self.back is not None:
            self.choose_direction(self.back)

    def choose_direction(self, direction: str) -> None:
        """Translates another way."""
        self.edit(self.document.with_direction(direction), "Change direction")

    def choose_seed(self, seed: int | None) -> None:
        """Draws dropout from another seed, or leaves it out."""
        self.edit(self.document.with_seed(seed), "Choose a seed")

    def throw_seed(self) -> None:
        """Draws dropout from a random seed."""
        self.edit(self.document.with_seed(random_seed()), "Throw a seed")

    def step(self, by: int) -> None:
        """Goes through the strip."""
        self.go_to(self.document.current + by)

    def go_to(self, index: int) -> None:
        """Shows another picture of the strip."""
        self.edit(self.document.going_to(index), "Go to a picture")

    def remove(self, index: int) -> None:
        """Takes a picture out of the strip."""
        self.edit(self.document.without(index), "Take a picture out")
