"""How far long work has come: a bar where a terminal watches, now and then a line where none does."""

from __future__ import annotations

import contextlib
import sys
import time
from typing import TYPE_CHECKING

from studio.cli.output import tell

if TYPE_CHECKING:
    from rich.progress import TaskID

LINE_SECONDS = 10.0


class Progress:
    """Shows one piece of work after another on standard error. `silent` shows nothing."""

    def __init__(self, *, silent: bool = False) -> None:
        self._view: _Bar | _Lines | None = None
        if not silent:
            with contextlib.suppress(OSError):  # a terminal that has been closed
                self._view = _Bar() if sys.stderr.isatty() else _Lines()

    def show(self, task: str, done: int, total: int, remark: str = "") -> None:
        """Work on `task` has come to `done` of `total`, 0 where unknown."""
        if self._view:
            try:
                self._view.show(task, done, total, remark)
            except OSError:  # the terminal has been closed
                self._view = None

    def close(self) -> None:
        """Clears the bar away; what is printed next stands below it."""
        if self._view:
            with contextlib.suppress(OSError):
                self._view.close()
            self._view = None


class _Bar:
    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
        from rich.progress import Progress as RichProgress
        from rich.table import Column

        rest = Column(ratio=1, no_wrap=True, overflow="ellipsis")
        self._bars = RichProgress(
            TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True)),
            BarColumn(20),
            MofNCompleteColumn(table_column=Column(no_wrap=True)),
            TextColumn("{task.fields[remark]}", markup=False, table_column=rest),
            console=Console(stderr=True),
            auto_refresh=False,
            expand=True,
        )
        self._task: tuple[str, TaskID] | None = None
        self._bars.start()

    def show(self, task: str, done: int, total: int, remark: str) -> None:
        if self._task is None or self._task[0] != task:
            if self._task:
                self._bars.remove_task(self._task[1])
            self._task = task, self._bars.add_task(task, remark="")
        self._bars.update(self._task[1], completed=done, total=total or None, remark=remark, refresh=True)

    def close(self) -> None:
        self._bars.stop()


class _Lines:
    def __init__(self) -> None:
        self._shown: tuple[str, float] | None = None

    def show(self, task: str, done: int, total: int, remark: str) -> None:
        now = time.monotonic()
        if self._shown and self._shown[0] == task and now - self._shown[1] < LINE_SECONDS and done != total:
            return
        self._shown = task, now
        of = f" of {total:,}" if total else ""
        tell(f"{task}: {done:,}{of}{'  ' if remark else ''}{remark}")

    def close(self) -> None:
        pass
