"""At the start: which runs were cut off by a crash, and one click to go on with the newest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from studio.engine.events import RunState
from studio.gui import words

if TYPE_CHECKING:
    from studio.engine.runs import Run, RunStore
    from studio.gui.notices import NoticeStack
    from studio.gui.studio import Studio

DISMISSED = "recovery/dismissed"


class Recovery(QObject):
    """Looks once, off the GUI thread, and offers what it finds in a notice. What a person dismisses stays dismissed."""

    def __init__(self, studio: Studio, notices: NoticeStack, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._notices = notices
        studio.jobs.run(self, lambda: interrupted(studio.store), self._offer, lambda _error: None)

    def _offer(self, runs: list[Run]) -> None:
        dismissed = self._dismissed()
        runs = [run for run in runs if _key(run) not in dismissed]
        if not runs or self._studio.session.status.state.busy:
            return
        newest = runs[0]
        actions = [("Resume", lambda: self._resume(newest))]
        if len(runs) > 1:
            actions.append((f"Show all {len(runs)} that were", lambda: self._studio.page_wanted.emit("runs")))
        self._notice = self._notices.add(self._sentence(newest), level="warn", actions=actions)
        self._notice.closed.connect(lambda: self._dismiss(runs))

    def _sentence(self, run: Run) -> str:
        record = run.record
        spec = self._studio.host.models().get(record.model)
        who = f"{spec.title if spec else record.model}, {words.moment(record.created)},"
        return f"{who} was interrupted. It can go on from step {record.step:,} of {record.steps:,}."

    def _resume(self, run: Run) -> None:
        self._notices.remove(self._notice)
        self._studio.session.resume(str(run.folder))
        self._studio.page_wanted.emit("train")

    def _dismissed(self) -> set[str]:
        kept = str(self._studio.settings.value(DISMISSED, ""))
        return set(kept.split("|"))

    def _dismiss(self, runs: list[Run]) -> None:
        there = {_key(run) for run in interrupted(self._studio.store)}
        kept = there & (self._dismissed() | {_key(run) for run in runs})
        self._studio.settings.setValue(DISMISSED, "|".join(sorted(kept)))


def interrupted(store: RunStore) -> list[Run]:
    """The runs whose process died and that have a checkpoint to go on from, newest first."""
    return [run for run in store.runs() if run.record.status is RunState.INTERRUPTED and run.record.step > 0]


def _key(run: Run) -> str:
    return f"{run.name}@{run.record.step}"
