"""The latent canvas's history."""

from __future__ import annotations

from PySide6.QtCore import QObject

from studio.edit.latent import LatentDocument
from studio.gui.canvases.document_history import DocumentHistory
from studio.gui.canvases.editor import LatentEditor
from studio.gui.canvases.host import CanvasHost


class LatentHistory(DocumentHistory[LatentDocument]):
    """Places in z. Going back to one leaves the pins where they are."""

    def __init__(self, editor: LatentEditor, host: CanvasHost, parent: QObject | None = None) -> None:
        self._space = editor.space
        super().__init__(editor, host, parent)

    def look(self, document: LatentDocument) -> bytes:
        pushes = () if document.directions is None else document.directions.pushes()
        pushed = b"".join(push.vector.tobytes() + repr(push.span).encode() for push in pushes)
        look = repr((document.psi, document.cutoff, document.label)).encode()
        return document.z(self._space).tobytes() + look + pushed

    def title(self, document: LatentDocument) -> str:
        return f"Seed {document.seed}"

    def read(self, values: object) -> LatentDocument:
        return LatentDocument.from_json(values)

    def returned(self, now: LatentDocument, then: LatentDocument) -> LatentDocument:
        return now.showing(then, self._space)
