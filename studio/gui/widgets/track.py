"""The track and handle of a slider, painted thin; to screen readers an ordinary slider."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QSlider, QWidget

from studio.gui.theme import Theme
from studio.gui.widgets.scale import Scale

POSITIONS = 1000
RADIUS = 6.5
GROOVE = 4.0
GROOVE_INSET = 2.0
FINE = 0.1
NOTCH = 120.0
PAGE = 10


class Track(QSlider):
    """A horizontal slider over a `Scale`. `QSlider` gives it its accessible role and value; the rest is ours.

    Signals:
        moved(value): a hand, wheel or key moved it.
        released(): a drag or a held key is over.
        paused(): a wheel turned; a gesture that has no end of its own.
        reset(): a double click.
        typed(text): a person begins to type a value; empty to edit the one there is.
    """

    moved = Signal(float)
    released = Signal()
    paused = Signal()
    reset = Signal()
    typed = Signal(str)

    def __init__(self, scale: Scale, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._scale = scale
        self._shown = scale.minimum
        self._drag: tuple[float, float] | None = None
        self._before = scale.minimum
        self.setRange(0, POSITIONS)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.valueChanged.connect(self._moved_by_screen_reader)

    def show_value(self, value: float, text: str) -> None:
        """Stands the handle at a value."""
        self._shown = value
        self.blockSignals(True)
        self.setValue(round(self._scale.fraction(value) * POSITIONS))
        self.blockSignals(False)
        self.setAccessibleDescription(text)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, 20)

    def minimumSizeHint(self) -> QSize:
        return QSize(48, 20)

    def _moved_by_screen_reader(self, position: int) -> None:
        self.moved.emit(self._scale.value(position / POSITIONS))
        self.released.emit()

    def _span(self) -> tuple[float, float]:
        """The x of both ends of the handle's way."""
        return RADIUS + 2, self.width() - RADIUS - 2

    def _fraction_at(self, x: float) -> float:
        left, right = self._span()
        return (x - left) / max(right - left, 1.0)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        x = event.position().x()
        handle = self._handle().x()
        self._before = self._shown
        if abs(x - handle) > RADIUS + 2 and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.moved.emit(self._scale.value(self._fraction_at(x)))
        self._drag = (x, self._scale.fraction(self._shown))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is None:
            return
        x, fraction = self._drag
        by = self._fraction_at(event.position().x()) - self._fraction_at(x)
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            by *= FINE
        self._drag = (event.position().x(), min(max(fraction + by, 0.0), 1.0))
        self.moved.emit(self._scale.value(self._drag[1]))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None and event.button() == Qt.MouseButton.LeftButton:
            self._drag = None
            self.released.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._drag = None
            self.reset.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self.hasFocus() and page_scrolls(self):
            event.ignore()
            return
        notches = (event.angleDelta().y() or event.angleDelta().x()) / NOTCH
        if notches:
            fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.moved.emit(self._scale.stepped(self._shown, notches, fine=fine))
            self.paused.emit()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        steps = _STEPS.get(Qt.Key(event.key()))
        if self._drag is not None and event.key() == Qt.Key.Key_Escape:
            self._drag = None
            self.moved.emit(self._before)
            self.released.emit()
        elif steps is not None:
            self.moved.emit(self._scale.stepped(self._shown, steps, fine=fine))
        elif event.key() == Qt.Key.Key_Home:
            self.moved.emit(self._scale.minimum)
        elif event.key() == Qt.Key.Key_End:
            self.moved.emit(self._scale.maximum)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self.typed.emit("")
        elif event.text() and event.text() in "0123456789.-+":
            self.typed.emit(event.text())
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not event.isAutoRepeat():
            self.released.emit()

    def _handle(self) -> QPointF:
        left, right = self._span()
        return QPointF(left + self._scale.fraction(self._shown) * (right - left), self.height() / 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.of(self)
        left, right = self._span()
        origin = left + self._scale.origin * (right - left) if self._scale.origin else GROOVE_INSET
        paint_slider(self, self._handle(), origin, theme.accent if self.isEnabled() else theme.dim)


def paint_slider(slider: QSlider, handle: QPointF, origin: float, colour: str) -> None:
    """Paints a thin slider.

    Args:
        slider: whose place, state and theme it is.
        handle: the middle of the handle.
        origin: where what is set begins; from there to the handle the groove is filled.
        colour: of the filling.
    """
    theme = Theme.of(slider)
    groove = QRectF(GROOVE_INSET, handle.y() - GROOVE / 2, slider.width() - 2 * GROOVE_INSET, GROOVE)
    painter = QPainter(slider)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.line))
    painter.drawRoundedRect(groove, GROOVE / 2, GROOVE / 2)
    groove.setLeft(min(origin, handle.x()))
    groove.setRight(max(origin, handle.x()))
    painter.setBrush(QColor(colour))
    painter.drawRoundedRect(groove, GROOVE / 2, GROOVE / 2)
    radius = RADIUS
    if slider.hasFocus():
        painter.setBrush(QColor(theme.pane))
        painter.setPen(QPen(QColor(theme.accent), 2))
        painter.drawEllipse(handle, RADIUS + 1.5, RADIUS + 1.5)
        painter.setPen(Qt.PenStyle.NoPen)
        radius -= 1.5
    painter.setBrush(QColor(theme.ink if slider.isEnabled() else theme.dim))
    painter.drawEllipse(handle, radius, radius)
    painter.end()


def page_scrolls(widget: QWidget) -> bool:
    """Whether a wheel over a widget is more likely meant for the page that it stands in."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            return parent.verticalScrollBar().maximum() > 0
        parent = parent.parentWidget()
    return False


_STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Down: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: 1,
    Qt.Key.Key_PageDown: -PAGE,
    Qt.Key.Key_PageUp: PAGE,
}
