"""How a canvas's panel lays out its controls: a name, then what it sets; and sliders that follow a document."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QLayout, QVBoxLayout, QWidget

from studio.gui.widgets.basics import SectionLabel
from studio.gui.widgets.slider import ValueSlider

NAME_WIDTH = 96
ROW_SPACING = 8


def column(*, spacing: int = ROW_SPACING) -> QVBoxLayout:
    """A column without margins."""
    made = QVBoxLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(spacing)
    return made


def row(*parts: QWidget | QLayout | int, spacing: int = 4) -> QHBoxLayout:
    """Parts side by side; a number is a stretch of that weight."""
    made = QHBoxLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(spacing)
    for part in parts:
        if isinstance(part, int):
            made.addStretch(part)
        elif isinstance(part, QLayout):
            made.addLayout(part)
        else:
            made.addWidget(part)
    return made


def named(name: str, control: QWidget | QLayout, buddy: QWidget | None = None) -> QHBoxLayout:
    """A name and what it sets; screen readers are told the name by `buddy`, or the control itself."""
    label = QLabel(name)
    label.setFixedWidth(NAME_WIDTH)
    target = buddy if buddy is not None else control if isinstance(control, QWidget) else None
    if target is not None:
        label.setBuddy(target)
    made = row(label, spacing=0)
    if isinstance(control, QWidget):
        made.addWidget(control, 1)
    else:
        made.addLayout(control, 1)
    return made


def section(title: str, *buttons: QWidget) -> QHBoxLayout:
    """A small heading, with its actions at the far end."""
    return row(SectionLabel(title), 1, *buttons, spacing=4)


def follow(slider: ValueSlider, value: float) -> None:
    """Stands a slider at a document's value; one that is there already, in a gesture maybe, is left alone."""
    if slider.scale.rounded(value) != slider.scale.rounded(slider.value()):
        slider.set_value(value)
