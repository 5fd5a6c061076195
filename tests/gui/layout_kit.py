"""What the tests of the layout canvas share: an engine that paints boxes."""

from __future__ import annotations

from typing import Any

import numpy as np
from canvas_kit import Answering

from studio.api.requests import ExactRequest, LayoutRequest
from studio.edit.layout import LayoutDocument, LayoutObject
from studio.engine.events import ModelFacts

LABELS = ("cat", "kite", "star", "tree")
FACTS = ModelFacts("painter", "Painter", 32, ("LayoutRendering",), labels=LABELS)
CAT = LayoutObject("cat", (0.1, 0.1, 0.3, 0.3), 5)
KITE = LayoutObject("kite", (0.5, 0.55, 0.25, 0.25), 6)
STAR = LayoutObject("star", (0.6, 0.05, 0.2, 0.2), 7)
DOCUMENT = LayoutDocument((CAT, KITE, STAR))


def pictures_of(request: LayoutRequest) -> np.ndarray:
    """Pictures, uint8 (N, 32, 32, 3), that say what was asked for."""
    made = []
    for row in range(len(request.boxes)):
        asked = (request.boxes[row], request.labels[row], request.present[row], request.seeds[row])
        marks = np.frombuffer(b"".join(values.tobytes() for values in asked), np.uint8)
        made.append(np.resize(marks, (32, 32, 3)))
    return np.stack(made)


class Engine(Answering):
    """Paints boxes."""

    def pictures(self, request: Any) -> np.ndarray:
        if isinstance(request, ExactRequest):
            assert isinstance(request.document, LayoutDocument)
            request = request.document.request(LABELS)
        assert isinstance(request, LayoutRequest)
        return pictures_of(request)
