"""How a layout looks: boxes with their labels, what is selected, the lines that edges stand on."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QIcon, QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QWidget

from studio.data.layout_files import Box
from studio.edit.layout import LayoutObject
from studio.edit.layout_arranging import HANDLES, Handle
from studio.gui.canvases.layout_colours import label_colour
from studio.gui.canvases.layout_editor import LayoutEditor
from studio.gui.canvases.layout_gestures import Gesture
from studio.gui.theme import PICTURE_CORNER_PX, SMALL_PX, Theme, base_font
from studio.gui.widgets.icons import icon

HANDLE_PX = 8
REACH_PX = 7
TAG_PX = 18
LOCK_PX = 12


def placed(box: Box, page: QRectF) -> QRectF:
    """Where a box of the picture is on a page."""
    x, y, width, height = box
    return QRectF(
        page.left() + x * page.width(), page.top() + y * page.height(), width * page.width(), height * page.height()
    )


def handle_point(handle: Handle, frame: QRectF) -> QPointF:
    """The middle of a handle of a frame."""
    return QPointF(
        frame.center().x() + handle.x * frame.width() / 2, frame.center().y() + handle.y * frame.height() / 2
    )


def handle_at(position: QPointF, page: QRectF, box: Box) -> Handle | None:
    """The handle under the pointer, the nearest where several are; corners alone where a frame is small."""
    frame = placed(box, page)
    found = []
    for handle in HANDLES:
        side = frame.width() if handle.x == 0 else frame.height()
        away = position - handle_point(handle, frame)
        far = max(abs(away.x()), abs(away.y()))
        if far <= REACH_PX and (handle.x * handle.y or side >= 4 * REACH_PX):
            found.append((far, handle.x, handle.y))
    return Handle(*min(found)[1:]) if found else None


class LayoutPainter:
    """Paints the parts of a page. `end` when all is painted."""

    def __init__(self, widget: QWidget, page: QRectF) -> None:
        self._theme = Theme.of(widget)
        self._page = page
        self._lock = QIcon()
        self._painter = QPainter(widget)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def end(self) -> None:
        """Nothing more will be painted."""
        self._painter.end()

    def page(self, picture: QImage) -> None:
        """The page itself, with the picture on it where there is one."""
        painter, page = self._painter, self._page
        path = QPainterPath()
        path.addRoundedRect(page, PICTURE_CORNER_PX, PICTURE_CORNER_PX)
        painter.fillPath(path, QColor(self._theme.raised))
        if not picture.isNull():
            painter.setClipPath(path)
            whole = page.width() / picture.width() == page.width() // picture.width()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not whole)
            painter.drawImage(page, picture)
            painter.setClipping(False)

    def boxes(self, editor: LayoutEditor) -> None:
        """Every object, from the back to the front."""
        if any(one.locked for one in editor.document.objects):
            self._lock = icon("ri.lock-fill", self._theme.ink)
        for place, one in enumerate(editor.document.objects):
            self._box(one, label_colour(one.label, editor.labels, self._theme), place in editor.selection)

    def hint(self, first: str, second: str) -> None:
        """Words on an empty page."""
        painter = self._painter
        flags = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        middle = self._page.center().y()
        painter.setPen(QColor(self._theme.ink))
        painter.setFont(base_font(weight=QFont.Weight.DemiBold))
        painter.drawText(QRectF(self._page.left(), middle - 22, self._page.width(), 20), flags, first)
        painter.setPen(QColor(self._theme.dim))
        painter.setFont(base_font())
        painter.drawText(QRectF(self._page.left(), middle + 2, self._page.width(), 20), flags, second)

    def gesture(self, gesture: Gesture) -> None:
        """The lines that edges stand on, or the frame around what is being chosen."""
        painter, page = self._painter, self._page
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._theme.warm), 1))
        if gesture.lines is not None:
            for x in gesture.lines.x:
                at = page.left() + x * page.width()
                painter.drawLine(QPointF(at, page.top()), QPointF(at, page.bottom()))
            for y in gesture.lines.y:
                at = page.top() + y * page.height()
                painter.drawLine(QPointF(page.left(), at), QPointF(page.right(), at))
        if gesture.marquee is not None:
            painter.setPen(QPen(QColor(self._theme.accent), 1, Qt.PenStyle.DashLine))
            painter.drawRect(placed(gesture.marquee, page))

    def frame(self, editor: LayoutEditor) -> None:
        """The handles of what is selected."""
        free = editor.document.free(editor.selection)
        if not free:
            return
        painter, frame = self._painter, placed(editor.document.frame(free), self._page)
        if len(free) > 1:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self._theme.accent), 1, Qt.PenStyle.DashLine))
            painter.drawRect(frame)
        painter.setPen(QPen(QColor(self._theme.accent), 1.5))
        painter.setBrush(QColor(self._theme.pane))
        for handle in HANDLES:
            side = frame.width() if handle.x == 0 else frame.height()
            if handle.x * handle.y or side >= 4 * REACH_PX:
                middle = handle_point(handle, frame)
                painter.drawRoundedRect(
                    QRectF(middle.x() - HANDLE_PX / 2, middle.y() - HANDLE_PX / 2, HANDLE_PX, HANDLE_PX), 2, 2
                )

    def focus(self) -> None:
        """A ring around the page that the keys go to."""
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.setPen(QColor(self._theme.accent))
        around = self._page.adjusted(-1.5, -1.5, 1.5, 1.5)
        self._painter.drawRoundedRect(around, PICTURE_CORNER_PX + 1, PICTURE_CORNER_PX + 1)

    def _box(self, one: LayoutObject, colour: QColor, selected: bool) -> None:
        painter, place = self._painter, placed(one.box, self._page)
        fill = QColor(colour)
        fill.setAlphaF(0.16)
        painter.setBrush(fill)
        painter.setPen(QPen(QColor(self._theme.accent) if selected else colour, 2 if selected else 1.5))
        painter.drawRoundedRect(place.adjusted(0.75, 0.75, -0.75, -0.75), 2, 2)
        self._tag(one, place)

    def _tag(self, one: LayoutObject, place: QRectF) -> None:
        """The label, in the corner of its box, as far as there is room."""
        painter = self._painter
        font = base_font(SMALL_PX, QFont.Weight.DemiBold)
        metrics = QFontMetricsF(font)
        lock = LOCK_PX + 4 if one.locked else 0
        room = place.width() - 14 - lock
        if room < metrics.horizontalAdvance("…") or place.height() < TAG_PX + 4:
            return
        text = metrics.elidedText(one.label, Qt.TextElideMode.ElideRight, room)
        tag = QRectF(place.left() + 3, place.top() + 3, metrics.horizontalAdvance(text) + 8 + lock, TAG_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.pane))
        painter.drawRoundedRect(tag, 3, 3)
        painter.setPen(QColor(self._theme.ink))
        painter.setFont(font)
        painter.drawText(tag.adjusted(4, 0, 0, 0), int(_LEFT), text)
        if one.locked:
            side = QRectF(tag.right() - lock, tag.center().y() - LOCK_PX / 2, LOCK_PX, LOCK_PX)
            self._lock.paint(painter, side.toRect())


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
