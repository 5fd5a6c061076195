"""The place on a page where its one notice appears."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.gui.widgets.notice import Notice


class NoticeSlot(QWidget):
    """Holds a notice or nothing, and takes no room for nothing.

    Attributes:
        notice: what is shown; None where nothing is.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.notice: Notice | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.hide()

    def show_notice(self, notice: Notice) -> None:
        """Shows a notice in place of the one before."""
        self.clear()
        self.notice = notice
        notice.closed.connect(self.clear)
        self._column.addWidget(notice)
        self.show()

    def clear(self) -> None:
        """Shows nothing."""
        if self.notice is not None:
            self._column.removeWidget(self.notice)
            self.notice.hide()
            self.notice.deleteLater()
            self.notice = None
        self.hide()
