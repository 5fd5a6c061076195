"""A form is made from declared hyperparameters, and never hands on what cannot be trained with."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from studio.api import Hyperparameters, ModelSpec, hyper
from studio.gui.editors import ChoiceEditor, NumberEditor, SliderEditor
from studio.gui.forms import HyperparameterForm


@pytest.fixture
def form(qtbot: QtBot, tiny: ModelSpec) -> HyperparameterForm:
    made = HyperparameterForm()
    qtbot.addWidget(made)
    made.set_spec(tiny, "paper")
    made.show()
    return made


def _type(qtbot: QtBot, form: HyperparameterForm, name: str, text: str) -> None:
    editor = form.editor(name)
    assert isinstance(editor, NumberEditor)
    editor.edit.setFocus()
    editor.edit.selectAll()
    qtbot.keyClicks(editor.edit, text)
    qtbot.keyClick(editor.edit, Qt.Key.Key_Return)


def test_a_preset_fills_the_form_and_only_differences_are_values(form: HyperparameterForm, tiny: ModelSpec) -> None:
    assert form.values() == {}
    form.set_spec(tiny, "quick")
    assert form.values() == {"resolution": 16, "lr": 1e-3}


def test_what_is_typed_becomes_a_value_of_the_right_type(qtbot: QtBot, form: HyperparameterForm) -> None:
    with qtbot.waitSignal(form.edited):
        _type(qtbot, form, "batch", "32")
    assert form.values() == {"batch": 32}
    assert type(form.values()["batch"]) is int


def test_out_of_bounds_is_explained_in_place_and_not_taken(qtbot: QtBot, form: HyperparameterForm) -> None:
    with qtbot.waitSignal(form.invalid) as caught:
        _type(qtbot, form, "batch", "0")
    assert caught.args == ["0 is out of bounds. It takes 1 to 4096 pictures."]
    assert not form.is_valid()
    assert form.values() == {}
    with qtbot.waitSignal(form.invalid) as caught:
        _type(qtbot, form, "batch", "8")
    assert caught.args == [""]
    assert form.values() == {"batch": 8}


def test_values_that_do_not_go_together_are_refused_in_a_sentence(form: HyperparameterForm) -> None:
    form.set_values({"loss": "hinge", "smoothing": 0.2})
    assert not form.is_valid()
    assert form.problem() == "Hinge has no targets to smooth."


def test_while_a_run_goes_on_only_live_ones_change(qtbot: QtBot, form: HyperparameterForm) -> None:
    form.set_running(True)
    assert form.editor("lr").widget.isEnabled()
    assert not form.editor("batch").widget.isEnabled()
    slider = form.editor("smoothing")
    assert isinstance(slider, SliderEditor)
    with qtbot.waitSignal(form.live_edited) as caught:
        qtbot.keyClick(slider.slider.track, Qt.Key.Key_Home)
    assert caught.args == ["smoothing", 0.0]


def test_a_field_of_the_model_before_says_nothing_more(form: HyperparameterForm, tiny: ModelSpec, qtbot: QtBot) -> None:
    before = form.editor("width")
    form.set_spec(replace(tiny, hyperparameters=Hyperparameters))
    with qtbot.assertNotEmitted(form.edited):
        before.edited.emit()


def test_a_value_that_no_slider_position_matches_survives(form: HyperparameterForm) -> None:
    form.set_values({"lr": 1.2345e-3})
    assert form.values() == {"lr": 1.2345e-3}


def test_choices_are_those_declared(form: HyperparameterForm) -> None:
    editor = form.editor("loss")
    assert isinstance(editor, ChoiceEditor)
    assert [editor.combo.itemText(i) for i in range(editor.combo.count())] == ["bce", "hinge"]


@pytest.mark.parametrize("name", ["lr", "batch", "loss", "dropout", "note"])
def test_every_row_is_named_and_described_for_screen_readers(form: HyperparameterForm, name: str) -> None:
    widget = form.editor(name).widget
    assert widget.accessibleName()
    assert widget.accessibleDescription()
    assert "default" in widget.toolTip()


def test_a_value_set_and_read_back_is_the_same(form: HyperparameterForm) -> None:
    values = {"lr": 5e-4, "smoothing": 0.25, "width": 64, "dropout": False, "note": "x", "beta1": 0.9}
    form.set_values(values)
    assert form.values() == values


def test_long_names_ask_for_no_more_width(form: HyperparameterForm, tiny: ModelSpec) -> None:
    class Wordy(Hyperparameters):
        share: float = hyper(0.1, "What it is.", ge=0, le=1, title="The last layer's share of the learning rate")
        odd: int = hyper(1, "What it is.", ge=1, title="<b>Not bold</b>")

    before = form.minimumSizeHint().width()
    form.set_spec(replace(tiny, hyperparameters=Wordy, presets={}))
    assert form.minimumSizeHint().width() <= before
    assert {label.textFormat() for label in form.findChildren(QLabel)} == {Qt.TextFormat.PlainText}
