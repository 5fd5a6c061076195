"""The small parts: what they say, to eyes and to screen readers, and what their buttons do."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from studio.gui.theme import DARK, LIGHT, apply_theme
from studio.gui.widgets import icons
from studio.gui.widgets.basics import ActionButton, Chip, IconButton, Tabs
from studio.gui.widgets.empty import EmptyState
from studio.gui.widgets.fold import Fold
from studio.gui.widgets.icons import icon
from studio.gui.widgets.mosaic import Mosaic
from studio.gui.widgets.notice import Notice
from studio.gui.widgets.question import Question
from studio.gui.widgets.rail import Rail
from studio.gui.widgets.tile import Tile


def test_a_chip_says_its_state_in_words_and_grows_with_them(qtbot: QtBot) -> None:
    chip = Chip("Ready")
    qtbot.addWidget(chip)
    narrow = chip.sizeHint().width()
    chip.set_state("Training · step 1 of 2", "good")
    assert chip.text() == "Training · step 1 of 2"
    assert chip.sizeHint().width() > narrow


def test_a_notice_shows_its_detail_and_copies_it(qtbot: QtBot) -> None:
    notice = Notice("The disk is full.", "Free 2 GB.", "Traceback: <x>")
    qtbot.addWidget(notice)
    notice.show()
    assert notice.accessibleName() == "The disk is full. Free 2 GB."
    assert not notice._detail.isVisible()
    notice._show_detail.click()
    assert notice._detail.isVisible()
    assert notice._show_detail.text() == "Hide detail"
    notice._copy_detail.click()
    assert QGuiApplication.clipboard().text() == "Traceback: <x>"


def test_a_notice_shows_what_was_written_and_not_markup(qtbot: QtBot) -> None:
    notice = Notice("a < b & c", "<i>no</i>")
    qtbot.addWidget(notice)
    text = notice._text.text()
    assert "a &lt; b &amp; c" in text
    assert "<i>" not in text


def test_a_notice_offers_what_to_do(qtbot: QtBot) -> None:
    done: list[str] = []
    notice = Notice("D overfits.", actions=[("Mend it", lambda: done.append("mended"))], closable=True)
    qtbot.addWidget(notice)
    for button in notice.findChildren(QWidget):
        if getattr(button, "text", lambda: "")() == "Mend it":
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert done == ["mended"]
    with qtbot.waitSignal(notice.closed):
        notice.findChild(IconButton).click()


def test_an_action_button_is_its_action(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    action = QAction("Pause training", page)
    action.setIconText("Pause")
    pressed: list[str] = []
    action.triggered.connect(lambda: pressed.append("once"))
    button = ActionButton(action)
    button.setParent(page)
    page.show()
    button.click()
    assert len(pressed) == 1
    action.setIconText("Continue")
    action.setEnabled(False)
    assert (button.text(), button.isEnabled()) == ("Continue", False)
    action.setVisible(False)
    assert button.isHidden()


def test_an_icon_follows_the_theme(qtbot: QtBot, qapp: QApplication) -> None:
    button = IconButton("ri.play-line", "Play")
    qtbot.addWidget(button)
    button.show()

    def lightest(icon_: QIcon) -> int:
        image = icon_.pixmap(16, 16).toImage()
        seen = [image.pixelColor(x, y) for x in range(16) for y in range(16)]
        return max(colour.lightness() for colour in seen if colour.alpha() > 200)

    assert lightest(button.icon()) > 200
    apply_theme(qapp, LIGHT)
    try:
        assert lightest(button.icon()) < 80
    finally:
        apply_theme(qapp, DARK)


def test_an_icon_is_painted_once(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change of theme gives hundreds of buttons their icon anew."""
    icon("ri.play-line", "#123456")
    monkeypatch.setattr(icons, "QPainter", None)
    assert not icon("ri.play-line", "#123456").isNull()


