"""Which way the translation canvas translates, what it shows of it, and what is left to chance."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from studio.edit.translation import TranslationDocument, ends, opposite
from studio.gui.canvases.rows import column, named, row, section
from studio.gui.canvases.seed_box import SeedBox
from studio.gui.widgets.basics import IconButton, Tabs
from studio.gui.widgets.calm_combo import CalmComboBox

VIEWS = ("Split", "Side by side")
SPLIT, SIDES = range(len(VIEWS))


class DirectionControls(QWidget):
    """Rows for the direction, the view and, where the model translates both ways, the round trip.

    Attributes:
        direction, swap, view, round_trip: the controls.

    Signals:
        chosen(direction): a person chose a direction.
    """

    chosen = Signal(str)

    def __init__(self, directions: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._directions = directions
        self._two_ways = any(opposite(one, directions) for one in directions)
        self.direction = CalmComboBox()
        self.direction.setAccessibleName("Direction")
        self.direction.setToolTip("From which side of the data to which")
        for one in directions:
            self.direction.addItem(" → ".join(ends(one)), one)
        self.direction.activated.connect(lambda index: self.chosen.emit(directions[index]))
        self.swap = IconButton("ri.arrow-left-right-line", "The other way (X)", parent=self)
        self.view = Tabs(VIEWS)
        self.view.setAccessibleName("View")
        for index in range(len(VIEWS)):
            self.view.setTabToolTip(index, "V changes the view")
        self.round_trip = QCheckBox(self)
        self.round_trip.setAccessibleName("Round trip")
        self.round_trip.setToolTip("Shows the translation translated back: it should be what went in (T)")
        self._lay_out()

    def show_document(self, document: TranslationDocument) -> None:
        """Brings the controls up to date."""
        self.direction.setCurrentIndex(max(self.direction.findData(document.direction), 0))
        for control in (self.swap, self.round_trip):
            control.setEnabled(opposite(document.direction, self._directions) is not None)

    def show_view(self, view: int, *, fixed: bool) -> None:
        """Which view is shown, and whether there is no choice now."""
        blocked = self.view.blockSignals(True)
        self.view.setCurrentIndex(view)
        self.view.blockSignals(blocked)
        self.view.setEnabled(not fixed)

    def _lay_out(self) -> None:
        layout = column()
        layout.addLayout(section("Translation"))
        ways = row(self.direction, *((self.swap,) if self._two_ways else ()))
        ways.setStretch(0, 1)
        layout.addLayout(named("Direction", ways, self.direction))
        layout.addLayout(named("View", row(self.view, 1), self.view))
        if self._two_ways:
            layout.addLayout(named("Round trip", self.round_trip))
        for control in (self.swap, self.round_trip):
            control.setVisible(self._two_ways)
        self.setLayout(layout)


class ChanceControls(QWidget):
    """Rows for dropout and its seed; hidden where the model leaves nothing to chance.

    Attributes:
        dropout, seed: the controls.

    Signals:
        chosen(seed): a person chose a seed; None leaves dropout out.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seed = 0
        self.dropout = QCheckBox()
        self.dropout.setAccessibleName("Dropout")
        self.dropout.setToolTip("With dropout each seed gives another translation; without it there is one")
        self.dropout.clicked.connect(lambda on: self.chosen.emit(self._seed if on else None))
        self.seed = SeedBox()
        self.seed.number.setToolTip("What dropout is drawn from: the same seed is the same translation")
        self.seed.chosen.connect(self.chosen.emit)
        layout = column()
        layout.addLayout(section("Chance"))
        layout.addLayout(named("Dropout", self.dropout))
        layout.addLayout(named("Seed", self.seed, self.seed.number))
        self.setLayout(layout)

    def show_document(self, document: TranslationDocument) -> None:
        """Brings the controls up to date."""
        self._seed = self._seed if document.seed is None else document.seed
        self.dropout.setChecked(document.seed is not None)
        self.seed.show_seed(self._seed)
