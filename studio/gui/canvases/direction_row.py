"""One direction: its name, which a person gives it, and a slider in standard deviations."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from studio.edit.directions import LONGEST_NAME, Direction, Span, numbered
from studio.gui.canvases.rows import NAME_WIDTH, follow, row
from studio.gui.widgets.slider import ValueSlider

REACH = 5.0
INSET = 2  # what a field keeps free beside its text; the other names of the panel have none
ALL = "All"


class DirectionRow(QWidget):
    """A double click on the name, or F2, names it; a double click on the slider goes back to 0.

    Args:
        number: counted from 1.
        layers: the model's named stretches of layers; empty for models that mix no styles.

    Attributes:
        name, slider: its parts.

    Signals:
        moved(amount): the slider moves.
        released(): the hand let go of it.
        renamed(name): it has another name.
        layers_chosen(span): it is to move these layers of w; None for all.
    """

    moved = Signal(float)
    released = Signal()
    renamed = Signal(str)
    layers_chosen = Signal(object)

    def __init__(self, number: int, layers: Mapping[str, Span], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._unnamed = numbered(number)
        self._layers = layers
        self._span: Span | None = None
        self.name = _Name(self)
        self.name.setFixedWidth(NAME_WIDTH - 4)
        self.name.chosen.connect(self.renamed)
        self.slider = ValueSlider(-REACH, REACH, 0, signed=True)
        self.slider.changed.connect(self.moved)
        self.slider.committed.connect(lambda _amount: self.released.emit())
        layout = row(self.name, self.slider, spacing=4)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.setFocusProxy(self.slider)

    def show_direction(self, direction: Direction) -> None:
        """Brings it up to date."""
        self._span = direction.span
        called = direction.name or self._unnamed
        self.name.show_name(called)
        where = next((name.lower() for name, span in self._layers.items() if span == direction.span), "")
        kept = f", {where or 'some'} layers" if direction.span else ""
        self.name.setToolTip(f"{called}: {direction.share:.1%} of all variance{kept}. Double-click to name it (F2)")
        self.slider.setAccessibleName(f"{called}{kept}")
        self.slider.setToolTip(f"In standard deviations{kept}")
        follow(self.slider, direction.amount)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def menu(self) -> QMenu:
        """What can be done with it: naming, and, where there are layers, which of them it moves."""
        menu = QMenu(self)
        menu.addAction("Name it", self.name.begin)
        if self._layers:
            menu.addSeparator()
        for name, span in self._layers.items():
            action = QAction(f"{name} layers", menu)
            action.setCheckable(True)
            meant = None if name == ALL else span
            action.setChecked(self._span == meant)
            action.triggered.connect(lambda _checked, meant=meant: self.layers_chosen.emit(meant))
            menu.addAction(action)
        return menu


class _Name(QLineEdit):
    """A name that reads as a label until it is double-clicked.

    Signals:
        chosen(name): another name, taken on Enter or on leaving; Escape goes back.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._shown = ""
        self.setProperty("look", "value")
        self.setMaxLength(LONGEST_NAME)
        self.setTextMargins(-INSET, 0, 0, 0)
        self.setReadOnly(True)
        self.setAccessibleName("Name of the direction")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.returnPressed.connect(self._take)

    def show_name(self, name: str) -> None:
        """Shows a name; what was being typed is dropped."""
        self._shown = name
        self.setReadOnly(True)
        self.setText(name)
        self.setCursorPosition(0)

    def begin(self) -> None:
        """Lets a person type."""
        self.setReadOnly(False)
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self.begin()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F2:
            self.begin()
        elif event.key() == Qt.Key.Key_Escape and not self.isReadOnly():
            self.show_name(self._shown)
        elif self.isReadOnly():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._take()

    def _take(self) -> None:
        if self.isReadOnly():
            return
        name = self.text().strip()
        changed = bool(name) and name != self._shown
        self.show_name(name if changed else self._shown)
        if changed:
            self.chosen.emit(name)
