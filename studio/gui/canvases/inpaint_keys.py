"""The inpainting canvas's keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from studio.gui.canvases.inpaint import InpaintCanvas

Key = tuple[Qt.KeyboardModifier, Qt.Key]

PLAIN, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
NUDGE = 0.05


def key_table(canvas: InpaintCanvas) -> dict[Key, Callable[[], Any]]:
    """What each key does; False where the key is meant for somebody else."""
    edit, undo, tools, view = canvas.editor, canvas.host.undo_stack, canvas.panel.tools, canvas.view
    both = CTRL | SHIFT
    return {
        (PLAIN, Qt.Key.Key_B): lambda: tools.toggle("brush"),
        (PLAIN, Qt.Key.Key_E): lambda: tools.toggle("eraser"),
        (PLAIN, Qt.Key.Key_M): lambda: tools.toggle("rectangle"),
        (PLAIN, Qt.Key.Key_L): lambda: tools.toggle("lasso"),
        (PLAIN, Qt.Key.Key_X): tools.swap,
        (PLAIN, Qt.Key.Key_BracketLeft): lambda: tools.resize_by(-1),
        (PLAIN, Qt.Key.Key_BracketRight): lambda: tools.resize_by(1),
        (SHIFT, Qt.Key.Key_BracketLeft): lambda: tools.harden_by(-1),
        (SHIFT, Qt.Key.Key_BracketRight): lambda: tools.harden_by(1),
        (SHIFT, Qt.Key.Key_BraceLeft): lambda: tools.harden_by(-1),
        (SHIFT, Qt.Key.Key_BraceRight): lambda: tools.harden_by(1),
        (PLAIN, Qt.Key.Key_I): edit.invert,
        (PLAIN, Qt.Key.Key_Backspace): edit.clear,
        (PLAIN, Qt.Key.Key_Delete): edit.clear,
        (PLAIN, Qt.Key.Key_Return): canvas.fill_or_keep,
        (PLAIN, Qt.Key.Key_Enter): canvas.fill_or_keep,
        (PLAIN, Qt.Key.Key_N): canvas.searching.again,
        (PLAIN, Qt.Key.Key_G): canvas.generated.random,
        (SHIFT, Qt.Key.Key_G): canvas.generated.latent,
        (PLAIN, Qt.Key.Key_V): canvas.next_view,
        (PLAIN, Qt.Key.Key_Left): lambda: edit.step(-1),
        (PLAIN, Qt.Key.Key_Right): lambda: edit.step(1),
        (PLAIN, Qt.Key.Key_Comma): lambda: view.move_split(view.split - NUDGE),
        (PLAIN, Qt.Key.Key_Period): lambda: view.move_split(view.split + NUDGE),
        (PLAIN, Qt.Key.Key_Escape): canvas.leave,
        (CTRL, Qt.Key.Key_O): canvas.arrivals.open,
        (CTRL, Qt.Key.Key_V): canvas.arrivals.paste,
        (both, Qt.Key.Key_V): lambda: canvas.arrivals.paste(alone=True),
        (CTRL, Qt.Key.Key_C): canvas.copy,
        (CTRL, Qt.Key.Key_S): canvas.save,
        (CTRL, Qt.Key.Key_Z): undo.undo,
        (both, Qt.Key.Key_Z): undo.redo,
        (CTRL, Qt.Key.Key_Y): undo.redo,
    }
