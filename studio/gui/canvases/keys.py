"""How canvases name keys: a table says what each of them does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt

Key = tuple[Qt.KeyboardModifier, Qt.Key]
KeyTable = dict[Key, Callable[[], Any]]  # an action gives False where the key is meant for somebody else

PLAIN, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
