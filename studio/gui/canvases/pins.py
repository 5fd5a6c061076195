"""Two pinned pictures and the way between them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.edit.interpolation import Interpolation
from studio.edit.latent import LatentDocument, LatentPoint, Pin
from studio.edit.requests import LatentRequest
from studio.gui.canvases.editor import LatentEditor
from studio.gui.canvases.morph import Morph
from studio.gui.canvases.path_box import PathBox
from studio.gui.canvases.pin_button import PinButton
from studio.gui.canvases.rows import column, follow, row, section
from studio.gui.widgets.basics import Button
from studio.gui.widgets.slider import ValueSlider

if TYPE_CHECKING:
    from studio.gui.canvases.host import CanvasHost

REFRESH_MS = 2000
MORPH = "Morph"


class PinsPanel(QWidget):
    """Pins A and B, the slider between them, and the morph that walks it.

    Attributes:
        morph: walks to and fro between the pins.
        buttons: one a pin, by its name.
        slider, play, path: where between the pins the picture is, the button that morphs, and which way it goes.
    """

    def __init__(self, editor: LatentEditor, host: CanvasHost, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._shown: tuple[object, ...] = ()
        self._order: tuple[Pin, ...] = ()
        self._channel = host.channel("pins")
        self._channel.rendered.connect(self._take)
        self.buttons: dict[Pin, PinButton] = {"a": PinButton("a"), "b": PinButton("b")}
        self.slider = ValueSlider(0, 1, 0.5)
        self.play = Button("Morph", self.toggle_morph)
        self.path = PathBox("The way from A to B")
        self.morph = Morph(self)
        self._stale = QTimer(self)
        self._stale.setSingleShot(True)
        self._stale.setInterval(REFRESH_MS)
        self._lay_out()
        self._connect(host)
        self.show_document()
        self.show_pictures()

    def pin(self, name: Pin) -> None:
        """Pins what is shown as A or B."""
        self._editor.edit(self._editor.document.pinned(name, self._editor.space), f"Pin {name.upper()}")

    def toggle_morph(self) -> None:
        """Begins or stops to walk; nothing until both are pinned."""
        if self.morph.playing:
            self.morph.pause()
        elif self._editor.document.both_pinned:
            start = self._editor.document.t or 0.0
            self._editor.edit(self._editor.document.blended(start), MORPH, gesture=True)
            self.morph.play(start)

    def show_document(self) -> None:
        """Brings slider and buttons up to date."""
        document = self._editor.document
        for name, button in self.buttons.items():
            at = document.t == (0.0 if name == "a" else 1.0) if document.both_pinned else False
            button.set_pinned(document.pin(name) is not None, at=at)
        for control in (self.slider, self.play, self.path):
            control.setEnabled(document.both_pinned)
        if document.t is not None:
            follow(self.slider, document.t)
        self.path.show_path(document.path)
        if not document.both_pinned:
            self.morph.pause()

    def show_pictures(self) -> None:
        """Asks for the pinned pictures where they are not those shown."""
        document = self._editor.document
        points = {name: document.pin(name) for name in self.buttons}
        wanted = (*points.values(), document.look)
        if wanted != self._shown:
            self._shown = wanted
            self._ask({name: point for name, point in points.items() if point is not None})

    def _ask(self, points: dict[Pin, LatentPoint]) -> None:
        self._order = tuple(points)
        if points:
            documents = [self._editor.document.at_point(point) for point in points.values()]
            self._channel.request(LatentRequest.of(documents, self._editor.space))

    def _take(self, pictures: np.ndarray, _milliseconds: float, _step: int) -> None:
        if len(pictures) == len(self._order):
            for name, picture in zip(self._order, pictures, strict=True):
                self.buttons[name].set_picture(picture)

    def _refresh(self) -> None:
        self._shown = ()
        self.show_pictures()

    def _lay_out(self) -> None:
        self.slider.setAccessibleName("Between A and B")
        self.slider.setToolTip("0 is A to the bit, 1 is B")
        self.play.setToolTip("Walk to and fro between A and B (Space)")
        self.play.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        middle = column(spacing=8)
        middle.addWidget(self.path)
        middle.addWidget(self.play)
        layout = column(spacing=8)
        layout.addLayout(section("Between two pictures"))
        layout.addLayout(row(self.buttons["a"], middle, self.buttons["b"], spacing=8))
        layout.addWidget(self.slider)
        self.setLayout(layout)

    def _connect(self, host: CanvasHost) -> None:
        for name, button in self.buttons.items():
            button.go_wanted.connect(partial(self._go, name))
            button.pin_wanted.connect(partial(self.pin, name))
            button.unpin_wanted.connect(partial(self._unpin, name))
        self.slider.changed.connect(self._drag)
        self.slider.committed.connect(lambda _t: self._editor.end_gesture())
        self.path.chosen.connect(self._choose_path)
        self.morph.moved.connect(self._walk)
        self.morph.playing_changed.connect(self._show_playing)
        self._stale.timeout.connect(self._refresh)
        host.moved.connect(self._weights_moved)
        host.opened_anew.connect(self._refresh)
        self._editor.changed.connect(self.show_document)
        self._editor.settled.connect(self._settle)

    def _go(self, name: Pin) -> None:
        self._editor.edit(self._editor.document.at_pin(name), f"Go to {name.upper()}")

    def _unpin(self, name: Pin) -> None:
        self._editor.edit(self._editor.document.unpinned(name, self._editor.space), f"Remove pin {name.upper()}")

    def _choose_path(self, path: Interpolation) -> None:
        self._editor.edit(self._editor.document.with_path(path), "Change the way between")

    def _drag(self, t: float) -> None:
        self.morph.pause()
        self._editor.edit(self._editor.document.blended(t), "Blend A and B", gesture=True)

    def _walk(self, t: float) -> None:
        document: LatentDocument = self._editor.document
        if document.t is None:
            self.morph.pause()
            return
        self._editor.edit(document.blended(t), MORPH, gesture=True)

    def _show_playing(self, playing: bool) -> None:
        self.play.setText("Stop morph" if playing else "Morph")
        if not playing:
            self._editor.end_gesture()

    def _settle(self) -> None:
        self.morph.pause()
        self.show_pictures()

    def _weights_moved(self, _step: int) -> None:
        if not self._stale.isActive():
            self._stale.start()
