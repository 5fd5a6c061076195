"""The layout canvas: boxes with labels on the left, and the picture that follows them on the right."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QMenu, QWidget

from studio.api.errors import StudioError
from studio.edit.documents import EditEnvelope
from studio.edit.layout import LayoutDocument
from studio.gui.canvases.canvas_panel import CanvasPanel
from studio.gui.canvases.hero import HeroPicture
from studio.gui.canvases.history import HistoryStrip
from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.keeping import PictureKeeper
from studio.gui.canvases.layout_editor import LayoutEditor
from studio.gui.canvases.layout_files import LayoutKeeper, layout_in
from studio.gui.canvases.layout_history import LayoutHistory
from studio.gui.canvases.layout_pages import LayoutPages
from studio.gui.canvases.layout_panel import Below, DrawControls, FileControls, ObjectControls, hint
from studio.gui.canvases.layout_starts import LayoutStarts
from studio.gui.canvases.layout_variants import VariantStrip
from studio.gui.canvases.layout_view import SMALLEST_PX, LayoutView

Key = tuple[Qt.KeyboardModifier, Qt.Key]

PLAIN, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
NOTHING = "There is no picture yet: draw a box, or start from a layout."


class LayoutCanvas(QWidget):
    """Boxes under the hand, and their picture, which follows the hand and, while the run trains, the weights.

    Keys: arrows move (Shift far, Ctrl resize), A adds a box, / names it, N selects the next, R gives other looks
    (Shift: to all), M shows other looks again, L locks, [ and ] send backward and bring forward (Ctrl: all the way),
    B shows the picture behind the boxes, Del deletes, Ctrl+D duplicates, Ctrl+A selects all, Ctrl+C copies and Ctrl+S
    saves the picture, Ctrl+Z, Ctrl+Shift+Z and Ctrl+Y undo and redo, Escape lets go.

    Args:
        host: the studio, as a canvas sees it.

    Attributes:
        host: as given.
        editor: the document, its undo stack and what is selected.
        view: the boxes.
        hero: the picture.
        draw, objects, files: the controls; `panel` holds them.
        starts, variants: layouts to start from, and other looks.
        history: where a person has been.
        keeper, layouts: copy and save pictures, open and save layouts.
    """

    def __init__(self, host: CanvasHost, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.host = host
        self.editor = LayoutEditor(host.facts.labels, host.undo_stack, _first_document(host), self)
        self.view = LayoutView(self.editor, host.facts.resolution)
        self.hero = HeroPicture(self._envelope, host.facts.resolution, SMALLEST_PX)
        self.draw, self.objects, self.files = DrawControls(self.editor), ObjectControls(self.editor), FileControls()
        self.panel = CanvasPanel((self.draw, self.objects, self.files), host)
        self.starts, self.variants = LayoutStarts(self.editor, host), VariantStrip(self.editor, host)
        self.history = LayoutHistory(self.editor, host, self)
        self.keeper, self.layouts = PictureKeeper(host, self), LayoutKeeper(host.studio, self)
        self._keys = self._all_keys()
        self.setFocusProxy(self.view)
        self.setAcceptDrops(True)
        self._lay_out()
        self._connect()
        self._request()

    def copy(self) -> None:
        """Puts the picture on the clipboard, and its edit with it."""
        if self.hero.pixels is None:
            self.panel.status.say(NOTHING)
        else:
            self.keeper.copy(self.hero.pixels, self._envelope())
            self.panel.status.say("The picture is on the clipboard.")

    def save(self) -> None:
        """Asks where to save the picture, and saves it."""
        if self.hero.pixels is None:
            self.panel.status.say(NOTHING)
        else:
            name = f"{self.host.facts.model}-layout"
            self.keeper.save(self.editor.document, self.hero.pixels, self._envelope(), name)

    def save_layout(self) -> None:
        """Asks where to save the layout as JSON, and saves it."""
        self.layouts.save(self.editor.document, self.host.facts.resolution, "layout")

    def open_document(self, document: object) -> None:
        """Goes to a saved document, as one undo step; says why where this model cannot draw it."""
        try:
            self._show_opened(LayoutDocument.from_json(document))
        except StudioError as error:
            self.host.studio.notify(error.message, error.remedy, level="warn")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        typing = isinstance(self.focusWidget(), QLineEdit)
        action = self._keys.get((modifiers, Qt.Key(event.key())))
        if event.key() == Qt.Key.Key_Escape and not self.view.hasFocus():
            self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif action is None or (typing and modifiers in (PLAIN, SHIFT)):
            event.ignore()
        else:
            action()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if layout_in(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = layout_in(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.layouts.read(path)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.host.set_showing(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.host.set_showing(False)

    def _all_keys(self) -> dict[Key, Callable[[], Any]]:
        editor, undo = self.editor, self.host.undo_stack
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
            (CTRL, Qt.Key.Key_C): self.copy,
            (CTRL, Qt.Key.Key_S): self.save,
            (CTRL, Qt.Key.Key_Z): undo.undo,
            (CTRL | SHIFT, Qt.Key.Key_Z): undo.redo,
            (CTRL, Qt.Key.Key_Y): undo.redo,
        }

    def _lay_out(self) -> None:
        strip = HistoryStrip(self.history.entries)
        strip.chosen.connect(self.history.go_to)
        help_ = hint("Ctrl draws on top of a box · Shift selects more · Alt does not snap")
        pages = LayoutPages(self.view, self.hero, Below(self.starts, help_), Below(self.variants, strip))
        line = QFrame()
        line.setProperty("look", "line")
        line.setFixedWidth(1)
        around = QHBoxLayout()
        around.setContentsMargins(16, 4, 16, 12)
        around.addWidget(pages)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(around, 1)
        layout.addWidget(line)
        layout.addWidget(self.panel)

    def _connect(self) -> None:
        self.hero.copy_wanted.connect(self.copy)
        self.hero.save_wanted.connect(self.save)
        self.panel.copy.clicked.connect(self.copy)
        self.panel.save.clicked.connect(self.save)
        self.files.open.clicked.connect(self.layouts.open)
        self.files.save.clicked.connect(self.save_layout)
        self.files.behind.toggled.connect(self.view.set_behind)
        self.layouts.opened.connect(self._take_layout)
        self.layouts.edit_found.connect(self.host.edit_wanted)
        self.view.naming_wanted.connect(self.draw.labels.begin)
        self.view.menu_wanted.connect(lambda place: self.menu().popup(place))
        self.draw.labels.done.connect(self.view.setFocus)
        self.editor.told.connect(self.panel.status.say)
        self.editor.changed.connect(self._show_document)
        self.host.rendered.connect(self._take)
        self.host.document_opened.connect(self.open_document)

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

    def _show_document(self) -> None:
        self.host.save(self.editor.document.to_json())
        self._request()

    def _request(self) -> None:
        """An empty page has no picture: the model is not asked."""
        if self.editor.document.objects:
            self.host.request(self.editor.document.request(self.editor.labels))
        else:
            self.hero.show_nothing()
            self.view.show_picture(None)
            self.panel.status.setText(NOTHING)

    def _take(self, pictures: np.ndarray, _milliseconds: float, _step: int) -> None:
        if self.editor.document.objects:
            self.hero.show_pixels(pictures[0])
            self.view.show_picture(pictures[0])

    def _take_layout(self, document: LayoutDocument) -> None:
        try:
            self._show_opened(document)
        except StudioError as error:
            self.host.studio.notify(error.message, error.remedy, level="warn")

    def _show_opened(self, document: LayoutDocument) -> None:
        self.editor.edit(document.known(self.editor.labels), "Open a layout")
        self.editor.select(())

    def _envelope(self) -> EditEnvelope:
        return self.host.envelope(self.editor.document.to_json())


def _first_document(host: CanvasHost) -> LayoutDocument:
    """What was here when the run was last open, or an empty page."""
    try:
        kept = LayoutDocument() if host.document is None else LayoutDocument.from_json(host.document)
        return kept.known(host.facts.labels)
    except StudioError:
        return LayoutDocument()
