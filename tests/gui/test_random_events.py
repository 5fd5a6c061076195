"""Random events over every place and every canvas while a run trains: nothing raises, nothing is said of a bug.

Each event is written to `events.txt` in the test's `tmp_path` before it happens, so that a run that ends the process
says where. `--from-event N` begins with the stretch of events that N is in: every stretch has a seed of its own.
"""

from __future__ import annotations

import gc
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shiboken6
from PIL import Image
from PySide6.QtCore import QObject, QSettings
from PySide6.QtGui import QDesktopServices, QDrag
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

import studio_canvases
import studio_cyclegan
import studio_layout2image
import studio_pix2pix
import studio_stylegan
from studio.engine.commands import TrainPlan
from studio.engine.events import Failed, RunState
from studio.engine.plugins import PluginHost
from studio.engine.runs import RunStore
from studio.engine.session import TrainingSession
from studio.engine.worker import WorkerOptions
from studio.gui.appearance import Appearance
from studio.gui.canvases.page import PlayPage
from studio.gui.canvases.place import CanvasPlace
from studio.gui.event_pump import EventPump
from studio.gui.garbage import GarbageCollector
from studio.gui.jobs import Jobs
from studio.gui.main_window import MainWindow
from studio.gui.places import PLACES
from studio.gui.studio import Studio
from studio.gui.widgets.question import Question
from tests.gui.random_hands import RandomHands

PLUGINS = (studio_canvases, studio_cyclegan, studio_layout2image, studio_pix2pix, studio_stylegan)
STYLES: dict[str, Any] = {
    "resolution": 8,
    "batch": 4,
    "z_dim": 6,
    "w_dim": 8,
    "mapping_layers": 2,
    "channel_base": 64,
    "channel_max": 8,
    "augment": "none",
}
PAIRS: dict[str, Any] = {"resolution": 32, "batch": 2, "width": 4}
LAYOUTS: dict[str, Any] = {"resolution": 16, "crop": 8, "width": 4, "batch": 3, "z_dim": 5, "embedding": 6}
CANVASES = "studio.gui.canvases."
FOREVER = 10_000_000
STAY = 40
TURNS = 6


def picture(path: Path, random: np.random.Generator) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(random.integers(0, 255, (40, 40, 3), np.uint8)).save(path)
    return path


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures, pairs and layouts of one's own, and files that are none."""
    folder, random = tmp_path_factory.mktemp("files"), np.random.default_rng(0)
    for index in range(6):
        picture(folder / "pictures" / f"{index}.png", random)
        picture(folder / "pairs" / "A" / f"{index}.png", random)
        picture(folder / "pairs" / "B" / f"{index}.png", random)
        picture(folder / "layouts" / f"{index}.png", random)
        objects = [{"label": "cat" if index % 2 else "dog", "box": [0.1 * place, 0.2, 0.4, 0.5]} for place in range(3)]
        (folder / "layouts" / f"{index}.json").write_text(json.dumps({"size": [40, 40], "objects": objects}))
    (folder / "torn.png").write_bytes((folder / "pictures" / "0.png").read_bytes()[:60])
    (folder / "words.txt").write_text("not a picture")
    (folder / "other.json").write_text('{"ganvas": 1}')
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, files: Path) -> Path:
    """A home with a short run of each kind of model."""
    home = tmp_path_factory.mktemp("home")
    session = TrainingSession(plugins(), RunStore(home), WorkerOptions(nice=0))
    session.start()
    for model, data, values in (
        ("stylegan", "pictures", STYLES),
        ("pix2pix", "pairs", PAIRS),
        ("layout2image", "layouts", LAYOUTS),
    ):
        session.train(TrainPlan(model, str(files / data), values, steps=2))
        while not (session.wait(60) and _ended(session)):
            pass
        assert session.status.state is RunState.FINISHED, model
    assert session.close()
    return home


def plugins() -> PluginHost:
    return PluginHost.of({module.__name__: module for module in PLUGINS})


