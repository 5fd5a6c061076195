"""One pinned picture, or the place for one."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QContextMenuEvent, QImage, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QMenu, QWidget

from studio.edit.latent import Pin
from studio.gui.theme import PICTURE_CORNER_PX, Theme
from studio.gui.widgets.picture import paint_tile, to_qimage

PIN_PX = 64
BADGE_PX = 18


class PinButton(QAbstractButton):
    """A pinned picture with its letter. A click goes there, or pins what is shown where nothing is pinned yet.

    Attributes:
        pin: which one it is.

    Signals:
        go_wanted(): go to the pinned point.
        pin_wanted(): pin what is shown.
        unpin_wanted(): take the pin out.
    """

    go_wanted = Signal()
    pin_wanted = Signal()
    unpin_wanted = Signal()

    def __init__(self, name: Pin, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pin: Pin = name
        self._image = QImage()
        self._pinned = self._at = False
        self.clicked.connect(self._choose)
        self.setFixedSize(PIN_PX, PIN_PX)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.set_pinned(False, at=False)

    def set_pinned(self, pinned: bool, *, at: bool) -> None:
        """Whether there is a pin, and whether the picture is at it."""
        self._pinned, self._at = pinned, at
        letter = self.pin.upper()
        key = "1" if self.pin == "a" else "2"
        if not pinned:
            self._image = QImage()
        words = f"Go to {letter} ({key} pins what is shown)" if pinned else f"Pin what is shown as {letter} ({key})"
        self.setToolTip(words)
        self.setAccessibleName(words)
        self.update()

    def set_picture(self, picture: np.ndarray) -> None:
        """Shows uint8 (H, W, 3)."""
        self._image = to_qimage(picture)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(PIN_PX, PIN_PX)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for words, signal, useful in (
            ("Go here", self.go_wanted, self._pinned),
            ("Pin what is shown", self.pin_wanted, True),
            ("Remove pin", self.unpin_wanted, self._pinned),
        ):
            action = QAction(words, menu)
            action.setEnabled(useful)
            action.triggered.connect(signal)
            menu.addAction(action)
        menu.popup(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._pinned:
            self.unpin_wanted.emit()
            return
        super().keyPressEvent(event)

    def _choose(self) -> None:
        (self.go_wanted if self._pinned else self.pin_wanted).emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inside = self.rect().adjusted(1, 1, -1, -1)
        if self._image.isNull():
            self._paint_place(painter, theme, inside)
        else:
            paint_tile(painter, self._image, inside, self.devicePixelRatioF())
            self._paint_letter(painter, theme)
        if self.hasFocus() or self._at:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.drawRoundedRect(inside, PICTURE_CORNER_PX, PICTURE_CORNER_PX)
        painter.end()

    def _paint_place(self, painter: QPainter, theme: Theme, inside: QRect) -> None:
        painter.setPen(QPen(QColor(theme.dim), 1, Qt.PenStyle.DashLine))
        painter.setBrush(QColor(theme.raised))
        painter.drawRoundedRect(inside.adjusted(0, 0, -1, -1), PICTURE_CORNER_PX, PICTURE_CORNER_PX)
        painter.setPen(QColor(theme.dim))
        painter.drawText(inside, Qt.AlignmentFlag.AlignCenter, f"Pin {self.pin.upper()}")

    def _paint_letter(self, painter: QPainter, theme: Theme) -> None:
        badge = QRect(5, self.height() - BADGE_PX - 5, BADGE_PX, BADGE_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.pane))
        painter.drawRoundedRect(badge, PICTURE_CORNER_PX, PICTURE_CORNER_PX)
        painter.setPen(QColor(theme.ink))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, self.pin.upper())
