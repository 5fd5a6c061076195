"""The buttons that play a walk, where the playhead is, and how fast it really plays."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

from studio.gui.canvases.rows import row
from studio.gui.canvases.walk_editor import WalkEditor
from studio.gui.canvases.walk_player import WalkPlayer
from studio.gui.widgets.basics import DimLabel, IconButton, Label

WORDS_MS = 500
SLOW = 0.9


class WalkTransport(QWidget):
    """To the start, a frame back, play, a frame on, to the end, and round and round.

    Attributes:
        play, loop: buttons.
    """

    def __init__(self, editor: WalkEditor, player: WalkPlayer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._player = player
        self.play = IconButton("ri.play-fill", "Play (Space)", player.toggle)
        self.loop = IconButton("ri.repeat-line", "Loop (O)", self.toggle_loop)
        self.loop.setCheckable(True)
        self._buttons = (
            IconButton("ri.skip-back-fill", "To the start (Home)", self.to_start),
            IconButton("ri.arrow-left-s-line", "One frame back (Left, J)", lambda: self.step(-1)),
            self.play,
            IconButton("ri.arrow-right-s-line", "One frame on (Right, L)", lambda: self.step(1)),
            IconButton("ri.skip-forward-fill", "To the end (End)", self.to_end),
            self.loop,
        )
        for button in self._buttons:
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # after a click Space still plays
        self._time = Label("", "plain")
        self._frame = DimLabel()
        self._speed = DimLabel()
        for label in (self._frame, self._speed):
            label.setWordWrap(False)
        self._words = QTimer(self)
        self._words.setInterval(WORDS_MS)
        self._words.timeout.connect(self._tell_speed)
        self.setLayout(row(*self._buttons, self._time, self._frame, 1, self._speed, spacing=6))
        player.playing_changed.connect(self._show_playing)
        editor.moved.connect(self.show_document)
        editor.changed.connect(self.show_document)
        self.show_document()

    def step(self, frames: int) -> None:
        """Stops, and goes some frames on, or back."""
        self._go(lambda: self._editor.step(frames))

    def to_start(self) -> None:
        """Stops, and goes to the first frame."""
        self._go(lambda: self._editor.go(0))

    def to_end(self) -> None:
        """Stops, and goes to the last frame."""
        self._go(self._editor.go_to_end)

    def toggle_loop(self) -> None:
        """Goes round, or ends at the last keyframe."""
        document = self._editor.document
        self._editor.edit(document.with_loop(not document.loop), "Loop" if not document.loop else "Do not loop")
        self.show_document()

    def show_document(self) -> None:
        """Brings words and buttons up to date."""
        document = self._editor.document
        self._time.setText(f"{document.time:.2f} s")
        count = document.frame_count
        self._frame.setText(f"of {document.duration:.2f} s · frame {min(document.frame + 1, count):,} of {count:,}")
        self.loop.setChecked(document.loop)
        for button in self._buttons[:-1]:
            button.setEnabled(bool(document.duration))

    def _go(self, there: Callable[[], None]) -> None:
        self._player.pause()
        there()

    def _show_playing(self, playing: bool) -> None:
        if playing:
            self.play.set_icon("ri.pause-fill", "Pause (Space)")
            self._words.start()
        else:
            self.play.set_icon("ri.play-fill", "Play (Space)")
            self._words.stop()
            self._speed.setText("")

    def _tell_speed(self) -> None:
        wanted, reached = self._editor.document.fps, self._player.fps_reached
        if reached and reached < SLOW * wanted:
            self._speed.setText(f"{reached:.0f} of {wanted} frames a second: the device leaves some out")
        elif reached:
            self._speed.setText(f"{wanted} frames a second")
