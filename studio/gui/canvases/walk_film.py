"""The walk canvas's controls of its film: which kind and size; while it is made, how far, and a way out."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from studio.engine.film import watchable_scale
from studio.gui.canvases.rows import column, named, section
from studio.gui.canvases.work_buttons import WorkButtons
from studio.gui.widgets.basics import Button
from studio.gui.widgets.calm_combo import CalmComboBox

KINDS = (("MP4", ".mp4"), ("GIF", ".gif"), ("PNG frames", ""))
LARGEST = 2048


class FilmControls(QWidget):
    """Kind, size and Export; while a film is made, how far, and a way out of it.

    Attributes:
        kind, sizes: the controls.
        export, cancel: buttons.
        progress: what they stand in.
    """

    def __init__(self, resolution: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._resolution = resolution
        self.kind = CalmComboBox()
        self.kind.setAccessibleName("Kind of film")
        self.kind.setToolTip("MP4 for films, GIF for everywhere, PNG frames for other programs")
        for words, suffix in KINDS:
            self.kind.addItem(words, suffix)
        self.sizes = CalmComboBox()
        self.sizes.setAccessibleName("Size of the film")
        self.sizes.setToolTip("Small pictures are enlarged by whole factors, so that pixels stay squares")
        for scale in (1, 2, 3, 4, 6, 8, 12, 16, 24, 32):
            side = scale * resolution
            if scale == 1 or side <= LARGEST:
                self.sizes.addItem(f"{side} × {side}" + (f", {scale} times" if scale > 1 else ""), scale)
        self.export = Button("Export film")
        self.export.setToolTip("Write the walk as a film (Ctrl+Shift+S)")
        self.cancel = Button("Cancel")
        self.cancel.setToolTip("Stop, and leave nothing behind")
        self.progress = WorkButtons("Exported", (self.export,), (self.cancel,))
        self.kind.currentIndexChanged.connect(lambda _index: self._suggest_size())
        self._lay_out()
        self._suggest_size()

    @property
    def suffix(self) -> str:
        """The ending of the film's name; empty for a folder of frames."""
        return str(self.kind.currentData())

    @property
    def scale(self) -> int:
        """How many times larger the pictures are in the film."""
        return int(self.sizes.currentData())

    def show_progress(self, done: int, total: int) -> None:
        """`done` of `total` frames are in the film."""
        self.progress.show_progress(f"Frame {done:,} of {total:,}", done, total)

    def show_buttons(self) -> None:
        """No film is made any more."""
        self.progress.show_buttons()

    def _suggest_size(self) -> None:
        wanted = watchable_scale(Path(f"film{self.suffix}"), self._resolution)
        offered = [self.sizes.itemData(index) for index in range(self.sizes.count())]
        self.sizes.setCurrentIndex(max(index for index, scale in enumerate(offered) if scale <= wanted))

    def _lay_out(self) -> None:
        layout = column()
        layout.addLayout(section("Film"))
        layout.addLayout(named("Kind", self.kind))
        layout.addLayout(named("Size", self.sizes))
        layout.addWidget(self.progress)
        self.setLayout(layout)
