"""The runs as a table model: sortable, without a widget."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QIcon, QPixmap

from studio.gui import words
from studio.gui.pages.run_pictures import STATUS, RunCard
from studio.gui.widgets.picture import to_qimage

SORT = Qt.ItemDataRole.UserRole
CARD = Qt.ItemDataRole.UserRole + 1
LEVEL = Qt.ItemDataRole.UserRole + 2
FACE_PX = 36

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Column:
    """A column: its title, what is shown, and what it is sorted by."""

    title: str
    text: Callable[[RunCard], str]
    key: Callable[[RunCard], Any]
    right: bool = False


COLUMNS = (
    Column("Run", lambda card: card.name, lambda card: card.name),
    Column("Model", lambda card: card.model, lambda card: card.model.lower()),
    Column("Data", lambda card: card.data, lambda card: card.data.lower()),
    Column("Status", lambda card: STATUS[card.status][0].capitalize(), lambda card: card.status.value),
    Column("Step", lambda card: f"{words.count(card.step)} of {words.count(card.steps)}", lambda card: card.step, True),
    Column("When", lambda card: words.moment(card.created), lambda card: card.created, True),
)
STATUS_COLUMN = 3


class RunsModel(QAbstractTableModel):
    """One row for each run."""

    def __init__(self) -> None:
        super().__init__()
        self._cards: list[RunCard] = []
        self._faces: dict[str, QIcon] = {}
        self._sorted_by: tuple[int, Qt.SortOrder] | None = None

    def mark_sorted(self, column: int, order: Qt.SortOrder) -> None:
        """Shows in the titles what the rows are sorted by."""
        self._sorted_by = (column, order)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)

    def show(self, cards: list[RunCard]) -> None:
        """Replaces all rows."""
        self.beginResetModel()
        self._cards = cards
        self._faces = {card.folder: _face(card) for card in cards}
        self.endResetModel()

    def cards(self) -> list[RunCard]:
        """The runs, in no particular order."""
        return list(self._cards)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._cards)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section].title + self._arrow(section)
        return _alignment(COLUMNS[section]) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def _arrow(self, section: int) -> str:
        if self._sorted_by is None or self._sorted_by[0] != section:
            return ""
        return " \N{DOWNWARDS ARROW}" if self._sorted_by[1] is Qt.SortOrder.DescendingOrder else " \N{UPWARDS ARROW}"

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        card, column = self._cards[index.row()], COLUMNS[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.text(card)
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(column)
            case Qt.ItemDataRole.DecorationRole if index.column() == 0:
                return self._faces.get(card.folder)
            case Qt.ItemDataRole.ToolTipRole:
                return card.folder
            case _:
                return {SORT: column.key(card), CARD: card, LEVEL: STATUS[card.status][1]}.get(role)


def _alignment(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _face(card: RunCard) -> QIcon:
    """A run's first sample; room for one where there is none. Not tinted where its row is selected."""
    pixmap = QPixmap(FACE_PX, FACE_PX)
    pixmap.fill(Qt.GlobalColor.transparent)
    if len(card.pictures):
        pixmap = QPixmap.fromImage(to_qimage(card.pictures[0])).scaled(
            FACE_PX, FACE_PX, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
    face = QIcon(pixmap)
    face.addPixmap(pixmap, QIcon.Mode.Selected)
    return face