def _ended(session: TrainingSession) -> bool:
    session.drain()
    return session.status.state in (RunState.FINISHED, RunState.FAILED)


class Sitting:
    """A window at work on a home, with everything that was said of bugs."""

    def __init__(self, home: Path, settings: QSettings, monkeypatch: pytest.MonkeyPatch) -> None:
        self.store = RunStore(home)
        self.session = TrainingSession(plugins(), self.store, WorkerOptions(nice=0))
        self.pump = EventPump(self.session.drain)
        self.jobs = Jobs()
        self.garbage = GarbageCollector()
        self.bugs: list[str] = []
        self.refused = 0
        self.window = MainWindow(Appearance(_application(), settings), settings)
        monkeypatch.setattr(self.window, "close", lambda: True)
        self.studio = Studio(plugins(), self.store, self.session, self.pump, self.jobs, settings)
        self.studio.noticed.connect(self._notice)
        self.pump.subscribe(Failed, self._failed)
        self.session.start()
        self.window.attach(self.studio)
        self.window.show()
        self.garbage.start()
        self.pump.start()

    def train(self, files: Path) -> None:
        """Has a run in training, whatever became of the one before."""
        if not self.session.status.state.busy:
            self.session.train(TrainPlan("stylegan", str(files / "pictures"), STYLES, steps=FOREVER))
        elif self.session.status.state is RunState.PAUSED:
            self.session.proceed()

    def go_on(self, turn: int, qtbot: QtBot) -> None:
        """By turns to another place, to a run, and to its canvases one after the other."""
        round_, place = divmod(turn, TURNS)
        self.window.show_page("play" if place else PLACES[round_ % len(PLACES)].name)
        if place == 1:
            self._open(round_, qtbot)
        elif place > 1 and self.play.tabs.count():
            self.play.tabs.setCurrentIndex(place % self.play.tabs.count())

    def go_to_a_canvas(self, turn: int, qtbot: QtBot) -> None:
        """By turns to every canvas of every run, the one in training among them."""
        round_, place = divmod(turn, TURNS)
        self._open(round_, qtbot)
        if self.play.tabs.count():
            self.play.tabs.setCurrentIndex(place % self.play.tabs.count())

    def canvas(self) -> QWidget:
        """The canvas in front, or what is there instead of one."""
        if self.window.page() != "play":
            self.window.show_page("play")
        places = self.play.places
        return places[self.play.tabs.currentIndex()] if places else self.play

    def _open(self, number: int, qtbot: QtBot) -> None:
        runs = [str(run.folder) for run in self.store.runs()]
        refused = self.refused
        self.play.open_run(runs[number % len(runs)])
        for question in self.play.findChildren(Question):  # whether what is being made may be lost
            question.accept()
        qtbot.waitUntil(lambda: bool(self.play.places) or self.refused > refused, timeout=30_000)

    @property
    def play(self) -> PlayPage:
        [play] = self.window.findChildren(PlayPage)
        return play

    def close(self) -> None:
        self.pump.stop()
        self.play.close_canvases()
        self.jobs.close()
        assert self.session.close()
        self.garbage.stop()
        self.window.deleteLater()

    def close_canvases(self, qtbot: QtBot) -> None:
        """Closes them, and fails where anything of one is still held."""
        self.window.hide()
        self.play.close_canvases()
        qtbot.waitUntil(self._no_canvas_is_left, timeout=20_000)

    def _no_canvas_is_left(self) -> None:
        """Nor anything of one that Qt has deleted and somebody in Python still holds."""
        gc.collect()
        parts = [one for one in gc.get_objects() if issubclass(type(one), QObject) and _is_of_canvases(one)]
        left = [type(one).__name__ for one in parts if isinstance(one, CanvasPlace) or not shiboken6.isValid(one)]
        assert not left, f"left of canvases: {left}"

    def _notice(self, message: str, _remedy: str, detail: str, _level: str) -> None:
        if detail:
            self.bugs.append(f"{message}\n{detail}")

    def _failed(self, failures: Sequence[Failed]) -> None:
        self.refused += len(failures)  # a run that has no checkpoint yet, say
        self.bugs += [f"{failed.message}\n{failed.detail}" for failed in failures if failed.detail]


