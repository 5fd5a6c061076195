"""The foot of the form: the way to start, progress while pictures are prepared, what can still change after that."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from studio.engine.events import RunState, TaskProgress
from studio.gui.widgets.basics import Button, DimLabel, PrimaryButton
from studio.gui.words import count

MARGIN = 16
FINE = 1000


class StartBar(QStackedWidget):
    """One of three: a Start button; a progress bar with Cancel; a hint.

    Attributes:
        start: the button.
        progress: the bar.

    Signals:
        cancelled(): a person does not want to wait for the pictures.
    """

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.start = PrimaryButton("Start training")
        self.start.setToolTip("Ctrl+Return")
        self.start.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("Preparing")
        self.cancel = Button("Cancel", self.cancelled.emit)
        self._task = DimLabel("Preparing")
        self._hint = DimLabel()
        self._pages = (_page(self.start), self._progress_page(), _page(self._hint))
        for page in self._pages:
            self.addWidget(page)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @property
    def can_start(self) -> bool:
        """Whether it offers to start."""
        return self.currentWidget() is self._pages[0]

    @property
    def hint(self) -> str:
        """What can change while training, in words."""
        return self._hint.text()

    def show_state(self, state: RunState, live: str) -> None:
        """Follows the engine. `live` says what can change during the run."""
        index = 1 if state is RunState.PREPARING else 2 if state.busy else 0
        self.setCurrentIndex(index)
        if index == 1:
            self._task.setText("Preparing")
            self.progress.setRange(0, 0)
        elif index == 2:
            self._hint.setText("Saving a checkpoint." if state is RunState.STOPPING else live)

    def show_progress(self, event: TaskProgress) -> None:
        """How far the preparation has come."""
        of = f" of {count(event.total)}" if event.total else ""
        self._task.setText(f"{event.task}, {count(event.done)}{of}")
        self.progress.setRange(0, FINE if event.total else 0)
        self.progress.setValue(round(FINE * event.done / event.total) if event.total else 0)

    def set_problem(self, problem: str) -> None:
        """Why there is nothing to start, or nothing."""
        self.start.setEnabled(not problem)
        self.start.setToolTip(problem or "Ctrl+Return")

    def _progress_page(self) -> QWidget:
        page = QWidget()
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.progress, 1)
        row.addWidget(self.cancel)
        column = QVBoxLayout(page)
        column.setContentsMargins(MARGIN, 12, MARGIN, MARGIN)
        column.setSpacing(4)
        column.addWidget(self._task)
        column.addLayout(row)
        return page


def _page(widget: QWidget) -> QWidget:
    page = QWidget()
    row = QHBoxLayout(page)
    row.setContentsMargins(MARGIN, 12, MARGIN, MARGIN)
    row.addWidget(widget)
    return page
