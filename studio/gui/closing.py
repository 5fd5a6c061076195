"""Closing the window while work goes on: ask, stop training, wait for the checkpoint, and only then close."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from studio.gui.run_watch import RunWatch
from studio.gui.widgets.question import Question

if TYPE_CHECKING:
    from studio.engine.session import TrainingSession

PATIENCE_MS = 20_000


class Closing(QObject):
    """Decides whether the window may close, and never blocks.

    Signals:
        ready(): nothing is running any more; close now.
        slow(): the engine takes long to stop.
    """

    ready = Signal()
    slow = Signal()

    def __init__(self, session: TrainingSession, watch: RunWatch, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._watch = watch
        self._window = window
        self._question: Question | None = None
        self._stopping = False
        self._agreed = False
        self._given_up = False
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self.slow)
        watch.state_changed.connect(self._on_state)

    @property
    def stopping(self) -> bool:
        """Whether the window closes as soon as the run is saved."""
        return self._stopping

    def may_close(self, loss: str = "") -> bool:
        """Whether the window may close at once; asks the person where a run would end, or something be lost.

        Args:
            loss: what it would be, in sentences.
        """
        if self._given_up:
            return True
        if self._watch.state.busy:
            if not self._stopping:
                text = "The run is kept with a checkpoint, and you can go on with it at any time."
                self._ask("Stop training and close?", f"{text} {loss}".strip(), "Keep training", "Stop and close")
            return False
        if loss and not self._agreed:
            self._ask("Close before it is done?", loss, "Stay here", "Close")
            return False
        return True

    def stop(self) -> None:
        """Stops without asking; `ready` follows when all is saved."""
        self._agreed = True
        if not self._watch.state.busy:
            self.ready.emit()
            return
        if not self._stopping:
            self._stopping = True
            self._patience.start()
            self._session.stop()

    def give_up(self) -> None:
        """Closes without waiting any longer; what was saved before is kept."""
        self._given_up = True
        self.ready.emit()

    def _ask(self, title: str, text: str, harmless: str, other: str) -> None:
        if self._question is not None:
            self._question.raise_()
            return
        question = Question(title, text, harmless, other, self._window)
        question.agreed.connect(self.stop)
        question.finished.connect(self._forget_question)
        self._question = question
        question.open()

    def _forget_question(self) -> None:
        self._question = None

    def _on_state(self) -> None:
        if self._watch.state.busy:
            return
        if self._question is not None:
            self._question.close()
        if self._stopping:
            self._stopping = False
            self._patience.stop()
            self.ready.emit()
