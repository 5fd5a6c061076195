"""Plays a walk by the clock, so that a slow device shows fewer frames and not a slower walk."""

from __future__ import annotations

import math
import time
from collections import deque

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from studio.gui.canvases.walk_editor import WalkEditor

WINDOW_SECONDS = 1.5


class WalkPlayer(QObject):
    """Moves the playhead from frame to frame in real time.

    Signals:
        playing_changed(playing): it began or stopped.
    """

    playing_changed = Signal(bool)

    def __init__(self, editor: WalkEditor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._began = 0.0
        self._shown: deque[float] = deque()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        editor.changed.connect(self._anchor)

    @property
    def playing(self) -> bool:
        """Whether it plays."""
        return self._timer.isActive()

    @property
    def fps_reached(self) -> float:
        """Pictures a second that came in time, lately; 0 while nobody can say."""
        if len(self._shown) < 2:
            return 0.0
        return (len(self._shown) - 1) / max(self._shown[-1] - self._shown[0], 1e-6)

    def play(self) -> None:
        """Plays on; from the beginning where it stands at the end."""
        document = self._editor.document
        if self.playing or not document.duration:
            return
        if not document.loop and document.frame == document.frame_count - 1:
            self._editor.go(0)
        self._shown.clear()
        self._timer.start(max(1, round(1000 / document.fps)))
        self._anchor()
        self.playing_changed.emit(True)

    def pause(self) -> None:
        """Stops where it is."""
        if self.playing:
            self._timer.stop()
            self.playing_changed.emit(False)

    def toggle(self) -> None:
        """Plays, or stops."""
        if self.playing:
            self.pause()
        else:
            self.play()

    def note_picture(self) -> None:
        """Told of every picture that is shown."""
        if self.playing:
            now = time.monotonic()
            self._shown.append(now)
            while now - self._shown[0] > WINDOW_SECONDS:
                self._shown.popleft()

    def _anchor(self) -> None:
        """The document may be another one: goes on from its playhead, at its rate."""
        if not self.playing:
            return
        if not self._editor.document.duration:
            self.pause()
            return
        self._began = time.monotonic() - self._editor.document.time
        self._timer.setInterval(max(1, round(1000 / self._editor.document.fps)))

    def _tick(self) -> None:
        document = self._editor.document
        passed = time.monotonic() - self._began
        if document.loop:
            passed = math.fmod(passed, document.duration)
        self._editor.go(document.at(passed).frame / document.fps)
        if not document.loop and passed >= document.duration:
            self.pause()