def test_an_unknown_icon_is_an_error() -> None:
    with pytest.raises(KeyError):
        icon("ri.no-such-icon", "#ffffff")


def test_a_fold_opens_and_closes(qtbot: QtBot) -> None:
    body = QLabel("inside")
    fold = Fold("Advanced (2)", body)
    qtbot.addWidget(fold)
    fold.show()
    assert not body.isVisible()
    qtbot.keyClick(fold.button, Qt.Key.Key_Space)
    assert body.isVisible()
    assert fold.is_open()


def test_an_empty_page_offers_the_way_on(qtbot: QtBot) -> None:
    done: list[str] = []
    page = EmptyState("No runs yet", "Train one.", [("Train", lambda: done.append("train"))])
    qtbot.addWidget(page)
    next(child for child in page.findChildren(QWidget) if getattr(child, "text", str)() == "Train").click()
    assert done == ["train"]


def test_pills_are_tabs_for_the_keyboard(qtbot: QtBot) -> None:
    tabs = Tabs(("Losses", "Gradients"))
    qtbot.addWidget(tabs)
    tabs.show()
    tabs.setFocus()
    with qtbot.waitSignal(tabs.currentChanged):
        qtbot.keyClick(tabs, Qt.Key.Key_Right)
    assert tabs.tabText(tabs.currentIndex()) == "Gradients"


def test_the_rail_says_where_one_wants_to_go(qtbot: QtBot) -> None:
    rail = Rail([("start", "Start", "ri.home-5-line"), ("data", "Data", "ri.image-2-line")])
    qtbot.addWidget(rail)
    rail.show()
    with qtbot.waitSignal(rail.chosen) as caught:
        qtbot.mouseClick(rail._buttons["data"], Qt.MouseButton.LeftButton)
    assert caught.args == ["data"]
    rail.set_current("start")
    assert rail._buttons["start"].isChecked()
    assert not rail._buttons["data"].isChecked()


def test_a_tile_is_one_named_button(qtbot: QtBot) -> None:
    import numpy as np

    tile = Tile("GAN", "today · finished", np.full((4, 8, 8, 3), 200, np.uint8))
    qtbot.addWidget(tile)
    tile.show()
    assert tile.accessibleName() == "GAN. today · finished"
    with qtbot.waitSignal(tile.clicked):
        qtbot.keyClick(tile, Qt.Key.Key_Space)


def test_a_mosaic_fills_its_place_with_the_pictures_there_are(qtbot: QtBot) -> None:
    import numpy as np

    mosaic = Mosaic(2)
    qtbot.addWidget(mosaic)
    mosaic.resize(150, 100)
    mosaic.set_pictures(np.full((1, 8, 8, 3), 200, np.uint8))
    shown = mosaic.grab().toImage()
    assert {shown.pixelColor(x, y).red() for x in range(10, 140, 5) for y in range(10, 90, 5)} == {200}


def test_escape_is_the_harmless_answer(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    page.show()
    agreed: list[bool] = []
    for key, expected in ((Qt.Key.Key_Escape, 0), (Qt.Key.Key_Return, 0)):
        question = Question("Stop?", "It is kept.", "Keep on", "Stop", page)
        question.agreed.connect(lambda: agreed.append(True))
        question.open()
        qtbot.keyClick(question, key)
        assert len(agreed) == expected
    question = Question("Stop?", "It is kept.", "Keep on", "Stop", page)
    question.agreed.connect(lambda: agreed.append(True))
    question.open()
    question.go.click()
    assert len(agreed) == 1


def test_a_long_sentence_on_an_empty_page_is_shown_whole(qtbot: QtBot) -> None:
    text = "A run is kept for every training: its samples, its plots and its checkpoints, for as long as you like."
    page = EmptyState("There are no runs yet", text)
    qtbot.addWidget(page)
    page.resize(900, 600)
    page.show()
    label = next(label for label in page.findChildren(QLabel) if label.text() == text)
    assert label.height() >= label.heightForWidth(label.width())
