"""The latent canvas's controls: all of them beside a big picture, or a few beside a small one."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from studio.gui.canvases.arithmetic_panel import ArithmeticPanel
from studio.gui.canvases.canvas_panel import CanvasPanel, Panel
from studio.gui.canvases.component_group import ComponentSlider, LatentView
from studio.gui.canvases.components import ComponentsPanel, named_groups
from studio.gui.canvases.direction_panel import DirectionPanel
from studio.gui.canvases.editor import LatentEditor
from studio.gui.canvases.folding import FoldingSection, grouped
from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.pad_panel import PadPanel
from studio.gui.canvases.pins import PinsPanel
from studio.gui.canvases.point_controls import PointControls
from studio.gui.canvases.rows import column
from studio.gui.canvases.seed_strip import SeedStrip

FEW = 4


class FullPanel(CanvasPanel):
    """All controls of the latent canvas.

    Attributes:
        point, seeds, pins, components: its parts.
        directions, pad, arithmetic: sections that fold.
    """

    def __init__(self, editor: LatentEditor, host: CanvasHost, parent: QWidget | None = None) -> None:
        settings = host.studio.settings
        self.point = PointControls(editor, host.facts.labels, host.facts.num_ws)
        self.seeds = SeedStrip(editor, host)
        self.seeds.scrubbed.connect(self.point.scrub)
        self.seeds.released.connect(editor.end_gesture)
        self.directions = FoldingSection("Directions", lambda: DirectionPanel(editor, host), settings, unfolded=True)
        self.pins = PinsPanel(editor, host)
        self.pad = FoldingSection("Between four pictures", lambda: PadPanel(editor, host), settings)
        self.arithmetic = FoldingSection("Arithmetic", lambda: ArithmeticPanel(editor, host), settings)
        self.components = ComponentsPanel(editor)
        more = grouped(self.pad, self.arithmetic)
        super().__init__((self.point, self.seeds, self.directions, self.pins, more, self.components), host, parent)


class CompactPanel(Panel):
    """Seed, class, truncation and the first components: for a small canvas beside something else.

    Attributes:
        point: the seed and what goes with it.
        sliders: the first components.
    """

    def __init__(self, editor: LatentEditor, host: CanvasHost, parent: QWidget | None = None) -> None:
        super().__init__(host, parent)
        self._editor = editor
        self.point = PointControls(editor, host.facts.labels)
        self.sliders = [ComponentSlider(editor, index, named=True) for index in _few(editor)]
        layout = column()
        layout.addWidget(self.point)
        for slider in self.sliders:
            layout.addWidget(slider)
        layout.addSpacing(4)
        layout.addWidget(self.status)
        layout.addStretch(1)
        self.setLayout(layout)
        editor.changed.connect(self.show_document)
        self.show_document()

    def show_document(self) -> None:
        """Brings the sliders up to date."""
        view = LatentView.of(self._editor.document, self._editor.space)
        for slider in self.sliders:
            slider.show_view(view)


def _few(editor: LatentEditor) -> list[int]:
    """The first component of every group, then the next ones, as long as they are few."""
    groups = named_groups(editor.space)
    firsts = [(index - first, index) for _, first, stop in groups for index in range(first, min(stop, first + FEW))]
    return sorted(index for _, index in sorted(firsts)[:FEW])
