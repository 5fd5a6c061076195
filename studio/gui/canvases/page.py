"""The Play page: a run, and a tab for every canvas that its model's capabilities offer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QShowEvent,
    QUndoGroup,
    QUndoStack,
)
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from studio.api.canvas import CanvasSpec
from studio.edit.documents import EditEnvelope
from studio.engine.events import Failed, ModelFacts, RunOpened, StateChanged
from studio.gui.canvases.carrying import edit_in
from studio.gui.canvases.finding import Found, kept_documents, run_of, what_is_in
from studio.gui.canvases.place import CanvasPlace
from studio.gui.canvases.rows import row
from studio.gui.canvases.run_chooser import RunChooser
from studio.gui.widgets.basics import Tabs
from studio.gui.widgets.empty import EmptyState
from studio.gui.widgets.question import Question

if TYPE_CHECKING:
    from collections.abc import Mapping

    from studio.gui.studio import Studio

RUN_KEY = "play/run"


class PlayPage(QWidget):
    """Plays with one run at a time.

    When it is first shown it opens the run in training, else the one it last had open, else the newest. A picture that
    was saved here, dropped or pasted, opens the run and the canvas that made it.

    Attributes:
        run: the folder of the run that is open or being opened; empty when there is none.
        places: the tabs' contents.
        tabs: a tab a canvas.
        chooser: which run.

    Signals:
        canvas_changed(): another canvas is in front, and `undo_stack` another stack.
    """

    canvas_changed = Signal()

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.run = ""
        self.places: list[CanvasPlace] = []
        self._studio = studio
        self._wanted: EditEnvelope | None = None
        self._canvas = ""
        self._looked = False
        self.tabs = Tabs()
        self.tabs.setAccessibleName("Canvases")
        self.tabs.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click is on the canvas, and its keys
        self.chooser = RunChooser(studio)
        self._stack = QStackedWidget()
        self._words = QWidget()
        self.setAcceptDrops(True)
        self._lay_out()
        self._say(
            "Nothing to play with yet", "Train a model, for a minute even, and its pictures are here.", train=True
        )
        self.tabs.tabBarClicked.connect(lambda _index: self._focus_canvas())
        self.tabs.currentChanged.connect(self._show_place)
        self.chooser.chosen.connect(self.open_run)
        self.chooser.listed.connect(self._open_first)
        studio.run_leaving.connect(self._let_go)
        studio.pump.subscribe(RunOpened, self._run_opened)
        studio.pump.subscribe(StateChanged, self._state_changed)
        studio.pump.subscribe(Failed, self._failed)

    @property
    def undo_stack(self) -> QUndoStack | None:
        """The undo stack of the canvas in front; None where there is none."""
        place = self._front()
        return None if place is None else place.host.undo_stack

    @property
    def loss(self) -> str:
        """What closing the canvases now would lose, in sentences; empty where nothing is under way."""
        return " ".join(place.host.loss for place in self.places if place.host.loss)

    def open_run(self, folder: str, canvas: str = "") -> None:
        """Opens a run, given by its folder, with its canvases as they were left, and that of id `canvas` in front.

        Asks first where that would lose what is under way.
        """
        if self.run and Path(folder) == Path(self.run):
            self._canvas = canvas
            self._to_front()
            self._deliver()
        elif self.loss:
            self._ask_to_leave(folder, canvas)
        else:
            self._go_to(folder, canvas)

    def _ask_to_leave(self, folder: str, canvas: str) -> None:
        """Asks whether what is under way may be lost to another run."""
        question = Question("Open another run before it is done?", self.loss, "Stay here", "Open the other", self)
        question.agreed.connect(lambda: self._go_to(folder, canvas))
        question.rejected.connect(self._stay)
        question.open()

    def _stay(self) -> None:
        self._wanted = None
        self.chooser.show_run(self.run)

    def _go_to(self, folder: str, canvas: str) -> None:
        self._canvas = canvas
        self.close_canvases()
        self.run = folder
        self.chooser.show_run(folder)
        self._say("Opening the run", self.chooser.currentText() or Path(folder).name, busy=True)
        self._studio.session.open(folder)

    def open_picture(self, path: Path) -> None:
        """Opens the edit in a PNG or a JSON file, with the run that it was made with."""
        studio = self._studio
        studio.jobs.run(self, lambda: what_is_in(path, studio.store, studio.host), self._open_found, self._refuse)

    def _let_go(self, folder: str) -> None:
        """Closes the canvases of a run that is about to be deleted; what is unsaved goes with it."""
        if self.run and Path(folder) == Path(self.run):
            self.close_canvases()
            self.chooser.show_run("")
            self._say("No run is open", "Choose one above.")

    def close_canvases(self) -> None:
        """Lets every canvas write what is unsaved, and closes it. To be called before the window closes."""
        for place in self.places:
            place.close_canvas()
        self.places = []
        self.run = ""
        blocked = self.tabs.blockSignals(True)
        while self.tabs.count():
            self.tabs.removeTab(0)
        self.tabs.blockSignals(blocked)
        self.canvas_changed.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.chooser.refresh()
        self._join_undo()
        self._focus_canvas()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if edit_in(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if self._take_in(edit_in(event.mimeData())):
            event.acceptProposedAction()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        pasted = event.matches(QKeySequence.StandardKey.Paste)
        if not (pasted and self._take_in(edit_in(QGuiApplication.clipboard().mimeData()))):
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        head = row(self.tabs, 1, self.chooser)
        head.setContentsMargins(16, 8, 16, 8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self._stack, 1)
        self._stack.addWidget(self._words)

    def _say(self, title: str, text: str, *, train: bool = False, busy: bool = False) -> None:
        """Shows words in place of canvases."""
        actions = (("Train a model", lambda: self._studio.train_wanted.emit("")),) if train else ()
        before, self._words = self._words, EmptyState(title, text, actions, busy=busy)
        self._stack.insertWidget(0, self._words)
        self._stack.setCurrentIndex(0)
        before.deleteLater()

    def _open_first(self) -> None:
        """What to play with when the page is first shown."""
        if self.run or self._looked or not self.chooser.runs:
            return
        self._looked = True
        runs = {run.folder: run for run in self.chooser.runs}
        first = self.chooser.runs[0]
        last = str(self._studio.settings.value(RUN_KEY, ""))
        self.open_run(last if last in runs and not first.live else first.folder)

    def _run_opened(self, openings: Sequence[RunOpened]) -> None:
        for opened in openings:
            if not self.run and opened.live and self.isVisible():
                self.run = opened.run
            if self.run and Path(opened.run) == Path(self.run) and not self.places:
                self._prepare(opened.run, opened.facts)

    def _prepare(self, run: str, facts: ModelFacts) -> None:
        offered = [spec for spec in self._studio.host.canvases() if _offered(spec, facts)]
        self._studio.jobs.run(
            self,
            lambda: kept_documents(run, [spec.id for spec in offered]),
            lambda documents: self._build(run, facts, offered, documents),
            self._refuse,
        )

    def _build(
        self, run: str, facts: ModelFacts, offered: Sequence[CanvasSpec], documents: Mapping[str, EditEnvelope]
    ) -> None:
        if Path(run) != Path(self.run or "/") or self.places:
            return
        self._studio.settings.setValue(RUN_KEY, run)
        self.chooser.show_run(run)
        if not offered:
            self._say(f"No canvas for {facts.title} yet", "None of the installed canvases can show what it does.")
        for spec in offered:
            kept = documents.get(spec.id)
            place = CanvasPlace(self._studio, spec, run, facts, None if kept is None else kept.document)
            place.host.edit_wanted.connect(self.open_picture)
            self.places.append(place)
            self._stack.addWidget(place)
            self.tabs.add(spec.title, spec.summary)
        self._to_front()
        self._show_place(self.tabs.currentIndex())
        self._deliver()

    def _show_place(self, index: int) -> None:
        if 0 <= index < len(self.places):
            place = self.places[index]
            place.make()
            self._stack.setCurrentWidget(place)
            if self.window().focusWidget() is not self.tabs:  # arrows go through the tabs
                place.setFocus()
            self._join_undo()
        self.canvas_changed.emit()

    def _join_undo(self) -> None:
        """Lets the window's Undo and Redo reach the canvas in front."""
        group, stack = self.window().findChild(QUndoGroup), self.undo_stack
        if group is not None and stack is not None:
            group.addStack(stack)
            if self.isVisible():
                stack.setActive()

    def _focus_canvas(self) -> None:
        place = self._front()
        if place is not None:
            place.setFocus()

    def _front(self) -> CanvasPlace | None:
        index = self.tabs.currentIndex()
        return self.places[index] if 0 <= index < len(self.places) else None

    def _state_changed(self, _changes: Sequence[StateChanged]) -> None:
        if self.isVisible():
            self.chooser.refresh()

    def _failed(self, failures: Sequence[Failed]) -> None:
        if self.run and not self.places:
            self.run = ""
            self.chooser.show_run("")
            self._say("This run cannot be opened", f"{failures[-1].message} {failures[-1].remedy}".strip())

    def _take_in(self, edit: EditEnvelope | Path | None) -> bool:
        if isinstance(edit, Path):
            self.open_picture(edit)
        elif edit is not None:
            studio = self._studio
            studio.jobs.run(self, lambda: run_of(edit, studio.store, studio.host), self._open_found, self._refuse)
        return edit is not None

    def _open_found(self, found: Found) -> None:
        folder = self.run if found.envelope.run == Path(self.run).name else found.folder or self.run
        if not folder:
            self._studio.notify(
                f"This was made with the run {found.envelope.run}, which is not here.",
                "Open a run of the same model, then open the picture again.",
                level="warn",
            )
            return
        self._wanted = found.envelope
        self.open_run(folder)

    def _to_front(self) -> None:
        """Shows the canvas that was asked for with the run, where the model offers it."""
        ids = [place.spec.id for place in self.places]
        if self._canvas in ids:
            self.tabs.setCurrentIndex(ids.index(self._canvas))
            self._canvas = ""

    def _deliver(self) -> None:
        """Hands an edit that was opened to the canvas that made it."""
        if self._wanted is None or not self.places:
            return
        wanted, self._wanted = self._wanted, None
        for index, place in enumerate(self.places):
            if place.spec.id == wanted.canvas:
                self.tabs.setCurrentIndex(index)
                place.make()
                place.host.document_opened.emit(wanted.document)
                return
        self._studio.notify(
            f"This was made on a canvas called {wanted.canvas}, which this model does not offer.", level="warn"
        )

    def _refuse(self, error: Exception) -> None:
        self._studio.refuse(error, "That could not be opened.")


def _offered(spec: CanvasSpec, facts: ModelFacts) -> bool:
    return all(capability.__name__ in facts.capabilities for capability in spec.requires)
