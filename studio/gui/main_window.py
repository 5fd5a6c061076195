"""The window: top bar, rail, one place at a time, status line. It is up before the engine is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, QSize, Qt, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QResizeEvent,
    QUndoGroup,
    QUndoStack,
)
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from studio.gui.appearance import Appearance
from studio.gui.command_palette import CommandPalette
from studio.gui.drops import DropVeil, dropped_paths, may_be_an_edit, source_of
from studio.gui.model_import import import_model, may_be_a_model
from studio.gui.notices import NoticeStack
from studio.gui.places import PLACES, Builder, Detachable, HasCanvases, OpensPictures, OpensRuns, build_safely, builders
from studio.gui.status_line import StatusLine
from studio.gui.top_bar import TopBar
from studio.gui.widgets.basics import DimLabel, IconButton
from studio.gui.widgets.notice import Notice
from studio.gui.widgets.rail import Rail
from studio.gui.window_actions import WindowActions

if TYPE_CHECKING:
    from pathlib import Path

    from studio.engine.events import Failed, Noticed, Rollback
    from studio.gui.closing import Closing
    from studio.gui.studio import Studio

GEOMETRY = "window/geometry"
PAGE = "window/page"
SMALLEST = QSize(960, 640)
USUAL = QSize(1440, 900)


class MainWindow(QMainWindow):
    """The shell. `attach` gives it a studio, and with it its places.

    Attributes:
        actions_: every action of the window itself; the command palette finds these and the places' own.
        undo_group: Ctrl+Z goes to the stack of the place that is shown, where it has an `undo_stack`.
        palette_: the command palette.
        notices: what is said about the window as a whole.
    """

    def __init__(self, appearance: Appearance, settings: QSettings) -> None:
        super().__init__()
        self._appearance = appearance
        self._settings = settings
        self._studio: Studio | None = None
        self._closing: Closing | None = None
        self._pages: dict[str, QWidget] = {}
        self._builders: dict[str, Builder] = {}
        self._current = self._remembered_page()
        self.undo_group = QUndoGroup(self)
        self.actions_ = WindowActions(self, self.undo_group, appearance)
        self.top = TopBar(self.actions_.run_actions())
        self.rail = Rail([(place.name, place.title, place.icon) for place in PLACES])
        self.stack = QStackedWidget()
        self.status = StatusLine()
        self._lay_out()
        self.palette_ = CommandPalette(self)
        self.notices = NoticeStack(self.stack)
        self._veil = DropVeil(self)
        self._connect()
        self._restore()

    def attach(self, studio: Studio, pages: Mapping[str, Builder] | None = None) -> None:
        """Furnishes the window: the shown place now, the others one by one as soon as there is time."""
        from studio.engine.events import Failed, Noticed
        from studio.gui.closing import Closing
        from studio.gui.recovery import Recovery
        from studio.gui.run_bar import RunBar
        from studio.gui.run_watch import RunWatch

        self._studio = studio
        self._builders = dict(pages if pages is not None else builders())
        watch = RunWatch(studio.pump, self)
        self._closing = Closing(studio.session, watch, self)
        self._closing.ready.connect(self.close)
        self._closing.slow.connect(self._offer_to_give_up)
        self._run_bar = RunBar(studio, watch, self.top, self.status, self.actions_)
        studio.noticed.connect(self._notice)
        studio.page_wanted.connect(self.show_page)
        studio.play_wanted.connect(self._play)
        studio.canvas_wanted.connect(self._play)
        studio.train_wanted.connect(lambda _model: self.show_page("train"))
        studio.pump.subscribe(Failed, self._on_failed)
        studio.pump.subscribe(Noticed, self._on_noticed)
        self._recovery = Recovery(studio, self.notices, self)
        self.show_page(self._current)
        self._build_next()

    def tell_why_not(self, failed: Failed) -> None:
        """Shows why there is no studio to attach."""
        notice = Notice(failed.message, failed.remedy, failed.detail, "bad")
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(24, 24, 24, 24)
        column.addWidget(notice, 0, Qt.AlignmentFlag.AlignTop)
        self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)

    def show_page(self, name: str) -> None:
        """Goes to a place."""
        self._current = name
        self.rail.set_current(name)
        self._settings.setValue(PAGE, name)
        if self._studio is None:
            return
        page = self._page(name)
        self.stack.setCurrentWidget(page)
        self._activate_undo()

    def page(self) -> str:
        """The place that is shown."""
        return self._current

    def stop_and_close(self) -> None:
        """Closes without asking; a run in progress is stopped and saved first."""
        if self._closing is None:
            self.close()
        else:
            self._closing.stop()

    def _lay_out(self) -> None:
        self.setWindowTitle("Ganvas")
        self.setMinimumSize(SMALLEST)
        self.setAcceptDrops(True)
        waiting = DimLabel("Looking for plugins")
        waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stack.addWidget(waiting)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.rail)
        middle.addWidget(self.stack, 1)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addLayout(middle, 1)
        column.addWidget(self.status)
        self.setCentralWidget(centre)

    def _connect(self) -> None:
        self._theme_button = IconButton("ri.contrast-2-line", "Switch between dark and light", self._appearance.toggle)
        self.rail.add_below(self._theme_button)
        for number, place in enumerate(PLACES, 1):
            self.rail.set_tooltip(place.name, f"{place.summary} (Alt+{number})")
        self.stack.currentChanged.connect(lambda _page: self.notices.raise_())  # a stack raises what it shows
        self.rail.chosen.connect(self.show_page)
        self.actions_.place_wanted.connect(self.show_page)
        self.actions_.data_picked.connect(self._use_data)
        self.actions_.palette.triggered.connect(self.palette_.open)
        self.actions_.quit.triggered.connect(self.close)
        self.status.commands.clicked.connect(self.palette_.open)
        self.rail.set_current(self._current)

    def _restore(self) -> None:
        geometry = self._settings.value(GEOMETRY)
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(USUAL.boundedTo(self.screen().availableSize()))

    def _remembered_page(self) -> str:
        name = str(self._settings.value(PAGE, "start"))
        return name if name in {place.name for place in PLACES} else "start"

    def _page(self, name: str) -> QWidget:
        if name not in self._pages:
            assert self._studio is not None
            page = build_safely(name, self._builders[name], self._studio)
            self._pages[name] = page
            self.stack.addWidget(page)
            if isinstance(page, HasCanvases):
                page.canvas_changed.connect(self._activate_undo)
        return self._pages[name]

    def _activate_undo(self) -> None:
        """Ctrl+Z belongs to the canvas that is shown."""
        stack = getattr(self._pages.get(self._current), "undo_stack", None)
        before = self.undo_group.activeStack()
        if isinstance(stack, QUndoStack):
            self.undo_group.addStack(stack)
            stack.setActive()
        elif before is not None:
            before.setActive(False)

    def _build_next(self) -> None:
        """Builds what is not built yet, one place in each turn of the event loop, so that the window stays quick."""
        missing = next((name for name in self._builders if name not in self._pages), None)
        if missing is not None:
            self._page(missing)
            QTimer.singleShot(0, self, self._build_next)

    def _play(self, run: str, canvas: str = "") -> None:
        self.show_page("play")
        page = self._pages.get("play")
        if run and isinstance(page, OpensRuns):
            page.open_run(run, canvas)

    def _use_data(self, source: str) -> None:
        if self._studio is not None and source:
            self.show_page("data")
            self._studio.data_chosen.emit(source)

    def _notice(self, message: str, remedy: str, detail: str, level: str) -> None:
        self.notices.add(message, remedy, detail, level)

    def _on_failed(self, events: Sequence[Failed]) -> None:
        for event in events:
            if event.rollback is None:
                self.notices.add(event.message, event.remedy, event.detail, "bad")
            else:
                self._offer_the_way_back(event.message, event.remedy, event.rollback)

    def _offer_the_way_back(self, message: str, words: str, back: Rollback) -> None:
        """One click takes it; the notice goes, and the run goes on."""

        def take() -> None:
            assert self._studio is not None
            self.notices.remove(notice)
            self._studio.session.resume(back.run, changes=back.changes)

        notice = self.notices.add(message, level="bad", actions=[(words.rstrip("."), take)])

    def _on_noticed(self, events: Sequence[Noticed]) -> None:
        for event in events:
            self.notices.add(event.message, level="warn")

    def _offer_to_give_up(self) -> None:
        assert self._closing is not None
        self.notices.add(
            "Saving takes long.",
            "The window closes as soon as the checkpoint is written. Without it, the run goes on from the one before.",
            level="warn",
            actions=[("Close without waiting", self._closing.give_up)],
        )

    def closeEvent(self, event: QCloseEvent) -> None:
        self._settings.setValue(GEOMETRY, self.saveGeometry())
        if self._closing is None or self._closing.may_close(self._loss()):
            for page in self._pages.values():
                if isinstance(page, HasCanvases):
                    page.close_canvases()
                if isinstance(page, Detachable):
                    page.detach()
            event.accept()
        else:
            event.ignore()

    def _loss(self) -> str:
        """What closing the window now would lose besides a run in training, in sentences."""
        losses = [page.loss for page in self._pages.values() if isinstance(page, HasCanvases)]
        return " ".join(loss for loss in losses if loss)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.palette_.isVisible():
            self.palette_.leave()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        paths = dropped_paths(event.mimeData())
        if event.source() is None and (source_of(paths) or self._is_model(paths)):
            event.acceptProposedAction()
            self._veil.cover()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        super().dragLeaveEvent(event)
        self._veil.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self._veil.hide()
        event.acceptProposedAction()
        self._take(dropped_paths(event.mimeData()))

    def _is_model(self, paths: list[Path]) -> bool:
        return may_be_a_model(paths, () if self._studio is None else self._studio.host.importers())

    def _take(self, paths: list[Path]) -> None:
        """Imports a model, opens a picture that was saved on a canvas; trains on anything else."""
        if self._studio is not None and self._is_model(paths):
            import_model(self._studio, paths[0])
            return
        source, play = source_of(paths), self._pages.get("play")
        if self._studio is None or not isinstance(play, OpensPictures) or not may_be_an_edit(paths):
            self._use_data(source)
            return

        def open_edit(_edit: object) -> None:
            self.show_page("play")
            play.open_picture(paths[0])

        from studio.edit.documents import read_envelope

        self._studio.jobs.run(self, lambda: read_envelope(paths[0]), open_edit, lambda _error: self._use_data(source))
