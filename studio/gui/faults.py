"""Whatever goes wrong unforeseen, on any thread or in Qt itself: written to a log file, and said once in the window."""

from __future__ import annotations

import faulthandler
import logging
import queue
import sys
import threading
import time
import traceback
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

if TYPE_CHECKING:
    from studio.engine.events import Event, Failed

EVERY_SECONDS = 10.0
KEPT_LOGS = 10
QT_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}

log = logging.getLogger("studio")


class Faults:
    """The nets below everything. Use as a context manager: leaving takes them away again.

    Args:
        folder: where logs are kept, one file a session, the newest ten.

    Attributes:
        file: this session's log.
    """

    def __init__(self, folder: Path) -> None:
        self.file = folder / f"{time.strftime('%Y%m%d-%H%M%S')}.txt"
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._said: dict[str, float] = {}
        self._handler: logging.Handler | None = None
        self._stream: IO[str] | None = None

    def drain(self) -> list[Event]:
        """What should be said in the window, oldest first."""
        events: list[Event] = []
        while not self._events.empty():
            events.append(self._events.get())
        return events

    def __enter__(self) -> Faults:
        self._open_log()
        self._before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        qInstallMessageHandler(self._on_qt_message)
        return self

    def __exit__(self, *_exc: object) -> None:
        qInstallMessageHandler(None)
        sys.excepthook, threading.excepthook = self._before
        self._close_log()

    def report(self, error: BaseException) -> None:
        """Logs an error and says it in the window, the same one at most every ten seconds. From any thread."""
        log.error("Unforeseen", exc_info=error)
        kind = f"{type(error).__name__}: {error}"
        now = time.monotonic()
        if now - self._said.get(kind, -EVERY_SECONDS) < EVERY_SECONDS:
            return
        self._said[kind] = now
        self._events.put(self._notice(error))

    def _notice(self, error: BaseException) -> Failed:
        from studio.api.errors import StudioError
        from studio.engine.events import Failed

        if isinstance(error, StudioError):
            return Failed(error.message, error.remedy)
        detail = "".join(traceback.format_exception(error))
        return Failed(
            "Something in Ganvas went wrong.",
            "Your run goes on and nothing is lost. The detail helps to mend it.",
            f"{detail}\nLog: {self.file}",
        )

    def _on_exception(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._before[0](kind, error, trace)
            return
        self.report(error)

    def _on_thread_exception(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
            self.report(args.exc_value)

    def _on_qt_message(self, kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        logging.getLogger("qt").log(QT_LEVELS.get(kind, logging.WARNING), "%s: %s", context.category, message)

    def _open_log(self) -> None:
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            self._stream = self.file.open("a", encoding="utf-8")
        except OSError as error:
            log.warning("There is no log file: %s", error)
            return
        for old in sorted(self.file.parent.glob("*.txt"))[:-KEPT_LOGS]:
            old.unlink(missing_ok=True)
        faulthandler.enable(self._stream)
        self._handler = logging.StreamHandler(self._stream)
        self._handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"))
        root = logging.getLogger()
        root.addHandler(self._handler)

    def _close_log(self) -> None:
        if self._stream is None or self._handler is None:
            return
        faulthandler.disable()
        logging.getLogger().removeHandler(self._handler)
        self._stream.close()
