"""The layout canvas: boxes with labels on the left, and the picture that follows them on the right."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QWidget

from studio.edit.layout import LayoutDocument
from studio.gui.canvases.canvas import Canvas
from studio.gui.canvases.canvas_panel import CanvasPanel
from studio.gui.canvases.comparing import CompareButtons, Comparison
from studio.gui.canvases.hero import HeroPicture
from studio.gui.canvases.history import HistoryStrip
from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.keys import CTRL, PLAIN, SHIFT, KeyTable
from studio.gui.canvases.layout_editor import LayoutEditor
from studio.gui.canvases.layout_files import LayoutKeeper, layout_in
from studio.gui.canvases.layout_history import LayoutHistory
from studio.gui.canvases.layout_labels import ROWS
from studio.gui.canvases.layout_pages import LayoutPages
from studio.gui.canvases.layout_panel import Below, DrawControls, FileControls, ObjectControls, headed, hint
from studio.gui.canvases.layout_starts import LayoutStarts
from studio.gui.canvases.layout_variants import VariantStrip
from studio.gui.canvases.layout_view import SMALLEST_PX, LayoutView
from studio.gui.canvases.rows import row
from studio.gui.canvases.size_label import SizeLabel
from studio.gui.theme import CONTROL_PX

USUAL_PX = 680
NOTHING = "The picture comes with the first box"


class LayoutCanvas(Canvas[LayoutDocument]):
    """Boxes under the hand, and their picture, which follows the hand and, while the run trains, the weights.

    Keys: arrows move (Shift far, Ctrl resize), A adds a box, / names it, N selects the next, R gives other looks
    (Shift: to all), M shows other looks again, L locks, [ and ] send backward and bring forward (Ctrl: all the way),
    B shows the picture behind the boxes, C held how it was before the last change, Del deletes, Ctrl+D duplicates,
    Ctrl+A selects all, Escape lets go.

    Args:
        host: the studio, as a canvas sees it.

    Attributes:
        view: the boxes.
        hero: the picture.
        draw, objects, files: the controls; `panel` holds them.
        starts, variants: layouts to start from, and other looks.
        history: where a person has been.
        layouts: opens and saves layouts.
    """

    editor: LayoutEditor
    panel: CanvasPanel
    no_picture = "There is no picture yet: draw a box, or start from a layout."

    def __init__(self, host: CanvasHost, parent: QWidget | None = None) -> None:
        super().__init__(host, parent)
        first = self.first_document(LayoutDocument())
        self.editor = LayoutEditor(host.facts.labels, host.undo_stack, first, self)
        self.view = LayoutView(self.editor, host.facts.resolution)
        self.hero = HeroPicture(self.envelope, host.facts.resolution, SMALLEST_PX)
        self.draw, self.objects, self.files = DrawControls(self.editor), ObjectControls(self.editor), FileControls()
        self.panel = CanvasPanel((self.draw, self.objects, self.files), host)
        self.starts, self.variants = LayoutStarts(self.editor, host), VariantStrip(self.editor, host)
        self.history = LayoutHistory(self.editor, host, self)
        self.layouts = LayoutKeeper(host.studio, self)
        self.setAcceptDrops(True)
        self._lay_out()
        self.listen(self.hero, self.view, self._own_keys())
        self._connect()
        self._request()

    def read(self, values: object) -> LayoutDocument:
        return LayoutDocument.from_json(values).known(self.host.facts.labels)

    def file_stem(self) -> str:
        return f"{self.host.facts.model}-layout"

    def go_to(self, document: LayoutDocument) -> None:
        self.editor.edit(document, "Open a layout")
        self.editor.select(())

    def save_layout(self) -> None:
        """Asks where to save the layout as JSON, and saves it."""
        self.layouts.save(self.editor.document, self.host.facts.resolution, "layout")

    def menu(self) -> QMenu:
        """What can be done with what is selected; deletes itself when it closes."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        editor = self.editor
        for text, call in (
            ("Rename…\t/", self.draw.labels.begin),
            ("Resample looks\tR", editor.resample),
            ("Lock or unlock\tL", editor.toggle_lock),
            ("Duplicate\tCtrl+D", editor.duplicate),
            ("Delete\tDel", editor.delete),
            ("", None),
            ("Bring to front\tCtrl+]", editor.to_front),
            ("Bring forward\t]", partial(editor.step, 1)),
            ("Send backward\t[", partial(editor.step, -1)),
            ("Send to back\tCtrl+[", editor.to_back),
        ):
            if call is None:
                menu.addSeparator()
            else:
                action = menu.addAction(text)
                action.setEnabled(bool(editor.selection))
                action.triggered.connect(lambda _checked, call=call: call())
        return menu

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What a tall window has more room for is labels."""
        super().resizeEvent(event)
        self.draw.labels.show_rows(ROWS + (self.height() - USUAL_PX) // CONTROL_PX)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if layout_in(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = layout_in(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.layouts.read(path)

    def _own_keys(self) -> KeyTable:
        editor = self.editor
        return {
            (PLAIN, Qt.Key.Key_A): editor.add,
            (PLAIN, Qt.Key.Key_Insert): editor.add,
            (PLAIN, Qt.Key.Key_Slash): self.draw.labels.begin,
            (PLAIN, Qt.Key.Key_N): partial(editor.select_next, 1),
            (SHIFT, Qt.Key.Key_N): partial(editor.select_next, -1),
            (PLAIN, Qt.Key.Key_R): editor.resample,
            (SHIFT, Qt.Key.Key_R): editor.resample_all,
            (PLAIN, Qt.Key.Key_M): self.variants.show_more,
            (PLAIN, Qt.Key.Key_L): editor.toggle_lock,
            (PLAIN, Qt.Key.Key_B): self.files.behind.toggle,
            (PLAIN, Qt.Key.Key_BracketRight): partial(editor.step, 1),
            (PLAIN, Qt.Key.Key_BracketLeft): partial(editor.step, -1),
            (CTRL, Qt.Key.Key_BracketRight): editor.to_front,
            (CTRL, Qt.Key.Key_BracketLeft): editor.to_back,
            (PLAIN, Qt.Key.Key_Delete): editor.delete,
            (PLAIN, Qt.Key.Key_Backspace): editor.delete,
            (CTRL, Qt.Key.Key_D): editor.duplicate,
            (CTRL, Qt.Key.Key_A): editor.select_all,
        }

    def _lay_out(self) -> None:
        strip = HistoryStrip(self.history.entries)
        strip.chosen.connect(self.history.go_to)
        help_ = hint("Ctrl draws on top of a box · Shift selects more · Alt does not snap")
        compare = CompareButtons(Comparison(self.editor, self.hero, self, also=self.view))
        head = headed("History", compare, SizeLabel(self.hero))
        pages = LayoutPages(self.view, self.hero, Below(self.starts, help_), Below(self.variants, head, strip))
        self.lay_out(row(pages), self.panel)

    def _connect(self) -> None:
        self.files.open.clicked.connect(self.layouts.open)
        self.files.save.clicked.connect(self.save_layout)
        self.files.behind.toggled.connect(self.view.set_behind)
        self.layouts.opened.connect(lambda layout: self.open_document(layout.to_json()))
        self.layouts.edit_found.connect(self.host.edit_wanted)
        self.view.naming_wanted.connect(self.draw.labels.begin)
        self.view.menu_wanted.connect(lambda place: self.menu().popup(place))
        self.draw.labels.done.connect(self.view.setFocus)
        self.editor.told.connect(self.panel.status.say)
        self.editor.changed.connect(self._show_document)
        self.host.rendered.connect(self._take)

    def _show_document(self) -> None:
        self.host.save(self.editor.document.to_json())
        self._request()

    def _request(self) -> None:
        """An empty page has no picture: the model is not asked."""
        for button in (self.panel.copy, self.panel.save):
            button.setEnabled(bool(self.editor.document.objects))
        if self.editor.document.objects:
            self.host.request(self.editor.document.request(self.editor.labels))
        else:
            self.host.withdraw()
            self.hero.show_nothing(NOTHING)
            self.view.show_picture(None)
            self.panel.status.setText(self.no_picture)

    def _take(self, pictures: np.ndarray, _milliseconds: float, _step: int) -> None:
        if self.editor.document.objects:
            self.hero.show_pixels(pictures[0])
            self.view.show_picture(pictures[0])
