"""Every run of this home: look, play, go on, pin a checkpoint, put in the bin."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPoint, QSize, QSortFilterProxyModel, Qt, QUrl
from PySide6.QtGui import QAction, QDesktopServices, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QMenu,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from studio.gui import words
from studio.gui.pages.kept_strip import KeptStrip
from studio.gui.pages.run_pictures import RunCard, run_cards
from studio.gui.pages.runs_model import CARD, COLUMNS, FACE_PX, SORT, RunsModel
from studio.gui.pages.status_delegate import StatusDelegate
from studio.gui.run_bin import DAYS, RunBin
from studio.gui.widgets.basics import DimLabel, Label
from studio.gui.widgets.empty import EmptyState
from studio.gui.widgets.notice import Notice
from studio.gui.widgets.notice_slot import NoticeSlot

if TYPE_CHECKING:
    from studio.gui.studio import Studio

ROW_PX = 52
WIDEST = 1440
WIDTHS = (300, 180, 180, 140, 160, 140)


class RunsPage(QWidget):
    """A table of runs, newest first; a double click or Enter plays with one.

    Attributes:
        table: the view.
        model: the rows.
        kept: the checkpoints of the selected run.
        notices: what came of it.
        play, resume, reveal, delete: what can be done with the selected run.
    """

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._bin = RunBin(studio.store.home)
        self._deleted: list[tuple[RunCard, Path]] = []
        self.model = RunsModel()
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self.model)
        self._sorted.setSortRole(SORT)
        self._sorted.setFilterKeyColumn(-1)
        self._sorted.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.table = QTableView()
        self._count = DimLabel()
        self._filter = QLineEdit()
        self.notices = NoticeSlot()
        self.kept = KeptStrip(studio)
        self._stack = QStackedWidget()
        self.play = self._action("Play with this run", "", self._play)
        self.resume = self._action("Resume this run", "", self._resume)
        self.reveal = self._action("Open the run's folder", "", self._reveal)
        self.delete = self._action("Delete this run", QKeySequence.StandardKey.Delete, self._delete)
        self._dress_table()
        self._lay_out()

    def refresh(self) -> None:
        """Reads the runs on disk again."""
        store, models, bin_ = self._studio.store, self._studio.host.models(), self._bin

        def read() -> list[RunCard]:
            bin_.sweep()
            return run_cards(store, models, 1)

        self._studio.jobs.run(self, read, self._show, self._fail)

    def selected(self) -> RunCard | None:
        """The run that is selected."""
        index = self.table.currentIndex()
        card = index.data(CARD) if index.isValid() else None
        return card if isinstance(card, RunCard) else None

    def select(self, folder: str) -> None:
        """Selects a run by its folder."""
        for row in range(self._sorted.rowCount()):
            index = self._sorted.index(row, 0)
            if index.data(CARD).folder == folder:
                self.table.setCurrentIndex(index)

    def detach(self) -> None:
        """Hears no more of the engine; to be called before the page is deleted."""
        self.kept.detach()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        self.table.setFocus()

    def _show(self, cards: list[RunCard]) -> None:
        kept, row = self.selected(), self.table.currentIndex().row()
        self.model.show(cards)
        self._count.setText(words.counted(len(cards), "run"))
        self._stack.setCurrentIndex(1 if cards else 0)
        if cards:
            self.select(kept.folder if kept else cards[0].folder)
        if kept and self.selected() is None:  # it is gone: what took its place
            self.table.setCurrentIndex(self._sorted.index(min(row, self._sorted.rowCount() - 1), 0))
        self._show_actions()

    def _fail(self, error: Exception) -> None:
        self.notices.show_notice(
            Notice("The runs cannot be listed.", f"Look at {self._studio.store.home}.", repr(error), "bad")
        )

    def _show_actions(self) -> None:
        card = self.selected()
        for action in (self.play, self.reveal, self.delete):
            action.setEnabled(card is not None)
        self.resume.setEnabled(card is not None and card.resumable)
        self.kept.show_run(card.folder if card is not None else "")

    def _play(self) -> None:
        if card := self.selected():
            self._studio.play_wanted.emit(card.folder)

    def _resume(self) -> None:
        if card := self.selected():
            self._studio.session.resume(card.folder)
            self._studio.page_wanted.emit("train")

    def _reveal(self) -> None:
        if card := self.selected():
            QDesktopServices.openUrl(QUrl.fromLocalFile(card.folder))

    def _delete(self) -> None:
        card = self.selected()
        if card is None:
            return
        if card.owned or card.status.busy:
            self.notices.show_notice(Notice(f"{card.name} is being trained.", "Stop it first.", level="warn"))
            return
        self._studio.run_leaving.emit(card.folder)
        try:
            place = self._bin.put(Path(card.folder))
        except OSError as error:
            self.notices.show_notice(Notice(f"{card.name} cannot be deleted.", f"{error}.", level="bad"))
            return
        self._deleted.append((card, place))
        self._say_deleted()
        self.refresh()

    def _say_deleted(self) -> None:
        """Says which run was deleted last, and offers it back; what was deleted before it comes after it."""
        if not self._deleted:
            self.notices.clear()
            return
        more = f" Undo again for {words.counted(len(self._deleted) - 1, 'more run')}." if self._deleted[1:] else ""
        said = Notice(
            f"{self._deleted[-1][0].name} is deleted.",
            f"It stays in the bin for {DAYS} days of use.{more}",
            level="info",
            actions=[("Undo", self._undo)],
            closable=True,
        )
        said.closed.connect(self._deleted.clear)
        self.notices.show_notice(said)

    def _undo(self) -> None:
        card, place = self._deleted.pop()
        self._say_deleted()
        try:
            self._bin.restore(place, Path(card.folder))
        except OSError as error:
            actions = [("Undo the one before", self._undo)] if self._deleted else []
            self.notices.show_notice(
                Notice(f"{card.name} cannot be brought back.", f"{error}.", level="bad", actions=actions)
            )
        self.refresh()

    def _menu(self, place: QPoint) -> None:
        if self.selected() is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions([self.play, self.resume, self.reveal])
        menu.addSeparator()
        menu.addAction(self.delete)
        menu.popup(self.table.viewport().mapToGlobal(place))

    def _action(self, text: str, keys: str | QKeySequence.StandardKey, call: object) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.setEnabled(False)
        action.triggered.connect(call)
        self.addAction(action)
        return action

    def _dress_table(self) -> None:
        table = self.table
        table.setModel(self._sorted)
        table.setAccessibleName("Runs")
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setSortingEnabled(True)
        table.horizontalHeader().sortIndicatorChanged.connect(self.model.mark_sorted)
        table.sortByColumn(len(COLUMNS) - 1, Qt.SortOrder.DescendingOrder)
        table.setIconSize(QSize(FACE_PX, FACE_PX))
        table.setItemDelegate(StatusDelegate(table))
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(ROW_PX)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, width in enumerate(WIDTHS):
            table.setColumnWidth(column, width)
        table.customContextMenuRequested.connect(self._menu)
        table.activated.connect(self._activated)
        table.selectionModel().currentChanged.connect(lambda _new, _old: self._show_actions())

    def _activated(self, _index: QModelIndex) -> None:
        self._play()

    def _lay_out(self) -> None:
        self._filter.setPlaceholderText("Find a run")
        self._filter.setAccessibleName("Find a run")
        self._filter.setClearButtonEnabled(True)
        self._filter.setFixedWidth(240)
        self._filter.textChanged.connect(self._sorted.setFilterFixedString)
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(Label("Runs", "title"))
        names.addWidget(self._count)
        head = QHBoxLayout()
        head.addLayout(names, 1)
        head.addWidget(self._filter, 0, Qt.AlignmentFlag.AlignTop)
        self._stack.addWidget(
            EmptyState(
                "There are no runs yet",
                "A run is kept for every training: its samples, its plots and its checkpoints.",
                [("Train a model", lambda: self._studio.train_wanted.emit(""))],
            )
        )
        self._stack.addWidget(self.table)
        self._stack.setCurrentWidget(self.table)
        content = QWidget()
        content.setMaximumWidth(WIDEST)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(content, 1000)
        outer.addStretch(1)
        column = QVBoxLayout(content)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.notices)
        column.addWidget(self._stack, 1)
        column.addWidget(self.kept)
