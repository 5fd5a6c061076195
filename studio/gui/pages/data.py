"""The pictures to train on: what there is to choose from, how it looks, and what was left out."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from studio.api.errors import StudioError
from studio.gui import words
from studio.gui.demo import DATA as DEMO
from studio.gui.pages.data_sources import DataSources
from studio.gui.pages.looking import Cancelled, Look, look
from studio.gui.widgets.basics import Button, DimLabel, Label, PrimaryButton
from studio.gui.widgets.empty import EmptyState
from studio.gui.widgets.notice import Notice
from studio.gui.widgets.picture_grid import PictureGrid

if TYPE_CHECKING:
    from studio.gui.studio import Studio

MOST = 240
CELL = 76
POLL_MS = 100
CHOSEN = "data/chosen"
KINDS = {
    "unlabelled": "no labels",
    "labelled": "labelled",
    "paired": "pairs",
    "unpaired": "two unpaired sets",
    "layout": "layouts with boxes",
    "captioned": "captioned",
}


class DataPage(QWidget):
    """Sources on the left, the chosen one's pictures on the right.

    Attributes:
        sources: the list of what can be chosen.
        grid: some pictures of what was chosen.
        seen: what is known of it; None while that is being found out.
    """

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.seen: Look | None = None
        self._serial = 0
        self._cancel = threading.Event()
        self._progress = (0, 0)
        self.sources = DataSources(studio)
        self.grid = PictureGrid(cell=CELL)
        self._title = Label("", "title")
        self._facts = DimLabel()
        self._train = PrimaryButton("Train on these", lambda: studio.train_wanted.emit(""))
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._stop = Button("Cancel", self._cancel_look)
        self._notices = QVBoxLayout()
        self._stack = QStackedWidget()
        self._poll = QTimer(self)
        self._poll.setInterval(POLL_MS)
        self._poll.timeout.connect(self._show_progress)
        self._lay_out()
        studio.data_chosen.connect(self.show_source)
        self._wanted = str(studio.settings.value(CHOSEN, DEMO))

    def show_source(self, source: str) -> None:
        """Looks at a source and shows it; as soon as the page is shown, where it is not."""
        self._wanted = source
        if self.isVisible():
            self._look()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.seen is None or self.seen.source != self._wanted:
            self._look()

    def _look(self) -> None:
        source = self._wanted
        self._cancel.set()
        self._cancel = cancel = threading.Event()
        self._serial = serial = self._serial + 1
        self.seen = None
        self._progress = (0, 0)
        self.sources.select(source)
        self._begin(source)
        offered = self._studio.host.datasets()

        def work() -> Look:
            return look(source, offered, most=MOST, progress=self._note, cancelled=cancel.is_set)

        self._studio.jobs.run(
            work,
            lambda seen: self._show(seen) if serial == self._serial else None,
            lambda error: self._refuse(source, error) if serial == self._serial else None,
        )

    def _note(self, done: int, total: int) -> None:
        """Called on a job's thread: one assignment, read by the timer."""
        self._progress = (done, total)

    def _begin(self, source: str) -> None:
        self._title.setText(words.data_name(source))
        self._facts.setText("Looking through the pictures")
        self._train.setEnabled(False)
        self._clear_notices()
        self._bar.setRange(0, 0)
        self._bar.show()
        self._stop.show()
        self.grid.set_pictures(np.empty((0, 1, 1, 3), np.uint8))
        self._stack.setCurrentIndex(0)
        self._poll.start()

    def _end(self) -> None:
        self._poll.stop()
        self._bar.hide()
        self._stop.hide()

    def _show(self, seen: Look) -> None:
        self._end()
        self.seen = seen
        self._studio.settings.setValue(CHOSEN, seen.source)
        self.sources.remember(seen.source)
        self._title.setText(seen.name)
        self._facts.setText(" · ".join((words.counted(seen.count, "picture"), KINDS.get(seen.kind, seen.kind))))
        self._train.setEnabled(True)
        self.grid.set_pictures(seen.pictures, seen.keys)
        if seen.skipped:
            self._say_skipped(seen)

    def _say_skipped(self, seen: Look) -> None:
        shown = "\n".join(f"{file}: {reason}" for file, reason in seen.skipped)
        self._say(
            Notice(
                f"{words.counted(len(seen.skipped), 'file')} cannot be read.",
                "Training leaves them out and uses the rest.",
                shown,
                "warn",
            )
        )

    def _refuse(self, source: str, error: Exception) -> None:
        self._end()
        if isinstance(error, Cancelled):
            self._facts.setText("Cancelled")
            self._stack.setCurrentIndex(1)
            return
        self._facts.setText(source)
        if isinstance(error, StudioError):
            self._say(Notice(error.message, error.remedy, level="bad"))
        else:
            self._say(Notice("This data cannot be opened.", "", repr(error), "bad"))

    def _show_progress(self) -> None:
        done, total = self._progress
        if total:
            self._bar.setRange(0, total)
            self._bar.setValue(done)
            self._facts.setText(f"Looking at {words.count(done)} of {words.counted(total, 'picture')}")

    def _cancel_look(self) -> None:
        self._cancel.set()

    def _say(self, notice: Notice) -> None:
        self._clear_notices()
        self._notices.addWidget(notice)

    def _clear_notices(self) -> None:
        while (item := self._notices.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.sources)
        row.addWidget(self._right(), 1)

    def _right(self) -> QWidget:
        head = QHBoxLayout()
        head.setSpacing(12)
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(self._title)
        names.addWidget(self._facts)
        head.addLayout(names, 1)
        head.addWidget(self._stop, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._train, 0, Qt.AlignmentFlag.AlignTop)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(_top(self.grid))
        self._stack.addWidget(scroll)
        self._stack.addWidget(EmptyState("Nothing is shown", "Choose data on the left, or drop a folder here."))
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(24, 20, 16, 0)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self._bar)
        column.addLayout(self._notices)
        column.addWidget(self._stack, 1)
        return right


def _top(widget: QWidget) -> QWidget:
    """A widget at the top of a page that scrolls."""
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 8, 16)
    column.addWidget(widget)
    column.addStretch(1)
    return page
