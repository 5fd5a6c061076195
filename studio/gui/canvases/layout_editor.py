"""The layout document under a person's hands, and what of it is selected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from studio.data.layout_files import MOST_OBJECTS, Box
from studio.edit.layout import LayoutDocument, LayoutObject
from studio.edit.layout_arranging import Handle, pulled, roomy, rounded
from studio.gui.canvases.editor import DocumentEditor
from studio.gui.canvases.seed_box import random_seed

ADDED = 0.3


class LayoutEditor(DocumentEditor[LayoutDocument]):
    """Every way to change a layout. What acts on objects acts on those selected, and leaves locked ones as they are.

    Attributes:
        labels: what the model draws.
        label: what the next box will hold.
        selection: the selected places, by rising place.

    Signals:
        selection_changed(): others are selected.
        label_changed(): the next box will hold something else.
        told(text): why a wish could not be met, in a sentence.
    """

    selection_changed = Signal()
    label_changed = Signal()
    told = Signal(str)

    def __init__(
        self, labels: Sequence[str], undo_stack: QUndoStack, document: LayoutDocument, parent: QObject | None = None
    ) -> None:
        super().__init__(undo_stack, document, parent)
        self.labels = tuple(labels)
        self.label = self.labels[0] if self.labels else ""
        self.selection: tuple[int, ...] = ()

    def show(self, document: LayoutDocument) -> None:
        """Selects what an undo or redo changed; otherwise what was selected stays so, wherever it is now."""
        self.selection = _followed(self.selection, self.document, document, changed=not self._pushing)
        super().show(document)
        self.selection_changed.emit()

    def select(self, places: Iterable[int]) -> None:
        """Selects objects, and no others."""
        chosen = tuple(sorted({place for place in places if 0 <= place < len(self.document.objects)}))
        if chosen != self.selection:
            self.selection = chosen
            self.selection_changed.emit()

    def select_all(self) -> None:
        """Selects every object."""
        self.select(range(len(self.document.objects)))

    def select_next(self, by: int) -> None:
        """Selects the next object towards the front, or towards the back."""
        count = len(self.document.objects)
        if count:
            last = self.selection[-1 if by > 0 else 0] if self.selection else (-1 if by > 0 else 0)
            self.select([(last + by) % count])

    def choose_label(self, label: str) -> None:
        """The next box will hold `label`, and the selected ones hold it now."""
        self.label = label
        self.label_changed.emit()
        if self._free():
            self.edit(self.document.relabelled(self.selection, label), f"Make it {label}")

    def drawn(self, box: Box, seed: int, on: LayoutDocument) -> None:
        """Puts a new box on the document `on`, as part of a gesture, and selects it."""
        self._put(on.with_object(LayoutObject(self.label, rounded(box), seed)), "Draw a box", gesture=True)

    def can_add(self) -> bool:
        """Whether another box can be drawn; says why not."""
        if not self.labels:
            self.told.emit("This model names nothing that it could draw.")
        elif self.document.full:
            self.told.emit(f"A layout holds {MOST_OBJECTS} objects at most.")
        return bool(self.labels) and not self.document.full

    def add(self) -> None:
        """A new box where there is room, as near to the middle of the picture as it can be."""
        if self.can_add():
            box = roomy([one.box for one in self.document.objects], ADDED, ADDED)
            self._put(self.document.with_object(LayoutObject(self.label, box, random_seed())), "Add a box")

    def nudge(self, dx: float, dy: float) -> None:
        """Moves what is selected; keys that repeat are one gesture."""
        if self._free():
            self.edit(self.document.moved(self.selection, dx, dy), "Move", gesture=True)

    def grow(self, dx: float, dy: float) -> None:
        """Makes what is selected wider or taller; keys that repeat are one gesture."""
        free = self._free()
        if free:
            before = self.document.frame(free)
            after = pulled(before, Handle(1, 1), dx, dy)
            self.edit(self.document.refitted(free, before, after), "Resize", gesture=True)

    def duplicate(self) -> None:
        """Copies of what is selected, selected in its place."""
        if self.selection and self.can_add():
            count = len(self.document.objects)
            self.edit(self.document.duplicated(self.selection), "Duplicate")
            self.select(range(count, len(self.document.objects)))

    def delete(self) -> None:
        """Takes out what is selected."""
        if self._free():
            self.edit(self.document.without(self.selection), "Delete")

    def step(self, by: int) -> None:
        """One step towards the front (1) or the back (-1)."""
        self._reorder(*self.document.raised(self.selection, by))

    def move_to(self, place: int) -> None:
        """Before the object at a place, counted as places are now: 0 is the back."""
        self._reorder(*self.document.reordered(self.selection, place))

    def to_front(self) -> None:
        """In front of everything."""
        self.move_to(len(self.document.objects))

    def to_back(self) -> None:
        """Behind everything."""
        self.move_to(0)

    def toggle_lock(self) -> None:
        """Locks what is selected; unlocks it where all of it is locked."""
        if self.selection:
            locked = not all(self.document.objects[place].locked for place in self.selection)
            self.edit(self.document.with_locked(self.selection, locked), "Lock" if locked else "Unlock")

    def resample(self, places: Iterable[int] | None = None) -> None:
        """Other looks for `places`, for what is selected where None, for everything where nothing is."""
        wanted = places if places is not None else self.selection or range(len(self.document.objects))
        free = self.document.free(wanted)
        if free:
            self.edit(self.document.reseeded({place: random_seed() for place in free}), "Resample looks")
        elif self.document.objects:
            self.told.emit("It is locked. L unlocks it.")

    def resample_all(self) -> None:
        """Other looks for everything that is not locked."""
        self.resample(range(len(self.document.objects)))

    def _free(self) -> tuple[int, ...]:
        """What of the selection may change; says so where all of it is locked."""
        free = self.document.free(self.selection)
        if self.selection and not free:
            self.told.emit("It is locked. L unlocks it.")
        return free

    def _put(self, document: LayoutDocument, text: str, *, gesture: bool = False) -> None:
        self.edit(document, text, gesture=gesture)
        self.select([len(document.objects) - 1])

    def _reorder(self, document: LayoutDocument, places: tuple[int, ...]) -> None:
        if places:
            self.edit(document, "Reorder")
            self.select(places)


def _followed(
    selection: tuple[int, ...], before: LayoutDocument, after: LayoutDocument, *, changed: bool
) -> tuple[int, ...]:
    if changed:
        known = set(before.objects)
        new = tuple(place for place, one in enumerate(after.objects) if one not in known)
        if new:
            return new
    if len(before.objects) == len(after.objects) and not changed:
        return selection
    selected = {before.objects[place] for place in selection}
    return tuple(place for place, one in enumerate(after.objects) if one in selected)