@pytest.fixture
def sitting(home: Path, settings: QSettings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Sitting]:
    saved = iter(range(FOREVER))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(tmp_path / f"{next(saved)}.png"), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: ("", ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_, **__: ([], ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: str(tmp_path))
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: True)
    monkeypatch.setattr(QDrag, "exec", lambda *_: None)
    made = Sitting(home, settings, monkeypatch)
    yield made
    made.close()


def _is_of_canvases(one: QObject) -> bool:
    return type(one).__module__.startswith(CANVASES)


def _application() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app


class Diary:
    """What the hands do, in a file that is complete however the process ends."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8", buffering=1)
        self._event = 0

    def turn(self, event: int) -> None:
        self._event = event
        widgets, threads = len(QApplication.allWidgets()), threading.active_count()
        self.tell(f"turn; {widgets} widgets, {threads} threads, {time.process_time():.0f} s")

    def tell(self, what: str) -> None:
        self._file.write(f"{self._event} {what}\n")

    def next(self) -> None:
        self._event += 1

    def close(self) -> None:
        self._file.close()


@pytest.fixture
def diary(tmp_path: Path) -> Iterator[Diary]:
    made = Diary(tmp_path / "events.txt")
    yield made
    made.close()


@pytest.fixture
def first(request: pytest.FixtureRequest) -> int:
    """The first event: the beginning of a stretch."""
    wanted = int(request.config.getoption("--from-event"))
    return wanted - wanted % STAY


@pytest.fixture
def droppable(files: Path) -> list[Path]:
    return [path for path in sorted(files.rglob("*")) if path.is_file()] + [files / "pictures", files / "pairs"]


@dataclass(frozen=True)
class Wild:
    """A sitting that random hands are let loose on."""

    sitting: Sitting
    files: Path
    droppable: Sequence[Path]
    diary: Diary
    qtbot: QtBot

    def anywhere(self, seed: int, events: range) -> None:
        """All over the window."""
        self._go(seed, events, self.sitting.go_on, None)

    def on_canvases(self, seed: int, events: range) -> None:
        """On canvases alone."""
        self._go(seed, events, self.sitting.go_to_a_canvas, self.sitting.canvas)

    def _go(
        self, seed: int, events: range, go_on: Callable[[int, QtBot], None], ground: Callable[[], QWidget] | None
    ) -> None:
        sitting, diary = self.sitting, self.diary
        self.qtbot.waitUntil(lambda: bool(sitting.window.findChildren(PlayPage)), timeout=30_000)
        hands = RandomHands(sitting.window, self.droppable, diary.tell, ground)
        for number in events:
            if number % STAY == 0:
                diary.turn(number)
                hands.begin(f"{seed}/{number}")
                sitting.train(self.files)
                go_on(number // STAY, self.qtbot)
            hands.act()
            assert not sitting.bugs, f"event {number}: {sitting.bugs[0]}"
            diary.next()
        hands.stop()


@pytest.fixture
def wild(sitting: Sitting, files: Path, droppable: Sequence[Path], diary: Diary, qtbot: QtBot) -> Wild:
    return Wild(sitting, files, droppable, diary, qtbot)


def test_nothing_breaks_under_random_hands_while_training(wild: Wild) -> None:
    wild.anywhere(0, range(400))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 6))
def test_nothing_breaks_under_random_hands_for_long(wild: Wild, first: int, seed: int) -> None:
    wild.anywhere(seed, range(first, 10_000))
    wild.sitting.close_canvases(wild.qtbot)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 3))
def test_no_canvas_breaks_under_random_hands_for_long(wild: Wild, first: int, seed: int) -> None:
    wild.on_canvases(seed, range(first, 5_000))
    wild.sitting.close_canvases(wild.qtbot)
