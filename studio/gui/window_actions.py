"""The window's own actions, with their words and keys. The command palette lists them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence, QUndoGroup
from PySide6.QtWidgets import QFileDialog, QMainWindow

from studio.gui.appearance import Appearance, Choice
from studio.gui.places import PLACES


class WindowActions(QObject):
    """Made once; `RunBar` says which of the run's actions are offered.

    Attributes:
        pause, stop, resume, play: about the run; hidden until they matter.
        palette, quit: about the window.

    Signals:
        place_wanted(name): go to a place.
        data_picked(source): a folder or a zip was picked in a dialog.
    """

    place_wanted = Signal(str)
    data_picked = Signal(str)

    def __init__(self, window: QMainWindow, undo_group: QUndoGroup, appearance: Appearance) -> None:
        super().__init__(window)
        self._window = window
        self.pause = self._hidden("Pause training", "Pause", "Hold training, with a checkpoint", "Ctrl+P")
        self.stop = self._hidden("Stop training", "Stop", "End training, with a checkpoint", "Ctrl+.")
        self.resume = self._hidden("Resume this run", "Resume", "Go on from the newest checkpoint", "")
        self.play = self._hidden("Play with this run", "Play", "Open its canvases", "")
        for number, place in enumerate(PLACES, 1):
            self._add(f"Go to {place.title}", f"Alt+{number}", partial(self.place_wanted.emit, place.name))
        self._add("Choose a folder of pictures…", "Ctrl+O", self._pick_folder)
        self._add("Choose a zip of pictures…", "Ctrl+Shift+O", self._pick_zip)
        self._add_undo(undo_group)
        self._add("Dark", "", lambda: appearance.choose(Choice.DARK), "Appearance: dark")
        self._add("Light", "", lambda: appearance.choose(Choice.LIGHT), "Appearance: light")
        self._add("As the system", "", lambda: appearance.choose(Choice.SYSTEM), "Appearance: as the system")
        self._add("Full screen", "F11", self._toggle_full_screen)
        self.palette = self._add("Find a command", "Ctrl+K")
        self.quit = self._add("Quit Ganvas", QKeySequence.StandardKey.Quit)

    def run_actions(self) -> Sequence[QAction]:
        """What the top bar offers, where it matters."""
        return (self.pause, self.resume, self.play, self.stop)

    def _add(
        self,
        text: str,
        keys: str | QKeySequence.StandardKey,
        call: Callable[[], Any] | None = None,
        full: str = "",
    ) -> QAction:
        action = QAction(full or text, self._window)
        action.setShortcut(QKeySequence(keys))
        if call is not None:
            action.triggered.connect(lambda _checked: call())
        self._window.addAction(action)
        return action

    def _hidden(self, text: str, short: str, tip: str, keys: str) -> QAction:
        action = self._add(text, keys)
        action.setIconText(short)
        action.setToolTip(f"{tip} ({keys})" if keys else tip)
        action.setVisible(False)
        return action

    def _add_undo(self, group: QUndoGroup) -> None:
        undo = group.createUndoAction(self._window, "Undo")
        undo.setShortcut(QKeySequence("Ctrl+Z"))
        redo = group.createRedoAction(self._window, "Redo")
        redo.setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])
        self._window.addActions([undo, redo])

    def _pick_folder(self) -> None:
        self.data_picked.emit(QFileDialog.getExistingDirectory(self._window, "Choose a folder of pictures"))

    def _pick_zip(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self._window, "Choose a zip of pictures", filter="Zip (*.zip)")
        self.data_picked.emit(path)

    def _toggle_full_screen(self) -> None:
        if self._window.isFullScreen():
            self._window.showNormal()
        else:
            self._window.showFullScreen()
