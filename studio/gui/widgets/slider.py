"""A slider that shows its value and takes a typed one."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from studio.gui.widgets.scale import Scale
from studio.gui.widgets.track import Track

PAUSE_MS = 400
VALUE_WIDTH = 58


class ValueSlider(QWidget):
    """A thin track and its value as text.

    Drag, click, wheel, arrows, Page Up and Page Down, Home and End move it; Shift makes steps fine; Escape takes back
    the drag that it interrupts; a double click goes back to the default; a digit, Enter or a click on the text types a
    value.

    Signals:
        changed(value): while it moves.
        committed(value): once at the end of a gesture that changed it: one undo step.
        rejected(reason): what was typed cannot be taken, in a sentence; empty when that is over.
    """

    changed = Signal(float)
    committed = Signal(float)
    rejected = Signal(str)

    def __init__(
        self,
        minimum: float,
        maximum: float,
        value: float,
        *,
        default: float | None = None,
        log: bool = False,
        integer: bool = False,
        decimals: int = 2,
        signed: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.scale = Scale(minimum, maximum, log, integer, decimals, signed)
        self._value = self._committed = min(max(value, minimum), maximum)
        self._default = self._value if default is None else default
        self.track = Track(self.scale, self)
        self.edit = _ValueEdit(self)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._lay_out()
        self._connect()
        self._show()

    def value(self) -> float:
        """The value it stands at."""
        return self._value

    def set_value(self, value: float) -> None:
        """Moves it without a signal. A value out of bounds goes to the nearest bound."""
        self._value = self._committed = min(max(value, self.scale.minimum), self.scale.maximum)
        self._pause.stop()
        self._show()

    def set_default(self, value: float) -> None:
        """What a double click goes back to."""
        self._default = value

    def setAccessibleName(self, name: str) -> None:
        """Names the slider, its track and its text for screen readers."""
        super().setAccessibleName(name)
        self.track.setAccessibleName(name)
        self.edit.setAccessibleName(f"{name}, value")

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.track, 1)
        row.addWidget(self.edit)
        self.setFocusProxy(self.track)

    def _connect(self) -> None:
        self.track.moved.connect(self._move)
        self.track.paused.connect(self._pause.start)
        self.track.released.connect(self._commit)
        self.track.reset.connect(self._reset)
        self.track.typed.connect(self._begin_typing)
        self.edit.returnPressed.connect(self._take_typed)
        self.edit.left.connect(self._leave_edit)
        self._pause.timeout.connect(self._commit)

    def _show(self) -> None:
        self.track.show_value(self._value, self.scale.text(self._value))
        self.edit.show_text(self.scale.text(self._value))

    def _move(self, value: float) -> None:
        if value == self._value:
            return
        self._value = value
        self._show()
        self.changed.emit(value)

    def _commit(self) -> None:
        self._pause.stop()
        if self._value != self._committed:
            self._committed = self._value
            self.committed.emit(self._value)

    def _reset(self) -> None:
        self._move(self._default)
        self._commit()

    def _begin_typing(self, text: str) -> None:
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.edit.selectAll()
        if text:
            self.edit.insert(text)

    def _take_typed(self) -> None:
        if not self.edit.isModified() and not self.edit.invalid:
            return
        try:
            value = self.scale.read(self.edit.text())
        except ValueError as reason:
            self.edit.show_invalid(str(reason))
            self.rejected.emit(str(reason))
            return
        self._accept_typed(value)

    def _accept_typed(self, value: float) -> None:
        was_invalid = self.edit.invalid
        self._move(value)
        self._show()
        if was_invalid:
            self.rejected.emit("")
        self._commit()

    def _leave_edit(self, give_up: bool) -> None:
        """On Escape or on leaving: what is valid is taken, what is not goes back."""
        if not give_up:
            self._take_typed()
        if self.edit.invalid:
            self.rejected.emit("")
        self._show()
        if give_up:
            self.track.setFocus(Qt.FocusReason.OtherFocusReason)


class _ValueEdit(QLineEdit):
    """The value as text, right-aligned, quiet until it is touched."""

    left = Signal(bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("look", "value")
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setFixedWidth(VALUE_WIDTH)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.invalid = False

    def show_text(self, text: str) -> None:
        """Shows a value that is in force."""
        self._mark(invalid=False, reason="")
        if text != self.text():
            self.setText(text)
        self.setModified(False)

    def show_invalid(self, reason: str) -> None:
        """Keeps what was typed, marked as wrong."""
        self._mark(invalid=True, reason=reason)

    def _mark(self, *, invalid: bool, reason: str) -> None:
        if invalid == self.invalid:
            return
        self.invalid = invalid
        self.setToolTip(reason)
        self.setProperty("invalid", invalid)
        self.style().unpolish(self)
        self.style().polish(self)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() == Qt.FocusReason.MouseFocusReason:
            QTimer.singleShot(0, self, self.selectAll)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit(True)
            return
        super().keyPressEvent(event)
