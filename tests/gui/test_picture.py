"""Pictures on screen: whole factors when small, smooth when large, one widget for many."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication
from pytestqt.qtbot import QtBot

from studio.gui.widgets.picture import PictureView, shown_size, to_qimage
from studio.gui.widgets.picture_grid import PictureGrid


def pictures(count: int, side: int = 16) -> np.ndarray:
    """Pictures whose colour is their number."""
    made = np.zeros((count, side, side, 3), np.uint8)
    made[:] = np.arange(count, dtype=np.uint8)[:, None, None, None] * 10
    return made


def test_a_picture_keeps_its_colours_and_owns_its_memory() -> None:
    array = np.zeros((3, 5, 3), np.uint8)
    array[1, 2] = (200, 100, 50)
    image = to_qimage(array)
    array[:] = 255
    assert image.size() == QSize(5, 3)
    assert image.pixelColor(2, 1) == QColor(200, 100, 50)


def test_a_picture_that_is_no_block_of_memory_is_read_rightly() -> None:
    array = np.arange(8 * 6 * 3, dtype=np.uint8).reshape(8, 6, 3)
    image = to_qimage(array[::2, ::-1])
    assert image.pixelColor(0, 1).red() == array[2, 5, 0]


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((4, 4, 3), np.float32),
        np.zeros((4, 4), np.uint8),
        np.zeros((4, 4, 4), np.uint8),
        np.zeros((0, 4, 3), np.uint8),
    ],
    ids=["float", "grey", "four channels", "empty"],
)
def test_what_is_no_picture_is_refused(array: np.ndarray) -> None:
    with pytest.raises(ValueError, match="A picture is uint8"):
        to_qimage(array)


def test_small_pictures_grow_by_whole_factors_and_large_ones_fill() -> None:
    assert shown_size(QSize(64, 64), QSize(500, 460)) == QSize(448, 448)
    assert shown_size(QSize(512, 256), QSize(700, 700)) == QSize(700, 350)
    assert shown_size(QSize(64, 64), QSize(40, 40)) == QSize(40, 40)


def test_a_view_keeps_its_place_while_empty(qtbot: QtBot) -> None:
    view = PictureView()
    qtbot.addWidget(view)
    before = view.sizeHint()
    view.set_picture(pictures(1)[0])
    assert view.sizeHint() == before
    view.set_picture(None)
    assert view.image().isNull()
    assert not view.copy_action.isEnabled()


def test_pixels_stay_squares(qtbot: QtBot) -> None:
    view = PictureView()
    qtbot.addWidget(view)
    view.resize(170, 170)
    board = np.indices((16, 16)).sum(0) % 2 * 255
    view.set_picture(np.repeat(board[..., None], 3, 2).astype(np.uint8))
    assert view.factor() == 10
    shown = view.grab().toImage()
    inside = {shown.pixelColor(x, y).lightness() for x in range(10, 160) for y in range(10, 160)}
    assert inside == {0, 255}


def test_a_white_picture_has_an_edge(qtbot: QtBot) -> None:
    view = PictureView()
    qtbot.addWidget(view)
    view.resize(160, 160)
    view.set_picture(np.full((16, 16, 3), 255, np.uint8))
    shown = view.grab().toImage()
    assert shown.pixelColor(80, 80) == QColor("white")
    assert shown.pixelColor(80, 0).lightness() < 240
    assert shown.pixelColor(0, 80).lightness() < 240


def test_a_picture_can_be_copied_dragged_and_carries_its_text(qtbot: QtBot) -> None:
    view = PictureView()
    qtbot.addWidget(view)
    view.set_picture(pictures(2)[1], {"document": "z 1"})
    view.copy_action.trigger()
    assert QGuiApplication.clipboard().image().pixelColor(0, 0) == QColor(10, 10, 10)
    data = view.drag_data()
    from PySide6.QtGui import QImage

    dragged = QImage(data.urls()[0].toLocalFile())
    assert dragged.size() == QSize(16, 16)
    assert dragged.text("document") == "z 1"


@pytest.fixture
def grid(qtbot: QtBot) -> PictureGrid:
    made = PictureGrid(cell=50)
    qtbot.addWidget(made)
    made.set_pictures(pictures(10))
    made.resize(266, made.heightForWidth(266))
    made.show()
    return made


def test_a_grid_fills_its_width_and_has_no_children(grid: PictureGrid) -> None:
    assert grid.columns() == 5
    assert grid.cell_rect(4).right() + 1 in range(262, 267)
    assert grid.cell_rect(9).bottom() < grid.height()
    assert not grid.children()


def test_a_grid_shows_each_picture_in_its_cell(grid: PictureGrid) -> None:
    shown = grid.grab().toImage()
    for index in range(10):
        assert shown.pixelColor(grid.cell_rect(index).center()).red() == index * 10


def test_a_click_says_which(qtbot: QtBot, grid: PictureGrid) -> None:
    with qtbot.waitSignal(grid.clicked) as caught:
        qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.cell_rect(7).center())
    assert caught.args == [7]
    assert grid.index_at(QPoint(265, 265)) == -1


def test_keys_go_through_a_grid(qtbot: QtBot, grid: PictureGrid) -> None:
    qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.cell_rect(0).center())
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Left, Qt.Key.Key_Left):
        qtbot.keyClick(grid, key)
    assert grid.current() == 0
    qtbot.keyClick(grid, Qt.Key.Key_Down)
    with qtbot.waitSignal(grid.clicked) as caught:
        qtbot.keyClick(grid, Qt.Key.Key_Return)
    assert caught.args == [5]


def test_room_is_kept_for_pictures_to_come(qtbot: QtBot) -> None:
    grid = PictureGrid(columns=4, reserve=8)
    qtbot.addWidget(grid)
    empty = grid.heightForWidth(400)
    grid.set_pictures(pictures(8))
    assert grid.heightForWidth(400) == empty


def test_a_grid_is_painted_anew_only_when_something_changed(qtbot: QtBot, grid: PictureGrid) -> None:
    grid.grab()
    sheet = grid._sheet
    grid.grab()
    assert grid._sheet is sheet
    grid.set_pictures(pictures(10))
    grid.grab()
    assert grid._sheet is not sheet
