"""Whether things may move: what the system's setting for reduced motion says."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

SLIDE_MS = 160


def motion_ms() -> int:
    """How long a movement lasts, in milliseconds; 0 where the system asks for none."""
    return SLIDE_MS if QApplication.isEffectEnabled(Qt.UIEffect.UI_AnimateMenu) else 0
