"""The layout canvas's history: whole layouts."""

from __future__ import annotations

import json
from collections import Counter

from PySide6.QtCore import QObject

from studio.edit.layout import LayoutDocument
from studio.gui.canvases.document_history import DocumentHistory
from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.layout_editor import LayoutEditor


class LayoutHistory(DocumentHistory[LayoutDocument]):
    """What is locked makes no other picture. An empty page is not noted."""

    def __init__(self, editor: LayoutEditor, host: CanvasHost, parent: QObject | None = None) -> None:
        super().__init__(editor, host, parent)
        self._labels = editor.labels

    def noted(self, document: LayoutDocument) -> LayoutDocument | None:
        return document if document.objects else None

    def look(self, document: LayoutDocument) -> bytes:
        unlocked = document.with_locked(range(len(document.objects)), False)
        return json.dumps(unlocked.to_json(), sort_keys=True).encode()

    def title(self, document: LayoutDocument) -> str:
        counts = Counter(one.label for one in document.objects)
        return ", ".join(label if count == 1 else f"{count} {label}" for label, count in counts.items())

    def read(self, values: object) -> LayoutDocument:
        return LayoutDocument.from_json(values)

    def returned(self, _now: LayoutDocument, then: LayoutDocument) -> LayoutDocument:
        return then.known(self._labels)
