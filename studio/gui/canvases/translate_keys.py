"""The translation canvas's keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from studio.gui.canvases.keys import CTRL, PLAIN, SHIFT, KeyTable

if TYPE_CHECKING:
    from studio.gui.canvases.translate import TranslateCanvas


def key_table(canvas: TranslateCanvas) -> KeyTable:
    """What each key does; False where the key is meant for somebody else."""
    edit, pen = canvas.editor, canvas.panel.pen
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
        (CTRL | SHIFT, Qt.Key.Key_S): canvas.exporting.begin,
    }
