"""Rows with a picture each, for a strip of tiles."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QImage

Index = QModelIndex | QPersistentModelIndex

Entry = TypeVar("Entry")


class TileModel(QAbstractListModel, Generic[Entry]):
    """Entries and how they look. A subclass says how they come and go, and what a person reads about them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[Entry, QImage]] = []

    def words(self, row: int) -> str:
        """What a tooltip and a screen reader say."""
        raise NotImplementedError

    def entry(self, row: int) -> Entry:
        """What a row stands for."""
        return self._rows[row][0]

    def image(self, row: int) -> QImage:
        """Its picture, for painting."""
        return self._rows[row][1]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if index.isValid() and role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.words(index.row())
        return None
