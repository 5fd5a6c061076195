"""The timeline: a ruler with the playhead over the keyframes and the ways between them."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QToolTip, QWidget

from studio.gui import words
from studio.gui.canvases.carrying import edit_in
from studio.gui.canvases.walk_ahead import FramesAhead
from studio.gui.canvases.walk_editor import WalkEditor
from studio.gui.canvases.walk_lane import RULER, TILE, Lane
from studio.gui.canvases.walk_painting import LanePainter
from studio.gui.canvases.walk_thumbnails import WalkThumbnails

MARGIN = 6


class Hand(Enum):
    """What the pointer is doing."""

    NOTHING = auto()
    SCRUBBING = auto()
    PRESSING = auto()
    MOVING = auto()
    STRETCHING = auto()


class WalkTimeline(QWidget):
    """Drag the ruler to scrub, a keyframe to move it, a boundary to change how long the way takes.

    A click chooses a keyframe, a double click goes there. Edits that are dropped are put in where they fall.

    Args:
        editor: the document.
        thumbnails: how its keyframes look.
        ahead: which of its frames are ready.

    Signals:
        scrubbed(): a person takes the playhead.
        dropped(data, gap): something was dropped before keyframe `gap`.
    """

    scrubbed = Signal()
    dropped = Signal(object, int)

    def __init__(
        self, editor: WalkEditor, thumbnails: WalkThumbnails, ahead: FramesAhead, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self._ahead = ahead
        self._thumbnails = thumbnails
        self._hand = Hand.NOTHING
        self._pressed = QPointF()
        self._index = 0
        self._pace = 0.0
        self._gap: int | None = None
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(RULER + TILE + 4)
        self.setAccessibleName("Timeline")
        for signal in (editor.changed, editor.moved, editor.chosen, thumbnails.changed):
            signal.connect(self._show)
        ahead.changed.connect(self.update)
        self._show()

    @property
    def lane(self) -> Lane:
        """Where things are, from `MARGIN` pixels on."""
        return Lane(self._editor.document, self.width() - 2 * MARGIN, self._pace)

    def sizeHint(self) -> QSize:
        return QSize(480, RULER + TILE + 4)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self._editor.document.keyframes:
            return
        self._pressed = event.position()
        x, lane = event.position().x() - MARGIN, self.lane
        boundary, block = lane.boundary_at(x), lane.block_at(x)
        if event.position().y() < RULER:
            self._hand = Hand.SCRUBBING
            self._scrub(x)
        elif boundary is not None:
            self._hand, self._index, self._pace = Hand.STRETCHING, boundary, lane.pixels_a_second
        elif block is not None:
            self._hand, self._index = Hand.PRESSING, block
            self._editor.select(block)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x() - MARGIN
        match self._hand:
            case Hand.SCRUBBING:
                self._scrub(x)
            case Hand.STRETCHING:
                start = self._editor.document.starts[self._index]
                self._editor.last_for(self._index, x / self._pace - start)
            case Hand.PRESSING | Hand.MOVING:
                far = (event.position() - self._pressed).manhattanLength() >= QApplication.startDragDistance()
                if far or self._hand is Hand.MOVING:
                    self._hand = Hand.MOVING
                    self._set_gap(self.lane.gap_at(x))
            case Hand.NOTHING:
                self._point(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        hand, self._hand = self._hand, Hand.NOTHING
        if hand is Hand.STRETCHING:
            self._pace = 0.0
            self._editor.end_gesture()
        elif hand is Hand.MOVING and self._gap is not None:
            to = self._gap - (self._gap > self._index)
            if to != self._index:
                self._editor.move(self._index, to)
        self._set_gap(None)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        block = self.lane.block_at(event.position().x() - MARGIN)
        if event.button() == Qt.MouseButton.LeftButton and event.position().y() >= RULER and block is not None:
            self.scrubbed.emit()
            self._editor.visit(block)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if edit_in(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._set_gap(self.lane.gap_at(event.position().x() - MARGIN))

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        super().dragLeaveEvent(event)
        self._set_gap(None)

    def dropEvent(self, event: QDropEvent) -> None:
        gap = self.lane.gap_at(event.position().x() - MARGIN)
        self._set_gap(None)
        self.dropped.emit(event.mimeData(), gap)
        event.acceptProposedAction()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.unsetCursor()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._words_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def _scrub(self, x: float) -> None:
        self.scrubbed.emit()
        document = self._editor.document
        self._editor.go(round(self.lane.time(x) * document.fps) / document.fps)

    def _point(self, at: QPointF) -> None:
        on_boundary = at.y() >= RULER and self.lane.boundary_at(at.x() - MARGIN) is not None
        self.setCursor(Qt.CursorShape.SizeHorCursor if on_boundary else Qt.CursorShape.ArrowCursor)

    def _set_gap(self, gap: int | None) -> None:
        self._gap = gap
        self.update()

    def _words_at(self, at: QPointF) -> str:
        lane, x = self.lane, at.x() - MARGIN
        if at.y() < RULER:
            return "Drag to move the playhead"
        boundary, block = lane.boundary_at(x), lane.block_at(x)
        if boundary is not None:
            return "Drag to change how long it takes"
        return "" if block is None else f"{self._title(block)}\nDouble click goes there, drag moves it"

    def _title(self, index: int) -> str:
        keyframe = self._editor.document.keyframes[index]
        title = f"Keyframe {index + 1}, seed {keyframe.point.seed}"
        return f"{title}, {keyframe.seconds:.2f} s to the next" if self.lane.has_way(index) else title

    def _show(self) -> None:
        document = self._editor.document
        many = words.counted(len(document.keyframes), "keyframe")
        chosen = f"{self._title(self._editor.selected)} is chosen. " if document.keyframes else ""
        self.setAccessibleDescription(f"{many}. {chosen}The playhead is at {document.time:.2f} s.")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(MARGIN, 0)
        lane = LanePainter(painter, self, self.lane)
        lane.paint_ruler()
        lane.paint_ready(self._ahead.ready)
        for index, keyframe in enumerate(self._editor.document.keyframes):
            dimmed = self._hand is Hand.MOVING and index == self._index
            lane.paint_block(index, self._thumbnails.image(keyframe), dimmed=dimmed)
        if self._editor.document.keyframes:
            lane.paint_ring(self._editor.selected, strong=self.hasFocus())
            lane.paint_playhead()
        if self._gap is not None:
            lane.paint_gap(self._gap)
        painter.end()
