"""A part of a panel that folds away, and is made when it is first wanted."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QWidget

from studio.gui.canvases.rows import column, row
from studio.gui.widgets.fold import FoldHeading

BELOW = 8


class FoldingSection(QWidget):
    """A heading; a click, Space or Enter on it unfolds what is below. Whether it is open is remembered.

    Args:
        title: the heading.
        make: makes the content; called once, when it is first unfolded.
        settings: where it is remembered.
        unfolded: how it is the first time.

    Attributes:
        heading: to click on.
        content: what `make` made; None before.
    """

    def __init__(
        self,
        title: str,
        make: Callable[[], QWidget],
        settings: QSettings,
        parent: QWidget | None = None,
        *,
        unfolded: bool = False,
    ) -> None:
        super().__init__(parent)
        self._title = title
        self._make = make
        self._settings = settings
        self.content: QWidget | None = None
        self.heading = FoldHeading(title)
        self.heading.clicked.connect(self._toggle)
        self._column = column(spacing=4)
        self._column.addLayout(row(self.heading, 1))
        self.setLayout(self._column)
        self.set_open(settings.value(self._key, unfolded, type=bool) is True)

    @property
    def is_open(self) -> bool:
        """Whether its content is shown."""
        return self.content is not None and not self.content.isHidden()

    def set_open(self, open_: bool) -> None:
        """Unfolds or folds it."""
        if open_ and self.content is None:
            self.content = self._make()
            self._column.addWidget(self.content)
        if self.content is not None:
            self.content.setVisible(open_)
        self._column.setContentsMargins(0, 0, 0, BELOW if open_ else 0)
        self.heading.show_open(open_)

    @property
    def _key(self) -> str:
        return f"play/open/{self._title}"

    def _toggle(self) -> None:
        self.set_open(not self.is_open)
        self._settings.setValue(self._key, self.is_open)


def grouped(*sections: FoldingSection) -> QWidget:
    """Sections close below one another."""
    group = QWidget()
    layout = column(spacing=2)
    for section in sections:
        layout.addWidget(section)
    group.setLayout(layout)
    return group
