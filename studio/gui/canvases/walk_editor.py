"""The walk canvas's document under a person's hands: which keyframe is chosen, and the playhead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from studio.api.capabilities import LatentSpace
from studio.edit.keyframes import MOST_KEYFRAMES, Keyframe
from studio.edit.points import MAX_SEED, LatentPoint
from studio.edit.walk import WalkDocument
from studio.engine.events import ModelFacts
from studio.gui.canvases.editor import DocumentEditor
from studio.gui.canvases.seed_box import random_seed

FEW = 4
STYLE_PSI = 0.7


class WalkEditor(DocumentEditor[WalkDocument]):
    """The walk canvas's. Moving the playhead and choosing a keyframe change nothing that would need undoing.

    Attributes:
        space: what z is drawn from.
        layers: how many layers take a w; 0 for models that mix no styles.

    Signals:
        moved(): the playhead is elsewhere.
        chosen(): another keyframe is chosen.
    """

    moved = Signal()
    chosen = Signal()

    def __init__(
        self,
        space: LatentSpace,
        facts: ModelFacts,
        undo_stack: QUndoStack,
        document: WalkDocument,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(undo_stack, document, parent)
        self.space = space
        self.layers = facts.num_ws
        self._facts = facts
        self._selected = 0

    @property
    def selected(self) -> int:
        """The chosen keyframe; -1 where there are none."""
        return min(self._selected, len(self.document.keyframes) - 1)

    @property
    def keyframe(self) -> Keyframe | None:
        """The chosen keyframe."""
        return self.document.keyframes[self.selected] if self.document.keyframes else None

    def go(self, time: float) -> None:
        """Puts the playhead elsewhere."""
        there = self.document.at(time)
        if there != self.document:
            self.document = there
            self.moved.emit()

    def step(self, frames: int) -> None:
        """Goes some frames on, or back; a loop has no ends."""
        document = self.document
        frame = document.frame + frames
        last = max(document.frame_count - 1, 0)
        self.go((frame % (last + 1) if document.loop else min(max(frame, 0), last)) / document.fps)

    def go_to_end(self) -> None:
        """Goes to the film's last frame."""
        self.go(max(self.document.frame_count - 1, 0) / self.document.fps)

    def select(self, index: int) -> None:
        """Chooses a keyframe."""
        held = min(max(index, 0), max(len(self.document.keyframes) - 1, 0))
        if held != self._selected:
            self._selected = held
            self.chosen.emit()

    def visit(self, index: int) -> None:
        """Chooses a keyframe, and goes there."""
        if self.document.keyframes:
            self.select(index)
            self.go(self.document.starts[self.selected])

    def begin(self) -> None:
        """Four random pictures, in a loop."""
        seeds = dict.fromkeys(random_seed() for _ in range(2 * FEW))
        self.add([self._fresh(seed) for seed in list(seeds)[:FEW]], text="Make a walk")

    def add_random(self) -> None:
        """A random picture after the chosen one."""
        self.add([self._fresh(random_seed())], self.selected + 1, text="Add a keyframe")

    def duplicate(self) -> None:
        """The chosen keyframe once more, after itself."""
        if self.keyframe is not None:
            self.add([self.keyframe], self.selected + 1, text="Duplicate a keyframe")

    def add(self, keyframes: Sequence[Keyframe], at: int | None = None, text: str = "Add keyframes") -> int:
        """Puts keyframes in, chooses the first and goes there; how many found no room.

        Raises:
            StudioError: they were made with a model of another z.
        """
        document = self.document
        place = len(document.keyframes) if at is None else at
        more = document.with_more([fitted(one, self._facts, self.space) for one in keyframes], place)
        if more != document:
            self._selected = min(place, len(more.keyframes) - 1)
            self.edit(more.at(more.starts[self._selected]), text)
        return max(len(document.keyframes) + len(keyframes) - MOST_KEYFRAMES, 0)

    def remove(self, index: int | None = None) -> None:
        """Takes a keyframe out, the chosen one where None."""
        if self.document.keyframes:
            self.edit(self.document.without(self.selected if index is None else index), "Remove a keyframe")

    def move(self, index: int, to: int) -> None:
        """Puts a keyframe elsewhere among the others."""
        if 0 <= index < len(self.document.keyframes):
            self._selected = min(max(to, 0), len(self.document.keyframes) - 1)
            self.edit(self.document.moved(index, to), "Move a keyframe")

    def change(self, text: str, *, gesture: bool = False, **fields: Any) -> None:
        """Other values for the chosen keyframe, which the playhead goes to."""
        if self.keyframe is not None:
            index = self.selected
            changed = self.document.with_keyframe(index, replace(self.keyframe, **fields))
            self.edit(changed.at(changed.starts[index]), text, gesture=gesture)

    def choose_seed(self, seed: int) -> None:
        """Another seed for the chosen keyframe, with nothing moved."""
        self.change("Choose a seed", point=LatentPoint(min(max(seed, 0), MAX_SEED)))

    def last_for(self, index: int, seconds: float) -> None:
        """Another time from a keyframe to the next; a gesture."""
        self.edit(self.document.with_seconds(index, seconds), "Change how long it takes", gesture=True)

    def show(self, document: WalkDocument) -> None:
        """Undoing and redoing keep the chosen keyframe where it is, as far as it is there."""
        self._selected = min(self._selected, max(len(document.keyframes) - 1, 0))
        super().show(document)

    def _fresh(self, seed: int) -> Keyframe:
        like = self.keyframe or Keyframe(psi=STYLE_PSI if self._facts.num_ws else 1.0)
        return replace(like, point=LatentPoint(seed))


def fitted(keyframe: Keyframe, facts: ModelFacts, space: LatentSpace) -> Keyframe:
    """The keyframe with a class that the model has.

    Raises:
        StudioError: it was made with a model of another z, or of other layers.
    """
    keyframe.point.z(space)
    keyframe.check_layers(facts.num_ws)
    return replace(keyframe, label=min(keyframe.label or 0, len(facts.labels) - 1) if facts.labels else None)
