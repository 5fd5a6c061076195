"""The inpainting canvas's keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from studio.gui.canvases.keys import PLAIN, SHIFT, KeyTable

if TYPE_CHECKING:
    from studio.gui.canvases.inpaint import InpaintCanvas


def key_table(canvas: InpaintCanvas) -> KeyTable:
    """What each key does; False where the key is meant for somebody else."""
    edit, tools = canvas.editor, canvas.panel.tools
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
    }
