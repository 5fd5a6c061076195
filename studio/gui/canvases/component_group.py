"""One named stretch of z: a strip of all its values, and sliders for a page of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from studio.api.capabilities import LatentSpace
from studio.edit.latent import LatentDocument
from studio.gui.canvases.editor import LatentEditor
from studio.gui.canvases.rows import NAME_WIDTH, follow, row
from studio.gui.canvases.seed_box import random_seed
from studio.gui.canvases.strip import LatentStrip
from studio.gui.widgets.basics import DimLabel, IconButton
from studio.gui.widgets.fold import FoldHeading
from studio.gui.widgets.slider import ValueSlider

WHOLE = 16
PAGE = 10
INDEX_WIDTH = 34


@dataclass(frozen=True)
class LatentView:
    """What the sliders show.

    Attributes:
        z: float32 (dim,).
        drawn: what the seed alone would give, float32 (dim,).
        moved: the components that a person moved.
    """

    z: np.ndarray
    drawn: np.ndarray
    moved: frozenset[int]

    @classmethod
    def of(cls, document: LatentDocument, space: LatentSpace) -> Self:
        """A document's z. Between points nothing counts as moved."""
        moved = () if document.between else (index for index, _ in document.point.components)
        return cls(document.z(space), space.draw(document.seed), frozenset(moved))


