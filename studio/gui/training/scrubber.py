"""A slider over the kept steps of a run, whose right end is now."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QWidget

from studio.gui.theme import Theme
from studio.gui.widgets.basics import DimLabel
from studio.gui.widgets.track import GROOVE_INSET, RADIUS, paint_slider
from studio.gui.words import count


class Scrubber(QWidget):
    """Chooses among the kept steps of a run; the right end follows the newest.

    Signals:
        chosen(step): a person went to a kept step.
        live_chosen(): a person went back to the newest.
    """

    chosen = Signal(int)
    live_chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: list[int] = []
        self._first = DimLabel("")
        self._last = DimLabel("live")
        self.slider = _Slider(self)
        self.slider.setAccessibleName("Sample history")
        self.slider.valueChanged.connect(self._moved)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for label in (self._first, self._last):
            label.setWordWrap(False)
        row.addWidget(self._first)
        row.addWidget(self.slider, 1)
        row.addWidget(self._last)
        self.set_steps([])

    @property
    def is_live(self) -> bool:
        """Whether it stands at its right end."""
        return self.slider.value() == self.slider.maximum()

    def set_steps(self, steps: Sequence[int]) -> None:
        """Offers these steps, in order. Where a person looks back, they go on looking at the same one."""
        looked_at = None if self.is_live else self._steps[self.slider.value()]
        self._steps = list(steps)
        self.slider.blockSignals(True)
        self.slider.setRange(0, len(self._steps))
        self.slider.setValue(self._steps.index(looked_at) if looked_at in self._steps else len(self._steps))
        self.slider.blockSignals(False)
        self.slider.setEnabled(bool(self._steps))
        self.slider.update()
        self._first.setText(count(self._steps[0]) if self._steps else "")
        for label in (self._first, self._last):
            label.setVisible(bool(self._steps))

    def go_to(self, step: int) -> None:
        """Goes to the kept step nearest to `step`, as by hand."""
        if self._steps:
            self.slider.setValue(min(range(len(self._steps)), key=lambda index: abs(self._steps[index] - step)))

    def go_live(self) -> None:
        """Goes to the right end, as by hand."""
        self.slider.setValue(self.slider.maximum())

    def set_training(self, training: bool) -> None:
        """What the right end is called: a run that has ended has a newest step, but is not live."""
        self._last.setText("live" if training else "end")

    def _moved(self, index: int) -> None:
        if self.is_live:
            self.slider.setAccessibleDescription("live")
            self.live_chosen.emit()
        else:
            self.slider.setAccessibleDescription(f"step {self._steps[index]}")
            self.chosen.emit(self._steps[index])


class _Slider(QSlider):
    """A thin slider that goes where it is pressed. Arrows go a step, Home to the first, End to now."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(120, 20)

    def minimumSizeHint(self) -> QSize:
        return QSize(48, 20)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._go(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def _go(self, x: float) -> None:
        left, right = RADIUS + 2, self.width() - RADIUS - 2
        self.setValue(round((x - left) / max(right - left, 1.0) * self.maximum()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.of(self)
        fraction = self.value() / self.maximum() if self.maximum() else 1.0
        left, right = RADIUS + 2, self.width() - RADIUS - 2
        at = QPointF(left + fraction * (right - left), self.height() / 2)
        paint_slider(self, at, GROOVE_INSET, theme.accent if self.isEnabled() else theme.line)
