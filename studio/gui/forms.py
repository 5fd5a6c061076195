"""Hyperparameters as an editable form. A model declares them; nobody writes a form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from studio.api.errors import StudioError
from studio.gui.editors import Editor, make_editor
from studio.gui.widgets.basics import Label
from studio.gui.widgets.fold import Fold

if TYPE_CHECKING:
    from studio.api import ModelSpec
    from studio.api.hyperparameters import HyperparameterInfo, Hyperparameters

LABEL_WIDTH = 112


class HyperparameterForm(QWidget):
    """One row for each hyperparameter of a model; the advanced ones folded away.

    Signals:
        edited(): a value was changed by hand and all are valid.
        live_edited(name, value): a live hyperparameter was changed by hand while the run goes on.
        invalid(reason): the values cannot be taken together, in a sentence; empty when that is over.
    """

    edited = Signal()
    live_edited = Signal(str, object)
    invalid = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._type: type[Hyperparameters] | None = None
        self._rows: dict[str, _Row] = {}
        self._running = False
        self._broken = ""
        self._problem = Label("", "bad")
        self._problem.setWordWrap(True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._body = QWidget(self)
        self._column.addWidget(self._body)
        self._column.addWidget(self._problem)
        self._problem.hide()

    def set_spec(self, spec: ModelSpec, preset: str = "") -> None:
        """Shows a model's hyperparameters at a preset's values; at their defaults where it has no such preset."""
        self._type = spec.hyperparameters
        self._build()
        self.set_values(dict(spec.presets[preset].values) if preset in spec.presets else {})

    def values(self) -> dict[str, Any]:
        """The values that differ from their defaults."""
        return {name: row.editor.value() for name, row in self._rows.items() if row.differs()}

    def set_values(self, values: dict[str, Any]) -> None:
        """Shows values; what is not named goes to its default. No signal."""
        for name, row in self._rows.items():
            row.editor.set_value(values.get(name, row.info.default))
        self._check()

    def is_valid(self) -> bool:
        """Whether a run could be started with these values."""
        return not self._broken

    def problem(self) -> str:
        """Why not, in a sentence; empty where they are valid."""
        return self._broken

    def set_running(self, running: bool) -> None:
        """While a run goes on, only what may change then can be edited."""
        self._running = running
        for row in self._rows.values():
            row.set_enabled(row.info.live or not running)

    def editor(self, name: str) -> Editor:
        """The editor of a hyperparameter."""
        return self._rows[name].editor

    def _build(self) -> None:
        assert self._type is not None
        infos = self._type.describe()
        self._rows = {}
        body = QWidget(self)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._grid([info for info in infos if not info.advanced]))
        advanced = [info for info in infos if info.advanced]
        if advanced:
            column.addWidget(Fold(f"Advanced ({len(advanced)})", self._grid(advanced)))
        self._column.replaceWidget(self._body, body)
        self._body.deleteLater()
        self._body = body
        self.set_running(self._running)

    def _grid(self, infos: list[HyperparameterInfo]) -> QWidget:
        widget = QWidget(self)
        grid = QGridLayout(widget)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnMinimumWidth(0, LABEL_WIDTH)
        grid.setColumnStretch(1, 1)
        for index, info in enumerate(infos):
            row = _Row(info, self)
            self._rows[info.name] = row
            grid.addWidget(row.label, 2 * index, 0)
            grid.addWidget(row.editor.widget, 2 * index, 1)
            grid.addWidget(row.reason, 2 * index + 1, 0, 1, 2)
            row.editor.edited.connect(lambda row=row: self._edited(row))
            row.editor.rejected.connect(row.explain)
            row.editor.rejected.connect(lambda _reason: self._check())
        return widget

    def _edited(self, row: _Row) -> None:
        name = row.info.name
        # A field that loses the focus as its model gives way to another has one more word to say.
        if self._rows.get(name) is not row or not self._check():
            return
        if self._running and row.info.live:
            self.live_edited.emit(name, row.editor.value())
        self.edited.emit()

    def _check(self) -> bool:
        problem = next((row.reason.text() for row in self._rows.values() if row.reason.text()), "")
        together = "" if problem else self._check_together()
        self._problem.setText(together)
        self._problem.setVisible(bool(together))
        problem = problem or together
        if problem != self._broken:
            self._broken = problem
            self.invalid.emit(problem)
        return not problem

    def _check_together(self) -> str:
        if self._type is None:
            return ""
        try:
            self._type.build(self.values().items())
        except StudioError as error:
            return str(error)
        return ""


class _Row:
    """A label, an editor, and the place where what is wrong with it is said."""

    def __init__(self, info: HyperparameterInfo, parent: QWidget) -> None:
        self.info = info
        self.label = QLabel(info.title, parent)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
        self.label.setToolTip(tooltip(info))
        self.editor = make_editor(info, parent)
        self.editor.widget.setToolTip(tooltip(info))
        self.editor.widget.setAccessibleName(info.title)
        self.editor.widget.setAccessibleDescription(info.description)
        self.label.setBuddy(self.editor.widget)
        self.reason = Label("", "bad", parent)
        self.reason.setWordWrap(True)
        self.reason.hide()

    def differs(self) -> bool:
        """Whether the value is not the default."""
        return bool(self.editor.value() != self.info.default)

    def set_enabled(self, enabled: bool) -> None:
        """Lets it be edited or not."""
        self.editor.widget.setEnabled(enabled)
        self.label.setEnabled(enabled)

    def explain(self, reason: str) -> None:
        """Says why what was typed cannot be taken; nothing where it can."""
        self.reason.setText(reason)
        self.reason.setVisible(bool(reason))


def tooltip(info: HyperparameterInfo) -> str:
    """What a person may want to know of a hyperparameter, as a tooltip."""
    parts = [info.description, f"{info.range_text[:1].upper()}{info.range_text[1:]}; default {_plain(info)}."]
    if info.live:
        parts.append("Can change while training.")
    if info.source:
        parts.append(f"Source: {info.source}")
    paragraphs = "".join(f"<p style='margin: 0 0 4px 0'>{_escaped(part)}</p>" for part in parts)
    return f"<div style='max-width: 360px'>{paragraphs}</div>"


def _plain(info: HyperparameterInfo) -> str:
    if isinstance(info.default, bool):
        return "on" if info.default else "off"
    if isinstance(info.default, float):
        return f"{info.default:g}"
    return str(info.default) or "empty"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
