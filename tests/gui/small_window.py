"""The room that a page has in the smallest window."""

from __future__ import annotations

from studio.gui.main_window import SMALLEST
from studio.gui.widgets import rail

ROOM = SMALLEST.width() - rail.WIDTH
