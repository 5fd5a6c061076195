"""The Train page: the form on the left, plots and a live canvas in the middle, samples on the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from studio.api.capabilities import LatentSampling
from studio.engine.events import (
    DeviceReady,
    Event,
    Failed,
    HyperparameterChanged,
    RunOpened,
    RunState,
    SamplesReady,
    StateChanged,
    StepLogged,
    TaskProgress,
)
from studio.gui.training.figures import change_words
from studio.gui.training.marks import Mark
from studio.gui.training.outcome import outcome_notice
from studio.gui.training.run_history import RunHistory, read_history
from studio.gui.training.run_pane import RunPane
from studio.gui.training.samples import SamplesPanel
from studio.gui.training.setup_pane import SetupPane

if TYPE_CHECKING:
    from studio.engine.runs import Run
    from studio.gui.studio import Studio

MARGIN = 16
PANES = "train/panes"
WIDTHS = (300, 700, 388)
LEAST = (288, 396, 200)


class TrainPage(QWidget):
    """Starts a run, shows it, and lets it be changed while it trains.

    Attributes:
        setup: the form.
        pane: the plots, and the small canvas below them.
        samples: the fixed-seed grid and its history.
    """

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._folder: Path | None = None
        self._loading = False
        self._waiting: list[StepLogged | SamplesReady | HyperparameterChanged] = []
        self._state = RunState.IDLE
        self._next_data = ""
        self.setup = SetupPane(studio)
        self.pane = RunPane(studio)
        self.samples = SamplesPanel(studio.jobs)
        self._panes = QSplitter(Qt.Orientation.Horizontal)
        self._lay_out()
        self._connect()
        self._subscriptions = self._subscribe()
        self._enter(studio.session.status.state)
        studio.jobs.run(self, self._newest_run, self._show_newest, lambda _error: None)

    @property
    def folder(self) -> Path | None:
        """The folder of the run that is shown; None before the first."""
        return self._folder

    def start_training(self) -> None:
        """Starts what the form says; says what is missing where something is."""
        if problem := self.setup.problem():
            self._studio.notify(problem, level="warn")
            return
        if self._state.busy:
            self._studio.notify("A run is in training already.", "Stop it first.", level="warn")
            return
        self._studio.session.train(self.setup.plan())
        self._enter(RunState.PREPARING)

    def set_model(self, model: str, preset: str = "") -> None:
        """Shows a model at a preset; at the one for a first try where none is named."""
        self.setup.set_model(model, preset)

    def set_data(self, source: str) -> None:
        """Chooses data. While a run trains, it is kept for the next one."""
        if self._state.busy:
            self._next_data = source
        else:
            self.setup.set_data(source)

    def show_run(self, folder: Path) -> None:
        """Shows a run: its plots and samples so far."""
        self._folder = folder
        self._loading = True
        self._waiting.clear()
        self._studio.jobs.run(self, lambda: read_history(folder), self._take_history, self._give_up)

    def detach(self) -> None:
        """Hears no more of the engine; to be called before the page is deleted."""
        for kind, callback in self._subscriptions.items():
            self._studio.pump.unsubscribe(kind, callback)
        self._subscriptions = {}
        self.pane.live.close_canvas()
        self.samples.clear()

    def _lay_out(self) -> None:
        right = QWidget()
        inner = QVBoxLayout(right)
        inner.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        inner.addWidget(self.samples)
        for pane, least in zip((self.setup, self.pane, right), LEAST, strict=True):
            pane.setMinimumWidth(least)
            self._panes.addWidget(pane)
        self._panes.setChildrenCollapsible(False)
        self._panes.setStretchFactor(0, 0)
        self._panes.setStretchFactor(1, 2)
        self._panes.setStretchFactor(2, 1)
        self._panes.setSizes(WIDTHS)
        stored = self._studio.settings.value(PANES)
        if isinstance(stored, QByteArray):
            self._panes.restoreState(stored)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._panes)

    def _connect(self) -> None:
        studio = self._studio
        self._panes.splitterMoved.connect(lambda *_: studio.settings.setValue(PANES, self._panes.saveState()))
        self.setup.start_wanted.connect(self.start_training)
        self.setup.live_edited.connect(studio.session.set_hyperparameter)
        self.setup.bar.cancelled.connect(studio.session.stop)
        self.samples.seed_wanted.connect(self._play_with_seed)
        self.samples.play_wanted.connect(self._play)
        self.samples.failed.connect(self._report)
        self.pane.plots.failed.connect(self._report)
        self.pane.plots.saved.connect(lambda path: studio.notify(f"Saved {Path(path).name}.", level="good"))
        studio.data_chosen.connect(self.set_data)
        studio.train_wanted.connect(lambda model: self.set_model(model) if model else None)

    def _subscribe(self) -> dict[type[Event], Callable[[Sequence[Any]], None]]:
        subscriptions: dict[type[Event], Callable[[Sequence[Any]], None]] = {
            DeviceReady: self._device_ready,
            StateChanged: self._state_changed,
            TaskProgress: self._progressed,
            RunOpened: self._opened,
            StepLogged: self._logged,
            SamplesReady: self._drawn,
            HyperparameterChanged: self._changed,
            Failed: self._failed,
        }
        for kind, callback in subscriptions.items():
            self._studio.pump.subscribe(kind, callback)
        return subscriptions

    def _device_ready(self, events: Sequence[DeviceReady]) -> None:
        self.setup.run.set_devices(events[-1].kind, events[-1].name)

    def _state_changed(self, events: Sequence[StateChanged]) -> None:
        for event in events:
            goes_on = self._state in (RunState.TRAINING, RunState.PAUSED)
            self._enter(event.state)
            if event.run and event.state is RunState.TRAINING and not goes_on:
                self.show_run(Path(event.run))
            elif event.run and not event.state.busy and self._is_shown(event.run):
                self._look_back_on(Path(event.run))

    def _enter(self, state: RunState) -> None:
        self._state = state
        self.setup.set_state(state)
        self.pane.set_preparing(state is RunState.PREPARING)
        if state is RunState.PREPARING:
            self.pane.set_notice(None)
        self.samples.scrubber.set_training(state.busy)
        if not state.busy and self._next_data:
            self.setup.set_data(self._next_data)
            self._next_data = ""

    def _progressed(self, events: Sequence[TaskProgress]) -> None:
        self.setup.bar.show_progress(events[-1])

    def _opened(self, events: Sequence[RunOpened]) -> None:
        for event in events:
            if event.live:
                self.pane.live.show_run(event)

    def _logged(self, events: Sequence[StepLogged]) -> None:
        mine = [event for event in events if self._is_shown(event.run)]
        if self._loading:
            self._waiting.extend(mine)
        else:
            self.pane.plots.append(mine)

    def _drawn(self, events: Sequence[SamplesReady]) -> None:
        if self._loading:
            self._waiting.append(events[-1])
        else:
            self.samples.take(events[-1])

    def _changed(self, events: Sequence[HyperparameterChanged]) -> None:
        for event in events:
            if not self._is_shown(event.run):
                continue
            if self._loading:
                self._waiting.append(event)
                continue
            self.pane.plots.mark(Mark(event.step, change_words(event.name, event.old, event.new)))
            self.setup.show_value(event.name, event.new)

    def _failed(self, _events: Sequence[Failed]) -> None:
        """What was shown in anticipation is put right again."""
        self._enter(self._studio.session.status.state)
        self.setup.show_values()

    def _is_shown(self, run: str) -> bool:
        return self._folder is not None and Path(run) == self._folder

    def _take_history(self, history: RunHistory) -> None:
        if history.run.folder != self._folder:
            return
        self._loading = False
        self.pane.plots.set_run(history.curves, history.marks)
        self.pane.show_run()
        self.samples.show_run(history.run, of_seeds=self._of_seeds(history.run))
        if self._state.busy:
            self.setup.show_record(history.run.record)
        else:
            self._tell_outcome(history)
        waiting, self._waiting = self._waiting, []
        self._logged([event for event in waiting if isinstance(event, StepLogged)])
        self._changed([event for event in waiting if isinstance(event, HyperparameterChanged)])
        for event in waiting:
            if isinstance(event, SamplesReady):
                self._drawn([event])

    def _give_up(self, error: Exception) -> None:
        self._loading = False
        self._folder = None
        self._report(error)

    def _tell_outcome(self, history: RunHistory) -> None:
        run = history.run
        if run.folder != self._folder or self._state.busy or run.record.status.busy:
            return
        folder = str(run.folder)
        self.pane.set_notice(
            outcome_notice(
                run.record,
                history.seconds,
                lambda: self._studio.play_wanted.emit(folder),
                lambda: self._studio.session.resume(folder),
            )
        )

    def _look_back_on(self, folder: Path) -> None:
        self._studio.jobs.run(self, lambda: read_history(folder), self._tell_outcome, lambda _error: None)

    def _newest_run(self) -> Run | None:
        return next(iter(self._studio.store.runs()), None)

    def _show_newest(self, run: Run | None) -> None:
        """What was on screen yesterday is on screen today."""
        if run is not None and self._folder is None and not self._state.busy:
            self.show_run(run.folder)

    def _play_with_seed(self, seed: int) -> None:
        if not self.pane.live.choose_seed(seed):
            self._play()

    def _play(self) -> None:
        if self._folder is not None:
            self._studio.play_wanted.emit(str(self._folder))

    def _of_seeds(self, run: Run) -> bool:
        """Whether the run's samples are pictures of seeds; so they are assumed to be where its model is not here."""
        spec = self._studio.host.models().get(run.record.model)
        return spec is None or LatentSampling in spec.capabilities

    def _report(self, error: Exception) -> None:
        self._studio.refuse(error, "That could not be read or saved.", "bad")
