"""A checkpoint as a tile: its pictures, its step, a pin where it is kept for good, a star where it scored best."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QEvent, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFont, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from studio.gui import words
from studio.gui.pages.kept import Kept
from studio.gui.theme import Theme, base_font
from studio.gui.widgets.icons import icon
from studio.gui.widgets.mosaic import Mosaic
from studio.gui.widgets.tile import paint_frame

SIDE = 84
EDGE = 3
WORDS_PX = 22
BADGE_PX = 22
PIN_PX = 16


class KeptTile(QAbstractButton):
    """Checked where it is pinned. Tab reaches it; a click, Space or Enter pins it or lets it go.

    Attributes:
        kept: the checkpoint.

    Signals:
        reached(): the keyboard has come to it.
    """

    reached = Signal()

    def __init__(self, kept: Kept, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kept = kept
        self._face = Mosaic(2, "ri.save-line", parent=self)
        self._face.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._face.set_pictures(kept.pictures)
        self._face.setGeometry(EDGE, EDGE, SIDE - 2 * EDGE, SIDE - 2 * EDGE)
        self._badge = _Badge(self)
        self._badge.move(SIDE - EDGE - BADGE_PX - 3, EDGE + 3)
        self._star = _Star(self)
        self._star.move(EDGE + 3, EDGE + 3)
        self.setCheckable(True)
        self.setChecked(kept.pinned)
        self.setText(words.count(kept.step))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedSize(SIDE, SIDE + WORDS_PX)
        self.toggled.connect(self._say)
        self._say(kept.pinned)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and cast("QKeyEvent", event).key() == Qt.Key.Key_Delete:
            event.accept()  # the page's Delete is about whole runs
            return True
        return super().event(event)

    def renew(self, kept: Kept) -> bool:
        """Shows what has become of its checkpoint; False where that is another, or has other pictures."""
        if kept.name != self.kept.name:
            return False
        self.kept = kept
        self.setChecked(kept.pinned)
        self._say(kept.pinned)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.reached.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        paint_frame(painter, self)
        weight = QFont.Weight.DemiBold if self.isChecked() else QFont.Weight.Normal
        painter.setFont(base_font(12, weight))
        painter.setPen(QColor(theme.ink if self.isChecked() else theme.dim))
        painter.drawText(QRect(0, SIDE - 1, SIDE, WORDS_PX - 3), int(Qt.AlignmentFlag.AlignCenter), self.text())
        painter.end()

    def _say(self, pinned: bool) -> None:
        step = words.count(self.kept.step)
        kept = "Kept for good. Click to let it go with the next one" if pinned else "Click to keep it for good"
        if self.kept.best and not pinned:
            kept = f"Kept while it is the best. {kept}"
        self.setToolTip(f"{self.kept.about}\n{kept}")
        score = f", {self.kept.score}" if self.kept.score else ""
        self.setAccessibleName(f"Step {step}, {'pinned' if pinned else 'not pinned'}{score}")
        self._star.setVisible(self.kept.best)
        self._badge.update()


class _Corner(QWidget):
    """A round mark in a corner of a tile, which lets clicks through."""

    def __init__(self, tile: KeptTile) -> None:
        super().__init__(tile)
        self._tile = tile
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFixedSize(BADGE_PX, BADGE_PX)

    def _mark(self, name: str, ground: str, ink: str) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawEllipse(QRectF(self.rect()))
        margin = (BADGE_PX - PIN_PX) // 2
        icon(name, ink).paint(painter, self.rect().adjusted(margin, margin, -margin, -margin))
        painter.end()


class _Badge(_Corner):
    """A pin: full where the checkpoint is pinned, an outline where it could be."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        pinned = self._tile.isChecked()
        theme = Theme.of(self)
        if pinned:
            self._mark("ri.pushpin-fill", theme.accent, theme.on_accent)
        elif self._tile.hasFocus() or self._tile.underMouse():
            self._mark("ri.pushpin-line", theme.pane, theme.ink)


class _Star(_Corner):
    """The checkpoint that scored best."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.of(self)
        self._mark("ri.star-fill", theme.pane, theme.accent)
