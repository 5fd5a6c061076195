"""The walk canvas's keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from studio.gui.canvases.keys import CTRL, PLAIN, SHIFT, KeyTable
from studio.gui.canvases.walk_controls import NUDGE

if TYPE_CHECKING:
    from studio.gui.canvases.walk import WalkCanvas

FAR = 10


def key_table(canvas: WalkCanvas) -> KeyTable:
    """What each key does; False where the key is meant for somebody else."""
    edit, transport, keyframe = canvas.editor, canvas.transport, canvas.keyframe
    return {
        (PLAIN, Qt.Key.Key_Space): canvas.player.toggle,
        (PLAIN, Qt.Key.Key_K): canvas.player.toggle,
        (PLAIN, Qt.Key.Key_J): lambda: transport.step(-1),
        (PLAIN, Qt.Key.Key_L): lambda: transport.step(1),
        (PLAIN, Qt.Key.Key_Left): lambda: transport.step(-1),
        (PLAIN, Qt.Key.Key_Right): lambda: transport.step(1),
        (SHIFT, Qt.Key.Key_Left): lambda: transport.step(-FAR),
        (SHIFT, Qt.Key.Key_Right): lambda: transport.step(FAR),
        (PLAIN, Qt.Key.Key_Home): transport.to_start,
        (PLAIN, Qt.Key.Key_End): transport.to_end,
        (PLAIN, Qt.Key.Key_Up): lambda: canvas.visit(edit.selected - 1),
        (PLAIN, Qt.Key.Key_Down): lambda: canvas.visit(edit.selected + 1),
        (PLAIN, Qt.Key.Key_Return): lambda: canvas.visit(edit.selected),
        (PLAIN, Qt.Key.Key_Enter): lambda: canvas.visit(edit.selected),
        (CTRL, Qt.Key.Key_Left): lambda: edit.move(edit.selected, edit.selected - 1),
        (CTRL, Qt.Key.Key_Right): lambda: edit.move(edit.selected, edit.selected + 1),
        (PLAIN, Qt.Key.Key_Delete): edit.remove,
        (PLAIN, Qt.Key.Key_Backspace): edit.remove,
        (PLAIN, Qt.Key.Key_A): edit.add_random,
        (PLAIN, Qt.Key.Key_R): keyframe.throw,
        (PLAIN, Qt.Key.Key_E): keyframe.next_ease,
        (PLAIN, Qt.Key.Key_O): transport.toggle_loop,
        (PLAIN, Qt.Key.Key_BracketLeft): lambda: keyframe.nudge(-NUDGE),
        (PLAIN, Qt.Key.Key_BracketRight): lambda: keyframe.nudge(NUDGE),
        (CTRL, Qt.Key.Key_D): edit.duplicate,
        (CTRL, Qt.Key.Key_V): canvas.arrivals.paste,
        (CTRL | SHIFT, Qt.Key.Key_S): canvas.making.begin,
    }
