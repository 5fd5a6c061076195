"""What a hand does on a layout between pressing and letting go: draw a box, move and resize, choose by a frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from studio.data.layout_files import Box
from studio.edit.layout_arranging import MOVE, Handle, Snapped, between, pulled, snapped
from studio.gui.canvases.layout_editor import LayoutEditor
from studio.gui.canvases.seed_box import random_seed

Point = tuple[float, float]


@dataclass(frozen=True)
class Hold:
    """What else the hand holds.

    Attributes:
        near: how near a line an edge snaps to it, in fractions of the picture; 0 does not snap.
        straight: moves along one direction, or keeps the ratio of width to height.
    """

    near: float = 0.0
    straight: bool = False


class Gesture(Protocol):
    """From pressing to letting go. Points are in fractions of the picture.

    Attributes:
        lines: the snapped frame, for the lines to show; None where nothing snaps.
        marquee: the frame being drawn around what is to be selected; None elsewhere.
    """

    lines: Snapped | None
    marquee: Box | None

    def go(self, to: Point, hold: Hold, /) -> None:
        """The hand is at `to`."""
        ...

    def finish(self) -> None:
        """The hand let go."""
        ...

    def cancel(self) -> None:
        """The hand thought better of it: all is as it was."""
        ...


class _Changing:
    """A gesture that changes the document, as one undo step."""

    text = ""

    def __init__(self, editor: LayoutEditor, start: Point) -> None:
        self.lines: Snapped | None = None
        self.marquee: Box | None = None
        self._editor = editor
        self._start = start
        self._before = editor.document
        self._selected = editor.selection

    def finish(self) -> None:
        self._editor.end_gesture()

    def cancel(self) -> None:
        self._editor.edit(self._before, self.text, gesture=True)
        self._editor.end_gesture()
        self._editor.select(self._selected)

    def _others(self) -> list[Box]:
        """The boxes to stand in line with."""
        kept = (one for place, one in enumerate(self._before.objects) if place not in self._selected)
        return [one.box for one in kept]


class Pull(_Changing):
    """Moves what is selected, or resizes it by a handle of the frame around it."""

    def __init__(self, editor: LayoutEditor, start: Point, handle: Handle) -> None:
        super().__init__(editor, start)
        self.text = "Move" if handle == MOVE else "Resize"
        self._handle = handle
        self._free = self._before.free(editor.selection)
        self._frame = self._before.frame(self._free)

    def go(self, to: Point, hold: Hold) -> None:
        dx, dy = to[0] - self._start[0], to[1] - self._start[1]
        if hold.straight and self._handle == MOVE:
            dx, dy = (dx, 0.0) if abs(dx) >= abs(dy) else (0.0, dy)
        proportional = hold.straight and self._handle != MOVE
        box = pulled(self._frame, self._handle, dx, dy, proportional=proportional)
        self.lines = None
        if hold.near and not proportional:
            near = (hold.near if dx or not hold.straight else 0.0, hold.near if dy or not hold.straight else 0.0)
            self.lines = snapped(box, self._handle, self._others(), near)
            box = self.lines.box
        self._editor.edit(self._before.refitted(self._free, self._frame, box), self.text, gesture=True)


class Draw(_Changing):
    """Draws a new box."""

    text = "Draw a box"

    def __init__(self, editor: LayoutEditor, start: Point) -> None:
        super().__init__(editor, start)
        self._selected = ()
        self._seed = random_seed()

    def go(self, to: Point, hold: Hold) -> None:
        right, down = (1 if end >= start else -1 for start, end in zip(self._start, to, strict=True))
        if hold.straight:
            side = max(abs(to[0] - self._start[0]), abs(to[1] - self._start[1]))
            to = self._start[0] + right * side, self._start[1] + down * side
        box = between(self._start, to)
        self.lines = None
        if hold.near and not hold.straight:
            corner = Handle(right, down)
            self.lines = snapped(box, corner, self._others(), (hold.near, hold.near))
            box = self.lines.box
        self._editor.drawn(box, self._seed, self._before)


class Choose:
    """Selects what a frame touches, with what was selected before."""

    def __init__(self, editor: LayoutEditor, start: Point) -> None:
        self.lines: Snapped | None = None
        self.marquee: Box | None = None
        self._editor = editor
        self._start = start
        self._selected = editor.selection

    def go(self, to: Point, _hold: Hold) -> None:
        self.marquee = between(self._start, to)
        self._editor.select({*self._selected, *self._editor.document.within(self.marquee)})

    def finish(self) -> None:
        self.marquee = None

    def cancel(self) -> None:
        self.marquee = None
        self._editor.select(self._selected)
