"""What every page of the window is given: the engine, the plugins, the runs, background work and a voice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, Signal

from studio.api.errors import StudioError

if TYPE_CHECKING:
    from studio.engine.plugins import PluginHost
    from studio.engine.runs import RunStore
    from studio.engine.session import TrainingSession
    from studio.gui.event_pump import EventPump
    from studio.gui.jobs import Jobs


class Studio(QObject):
    """The window's shared objects and the wishes that cross pages.

    Attributes:
        host: the plugins that were found.
        store: the runs on disk.
        session: the engine.
        pump: subscribe to the engine's events here.
        jobs: background work that is not torch's.
        settings: what the window remembers.

    Signals:
        noticed(message, remedy, detail, level): something to say; level is `info`, `good`, `warn` or `bad`.
        data_chosen(source): a person chose data: a path or a `demo:` name.
        play_wanted(run): a person wants to play with a run, given by its folder.
        canvas_wanted(run, canvas): the same, on the canvas of that id.
        train_wanted(model): a person wants to train, a model by id or whichever is chosen where empty.
        page_wanted(name): show a page: start, data, train, play, runs or plugins.
        run_leaving(run): a run's folder is about to be moved away: write what is unsaved, and let go of it.
    """

    noticed = Signal(str, str, str, str)
    data_chosen = Signal(str)
    play_wanted = Signal(str)
    canvas_wanted = Signal(str, str)
    train_wanted = Signal(str)
    page_wanted = Signal(str)
    run_leaving = Signal(str)

    def __init__(
        self,
        host: PluginHost,
        store: RunStore,
        session: TrainingSession,
        pump: EventPump,
        jobs: Jobs,
        settings: QSettings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.host = host
        self.store = store
        self.session = session
        self.pump = pump
        self.jobs = jobs
        self.settings = settings

    def notify(self, message: str, remedy: str = "", detail: str = "", level: str = "info") -> None:
        """Shows a notice in the window."""
        self.noticed.emit(message, remedy, detail, level)

    def refuse(self, error: Exception, what: str = "That could not be done.", level: str = "warn") -> None:
        """Says why something could not be done: in the error's own words, or, where it is a bug, in those of `what`."""
        if isinstance(error, StudioError):
            self.notify(error.message, error.remedy, level=level)
        else:
            self.notify(what, "", f"{type(error).__name__}: {error}", "bad")
