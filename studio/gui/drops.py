"""What is dropped on the window becomes data: a folder, a zip, COCO's JSON, or the folder of a picture."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from studio.gui.theme import Theme, base_font

WORDS = "Drop to train on these pictures, or to open a model or a picture that was saved here"
EDITS = (".png", ".json")
PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff", ".gif")


def dropped_paths(mime: QMimeData) -> list[Path]:
    """The local files and folders that are carried."""
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]


def source_of(paths: list[Path]) -> str:
    """The data that dropped paths mean; empty where they mean none."""
    if not paths:
        return ""
    first = paths[0]
    if first.is_dir() or first.suffix.lower() in (".zip", ".json"):
        return str(first)
    return str(first.parent) if first.suffix.lower() in PICTURES else ""


def may_be_an_edit(paths: list[Path]) -> bool:
    """Whether what was dropped is one file of a kind that carries edits."""
    return len(paths) == 1 and paths[0].suffix.lower() in EDITS and paths[0].is_file()


class DropVeil(QWidget):
    """Lies over the window while something is dragged over it, and says what will happen."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def cover(self) -> None:
        """Covers the whole parent."""
        self.setGeometry(self._over.rect())
        self.raise_()
        self.show()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(theme.background)
        veil.setAlphaF(0.94)
        painter.fillRect(self.rect(), veil)
        painter.setPen(QPen(QColor(theme.accent), 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(16, 16, -16, -16), 12, 12)
        painter.setPen(QColor(theme.ink))
        painter.setFont(base_font(20))
        painter.drawText(
            self.rect(),
            int(Qt.AlignmentFlag.AlignCenter),
            WORDS,
        )
        painter.end()
