"""The studio's places: what the rail shows, and where the widget of each is, imported when it is first needed."""

from __future__ import annotations

import importlib
import logging
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol, runtime_checkable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.gui.widgets.notice import Notice

if TYPE_CHECKING:
    from pathlib import Path

    from studio.gui.studio import Studio

log = logging.getLogger(__name__)

Builder = Callable[["Studio"], QWidget]


@runtime_checkable
class HasCanvases(Protocol):
    """A place whose canvases can be undone and must be let go of before the window closes.

    Attributes:
        loss: what closing the canvases now would lose, in sentences; empty where nothing is under way.
        canvas_changed: a signal: another canvas is in front, and with it another stack.
        undo_stack: that of the canvas in front; None where there is none.
    """

    canvas_changed: ClassVar[Signal]

    @property
    def loss(self) -> str: ...

    @property
    def undo_stack(self) -> QUndoStack | None: ...

    def close_canvases(self) -> None:
        """Writes what is unsaved and closes every canvas."""
        ...


@runtime_checkable
class Detachable(Protocol):
    """A place that listens to the engine until it is told that the window closes."""

    def detach(self) -> None:
        """Hears no more of the engine."""
        ...


@runtime_checkable
class OpensRuns(Protocol):
    """A place to play with a run."""

    def open_run(self, folder: str, canvas: str = "") -> None:
        """Opens a run, given by its folder; where `canvas` is an id, with that canvas in front."""
        ...


@runtime_checkable
class OpensPictures(Protocol):
    """A place that opens what was saved on a canvas."""

    def open_picture(self, path: Path) -> None:
        """Opens the edit in a PNG or a JSON file."""
        ...


@dataclass(frozen=True)
class Place:
    """One entry of the rail.

    Attributes:
        name: as in `Studio.page_wanted`.
        title: what the rail says.
        icon: qtawesome's name of its icon.
        summary: what it is for.
        widget: `module:Class`; the class takes the `Studio`.
    """

    name: str
    title: str
    icon: str
    summary: str
    widget: str


PLACES = (
    Place("start", "Start", "ri.home-5-line", "Where to begin", "studio.gui.pages.start:StartPage"),
    Place("data", "Data", "ri.image-2-line", "The pictures to train on", "studio.gui.pages.data:DataPage"),
    Place("train", "Train", "ri.pulse-line", "Train a model and watch it", "studio.gui.training.page:TrainPage"),
    Place("play", "Play", "ri.brush-line", "Play with what it has learnt", "studio.gui.canvases.page:PlayPage"),
    Place("runs", "Runs", "ri.stack-line", "Every run on this computer", "studio.gui.pages.runs:RunsPage"),
    Place("plugins", "Plugins", "ri.plug-line", "The models there are", "studio.gui.pages.plugins:PluginsPage"),
)


def builders() -> Mapping[str, Builder]:
    """How each place's widget is made."""
    return {place.name: _builder(place) for place in PLACES}


def _builder(place: Place) -> Builder:
    def build(studio: Studio) -> QWidget:
        module, _, name = place.widget.partition(":")
        widget: QWidget = getattr(importlib.import_module(module), name)(studio)
        return widget

    return build


def build_safely(name: str, build: Builder, studio: Studio) -> QWidget:
    """A place's widget; where it cannot be made, a notice in its stead, so that the other places still work."""
    try:
        return build(studio)
    except Exception:
        log.exception("The place %s could not be built.", name)
        return _broken(name, traceback.format_exc())


def _broken(name: str, detail: str) -> QWidget:
    widget = QWidget()
    column = QVBoxLayout(widget)
    column.setContentsMargins(24, 24, 24, 24)
    notice = Notice(
        f"{name.capitalize()} cannot be shown.",
        "This is a bug in Ganvas; everything else still works. The detail below helps to mend it.",
        detail,
        "bad",
    )
    column.addWidget(notice, 0, Qt.AlignmentFlag.AlignTop)
    return widget
