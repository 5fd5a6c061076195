"""Pictures on screen: from arrays to Qt, and one picture shown as large as its place allows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTemporaryDir, QUrl
from PySide6.QtGui import (
    QAction,
    QColor,
    QContextMenuEvent,
    QDrag,
    QGuiApplication,
    QImage,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPixmap,
)
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QSizePolicy, QWidget

from studio.gui.theme import PICTURE_CORNER_PX, Theme

if TYPE_CHECKING:
    from numpy.typing import NDArray

SMOOTH_FROM = 256
THUMBNAIL = 96
EDGE = "#20000000"  # black, an eighth of it


def to_qimage(picture: NDArray[np.uint8]) -> QImage:
    """A copy of a picture as a `QImage` that owns its memory.

    Args:
        picture: uint8 (H, W, 3), RGB.

    Raises:
        ValueError: another type or shape.
    """
    if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3 or 0 in picture.shape:
        raise ValueError(f"A picture is uint8 (H, W, 3), not {picture.dtype} {picture.shape}.")
    rows = np.ascontiguousarray(picture)
    height, width, _ = rows.shape
    return QImage(rows.data, width, height, width * 3, QImage.Format.Format_RGB888).copy()


def shown_size(picture: QSize, room: QSize, smooth_from: int = SMOOTH_FROM) -> QSize:
    """The size to show a picture at: a whole multiple of a small one's, all the room for a large one."""
    if picture.isEmpty() or room.isEmpty():
        return QSize(0, 0)
    factor = min(room.width() // picture.width(), room.height() // picture.height())
    if factor >= 1 and max(picture.width(), picture.height()) < smooth_from:
        return picture * factor
    return picture.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)


