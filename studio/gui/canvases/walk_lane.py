"""Where things are on a timeline: moments, keyframes' blocks and the boundaries between them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QRectF

from studio.edit.walk import WalkDocument

TILE = 60
RULER = 22
GRIP = 5
LABELS_APART = 64
STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600)


@dataclass(frozen=True)
class Lane:
    """A walk laid out over some pixels.

    Attributes:
        document: the walk.
        width: how wide its place is.
        pace: pixels a second; 0 makes the walk as wide as its place.
    """

    document: WalkDocument
    width: float
    pace: float = 0.0

    @cached_property
    def pixels_a_second(self) -> float:
        """How wide a second is."""
        if self.pace:
            return self.pace
        tail = 0 if self.document.loop else TILE  # the last keyframe of a walk that ends stands behind its end
        return max(self.width - tail, 1.0) / self.document.duration if self.document.duration else 0.0

    @cached_property
    def step(self) -> float:
        """Seconds between the ruler's labels."""
        return next((step for step in STEPS if step * self.pixels_a_second >= LABELS_APART), STEPS[-1])

    def x(self, time: float) -> float:
        """Where a moment is."""
        return time * self.pixels_a_second

    def time(self, x: float) -> float:
        """The moment at a place, held within the walk."""
        pace = self.pixels_a_second
        return min(max(x / pace, 0.0), self.document.duration) if pace else 0.0

    def has_way(self, index: int) -> bool:
        """Whether it goes on from a keyframe."""
        count = len(self.document.keyframes)
        return count > 1 and (self.document.loop or index < count - 1)

    def block(self, index: int) -> QRectF:
        """Where a keyframe and the way to the next one are."""
        left = self.x(self.document.starts[index])
        seconds = self.document.keyframes[index].seconds
        width = self.x(seconds) if self.has_way(index) else float(TILE)
        return QRectF(left, RULER, width, TILE)

    def block_at(self, x: float) -> int | None:
        """The keyframe whose block is at a place."""
        blocks = range(len(self.document.keyframes))
        return next((index for index in blocks if self.block(index).left() <= x < self.block(index).right()), None)

    def boundary_at(self, x: float) -> int | None:
        """The keyframe whose way ends at a place, within a few pixels."""
        ends = [(abs(self.block(index).right() - x), index) for index in range(len(self.document.keyframes))]
        near = [(distance, index) for distance, index in ends if distance <= GRIP and self.has_way(index)]
        return min(near)[1] if near else None

    def gap_at(self, x: float) -> int:
        """Before which keyframe something would be put in that is dropped at a place."""
        blocks = [self.block(index) for index in range(len(self.document.keyframes))]
        return sum(x > block.left() + min(block.width(), TILE) / 2 for block in blocks)

    def gap_x(self, gap: int) -> float:
        """Where something would be put in."""
        count = len(self.document.keyframes)
        if gap < count:
            return self.block(gap).left()
        return self.block(count - 1).right() if count else 0.0
