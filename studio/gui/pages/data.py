"""The pictures to train on: what there is to choose from, how it looks, and what was left out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from studio.api.errors import StudioError
from studio.data.cache import Cancelled
from studio.gui import words
from studio.gui.demo import DATA as DEMO
from studio.gui.pages.data_sources import DataSources
from studio.gui.pages.looking import Look, check, look
from studio.gui.widgets.basics import Button, DimLabel, Label, PrimaryButton
from studio.gui.widgets.notice import Notice
from studio.gui.widgets.notice_slot import NoticeSlot
from studio.gui.widgets.picture_grid import PictureGrid

if TYPE_CHECKING:
    from studio.data.inspect import Report
    from studio.gui.studio import Studio

T = TypeVar("T")

MOST = 240
CELL = 76
POLL_MS = 100
CHOSEN = "data/chosen"
KINDS = {
    "unlabelled": "no labels",
    "labelled": "labelled",
    "paired": "side by side",
    "unpaired": "two unpaired sets",
    "layout": "layouts with boxes",
    "captioned": "captioned",
}


class DataPage(QWidget):
    """Sources on the left, the chosen one's pictures on the right.

    Some pictures are shown at once. A person's own data is then decoded whole, to say what will be left out; that can
    be cancelled, and training need not wait for it.

    Attributes:
        sources: the list of what can be chosen.
        grid: some pictures of what was chosen.
        notices: what is wrong with it.
        seen: the first look; None while that is being taken.
        report: what checking every picture found; None while that is unknown.
    """

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.seen: Look | None = None
        self.report: Report | None = None
        self._cancel = threading.Event()
        self._progress = (0, 0)
        self.sources = DataSources(studio)
        self.grid = PictureGrid(cell=CELL)
        self.notices = NoticeSlot()
        self._title = Label("", "title")
        self._facts = DimLabel()
        self.train = PrimaryButton("Train on these", lambda: studio.train_wanted.emit(""))
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Progress")
        self.cancel = Button("Cancel", self._stop)
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

    def facts(self) -> str:
        """The line below the title."""
        return self._facts.text()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.seen is None or self.seen.source != self._wanted:
            self._look()

    def _look(self) -> None:
        self.seen = self.report = None
        self.sources.select(self._wanted)
        self._title.setText(words.data_name(self._wanted))
        self._facts.setText("Looking through the pictures")
        self.train.setEnabled(False)
        self.notices.clear()
        self.grid.set_pictures(np.empty((0, 1, 1, 3), np.uint8))
        source, offered = self._wanted, self._studio.host.datasets()
        self._work(
            lambda progress, cancelled: look(source, offered, most=MOST, progress=progress, cancelled=cancelled),
            self._show,
        )

    def _check(self) -> None:
        source, offered = self._wanted, self._studio.host.datasets()
        self._work(lambda progress, cancelled: check(source, offered, progress, cancelled), self._show_report)

    def _work(
        self, work: Callable[[Callable[[int, int], None], Callable[[], bool]], T], done: Callable[[T], None]
    ) -> None:
        """Does one thing in the background, in place of what was being done."""
        self._cancel.set()
        self._cancel = cancel = threading.Event()
        self._progress = (0, 0)
        closing = self._studio.jobs.closing
        self._bar.setRange(0, 0)
        self._bar.show()
        self.cancel.show()
        self._poll.start()

        def finish(result: T) -> None:
            if cancel is self._cancel:
                self._end()
                done(result)

        def fail(error: Exception) -> None:
            if cancel is self._cancel:
                self._end()
                self._refuse(error)

        self._studio.jobs.run(
            self,
            lambda: work(self._note, lambda: cancel.is_set() or closing.is_set()),
            finish,
            fail,
        )

    def _stop(self) -> None:
        self._cancel.set()

    def _note(self, done: int, total: int) -> None:
        """Called on a job's thread: one assignment, read by the timer."""
        self._progress = (done, total)

    def _end(self) -> None:
        self._poll.stop()
        self._bar.hide()
        self.cancel.hide()

    def _show(self, seen: Look) -> None:
        self.seen = seen
        self._studio.settings.setValue(CHOSEN, seen.source)
        self.sources.remember(seen.source)
        self._title.setText(seen.name)
        self._facts.setText(_facts(seen.count, seen.kind))
        self.train.setEnabled(True)
        self.grid.set_pictures(seen.pictures, seen.keys)
        if not seen.source.startswith("demo:"):
            self._check()

    def _show_report(self, report: Report) -> None:
        self.report = report
        self._facts.setText(_facts(report.count, report.kind, f"{report.width} × {report.height}"))
        if report.skipped:
            self.notices.show_notice(
                Notice(
                    f"{words.counted(len(report.skipped), 'file')} cannot be read.",
                    "Training leaves them out and uses the rest.",
                    "\n".join(f"{skipped.file}: {skipped.reason}" for skipped in report.skipped),
                )
            )

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, Cancelled):
            told = _facts(self.seen.count, self.seen.kind) if self.seen else "Cancelled"
            self._facts.setText(told)
        elif isinstance(error, StudioError):
            self._facts.setText(self._wanted)
            self.notices.show_notice(Notice(error.message, error.remedy, level="bad"))
        else:
            self._facts.setText(self._wanted)
            self.notices.show_notice(Notice("This data cannot be opened.", "", repr(error), "bad"))

    def _show_progress(self) -> None:
        done, total = self._progress
        if total:
            self._bar.setRange(0, total)
            self._bar.setValue(done)
            doing = "Checking" if self.seen else "Looking at"
            self._facts.setText(f"{doing} {words.count(done)} of {words.counted(total, 'picture')}")

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(self._title)
        names.addWidget(self._facts)
        head.addLayout(names, 1)
        head.addWidget(self.cancel, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.train, 0, Qt.AlignmentFlag.AlignTop)
        kept = self._bar.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self._bar.setSizePolicy(kept)
        self._bar.hide()
        self.cancel.hide()
        right = QVBoxLayout()
        right.setContentsMargins(24, 20, 16, 0)
        right.setSpacing(8)
        right.addLayout(head)
        right.addWidget(self._bar)
        right.addWidget(self.notices)
        right.addWidget(_scrolling(self.grid), 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.sources)
        row.addLayout(right, 1)


def _facts(count: int, kind: str, size: str = "") -> str:
    noun = "pair" if kind == "paired" else "picture"
    return " · ".join(part for part in (words.counted(count, noun), size, KINDS.get(kind, kind)) if part)


def _scrolling(widget: QWidget) -> QScrollArea:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 8, 16)
    column.addWidget(widget)
    column.addStretch(1)
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(page)
    return scroll
