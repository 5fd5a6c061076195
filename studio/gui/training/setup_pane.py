"""What to train, on what, and how: the left pane of the Train page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from studio.api.errors import StudioError
from studio.data.kinds import fits
from studio.engine.commands import TrainPlan
from studio.engine.events import RunState
from studio.gui.forms import HyperparameterForm
from studio.gui.training.data_choice import DataChoice
from studio.gui.training.model_choice import ModelChoice
from studio.gui.training.run_fields import RunFields
from studio.gui.training.start_bar import StartBar
from studio.gui.widgets.basics import SectionLabel

if TYPE_CHECKING:
    from studio.engine.runs import RunRecord
    from studio.gui.studio import Studio

MARGIN = 16
NAMED_LIVE = 3


class SetupPane(QWidget):
    """Model, data, hyperparameters and run, remembered between sessions.

    Attributes:
        model, data, form, run: the parts.
        bar: the way to start, and progress while pictures are prepared.
        start_action: the same as an action, Ctrl+Return.

    Signals:
        start_wanted(): a person wants to start.
        live_edited(name, value): a live hyperparameter was changed while a run goes on.
    """

    start_wanted = Signal()
    live_edited = Signal(str, object)

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = studio.settings
        self._state = RunState.IDLE
        self._in_force: dict[str, Any] = {}
        self.model = ModelChoice(studio.host.models())
        self.data = DataChoice(studio)
        self.form = HyperparameterForm()
        self.run = RunFields()
        self.bar = StartBar()
        self.start_action = QAction("Start training", self)
        self.start_action.setShortcut(QKeySequence("Ctrl+Return"))
        self._lay_out()
        self._connect()
        self._restore()
        self.set_state(RunState.IDLE)

    def plan(self) -> TrainPlan:
        """What would be trained."""
        assert self.model.spec is not None
        return TrainPlan(
            model=self.model.spec.id,
            data=self.data.source,
            hyperparameters=self.form.values(),
            steps=self.run.steps(),
            seed=self.run.seed(),
            device=self.run.device(),
            preset=self.model.preset,
        )

    def problem(self) -> str:
        """Why that cannot be started, in a sentence; empty where it can."""
        if self.model.spec is None:
            return "No plugin offers a model. See Plugins for what failed."
        if not self.data.source:
            return "Choose pictures to train on."
        return self.form.problem()

    def set_model(self, model: str, preset: str = "") -> None:
        """Shows a model at a preset."""
        self.model.choose(model, preset)
        self._show_preset()

    def set_data(self, source: str) -> None:
        """Chooses data, and a model that can use it where it has a name and the model cannot."""
        self.data.set_source(source)
        kind, spec = self.data.named_kind(), self.model.spec
        if kind is not None and spec is not None and not fits(kind, spec.data):
            self.set_model(self.model.first_of(kind))
        self._store()

    def set_state(self, state: RunState) -> None:
        """Offers what can be changed while the engine is in this state."""
        self._state = state
        busy = state.busy
        self.model.setEnabled(not busy)
        self.data.button.setEnabled(not busy)
        self.run.setEnabled(not busy)
        self.form.set_running(busy)
        self.bar.show_state(state, self._live_words())
        self._judge()

    def show_record(self, record: RunRecord) -> None:
        """Shows what the run in progress was started with, and what was changed since."""
        self.model.choose(record.model, record.preset)
        self.data.set_source(record.data)
        self.run.set_values({"steps": record.steps, "seed": record.seed})
        if self.model.spec is not None and self.model.spec.id == record.model:
            self.form.set_spec(self.model.spec, self.model.preset)
            changes = {change.name: change.new for change in record.changes}
            self._in_force = {**record.hyperparameters, **changes}
            self.form.set_values(self._in_force)
            self.data.set_resolution(self._resolution())

    def show_value(self, name: str, value: Any) -> None:
        """Shows a hyperparameter that has just been changed."""
        self._in_force[name] = value
        editor = self.form.editor(name)
        if editor.value() != value:
            editor.set_value(value)

    def show_values(self) -> None:
        """Shows the hyperparameters of the run in progress as they are, where a change was refused."""
        if self._state.busy and self._in_force:
            self.form.set_values(self._in_force)

    def _live_words(self) -> str:
        """What may change during a run, in words."""
        infos = self.model.spec.hyperparameters.describe() if self.model.spec else ()
        titles = [info.title for info in infos if info.live and not info.advanced][:NAMED_LIVE]
        if not titles:
            return "Nothing of this model can change while it trains."
        named = " and ".join(filter(None, (", ".join(titles[:-1]), titles[-1])))
        return f"{named} can change while training."

    def _lay_out(self) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(8)
        sections = {"Model": self.model, "Data": self.data, "Hyperparameters": self.form, "Run": self.run}
        for index, (title, part) in enumerate(sections.items()):
            if index:
                column.addSpacing(8)
            column.addWidget(SectionLabel(title))
            column.addWidget(part)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(scroll, 1)
        outer.addWidget(self.bar)

    def _connect(self) -> None:
        self.model.chosen.connect(self._show_preset)
        self.form.edited.connect(self._edited)
        self.form.live_edited.connect(self.live_edited)
        self.form.invalid.connect(lambda _problem: self._judge())
        self.run.edited.connect(self._store)
        self.bar.start.clicked.connect(lambda _on: self.start_action.trigger())
        self.start_action.triggered.connect(lambda _on: self.start_wanted.emit())
        self.addAction(self.start_action)

    def _show_preset(self) -> None:
        spec = self.model.spec
        if spec is None:
            return
        self.form.set_spec(spec, self.model.preset)
        if self.model.preset in spec.presets:
            self.run.set_values({"steps": spec.presets[self.model.preset].steps})
        self.data.set_kind(spec.data)
        self._edited()

    def _edited(self) -> None:
        self.data.set_resolution(self._resolution())
        self._judge()
        self._store()

    def _resolution(self) -> int:
        return int(self.form.editor("resolution").value()) if self.model.spec else 0

    def _judge(self) -> None:
        problem = self.problem()
        self.start_action.setEnabled(self.bar.can_start and not problem)
        self.bar.set_problem(problem)

    def _store(self) -> None:
        if self.model.spec is None:
            return
        plan = self.plan()
        kept = {
            "model": plan.model,
            "preset": plan.preset,
            "data": plan.data,
            "values": dict(plan.hyperparameters),
            "run": {"steps": plan.steps, "seed": plan.seed, "device": plan.device},
        }
        self._settings.setValue("train/setup", json.dumps(kept))

    def _restore(self) -> None:
        kept = _read(str(self._settings.value("train/setup", "")))
        self.model.choose(str(kept.get("model", "")), str(kept.get("preset", "")))
        same_model = self.model.spec is not None and kept.get("model") == self.model.spec.id
        if source := str(kept.get("data", "")):
            self.data.set_source(source)
        self._show_preset()
        if same_model:
            self._restore_values(_dict(kept.get("values")))
            self.run.set_values(_dict(kept.get("run")))
            self._edited()

    def _restore_values(self, values: dict[str, Any]) -> None:
        """What was typed the last time, unless the model has changed so that it takes it no longer."""
        assert self.model.spec is not None
        try:
            self.model.spec.hyperparameters.build(values.items())
        except StudioError:
            return
        self.form.set_values(values)


def _read(text: str) -> dict[str, Any]:
    try:
        return _dict(json.loads(text))
    except ValueError:
        return {}


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
