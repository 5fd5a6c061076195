"""The inpainting canvas's history: a picture with its hole filled each."""

from __future__ import annotations

from studio.edit.inpaint import InpaintDocument
from studio.gui.canvases.document_history import DocumentHistory


class InpaintHistory(DocumentHistory[InpaintDocument]):
    """Going back to an entry brings its picture, mask and candidates."""

    def noted(self, document: InpaintDocument) -> InpaintDocument | None:
        return document if document.found else None

    def look(self, document: InpaintDocument) -> bytes:
        best = document.best
        return f"{document.question} {document.blend} {best.latent if best else ''}".encode()

    def title(self, document: InpaintDocument) -> str:
        return f"{document.name or 'Picture'}, candidate {document.chosen + 1}"

    def read(self, values: object) -> InpaintDocument:
        return InpaintDocument.from_json(values)

    def returned(self, now: InpaintDocument, then: InpaintDocument) -> InpaintDocument:  # noqa: ARG002 (its own whole)
        return then
