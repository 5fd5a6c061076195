"""Dark, light, or as the system: chosen once, remembered, and followed while the window is open."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QObject, QSettings, Qt, Signal
from PySide6.QtWidgets import QApplication

from studio.gui.theme import DARK, LIGHT, Theme, apply_theme

KEY = "window/appearance"


class Choice(StrEnum):
    """What a person may choose."""

    SYSTEM = "system"
    DARK = "dark"
    LIGHT = "light"


class Appearance(QObject):
    """The application's theme.

    Attributes:
        choice: what was chosen.
        theme: what is in force.

    Signals:
        changed(): another theme is in force, or another choice was made.
    """

    changed = Signal()

    def __init__(self, app: QApplication, settings: QSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._settings = settings
        stored = str(settings.value(KEY, Choice.SYSTEM.value))
        self.choice = Choice(stored) if stored in set(Choice) else Choice.SYSTEM
        self.theme = self._wanted()
        apply_theme(app, self.theme)
        app.styleHints().colorSchemeChanged.connect(lambda _scheme: self._follow())

    def choose(self, choice: Choice) -> None:
        """Another choice, remembered."""
        self.choice = choice
        self._settings.setValue(KEY, choice.value)
        self._follow()

    def toggle(self) -> None:
        """To the other of dark and light."""
        self.choose(Choice.LIGHT if self.theme.dark else Choice.DARK)

    def _follow(self) -> None:
        wanted = self._wanted()
        if wanted is not self.theme:
            self.theme = wanted
            apply_theme(self._app, wanted)
        self.changed.emit()

    def _wanted(self) -> Theme:
        if self.choice is Choice.SYSTEM:
            return LIGHT if self._app.styleHints().colorScheme() is Qt.ColorScheme.Light else DARK
        return LIGHT if self.choice is Choice.LIGHT else DARK
