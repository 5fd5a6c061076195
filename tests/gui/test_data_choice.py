"""The choice of data beside a model: what fits, and what the same files are to another model."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from studio.api import DataKind
from studio.gui.studio import Studio
from studio.gui.training.data_choice import DataChoice


@pytest.fixture
def choice(qtbot: QtBot, studio: Studio) -> DataChoice:
    choice = DataChoice(studio)
    qtbot.addWidget(choice)
    choice.resize(300, 200)
    choice.show()
    return choice


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    for side in ("A", "B"):
        (tmp_path / "facades" / side).mkdir(parents=True)
        for index in range(5):
            Image.new("RGB", (8, 8), (40 * index, 90, 10)).save(tmp_path / "facades" / side / f"{index}.png")
    return tmp_path / "facades"


def looked(choice: DataChoice, qtbot: QtBot, kind: DataKind) -> None:
    with qtbot.waitSignal(choice.looked):
        choice.set_kind(kind)


def test_the_same_folder_is_what_the_model_wants(choice: DataChoice, pairs: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(choice.looked):
        choice.set_source(str(pairs))
    assert "facades, 10 pictures" in choice.button.text()
    looked(choice, qtbot, DataKind.PAIRED)
    assert "facades, 5 pairs" in choice.button.text()
    cell = choice.thumbnails.cell_rect(0)
    assert cell.width() == pytest.approx(2 * cell.height(), abs=1)
    assert choice.thumbnails.index_at(choice.thumbnails.cell_rect(4).center()) == 4
    looked(choice, qtbot, DataKind.UNPAIRED)
    assert choice.summary is not None
    assert choice.summary.kind is DataKind.UNPAIRED


def test_files_that_cannot_be_what_is_wanted_stay_and_say_so(choice: DataChoice, pairs: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(choice.looked):
        choice.set_source(str(pairs / "A"))
    for kind, words in (
        (DataKind.PAIRED, "There are no pairs in A/."),
        (DataKind.LABELLED, "The model needs labelled data, and this is unlabelled."),
        (DataKind.LAYOUT, "No picture in A/ has a layout."),
    ):
        looked(choice, qtbot, kind)
        assert choice._problem.text().startswith(words)
        assert choice.source == str(pairs / "A")
    looked(choice, qtbot, DataKind.UNLABELLED)
    assert not choice._problem.isVisible()


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        (DataKind.PAIRED, "demo:icons-paired"),
        (DataKind.UNPAIRED, "demo:icons-unpaired"),
        (DataKind.LAYOUT, "demo:icons-layout"),
        (DataKind.LABELLED, "demo:icons-labelled"),
    ],
)
def test_every_kind_has_demo_data_that_is_chosen_by_itself(
    choice: DataChoice, qtbot: QtBot, kind: DataKind, source: str
) -> None:
    with qtbot.waitSignal(choice.looked):
        choice.set_source("demo:icons")
    looked(choice, qtbot, kind)
    assert choice.source == source
    assert choice.thumbnails.count() == 16
    words = [action.text() for action in choice.menu().actions()]
    assert ("COCO's JSON…" in words) is (kind is DataKind.LAYOUT)


def test_pairs_are_offered_as_two_domains_too(choice: DataChoice, qtbot: QtBot) -> None:
    looked(choice, qtbot, DataKind.UNPAIRED)
    words = [action.text() for action in choice.menu().actions()]
    assert {"Icons, outline and filled, in pairs", "Icons, outlines and others filled"} <= set(words)


def test_a_long_name_takes_no_more_room_and_is_whole_in_the_tooltip(
    choice: DataChoice, pairs: Path, qtbot: QtBot
) -> None:
    before = choice.minimumSizeHint().width()
    folder = pairs.rename(pairs.with_name("everything that was ever photographed from the roof"))
    with qtbot.waitSignal(choice.looked):
        choice.set_source(str(folder))
    choice.grab()
    assert choice.minimumSizeHint().width() == before < 280
    assert choice.button.shown.startswith("everything")
    assert "…" in choice.button.shown
    assert choice.button.toolTip() == choice.button.text()
    choice.resize(900, 200)
    choice.grab()
    assert choice.button.shown == choice.button.text()
    assert choice.button.toolTip() == ""
