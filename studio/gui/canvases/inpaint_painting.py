"""The hand that masks: what a tool does on the picture becomes marks of the document, one undo step each."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from studio.api.errors import StudioError
from studio.edit.inpaint_mask import Mark
from studio.gui.canvases.inpaint_editor import InpaintEditor
from studio.gui.canvases.inpaint_tools import MaskTools
from studio.gui.canvases.inpaint_view import InpaintView

MASK, ERASE = "Mask", "Erase"


class Painting(QObject):
    """Brings picture, tool and document together.

    Signals:
        begun(): a mark begins.
        refused(message): there is no room for more.
    """

    begun = Signal()
    refused = Signal(str)

    def __init__(
        self, editor: InpaintEditor, view: InpaintView, tools: MaskTools, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self._view = view
        self._tools = tools
        self._mark: Mark | None = None
        view.begun.connect(self._begin)
        view.moved.connect(self._go_on)
        view.ended.connect(self._end)
        tools.changed.connect(self.take_tool)
        self.take_tool()

    def take_tool(self) -> None:
        """Shows on the picture which tool is in hand."""
        if self._tools.tool is None:
            self._view.put_away()
        else:
            self._view.take_tool(self._tools.width_fraction, self._tools.hard_fraction)

    def _begin(self, x: float, y: float, other: bool) -> None:
        tool, erases = self._tools.tool, other
        if tool is None or self._editor.document.picture is None:
            return
        self.begun.emit()
        if tool in ("brush", "eraser"):
            erases = (tool == "eraser") != other
            mark = Mark.brush((x, y), self._tools.width_fraction, self._tools.hard_fraction, erases=erases)
        else:
            mark = Mark.shape("rectangle" if tool == "rectangle" else "lasso", [(x, y)], erases=erases)
        self._put(mark)

    def _go_on(self, x: float, y: float) -> None:
        marks = self._editor.document.marks
        if self._mark is None or not marks or marks[-1] is not self._mark:
            self._mark = None  # it was undone under the hand
            return
        self._put(self._mark.to((x, y)), going_on=True)

    def _put(self, mark: Mark, *, going_on: bool = False) -> None:
        document = self._editor.document
        before = document.marks[:-1] if going_on else document.marks
        try:
            painted = document.with_marks((*before, mark))
        except StudioError as error:
            self._mark = None
            self.refused.emit(f"{error.message} {error.remedy}")
            return
        self._mark = mark
        self._editor.edit(painted, ERASE if mark.erases else MASK, gesture=True)

    def _end(self) -> None:
        self._mark = None
        self._editor.end_gesture()
