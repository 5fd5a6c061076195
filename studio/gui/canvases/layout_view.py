"""The page that boxes are drawn on."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from studio.edit.layout_arranging import MOVE, Handle
from studio.gui.canvases.layout_editor import LayoutEditor
from studio.gui.canvases.layout_gestures import Choose, Draw, Gesture, Hold, Point, Pull
from studio.gui.canvases.layout_painting import LayoutPainter, handle_at
from studio.gui.widgets.picture import shown_size, to_qimage

EDGE = 8
SNAP_PX = 7
SMALLEST_PX = 192
FAR = 8

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier

_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_CURSORS = {
    (-1, -1): Qt.CursorShape.SizeFDiagCursor,
    (1, 1): Qt.CursorShape.SizeFDiagCursor,
    (1, -1): Qt.CursorShape.SizeBDiagCursor,
    (-1, 1): Qt.CursorShape.SizeBDiagCursor,
    (-1, 0): Qt.CursorShape.SizeHorCursor,
    (1, 0): Qt.CursorShape.SizeHorCursor,
    (0, -1): Qt.CursorShape.SizeVerCursor,
    (0, 1): Qt.CursorShape.SizeVerCursor,
}


class LayoutView(QWidget):
    """Shows the boxes of a layout, and lets a hand draw, choose, move and resize them.

    Pressing on nothing draws, on a box chooses and moves it, on a handle resizes. Ctrl draws on top of a box, Shift
    adds to what is selected or moves straight, Alt leaves out snapping, Escape takes the gesture back. Arrows move by a
    pixel of the picture, with Shift by eight, with Ctrl they resize.

    Args:
        editor: the document.
        resolution: height and width of the model's pictures.

    Attributes:
        behind: whether the picture is shown behind the boxes.

    Signals:
        naming_wanted(): a person wants to say what a box holds.
        menu_wanted(place): a person wants the menu of what is selected, at a global place.
    """

    naming_wanted = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, editor: LayoutEditor, resolution: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.behind = False
        self._editor = editor
        self._resolution = resolution
        self._gesture: Gesture | None = None
        self._pressed: QPointF | None = None
        self._going = False
        self._image = QImage()
        self.setMinimumSize(SMALLEST_PX, SMALLEST_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Layout")
        editor.changed.connect(self._follow)
        editor.selection_changed.connect(self._tell)
        self._tell()

    def page(self) -> QRectF:
        """Where the picture's boxes are, in the widget's own coordinates: as large as the picture beside is shown."""
        ratio = self.devicePixelRatioF()
        room = QSize(int((self.width() - 2 * EDGE) * ratio), int((self.height() - 2 * EDGE) * ratio))
        size = shown_size(QSize(self._resolution, self._resolution), room)
        width, height = size.width() / ratio, size.height() / ratio
        return QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)

    def show_picture(self, pixels: np.ndarray | None) -> None:
        """What stands behind the boxes, uint8 (H, W, 3), where that is wanted."""
        self._image = QImage() if pixels is None else to_qimage(pixels)
        if self.behind:
            self.update()

    def set_behind(self, behind: bool) -> None:
        """Shows the picture behind the boxes, or not."""
        self.behind = behind
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._gesture is not None:
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._pressed = event.position()
        self._gesture = self._begun(event.position(), event.modifiers())
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._gesture is None:
            self._point(event.position(), event.modifiers())
        elif self._pressed is None or self._far_from(self._pressed, event.position()):
            self._pressed = None
            self._go(event.position(), event.modifiers())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._gesture is None:
            return
        gesture, self._gesture = self._gesture, None
        if self._pressed is None:
            gesture.finish()
        elif isinstance(gesture, Draw):
            self._click(self._pressed)
        elif isinstance(gesture, Pull) and not event.modifiers() & SHIFT:
            self._settle(self._pressed)
        self._pressed = None
        self._point(event.position(), event.modifiers())
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._object_at(event.position()) is not None:
            self.naming_wanted.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        place = self._object_at(QPointF(event.pos()))
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        if by_mouse and place is not None and place not in self._editor.selection:
            self._editor.select([place])
        self.menu_wanted.emit(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() == Qt.Key.Key_Escape and (self._gesture is not None or self._editor.selection):
            self._think_better()
        elif event.key() in _ARROWS and modifiers in (Qt.KeyboardModifier.NoModifier, SHIFT, CTRL, CTRL | SHIFT):
            self._nudge(Qt.Key(event.key()), modifiers)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ARROWS and not event.isAutoRepeat() and self._gesture is None:
            self._editor.end_gesture()
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = LayoutPainter(self, self.page())
        painter.page(self._image if self.behind else QImage())
        painter.boxes(self._editor)
        if not self._editor.document.objects:
            painter.hint("Press and drag to draw a box", "or choose a layout below to start from")
        if self._gesture is not None:
            painter.gesture(self._gesture)
        painter.frame(self._editor)
        if self.hasFocus():
            painter.focus()
        painter.end()

    def _begun(self, position: QPointF, modifiers: Qt.KeyboardModifier) -> Gesture | None:
        """The gesture that begins with a press here; None where there is none."""
        editor, start = self._editor, self._at(position)
        handle = self._handle_at(position)
        if handle is not None and not modifiers & CTRL:
            return Pull(editor, start, handle)
        place = self._object_at(position)
        if place is None and modifiers & SHIFT:
            return Choose(editor, start)
        if place is None or modifiers & CTRL:
            return Draw(editor, start) if editor.can_add() else None
        if modifiers & SHIFT:
            editor.select({place} ^ set(editor.selection))
        elif place not in editor.selection:
            editor.select([place])
        return Pull(editor, start, MOVE) if editor.document.free(editor.selection) else None

    def _click(self, position: QPointF) -> None:
        """Where nothing was drawn: with Ctrl on an object it is selected too, or no more; on nothing all is let go."""
        place = self._object_at(position)
        self._editor.select(() if place is None else {place} ^ set(self._editor.selection))

    def _settle(self, position: QPointF) -> None:
        """A click that moved nothing leaves the one object selected that it hit."""
        place = self._object_at(position)
        if place is not None and self._handle_at(position) is None:
            self._editor.select([place])

    def _go(self, position: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        assert self._gesture is not None
        near = 0.0 if modifiers & ALT else SNAP_PX / self.page().width()
        self._going = True
        try:
            self._gesture.go(self._at(position), Hold(near, bool(modifiers & SHIFT)))
        finally:
            self._going = False
        self.update()

    def _think_better(self) -> None:
        """Takes a gesture back; without one, selects nothing."""
        if self._gesture is None:
            self._editor.select(())
            return
        gesture, self._gesture, pressed = self._gesture, None, self._pressed
        self._pressed = None
        if pressed is None:
            gesture.cancel()
        self.update()

    def _nudge(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
        if self._gesture is not None:
            return
        x, y = _ARROWS[key]
        step = (FAR if modifiers & SHIFT else 1) / self._resolution
        (self._editor.grow if modifiers & CTRL else self._editor.nudge)(x * step, y * step)

    def _follow(self) -> None:
        """Another hand (undo, an edit that was opened) ends a gesture: it began from what is no longer there."""
        if not self._going:
            self._gesture = self._pressed = None
        self.update()

    def _tell(self) -> None:
        objects = self._editor.document.objects
        chosen = [objects[place].label for place in self._editor.selection if place < len(objects)]
        selected = f"{', '.join(chosen)} selected" if chosen else "nothing selected"
        self.setAccessibleDescription(f"{len(objects)} objects, {selected}")
        self.update()

    def _point(self, position: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Shows by the pointer what a press would do."""
        handle = None if modifiers & CTRL else self._handle_at(position)
        place = None if modifiers & CTRL else self._object_at(position)
        if handle is not None:
            self.setCursor(_CURSORS[handle.x, handle.y])
        else:
            self.setCursor(Qt.CursorShape.CrossCursor if place is None else Qt.CursorShape.SizeAllCursor)

    def _handle_at(self, position: QPointF) -> Handle | None:
        free = self._editor.document.free(self._editor.selection)
        return handle_at(position, self.page(), self._editor.document.frame(free)) if free else None

    def _object_at(self, position: QPointF) -> int | None:
        """The foremost object there; a selected one first, so that what is behind can be moved."""
        x, y = self._at(position)
        for place in reversed(self._editor.selection):
            left, top, width, height = self._editor.document.objects[place].box
            if left <= x <= left + width and top <= y <= top + height:
                return place
        return self._editor.document.at(x, y)

    def _at(self, position: QPointF) -> Point:
        page = self.page()
        return (position.x() - page.left()) / page.width(), (position.y() - page.top()) / page.height()

    @staticmethod
    def _far_from(start: QPointF, position: QPointF) -> bool:
        return (position - start).manhattanLength() >= min(QApplication.startDragDistance(), 4)
