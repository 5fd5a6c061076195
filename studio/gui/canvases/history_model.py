"""The pictures a person has been at, newest first; those with a star stay, on disk too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from PySide6.QtCore import QModelIndex, Signal

from studio.gui import words
from studio.gui.canvases.tile_model import TileModel
from studio.gui.widgets.picture import to_qimage

MOST = 60


class Remembered(Protocol):
    """A document, as far as a history needs to know one."""

    def digest(self) -> str:
        """Equal for equal documents."""
        ...

    def to_json(self) -> Mapping[str, Any]:
        """JSON-ready values."""
        ...


@dataclass(frozen=True, eq=False)
class HistoryEntry:
    """A place a person has been at.

    Attributes:
        document: what the picture was made from.
        look: all of it that decides the picture: equal for equal pictures of the same weights.
        title: what a person calls it.
        pixels: how it looked, uint8 (H, W, 3).
        step: the step whose weights made it.
        kept: whether it has a star.
    """

    document: Remembered
    look: bytes
    title: str
    pixels: np.ndarray
    step: int
    kept: bool = False

    @property
    def name(self) -> str:
        """A file name that is this entry's alone."""
        return f"{self.step:012d}-{self.document.digest()[:16]}.png"

    @property
    def words(self) -> str:
        """What a person reads about it."""
        kept = "Kept · " if self.kept else ""
        return f"{kept}{self.title} · step {words.count(self.step)}"


class HistoryModel(TileModel[HistoryEntry]):
    """Entries, newest first. Without a star only the last 60 stay.

    Signals:
        kept(entry): an entry got its star.
        let_go(entry): it lost it.
    """

    kept = Signal(object)
    let_go = Signal(object)

    def words(self, row: int) -> str:
        return self.entry(row).words

    def add(self, entry: HistoryEntry) -> None:
        """Puts an entry first; one of the same look without a star gives way."""
        entries = [known for known, _ in self._rows]
        if entries and entries[0].kept and entries[0].look == entry.look:
            return
        same = [known for known in entries if known.look == entry.look and not known.kept]
        others = [known for known in entries if known.look != entry.look and not known.kept]
        for old in [*same, *others[MOST - 1 :]]:
            self._remove(old)
        self._insert(0, entry)

    def restore(self, entries: Iterable[HistoryEntry]) -> None:
        """Puts entries that were kept in an earlier session last."""
        for entry in entries:
            self._insert(len(self._rows), entry)

    def toggle(self, row: int) -> None:
        """Gives an entry its star, or takes it back."""
        entry, image = self._rows[row]
        entry = replace(entry, kept=not entry.kept)
        self._rows[row] = (entry, image)
        self.dataChanged.emit(self.index(row), self.index(row))
        (self.kept if entry.kept else self.let_go).emit(entry)

    def _insert(self, row: int, entry: HistoryEntry) -> None:
        self.beginInsertRows(QModelIndex(), row, row)
        self._rows.insert(row, (entry, to_qimage(entry.pixels)))
        self.endInsertRows()

    def _remove(self, entry: HistoryEntry) -> None:
        row = next(row for row, (known, _) in enumerate(self._rows) if known is entry)
        self.beginRemoveRows(QModelIndex(), row, row)
        del self._rows[row]
        self.endRemoveRows()
