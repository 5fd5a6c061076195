"""Both themes can be read, and a widget knows which one it is in."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QToolButton
from pytestqt.qtbot import QtBot

from studio.gui.appearance import Appearance, Choice
from studio.gui.theme import DARK, LIGHT, TEXT_PX, Theme, apply_theme, base_font, contrast, palette


@pytest.fixture
def restored(qapp: QApplication) -> Iterator[QApplication]:
    yield qapp
    apply_theme(qapp, DARK)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_text_can_be_read_on_every_ground(theme: Theme) -> None:
    grounds = (theme.background, theme.pane, theme.raised)
    for text, ground in itertools.product((theme.ink, theme.dim), grounds):
        assert contrast(text, ground) >= 4.5, (text, ground)
    for text in (theme.accent, theme.bad):
        assert contrast(text, theme.pane) >= 4.5, text
    assert contrast(theme.on_accent, theme.accent) >= 4.5


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_marks_stand_out_from_their_ground(theme: Theme) -> None:
    """What is not text needs 3:1 (WCAG 2.2, 1.4.11)."""
    marks = (theme.accent, theme.warm, theme.good, theme.bad)
    for mark, ground in itertools.product(marks, (theme.pane, theme.raised)):
        assert contrast(mark, ground) >= 3, (mark, ground)


def test_contrast_is_that_of_the_web_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_a_palette_gives_its_theme_back() -> None:
    assert Theme.of(palette(DARK)) is DARK
    assert Theme.of(palette(LIGHT)) is LIGHT
    assert Theme.of(QPalette(palette(LIGHT))) is LIGHT


def test_a_widget_with_a_transparent_background_still_knows_its_theme(qtbot: QtBot, restored: QApplication) -> None:
    apply_theme(restored, LIGHT)
    button = QToolButton()
    qtbot.addWidget(button)
    button.show()
    assert Theme.of(button) is LIGHT


def test_figures_are_equally_wide(qapp: QApplication) -> None:
    metrics = QFontMetricsF(base_font())
    assert len({metrics.horizontalAdvance(figure) for figure in "0123456789"}) == 1


def test_base_text_has_its_size(qtbot: QtBot) -> None:
    label = QLabel("text")
    qtbot.addWidget(label)
    assert label.font().pixelSize() == TEXT_PX
    assert label.fontMetrics().height() <= 18


def test_the_choice_of_appearance_is_remembered(restored: QApplication, settings: object) -> None:
    first = Appearance(restored, settings)  # type: ignore[arg-type]
    first.choose(Choice.LIGHT)
    assert Theme.of(restored.palette()) is LIGHT
    again = Appearance(restored, settings)  # type: ignore[arg-type]
    assert again.choice is Choice.LIGHT
    assert again.theme is LIGHT
    again.toggle()
    assert again.theme is DARK
