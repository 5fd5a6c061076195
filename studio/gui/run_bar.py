"""Keeps the top bar, the status line and the run's actions true to what the engine is doing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from studio.api.errors import StudioError
from studio.engine.events import RunState
from studio.engine.runs import Run
from studio.gui import words
from studio.gui.run_watch import RunWatch
from studio.gui.status_line import StatusLine
from studio.gui.top_bar import TopBar
from studio.gui.window_actions import WindowActions

if TYPE_CHECKING:
    from studio.gui.studio import Studio

REFRESH_MS = 150
AGO_MS = 30_000
RECENT = 12

RESUMABLE = (RunState.STOPPED, RunState.FAILED, RunState.INTERRUPTED)
PLAYABLE = (RunState.STOPPED, RunState.FINISHED)


class RunBar(QObject):
    """Words at most a few times a second; actions as soon as the state changes."""

    def __init__(
        self, studio: Studio, watch: RunWatch, top: TopBar, status: StatusLine, actions: WindowActions
    ) -> None:
        super().__init__(top)
        self._studio = studio
        self._watch = watch
        self._top = top
        self._status = status
        self._actions = actions
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(REFRESH_MS)
        self._soon.timeout.connect(self._show_words)
        self._now_and_then = QTimer(self)
        self._now_and_then.setInterval(AGO_MS)
        self._now_and_then.timeout.connect(self._show_words)
        watch.changed.connect(self._show_words_soon)
        watch.state_changed.connect(self._show_state)
        actions.pause.triggered.connect(lambda _checked: self._pause_or_go_on())
        actions.stop.triggered.connect(lambda _checked: studio.session.stop())
        actions.resume.triggered.connect(lambda _checked: studio.session.resume(watch.run))
        actions.play.triggered.connect(lambda _checked: studio.play_wanted.emit(watch.run))
        top.runs.aboutToShow.connect(self._list_runs)
        self._show_state()

    def _show_words_soon(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _show_words(self) -> None:
        watch = self._watch
        self._top.state.set_state(watch.sentence(), watch.level)
        self._top.set_device(watch.device)
        checkpoint = watch.checkpoint()
        self._status.set_facts((checkpoint, watch.metrics(), watch.latency()))
        if checkpoint and not self._now_and_then.isActive():
            self._now_and_then.start()

    def _show_state(self) -> None:
        state = self._watch.state
        held = state is RunState.PAUSED
        self._actions.pause.setIconText("Continue" if held else "Pause")
        self._actions.pause.setText("Continue training" if held else "Pause training")
        self._actions.pause.setVisible(state in (RunState.TRAINING, RunState.PAUSED))
        self._actions.stop.setVisible(state in (RunState.PREPARING, RunState.TRAINING, RunState.PAUSED))
        run = self._run()
        kept = run is not None and run.record.step > 0
        self._actions.resume.setVisible(kept and state in RESUMABLE)
        self._actions.play.setVisible(kept and state in PLAYABLE)
        self._show_place(run)
        self._show_words()

    def _run(self) -> Run | None:
        """The run that it is about; None where there is none, or where it cannot be read."""
        try:
            return Run.load(Path(self._watch.run)) if self._watch.run else None
        except StudioError:
            return None

    def _show_place(self, run: Run | None) -> None:
        if run is not None:
            self._top.set_place(words.data_name(run.record.data), self._title(run))
        elif self._watch.run:
            self._top.set_place("", Path(self._watch.run).name)

    def _title(self, run: Run) -> str:
        spec = self._studio.host.models().get(run.record.model)
        return f"{spec.title if spec else run.record.model}, {words.moment(run.record.created)}"

    def _pause_or_go_on(self) -> None:
        if self._watch.state is RunState.PAUSED:
            self._studio.session.proceed()
        else:
            self._studio.session.pause()

    def _list_runs(self) -> None:
        menu = self._top.runs
        menu.clear()
        for run in self._studio.store.runs()[:RECENT]:
            folder = str(run.folder)
            action = menu.addAction(self._title(run))
            action.triggered.connect(lambda _checked, folder=folder: self._studio.play_wanted.emit(folder))
        menu.addSeparator()
        menu.addAction("All runs").triggered.connect(lambda _checked: self._studio.page_wanted.emit("runs"))
