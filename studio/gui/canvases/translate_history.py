"""The translation canvas's history: an input, a direction and a seed each."""

from __future__ import annotations

from studio.edit.translation import TranslationDocument, ends
from studio.gui.canvases.document_history import DocumentHistory


class TranslateHistory(DocumentHistory[TranslationDocument]):
    """Going back to an entry leaves the rest of the strip where it is."""

    def noted(self, document: TranslationDocument) -> TranslationDocument | None:
        return None if document.shown is None or document.shown.blank else document.alone()

    def look(self, document: TranslationDocument) -> bytes:
        shown = document.shown
        return f"{shown.look if shown else ''} {document.direction} {document.seed}".encode()

    def title(self, document: TranslationDocument) -> str:
        name = document.shown.name if document.shown else ""
        return f"{name} to {ends(document.direction)[1]}"

    def read(self, values: object) -> TranslationDocument:
        return TranslationDocument.from_json(values)

    def returned(self, now: TranslationDocument, then: TranslationDocument) -> TranslationDocument:
        return now.showing(then)
