"""Directions on the latent canvas: found, moved along, named, kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from latent_kit import STYLE_FACTS, VECTORS, Make, directions, engine, make, tell_found
from play_kit import FACTS, Engine
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from studio.edit.direction_search import DirectionSearch
from studio.edit.latent import LatentDocument
from studio.engine import commands
from studio.engine.events import RenderFailed
from studio.gui.canvases.direction_panel import DirectionPanel
from studio.gui.canvases.latent import LatentCanvas

__all__ = ["engine", "make"]

Tell = Callable[..., None]


def panel_of(canvas: LatentCanvas) -> DirectionPanel:
    section = canvas.panel.directions
    section.set_open(True)
    assert isinstance(section.content, DirectionPanel)
    return section.content


@pytest.fixture
def canvas(make: Make) -> LatentCanvas:
    return make()


@pytest.fixture
def found(canvas: LatentCanvas, session: Any, tell: Tell) -> DirectionPanel:
    panel = panel_of(canvas)
    panel.search.click()
    tell_found(session, tell)
    return panel


def test_a_section_is_made_when_it_is_wanted_and_stays_as_it_was_left(make: Make) -> None:
    panel = make().panel
    assert panel.directions.is_open
    assert panel.pad.content is None
    panel.pad.heading.click()
    panel.directions.heading.click()
    assert panel.pad.is_open
    again = make().panel
    assert again.pad.is_open
    assert again.directions.content is None
    again.pad.heading.click()
    assert not again.pad.is_open


@pytest.mark.parametrize(("facts", "through"), [(STYLE_FACTS, "w"), (FACTS, "z")])
def test_finding_is_long_work_that_says_how_far_it_is(
    make: Make, session: Any, tell: Tell, facts: Any, through: str
) -> None:
    panel = panel_of(make(facts))
    panel.search.click()
    wish = session.last(commands.Begin)
    assert isinstance(wish.request, DirectionSearch)
    assert wish.request.through == through
    tell_found(session, tell, done=2500)
    assert panel.words.text() == "Looking at seed 2,500 of 10,000"
    assert panel.progress.value() == 2500
    assert panel.cancel.isVisible()


def test_finding_can_be_cancelled(canvas: LatentCanvas, session: Any, tell: Tell) -> None:
    panel = panel_of(canvas)
    panel.search.click()
    panel.cancel.click()
    assert isinstance(session.asked[-1], commands.Cancel)
    assert panel.search.isVisible()
    tell_found(session, tell)
    assert canvas.editor.document.directions is None


def test_what_was_found_are_sliders_and_one_undo_step(canvas: LatentCanvas, found: DirectionPanel) -> None:
    assert [row.name.text() for row in found.rows] == ["Direction 1", "Direction 2", "Direction 3"]
    assert canvas.editor.document.directions == directions()
    canvas.host.undo_stack.undo()
    assert canvas.editor.document.directions is None
    assert not found.rows
    assert found.search.isVisible()


def test_moving_along_a_direction_is_one_undo_step_and_asks_for_the_picture(
    canvas: LatentCanvas, found: DirectionPanel, session: Any, engine: Engine
) -> None:
    slider = found.rows[1].slider
    for amount in (0.5, 1.0, 2.0):
        slider.changed.emit(amount)
    slider.committed.emit(2.0)
    engine.answer()
    pushed = session.last(commands.Render).request.pushes
    assert np.array_equal(pushed[0].vector, 2 * VECTORS[1])
    assert canvas.host.undo_stack.count() == 2
    assert canvas.host.undo_stack.undoText() == "Move along direction 2"
    found.reset.click()
    assert canvas.editor.document.directions == directions()


def test_a_double_click_on_a_name_gives_it_another(canvas: LatentCanvas, found: DirectionPanel, qtbot: QtBot) -> None:
    name = found.rows[0].name
    assert name.isReadOnly()
    qtbot.mouseDClick(name, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(name, "Smile")
    qtbot.keyClick(name, Qt.Key.Key_Return)
    directions = canvas.editor.document.directions
    assert directions is not None
    assert directions.found[0].name == "Smile"
    assert name.isReadOnly()
    qtbot.keyClick(name, Qt.Key.Key_F2)
    qtbot.keyClicks(name, "Never")
    qtbot.keyClick(name, Qt.Key.Key_Escape)
    assert name.text() == "Smile"
    assert canvas.host.undo_stack.undoText() == "Name a direction"


def test_a_direction_can_keep_to_the_fine_layers(canvas: LatentCanvas, found: DirectionPanel) -> None:
    menu = found.rows[0].menu()
    fine = next(action for action in menu.actions() if action.text() == "Fine layers")
    fine.trigger()
    directions = canvas.editor.document.directions
    assert directions is not None
    assert directions.found[0].span == (4, 6)
    assert "fine layers" in found.rows[0].name.toolTip()
    menu.deleteLater()


def test_names_are_found_again_with_the_weights_they_were_given_to(
    make: Make, session: Any, tell: Tell, tmp_path: Path, qtbot: QtBot
) -> None:
    keep = tmp_path / "edits" / "latent.json"
    panel = panel_of(make(keep=keep))
    panel.search.click()
    qtbot.waitUntil(lambda: any(isinstance(one, commands.Begin) for one in session.asked))
    tell_found(session, tell)
    panel.rows[2].renamed.emit("Older")
    [folder] = [keep.parent / "directions"]
    qtbot.waitUntil(lambda: any("Older" in path.read_text() for path in folder.glob("*.json")))
    again = panel_of(make(keep=keep))
    searches = sum(isinstance(one, commands.Begin) for one in session.asked)
    again.search.click()
    qtbot.waitUntil(lambda: bool(again.rows))
    assert again.rows[2].name.text() == "Older"
    assert sum(isinstance(one, commands.Begin) for one in session.asked) == searches
    again.again.click()
    assert sum(isinstance(one, commands.Begin) for one in session.asked) == searches + 1


def test_a_search_that_fails_says_why(canvas: LatentCanvas, session: Any, tell: Tell) -> None:
    panel = panel_of(canvas)
    panel.search.click()
    wish = session.last(commands.Begin)
    tell(RenderFailed(wish.client, wish.serial, "The pictures of this model hardly differ."))
    assert panel.words.text() == "The pictures of this model hardly differ."
    assert panel.search.isVisible()


def test_a_document_with_directions_reopens_with_its_sliders(make: Make) -> None:
    document = LatentDocument().with_seed(3).with_directions(directions().along(2, 1.25).named(2, "Wide"))
    canvas = make(document=document.to_json())
    assert canvas.editor.document == document
    row = panel_of(canvas).rows[2]
    assert (row.name.text(), row.slider.value()) == ("Wide", 1.25)


def test_directions_of_w_do_not_open_in_a_model_without(make: Make, studio: Any, qtbot: QtBot) -> None:
    canvas = make(FACTS)
    with qtbot.waitSignal(studio.noticed):
        canvas.open_document(LatentDocument().with_directions(directions()).to_json())
    assert canvas.editor.document.directions is None


def test_truncation_can_stop_at_a_layer(canvas: LatentCanvas, session: Any, engine: Engine) -> None:
    cutoff = canvas.panel.point.cutoff
    assert cutoff is not None
    cutoff.changed.emit(2.0)
    cutoff.committed.emit(2.0)
    engine.answer()
    assert session.last(commands.Render).request.cutoff == 2
    cutoff.changed.emit(6.0)
    assert canvas.editor.document.cutoff is None
