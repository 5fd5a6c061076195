"""One tab of the Play page: a canvas, made when it is first shown; where it cannot be made, the reason."""

from __future__ import annotations

import importlib
import itertools
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.api.canvas import CanvasSpec
from studio.api.errors import StudioError
from studio.gui.canvases.host import CanvasHost
from studio.gui.widgets.notice import Notice

if TYPE_CHECKING:
    from studio.engine.events import ModelFacts
    from studio.gui.studio import Studio


class CanvasPlace(QWidget):
    """Where a canvas is shown.

    Attributes:
        spec: what its plugin said of it.
        host: what the canvas sees of the studio.
        canvas: its widget; None until it is first shown, and where it failed.
    """

    _numbers = itertools.count(1)

    def __init__(
        self,
        studio: Studio,
        spec: CanvasSpec,
        run: str,
        facts: ModelFacts,
        document: Mapping[str, Any] | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.spec = spec
        self.canvas: QWidget | None = None
        self.host = CanvasHost(
            studio,
            run,
            facts,
            f"play-{next(self._numbers)}",
            canvas=spec.id,
            document=document,
            keep=edit_path(run, spec.id),
            parent=self,
        )
        self._made = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def make(self) -> None:
        """Makes the canvas, once."""
        if self._made:
            return
        self._made = True
        try:
            self.canvas = _widget(self.spec, self.host)
        except StudioError as error:
            self._show_failure(error.message, error.remedy, "")
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a plugin's canvas may raise anything
            reason = f"{type(error).__name__}: {error}".rstrip(": ")
            message = f"The canvas {self.spec.title} cannot be shown: {reason}."
            self._show_failure(message, "Update or remove the plugin it comes from.", traceback.format_exc())
        else:
            self._column.addWidget(self.canvas)
            self.setFocusProxy(self.canvas)

    def close_canvas(self) -> None:
        """Lets the canvas write what is unsaved, and ends it. It leaves the window at once.

        Not by QStackedWidget.removeWidget: a widget that PySide finds again after that, before Qt has deleted it, is
        kept in memory for good (PySide 6.11).
        """
        self.hide()  # a field that was being typed in hands its words on as it loses the focus
        self.host.close()
        self.setParent(None)
        self.deleteLater()

    def _show_failure(self, message: str, remedy: str, detail: str) -> None:
        self._column.setContentsMargins(16, 4, 16, 16)
        self._column.addWidget(Notice(message, remedy, detail, "bad"))
        self._column.addStretch(1)


def edit_path(run: str, canvas: str) -> Path:
    """Where a run keeps a canvas's document."""
    return Path(run) / "edits" / f"{canvas}.json"


def _widget(spec: CanvasSpec, host: CanvasHost) -> QWidget:
    module, _, name = spec.widget.partition(":")
    made = getattr(importlib.import_module(module), name)(host)
    if not isinstance(made, QWidget):
        raise TypeError(f"{spec.widget} is not a QWidget")
    return made
