"""What is installed, from whom, what it offers, and what does not work and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio.api.data import DataKind
from studio.gui import words
from studio.gui.widgets.basics import Button, DimLabel, Label, SectionLabel
from studio.gui.widgets.empty import EmptyState
from studio.gui.widgets.notice import Notice

if TYPE_CHECKING:
    from studio.api import ModelSpec
    from studio.engine.plugins import PluginStatus
    from studio.gui.studio import Studio

WIDEST = 960


class PluginsPage(QWidget):
    """Failed plugins first, with the reason; then each plugin and its models."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        plugins = studio.host.plugins
        content = QWidget()
        content.setMaximumWidth(WIDEST)
        column = QVBoxLayout(content)
        column.setContentsMargins(24, 20, 24, 24)
        column.setSpacing(8)
        column.addWidget(Label("Plugins", "title"))
        column.addWidget(DimLabel(_summary(plugins)))
        column.addSpacing(8)
        for status in sorted(plugins, key=lambda status: status.ok):
            column.addWidget(self._plugin(status) if status.ok else failed_notice(status))
        if not plugins:
            column.addWidget(EmptyState("There are no plugins", "Not even the built-in ones: reinstall Ganvas."), 1)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(_scrolling(content))

    def _plugin(self, status: PluginStatus) -> QWidget:
        widget = QWidget()
        column = QVBoxLayout(widget)
        column.setContentsMargins(0, 16, 0, 0)
        column.setSpacing(12)
        column.addWidget(SectionLabel(" · ".join(part for part in (status.id, _from(status)) if part)))
        models = self._studio.host.models()
        for model in status.models:
            if model in models:
                column.addWidget(self._model(models[model]))
        if status.offers:
            column.addWidget(DimLabel(f"Also offers: {', '.join(status.offers)}."))
        return widget

    def _model(self, spec: ModelSpec) -> QWidget:
        widget = QWidget()
        widget.setAccessibleName(spec.title)
        text = QVBoxLayout()
        text.setSpacing(2)
        text.addWidget(Label(spec.title, "strong"))
        summary = Label(spec.summary, "")
        summary.setWordWrap(True)
        text.addWidget(summary)
        text.addWidget(DimLabel(" · ".join(part for part in (spec.paper, spec.licence) if part)))
        text.addWidget(DimLabel(f"Needs {_NEEDS[spec.data]}. Can {_abilities(spec)}."))
        row = QHBoxLayout(widget)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addLayout(text, 1)
        train = Button("Train", lambda: self._studio.train_wanted.emit(spec.id))
        train.setAccessibleName(f"Train {spec.title}")
        row.addWidget(train, 0, Qt.AlignmentFlag.AlignTop)
        return widget


def failed_notice(status: PluginStatus) -> Notice:
    """Why a plugin does not work, and what to do."""
    remedy = "Everything else works."
    if status.distribution:
        remedy = f"Update or reinstall {status.distribution}, or uninstall it. Everything else works."
    whence = f" ({_from(status)})" if status.distribution else ""
    return Notice(f"{status.id}{whence} cannot be used.", f"{status.error} {remedy}", status.detail, "bad")


def _summary(plugins: tuple[PluginStatus, ...]) -> str:
    failed = sum(not status.ok for status in plugins)
    models = sum(len(status.models) for status in plugins)
    parts = [words.counted(len(plugins), "plugin"), words.counted(models, "model")]
    if failed:
        parts.append(f"{words.count(failed)} cannot be used")
    return " · ".join(parts)


def _from(status: PluginStatus) -> str:
    return f"{status.distribution} {status.version}".strip()


def _abilities(spec: ModelSpec) -> str:
    names = [_ABILITIES.get(capability.__name__, capability.__name__) for capability in spec.capabilities]
    return ", ".join(names) or "be trained"


_NEEDS = {
    DataKind.UNLABELLED: "pictures",
    DataKind.LABELLED: "labelled pictures",
    DataKind.PAIRED: "pairs of pictures",
    DataKind.UNPAIRED: "two sets of pictures",
    DataKind.LAYOUT: "pictures with boxes",
    DataKind.CAPTIONED: "pictures with captions",
}

_ABILITIES = {
    "LatentSampling": "make pictures from z",
    "StyleMixing": "mix styles",
    "ImageTranslation": "translate pictures",
    "Inpainting": "fill in holes",
    "LayoutRendering": "draw from layouts",
    "TextPrompt": "follow words",
    "Encoding": "find a picture's z",
    "Realism": "judge pictures",
}


def _scrolling(content: QWidget) -> QScrollArea:
    middle = QWidget()
    row = QHBoxLayout(middle)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(content, 1000)
    row.addStretch(1)
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(middle)
    return scroll
