"""What all canvases have in common: a document under a person's hands, its picture, a panel, and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QLineEdit, QWidget

from studio.api.canvas import Document as Rendering
from studio.api.errors import StudioError
from studio.gui.canvases.history_model import Remembered
from studio.gui.canvases.keeping import PictureKeeper
from studio.gui.canvases.keys import CTRL, PLAIN, SHIFT, KeyTable

if TYPE_CHECKING:
    import numpy as np

    from studio.edit.documents import EditEnvelope
    from studio.gui.canvases.canvas_panel import CanvasPanel, Panel
    from studio.gui.canvases.editor import DocumentEditor
    from studio.gui.canvases.hero import HeroPicture
    from studio.gui.canvases.host import CanvasHost


class EditDocument(Rendering, Remembered, Protocol):
    """What is made on a canvas, as a value that renders, and that a history can keep."""


Document = TypeVar("Document", bound=EditDocument)


class Canvas(QWidget, Generic[Document]):
    """Copies, saves and opens, takes keys, and tells its host whether it is on screen.

    A canvas makes `editor`, `panel` and its picture, then calls `lay_out` and `listen`. It says how it reads a document
    (`read`) and what a picture's file is called (`file_stem`), and where it differs from the others: what it copies
    and saves (`shown`), the edit that goes with it (`envelope`), how it opens a document (`go_to`), what Escape leaves
    (`leave`).

    Every canvas has the keys Ctrl+C, which copies, Ctrl+S, which saves, Ctrl+Z, Ctrl+Shift+Z and Ctrl+Y, which undo and
    redo, and Escape, which leaves a control. In text fields the single keys are off.

    Args:
        host: the studio, as a canvas sees it.

    Attributes:
        host: as given.
        editor: the document and its undo stack.
        panel: the controls.
        keeper: copies and saves.
        no_picture: what it says when there is nothing to copy or save.
    """

    editor: DocumentEditor[Document]
    panel: Panel
    no_picture = "There is no picture yet."

    def __init__(self, host: CanvasHost, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.host = host
        self.keeper = PictureKeeper(host, self)
        self._keys: KeyTable = {}

    def read(self, values: object) -> Document:
        """The document in what was saved, as this model can show it.

        Raises:
            StudioError: it is none, or of another model.
        """
        raise NotImplementedError

    def file_stem(self) -> str:
        """What to call a file of the picture, without its suffix."""
        raise NotImplementedError

    def shown(self) -> np.ndarray | None:
        """The picture to copy and to save, uint8 (H, W, 3); None where there is none."""
        return self._hero.pixels

    def envelope(self) -> EditEnvelope:
        """The edit that goes with the picture."""
        return self.host.envelope(self.editor.document.to_json())

    def go_to(self, document: Document) -> None:
        """Shows a document that was opened, as one undo step.

        Raises:
            StudioError: there is no room for it.
        """
        self.editor.edit(document, "Open an edit")

    def leave(self) -> bool:
        """Leaves a control; whether there was anything to leave."""
        left = not self._home.hasFocus()
        self._home.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return left

    def copy(self) -> None:
        """Puts the picture on the clipboard, and its edit with it."""
        pixels = self.shown()
        if pixels is None:
            self.panel.status.say(self.no_picture)
        else:
            self.keeper.copy(pixels, self.envelope())
            self.panel.status.say("The picture is on the clipboard.")

    def save(self) -> None:
        """Asks where to save the picture, and saves it."""
        pixels = self.shown()
        if pixels is None:
            self.panel.status.say(self.no_picture)
        else:
            self.keeper.save(self.editor.document, pixels, self.envelope(), self.file_stem())

    def open_document(self, values: object) -> None:
        """Goes to a saved document; says why where it does not fit this model."""
        try:
            self.go_to(self.read(values))
        except StudioError as error:
            self.host.studio.refuse(error)

    def first_document(self, start: Document) -> Document:
        """What was here when the run was last open; `start` where that is nothing, or does not fit any more."""
        try:
            return start if self.host.document is None else self.read(self.host.document)
        except StudioError:
            return start

    def lay_out(self, pictures: QLayout, panel: CanvasPanel) -> None:
        """Stands pictures, which get all the room there is, beside their panel, whose buttons copy and save."""
        pictures.setContentsMargins(16, 4, 16, 12)
        line = QFrame()
        line.setProperty("look", "line")
        line.setFixedWidth(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(pictures, 1)
        layout.addWidget(line)
        layout.addWidget(panel)
        panel.copy.clicked.connect(self.copy)
        panel.save.clicked.connect(self.save)

    def listen(self, hero: HeroPicture, home: QWidget, keys: KeyTable) -> None:
        """Listens to the picture, to the keys, and to whoever opens a document.

        Args:
            hero: the picture.
            home: what has the focus when nothing else has it.
            keys: what keys do, besides those that every canvas has.
        """
        undo = self.host.undo_stack
        self._hero, self._home = hero, home
        self._keys = {
            **keys,
            (CTRL, Qt.Key.Key_C): self.copy,
            (CTRL, Qt.Key.Key_S): self.save,
            (CTRL, Qt.Key.Key_Z): undo.undo,
            (CTRL | SHIFT, Qt.Key.Key_Z): undo.redo,
            (CTRL, Qt.Key.Key_Y): undo.redo,
        }
        self.setFocusProxy(home)
        hero.copy_wanted.connect(self.copy)
        hero.save_wanted.connect(self.save)
        self.host.document_opened.connect(self.open_document)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        escape = event.key() == Qt.Key.Key_Escape
        action = self.leave if escape else self._keys.get((modifiers, Qt.Key(event.key())))
        typed = not escape and modifiers in (PLAIN, SHIFT) and isinstance(self.focusWidget(), QLineEdit)
        if action is None or typed or action() is False:
            event.ignore()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.host.set_showing(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.host.set_showing(False)