class PictureView(QWidget):
    """One picture, in the middle of its place; its place is kept while there is none.

    A picture can be dragged out, copied (Ctrl+C) and saved (Ctrl+S); the context menu offers the same.

    Attributes:
        copy_action, save_action: for menus and buttons elsewhere.
    """

    def __init__(self, parent: QWidget | None = None, *, minimum: int = 96) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._pixmap = QPixmap()
        self._pressed: QPoint | None = None
        self._dragged_to: QTemporaryDir | None = None
        self.setMinimumSize(minimum, minimum)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Picture")
        self.copy_action = self._action("Copy picture", QKeySequence.StandardKey.Copy, self.copy)
        self.save_action = self._action("Save picture…", QKeySequence.StandardKey.Save, self.save)

    def image(self) -> QImage:
        """The picture, at its own size; null when there is none."""
        return self._image

    def set_picture(self, picture: NDArray[np.uint8] | None, text: Mapping[str, str] | None = None) -> None:
        """Shows uint8 (H, W, 3), or nothing. `text` goes into the text chunks of a saved or dragged PNG."""
        self._image = QImage() if picture is None else to_qimage(picture)
        for key, value in (text or {}).items():
            self._image.setText(key, value)
        self._pixmap = QPixmap.fromImage(self._image) if picture is not None else QPixmap()
        for action in (self.copy_action, self.save_action):
            action.setEnabled(picture is not None)
        self.update()

    def factor(self) -> float:
        """How many times larger than itself the picture is shown, in device pixels; 0 when there is none."""
        if self._image.isNull():
            return 0.0
        return self.picture_rect().width() * self.devicePixelRatioF() / self._image.width()

    def picture_rect(self) -> QRectF:
        """Where the picture is, in the widget's own coordinates."""
        ratio = self.devicePixelRatioF()
        room = QSize(int(self.width() * ratio), int(self.height() * ratio))
        size = shown_size(self._image.size(), room)
        width, height = size.width() / ratio, size.height() / ratio
        return QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)

    def copy(self) -> None:
        """Puts the picture on the clipboard."""
        if not self._image.isNull():
            QGuiApplication.clipboard().setImage(self._image)

    def save(self) -> None:
        """Asks where, and writes a PNG."""
        if self._image.isNull():
            return
        path, _ = QFileDialog.getSaveFileName(self, "Save picture", "picture.png", "PNG (*.png)")
        if path:
            self._image.save(path if Path(path).suffix else f"{path}.png")

    def sizeHint(self) -> QSize:
        return QSize(320, 320)

    def _action(self, text: str, key: QKeySequence.StandardKey, call: object) -> QAction:
        action = QAction(text, self)
        action.setShortcut(key)
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.setEnabled(False)
        action.triggered.connect(call)
        self.addAction(action)
        return action

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions([self.copy_action, self.save_action])
        menu.popup(event.globalPos())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not self._image.isNull():
            self._pressed = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        if (event.position().toPoint() - self._pressed).manhattanLength() >= QApplication.startDragDistance():
            self._pressed = None
            self._drag_out()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self._pressed = None

    def drag_data(self) -> QMimeData:
        """What leaves with a drag: the picture, and a PNG file for places that take files alone."""
        if self._dragged_to is None:
            self._dragged_to = QTemporaryDir()
        path = self._dragged_to.filePath("picture.png")
        self._image.save(path)
        data = QMimeData()
        data.setImageData(self._image)
        data.setUrls([QUrl.fromLocalFile(path)])
        return data

    def _drag_out(self) -> None:
        drag = QDrag(self)
        drag.setMimeData(self.drag_data())
        drag.setPixmap(self._pixmap.scaled(THUMBNAIL, THUMBNAIL, Qt.AspectRatioMode.KeepAspectRatio))
        drag.exec(Qt.DropAction.CopyAction)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._image.isNull():
            side = min(self.width(), self.height())
            empty = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.raised))
            painter.drawRoundedRect(empty, PICTURE_CORNER_PX, PICTURE_CORNER_PX)
        else:
            self._paint_picture(painter)
            paint_edge(painter, self.picture_rect())
        if self.hasFocus():
            paint_edge(painter, QRectF(self.rect()) if self._image.isNull() else self.picture_rect(), theme.accent)
        painter.end()

    def _paint_picture(self, painter: QPainter) -> None:
        place = self.picture_rect()
        whole = self.factor() == round(self.factor())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not whole)
        path = QPainterPath()
        path.addRoundedRect(place, PICTURE_CORNER_PX, PICTURE_CORNER_PX)
        painter.setClipPath(path)
        painter.drawPixmap(place, self._pixmap, QRectF(self._pixmap.rect()))
        painter.setClipping(False)


def paint_edge(painter: QPainter, place: QRectF, colour: str = EDGE) -> None:
    """A thin edge on a picture: a white one is told from a white pane, and nothing else is seen of it."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QColor(colour))
    painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), PICTURE_CORNER_PX, PICTURE_CORNER_PX)


def paint_tile(painter: QPainter, image: QImage, cell: QRect, ratio: float) -> None:
    """One picture of many, filling a cell with rounded corners.

    A small picture is first enlarged by a whole factor without smoothing, then brought to size: pixels stay squares
    although the cell is no whole multiple.
    """
    size = QSize(round(cell.width() * ratio), round(cell.height() * ratio))
    factor = max(-(-size.width() // image.width()), -(-size.height() // image.height()))
    if factor > 1:
        image = image.scaled(image.size() * factor)
    image = image.scaled(
        size,
        Qt.AspectRatioMode.KeepAspectRatioByExpanding,
        Qt.TransformationMode.SmoothTransformation,
    )
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(QPointF(cell.topLeft()))
    painter.scale(1 / ratio, 1 / ratio)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QPixmap.fromImage(image))
    painter.drawRoundedRect(QRectF(QPointF(), size.toSizeF()), PICTURE_CORNER_PX * ratio, PICTURE_CORNER_PX * ratio)
    painter.scale(ratio, ratio)
    paint_edge(painter, QRectF(QPointF(), cell.size().toSizeF()))
    painter.restore()
