"""Notices about the window as a whole: cards that slide in over its lower right corner and move nothing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEasingCurve, QEvent, QObject, QPoint, QPropertyAnimation, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.gui.motion import motion_ms
from studio.gui.widgets.notice import Action, Notice

WIDTH = 440
MARGIN = 16
MOST = 3
BRIEF_MS = 7000


class NoticeStack(QWidget):
    """The newest notices, newest below. What went well goes away by itself; what went wrong stays until dismissed.

    Args:
        over: the widget whose lower right corner it lies over.
    """

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._slide = QPropertyAnimation(self, b"pos", self)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        over.installEventFilter(self)
        self.hide()

    def notices(self) -> list[Notice]:
        """What is shown, oldest first."""
        items = (self._column.itemAt(index) for index in range(self._column.count()))
        return [widget for item in items if item is not None and isinstance(widget := item.widget(), Notice)]

    def add(
        self, message: str, remedy: str = "", detail: str = "", level: str = "info", actions: Sequence[Action] = ()
    ) -> Notice:
        """Shows a notice. One that says the same is replaced."""
        for shown in self.notices():
            if shown.message == message:
                self.remove(shown)
        while len(self.notices()) >= MOST:
            self.remove(self.notices()[0])
        notice = Notice(message, remedy, detail, level, actions, self, closable=True, lifted=True)
        notice.closed.connect(lambda: self.remove(notice))
        if level in ("info", "good") and not actions:
            brief = QTimer(notice)
            brief.setSingleShot(True)
            brief.timeout.connect(lambda: self.remove(notice))
            brief.start(BRIEF_MS)
        self._column.addWidget(notice)
        self._place(arriving=True)
        return notice

    def remove(self, notice: Notice) -> None:
        """Takes a notice away."""
        self._column.removeWidget(notice)
        notice.hide()
        notice.deleteLater()
        self._place(arriving=False)

    def _place(self, *, arriving: bool) -> None:
        self.setVisible(bool(self.notices()))
        width = min(WIDTH, self._over.width() - 2 * MARGIN)
        self._column.activate()
        height = self._column.totalHeightForWidth(width) if self.notices() else 0
        self.resize(width, height)
        end = QPoint(self._over.width() - width - MARGIN, self._over.height() - height - MARGIN)
        self.raise_()
        self._slide.stop()
        if arriving and motion_ms():
            self._slide.setDuration(motion_ms())
            self._slide.setStartValue(end + QPoint(0, 24))
            self._slide.setEndValue(end)
            self._slide.start()
        else:
            self.move(end)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place(arriving=False)
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            QTimer.singleShot(0, self, lambda: self._place(arriving=False))
        return super().event(event)
