"""The translation canvas's keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

if TYPE_CHECKING:
    from studio.gui.canvases.translate import TranslateCanvas

Key = tuple[Qt.KeyboardModifier, Qt.Key]

PLAIN, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
NUDGE = 0.05


def key_table(canvas: TranslateCanvas) -> dict[Key, Callable[[], Any]]:
    """What each key does; False where the key is meant for somebody else."""
    edit, undo, pen, hero = canvas.editor, canvas.host.undo_stack, canvas.panel.pen, canvas.stage.hero
    both = CTRL | SHIFT
    return {
        (PLAIN, Qt.Key.Key_X): edit.swap,
        (PLAIN, Qt.Key.Key_V): canvas.toggle_view,
        (PLAIN, Qt.Key.Key_T): canvas.panel.direction.round_trip.click,
        (PLAIN, Qt.Key.Key_R): canvas.resample,
        (PLAIN, Qt.Key.Key_Left): lambda: edit.step(-1),
        (PLAIN, Qt.Key.Key_Right): lambda: edit.step(1),
        (PLAIN, Qt.Key.Key_Delete): lambda: edit.remove(edit.document.current),
        (PLAIN, Qt.Key.Key_N): canvas.drawing.new_paper,
        (PLAIN, Qt.Key.Key_B): lambda: pen.toggle("pen"),
        (PLAIN, Qt.Key.Key_E): lambda: pen.toggle("eraser"),
        (PLAIN, Qt.Key.Key_BracketLeft): lambda: pen.resize_by(-1),
        (PLAIN, Qt.Key.Key_BracketRight): lambda: pen.resize_by(1),
        (PLAIN, Qt.Key.Key_Backspace): canvas.drawing.clear,
        (PLAIN, Qt.Key.Key_Comma): lambda: hero.move_split(hero.split - NUDGE),
        (PLAIN, Qt.Key.Key_Period): lambda: hero.move_split(hero.split + NUDGE),
        (PLAIN, Qt.Key.Key_Escape): canvas.leave,
        (CTRL, Qt.Key.Key_O): canvas.arrivals.open,
        (CTRL, Qt.Key.Key_V): canvas.arrivals.paste,
        (both, Qt.Key.Key_V): lambda: canvas.arrivals.paste(alone=True),
        (CTRL, Qt.Key.Key_C): canvas.copy,
        (CTRL, Qt.Key.Key_S): canvas.save,
        (both, Qt.Key.Key_S): canvas.exporting.begin,
        (CTRL, Qt.Key.Key_Z): undo.undo,
        (both, Qt.Key.Key_Z): undo.redo,
        (CTRL, Qt.Key.Key_Y): undo.redo,
    }


def is_open(event: QKeyEvent) -> bool:
    """Whether a key means opening pictures."""
    return event.key() == Qt.Key.Key_O and event.modifiers() == CTRL