class ComponentSlider(QWidget):
    """One component of z; a double click gives it back to the seed. `named`: it stands in a form among other names."""

    def __init__(self, editor: LatentEditor, index: int, parent: QWidget | None = None, *, named: bool = False) -> None:
        super().__init__(parent)
        self._editor = editor
        self._drawn = 0.0
        self._named = named
        self._name = QLabel()
        self._name.setFixedWidth(NAME_WIDTH if named else INDEX_WIDTH)
        low, high = editor.space.bounds
        self.slider = ValueSlider(low, high, 0, signed=True)
        self.slider.changed.connect(self._change)
        self.slider.committed.connect(lambda _value: editor.end_gesture())
        layout = row(self._name, self.slider, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.setFocusProxy(self.slider)
        self.set_index(index)

    def set_index(self, index: int) -> None:
        """Stands for another component."""
        self.index = index
        self._name.setText(f"z {index}" if self._named else str(index))
        self.slider.setAccessibleName(f"z {index}")

    def show_view(self, view: LatentView) -> None:
        """Shows its component's value, and whether a person moved it."""
        self._drawn = float(view.drawn[self.index])
        self.slider.set_default(self._drawn)
        follow(self.slider, float(view.z[self.index]))
        look = "strong" if self.index in view.moved else "dim"
        if self._name.property("look") != look:
            self._name.setProperty("look", look)
            self._name.style().polish(self._name)

    def _change(self, value: float) -> None:
        chosen = None if value == self._drawn else value
        document = self._editor.document.with_component(self.index, chosen, self._editor.space)
        self._editor.edit(document, f"Move z {self.index}", gesture=True)


class ComponentGroup(QWidget):
    """A heading that folds the rest away; a strip of all values to draw on; a page of sliders. `alone`: no heading.

    A stretch of up to 16 has a slider each. A longer one has ten at a time: a long z is then as quick as a short one.

    Attributes:
        title: its name.
        first, stop: which components, `stop` left out.
        strip: all values.
    """

    def __init__(
        self,
        editor: LatentEditor,
        name: str,
        first: int,
        stop: int,
        parent: QWidget | None = None,
        *,
        alone: bool = False,
    ) -> None:
        super().__init__(parent)
        self._alone = alone
        self.title = name if name == "z" else name[:1].upper() + name[1:]
        self._open = False
        self.first, self.stop = first, stop
        self._editor = editor
        self._view: LatentView | None = None
        self._page_first = first
        self._sliders: list[ComponentSlider] = []
        self.strip = LatentStrip(editor.space.bounds)
        self.strip.setToolTip("Draw here to set many components at once")
        self.strip.setAccessibleName(f"{self.title}, all values")
        self.strip.drawn.connect(self._draw)
        self.strip.released.connect(editor.end_gesture)
        self._body = QWidget()
        self._rows = QVBoxLayout()
        self._heading = self._make_heading()
        self._pager = self._make_pager()
        self._lay_out()
        self.set_open(False)

    @property
    def shown(self) -> int:
        """How many sliders it shows at a time when it is open."""
        size = self.stop - self.first
        return size if size <= WHOLE else PAGE

    def is_open(self) -> bool:
        """Whether its sliders are shown."""
        return self._open

    def set_open(self, open_: bool) -> None:
        """Unfolds or folds it; the sliders are made when they are first wanted."""
        self._open = open_
        self._fold.show_open(open_)
        if open_ and not self._sliders:
            self._sliders = [ComponentSlider(self._editor, self.first + offset) for offset in range(self.shown)]
            for slider in self._sliders:
                self._rows.addWidget(slider)
            self._turn_to(self._page_first)
        self._body.setVisible(open_)
        self._refresh()

    def go_to(self, index: int) -> None:
        """Unfolds it at the page of a component, and puts the focus on its slider."""
        self.set_open(True)
        self._turn_to(self.first + (index - self.first) // self.shown * self.shown)
        self._sliders[index - self._page_first].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_view(self, view: LatentView) -> None:
        """Brings strip and sliders up to date; nothing where it is folded."""
        self._view = view
        self._refresh()

    def throw(self) -> None:
        """Draws the whole stretch anew; the rest of z stays."""
        space = self._editor.space
        document = self._editor.document.with_group(self.first, self.stop, random_seed(), space)
        self._editor.edit(document, f"Randomise {self.title}")

    def give_back(self) -> None:
        """Gives the whole stretch back to the seed."""
        document = self._editor.document.with_group(self.first, self.stop, None, self._editor.space)
        self._editor.edit(document, f"Reset {self.title}")

    def _lay_out(self) -> None:
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(2)
        inside = QVBoxLayout(self._body)
        inside.setContentsMargins(0, 0, 0, 4)
        inside.setSpacing(4)
        inside.addWidget(self.strip)
        inside.addWidget(self._pager)
        inside.addLayout(self._rows)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.setSpacing(2)
        outside.addWidget(self._heading)
        outside.addWidget(self._body)
        self._heading.setVisible(not self._alone)
        self._pager.setVisible(self.shown < self.stop - self.first)

    def _make_heading(self) -> QWidget:
        self._fold = FoldHeading(self.title)
        self._fold.clicked.connect(lambda _checked: self.set_open(not self._open))
        throw = IconButton("ri.shuffle-line", f"Randomise {self.title}", self.throw)
        back = IconButton("ri.arrow-go-back-line", f"Give {self.title} back to the seed", self.give_back)
        heading = QWidget()
        heading.setLayout(row(self._fold, 1, throw, back, spacing=0))
        return heading

    def _make_pager(self) -> QWidget:
        self._range = DimLabel()
        self._range.setWordWrap(False)
        self._before = IconButton("ri.arrow-left-s-line", "Components before", lambda: self._turn(-1))
        self._after = IconButton("ri.arrow-right-s-line", "Components after", lambda: self._turn(1))
        pager = QWidget()
        pager.setLayout(row(self._range, 1, self._before, self._after, spacing=0))
        return pager

    def _turn(self, pages: int) -> None:
        self._turn_to(self._page_first + pages * self.shown)

    def _turn_to(self, first: int) -> None:
        self._page_first = min(max(first, self.first), self.stop - 1)
        for offset, slider in enumerate(self._sliders):
            slider.setVisible(self._page_first + offset < self.stop)
            slider.set_index(min(self._page_first + offset, self.stop - 1))
        self._refresh()

    def _refresh(self) -> None:
        last = min(self._page_first + self.shown, self.stop)
        page = (self._page_first - self.first) // self.shown + 1
        pages = -(-(self.stop - self.first) // self.shown)
        self._range.setText(f"{self._page_first}–{last - 1} · page {page} of {pages}")
        self._before.setEnabled(self._page_first > self.first)
        self._after.setEnabled(last < self.stop)
        if self._view is None or not self.is_open():
            return
        for slider in self._sliders[: last - self._page_first]:
            slider.show_view(self._view)
        here = frozenset(index - self.first for index in self._view.moved if self.first <= index < self.stop)
        window = (self._page_first - self.first, last - self.first)
        self.strip.show_values(self._view.z[self.first : self.stop], here, window)

    def _draw(self, offsets: list[int], values: list[float]) -> None:
        moved = {self.first + offset: value for offset, value in zip(offsets, values, strict=True)}
        document = self._editor.document.with_components(moved, self._editor.space)
        self._editor.edit(document, f"Draw {self.title}", gesture=True)
        self._turn_to(self.first + offsets[-1] // self.shown * self.shown)
