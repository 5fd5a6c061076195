"""Keyframes that come from elsewhere: dropped, pasted, or taken from the latent canvas of the same run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from studio.api.capabilities import LatentSpace
from studio.api.errors import StudioError
from studio.edit.documents import EditEnvelope, read_envelope
from studio.edit.keyframes import Keyframe
from studio.edit.latent import LatentDocument
from studio.gui import words
from studio.gui.canvases.autosave import read_kept
from studio.gui.canvases.carrying import SUFFIXES, edit_in
from studio.gui.canvases.document_history import FOLDER
from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.walk_editor import WalkEditor

LATENT = "latent"

Offer = tuple[str, tuple[Keyframe, ...]]


class WalkArrivals(QObject):
    """Reads edits of the latent canvas off the GUI thread, and puts them into the walk.

    Args:
        editor: the walk.
        host: the studio, as the canvas sees it.
        parent: the canvas.
    """

    def __init__(self, editor: WalkEditor, host: CanvasHost, parent: QWidget) -> None:
        super().__init__(parent)
        self._editor = editor
        self._host = host
        self._parent = parent

    def paste(self) -> bool:
        """Puts in what the clipboard carries; whether that was anything for a walk."""
        return self.take(QGuiApplication.clipboard().mimeData(), self._editor.selected + 1)

    def take(self, data: QMimeData | None, at: int) -> bool:
        """Puts in what was dropped or pasted, before keyframe `at`; False where it is nothing for a walk."""
        edit = edit_in(data)
        if isinstance(edit, EditEnvelope):
            if edit.canvas == LATENT:
                self._put([edit], at)
            return edit.canvas == LATENT
        if edit is None or data is None:
            return False
        paths = [Path(url.toLocalFile()) for url in data.urls()]
        files = [path for path in paths if path.suffix.lower() in SUFFIXES]
        self._host.studio.jobs.run(
            self,
            lambda: [(path, read_envelope(path)) for path in files],
            lambda found: self._sort(found, at),
            self._host.studio.refuse,
        )
        return True

    def offer(self, at: QPoint) -> None:
        """Shows what the latent canvas has, as a menu at a place on the screen."""
        keeps, space = self._host.keeps, self._editor.space
        if keeps is None:
            return
        self._host.studio.jobs.run(
            self,
            lambda: latent_offers(keeps, space),
            lambda offers: self.menu(offers).popup(at),
            self._host.studio.refuse,
        )

    def menu(self, offers: list[Offer]) -> QMenu:
        """What is offered, to choose from."""
        menu = QMenu(self._parent)
        menu.aboutToHide.connect(menu.deleteLater)
        for title, keyframes in offers:
            action = menu.addAction(title)
            action.triggered.connect(lambda _checked, chosen=keyframes: self.add(chosen))
        if not offers:
            menu.addAction("Nothing is on the latent canvas yet").setEnabled(False)
        return menu

    def add(self, keyframes: tuple[Keyframe, ...], at: int | None = None) -> None:
        """Puts keyframes in, and says so where there is no room for all."""
        try:
            left = self._editor.add(keyframes, at)
        except StudioError as error:
            self._host.studio.refuse(error)
            return
        if left:
            self._host.studio.notify(f"{words.counted(left, 'keyframe')} found no room in the walk.", level="warn")

    def _sort(self, found: list[tuple[Path, EditEnvelope]], at: int) -> None:
        """Points of the latent canvas come into the walk; another canvas's edit is opened there."""
        latent = [envelope for _, envelope in found if envelope.canvas == LATENT]
        if latent:
            self._put(latent, at)
        elif found:
            self._host.edit_wanted.emit(found[0][0])

    def _put(self, envelopes: list[EditEnvelope], at: int) -> None:
        try:
            documents = [LatentDocument.from_json(one.document) for one in envelopes]
            keyframes = tuple(Keyframe.showing(document, self._editor.space) for document in documents)
        except StudioError as error:
            self._host.studio.refuse(error)
            return
        self.add(keyframes, at)


def latent_offers(folder: Path, space: LatentSpace) -> list[Offer]:
    """What a run's latent canvas has: its picture, its pins, and the pictures kept on it. Not for the GUI thread."""
    offers: list[Offer] = []
    envelope = read_kept(folder / f"{LATENT}.json")
    if envelope is not None:
        document = LatentDocument.from_json(envelope.document)
        shown = Keyframe.showing(document, space)
        offers.append(("What is shown there", (shown,)))
        pins = [replace(shown, point=pin) for pin in (document.pin_a, document.pin_b) if pin is not None]
        if pins:
            offers.append((f"{words.counted(len(pins), 'pinned picture')}", tuple(pins)))
    kept = _kept(folder / FOLDER, space)
    if kept:
        offers.append((f"{words.counted(len(kept), 'kept picture')}", kept))
    return offers


def _kept(folder: Path, space: LatentSpace) -> tuple[Keyframe, ...]:
    found = []
    for path in sorted(folder.glob("*.png")):
        envelope = read_kept(path)
        if envelope is not None and envelope.canvas == LATENT:
            found.append(Keyframe.showing(LatentDocument.from_json(envelope.document), space))
    return tuple(found)
