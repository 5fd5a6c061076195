"""Somebody who clicks, drags, scrolls, types and drops things anywhere: what is done follows from a seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import shiboken6
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from tests.gui.dropping import drop

BUTTONS = (Qt.MouseButton.LeftButton,) * 6 + (Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton)
HELD = (
    *(Qt.KeyboardModifier.NoModifier,) * 4,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
)
KEYS = (
    *(Qt.Key(code) for code in range(Qt.Key.Key_Space.value, Qt.Key.Key_QuoteLeft.value + 1)),
    *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down) * 4,
    *(Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Delete, Qt.Key.Key_Backspace) * 3,
    *(Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_F1, Qt.Key.Key_F11),
)
WORDS = ("7", "-1", "1e9", "nan", "", "0.5", "Ärger über Öl", "💥", "x" * 300, "../../etc", "%s %d {0}")
FARTHEST_DRAG = 300
AIMED = 0.6
LEAVE_MS = 50
CHAIN = 4
NARROWEST, WIDEST, LOWEST, TALLEST = 960, 1800, 640, 1100


class RandomHands:
    """Does one thing after another to a window. A menu that opens inside of an event is left by a timer.

    Args:
        window: what is done to.
        droppable: files and folders to drop.
        tell: hears of each deed right before it is done.
        ground: the part of the window that they keep to; all of it where there is none.
    """

    def __init__(
        self,
        window: QMainWindow,
        droppable: Sequence[Path],
        tell: Callable[[str], None],
        ground: Callable[[], QWidget] | None = None,
    ) -> None:
        self._window = window
        self._ground = ground or (lambda: window)
        self._droppable = droppable
        self._tell = tell
        self._random = random.Random()
        self._leaving = QTimer(window)
        self._leaving.setInterval(LEAVE_MS)
        self._leaving.timeout.connect(self._leave_popups)
        self._leaving.start()
        self._deeds: list[tuple[Callable[[], None], int]] = [
            (self._click, 30),
            (self._press_key, 30),
            (self._drag, 15),
            (self._scroll, 8),
            (self._double_click, 4),
            (self._write, 5),
            (self._drop, 2),
            (self._resize, 1),
        ]

    def begin(self, seed: str) -> None:
        """What is done from now on follows from this seed, whatever was done before."""
        self._random.seed(seed)

    def act(self) -> None:
        """Does something, and lets the window answer."""
        if not self._window.isActiveWindow():  # a menu that closed: there is no desktop here to give the focus back
            self._window.activateWindow()
        deeds, weights = zip(*self._deeds, strict=True)
        [deed] = self._random.choices(deeds, weights)
        deed()
        QApplication.processEvents()
        self._leave_popups()

    def stop(self) -> None:
        """Nothing more is done."""
        self._leaving.stop()

    def _leave_popups(self) -> None:
        """A menu or a question is answered with a key or two, and then left."""
        for _ in range(3):
            popup = QApplication.activePopupWidget() or QApplication.activeModalWidget()
            if popup is None:
                return
            keys = self._random.sample(KEYS, 2)
            self._tell(f"  leaves {_named(popup)} with {[key.name for key in keys]}")
            for key in keys:
                QTest.keyClick(popup, key)
            if popup is (QApplication.activePopupWidget() or QApplication.activeModalWidget()):
                popup.close()
            QApplication.processEvents()

    def _somewhere(self) -> tuple[QWidget, QPoint]:
        """A widget that can be seen, and a point in it: anywhere, or one that something can be done with."""
        ground = self._ground()
        if self._random.random() < AIMED:
            everything = ground.findChildren(QWidget)
            self._random.shuffle(everything)
            widget = next(filter(_is_aim, everything), ground)
            return widget, QPoint(self._random.randrange(widget.width()), self._random.randrange(widget.height()))
        at = QPoint(self._random.randrange(ground.width()), self._random.randrange(ground.height()))
        widget = ground.childAt(at) or ground
        return widget, widget.mapFrom(ground, at)

    def _in_focus(self) -> QWidget:
        """The widget that hears keys."""
        ground, widget = self._ground(), self._window.focusWidget()
        return widget if widget is not None and ground.isAncestorOf(widget) else ground

    def _held(self) -> Qt.KeyboardModifier:
        return self._random.choice(HELD)

    def _click(self) -> None:
        widget, at = self._somewhere()
        button, held = self._random.choice(BUTTONS), self._held()
        self._tell(f"clicks {_named(widget)} {at.toTuple()} {button.name} {held}")
        QTest.mouseClick(widget, button, held, at)

    def _double_click(self) -> None:
        widget, at = self._somewhere()
        held = self._held()
        self._tell(f"double-clicks {_named(widget)} {at.toTuple()} {held}")
        QTest.mouseDClick(widget, Qt.MouseButton.LeftButton, held, at)

    def _drag(self) -> None:
        widget, start = self._somewhere()
        button, held = self._random.choice(BUTTONS), self._held()
        self._tell(f"drags {_named(widget)} {start.toTuple()} {button.name} {held}")
        QTest.mousePress(widget, button, held, start)
        at = start
        for _ in range(self._random.randrange(1, 5)):
            at += QPoint(*(self._random.randint(-FARTHEST_DRAG, FARTHEST_DRAG) // 4 for _ in range(2)))
            if shiboken6.isValid(widget):
                QTest.mouseMove(widget, at)
                QApplication.processEvents()
        if shiboken6.isValid(widget):
            QTest.mouseRelease(widget, button, held, at)

    def _scroll(self) -> None:
        widget, at = self._somewhere()
        turn = QPoint(0, 120 * self._random.choice((-3, -1, 1, 3)))
        place = QPointF(widget.mapToGlobal(at))
        self._tell(f"scrolls {_named(widget)} {at.toTuple()} {turn.y()}")
        event = QWheelEvent(
            QPointF(at),
            place,
            QPoint(),
            turn,
            Qt.MouseButton.NoButton,
            self._held(),
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(widget, event)

    def _press_key(self) -> None:
        widget = self._in_focus()
        key, held = self._random.choice(KEYS), self._held()
        self._tell(f"presses {key.name} {held} in {_named(widget)}")
        QTest.keyClick(widget, key, held)

    def _write(self) -> None:
        widget = self._in_focus()
        word = self._random.choice(WORDS)
        self._tell(f"writes {word!r} in {_named(widget)}")
        for letter in word:  # QTest ends the process where a letter has no key
            QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter))
        QTest.keyClick(widget, self._random.choice((Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Tab)))

    def _drop(self) -> None:
        widget, at = self._somewhere()
        carried, path = QMimeData(), self._random.choice(self._droppable)
        carried.setUrls([QUrl.fromLocalFile(str(path))])
        self._tell(f"drops {path.name} on {_named(widget)} {at.toTuple()}")
        drop(widget, carried, at)

    def _resize(self) -> None:
        width, height = self._random.randint(NARROWEST, WIDEST), self._random.randint(LOWEST, TALLEST)
        self._tell(f"resizes the window to {width} x {height}")
        self._window.resize(width, height)


def _named(widget: QWidget) -> str:
    """A widget as its chain of classes: `SeedStrip in LatentPanel in ...`."""
    chain: list[str] = []
    one: QWidget | None = widget
    while one is not None and len(chain) < CHAIN:
        chain.append(type(one).__name__)
        one = one.parentWidget()
    return f"{' in '.join(chain)} ({widget.accessibleName()[:30]!r})"


def _is_aim(widget: QWidget) -> bool:
    takes_keys = widget.focusPolicy() != Qt.FocusPolicy.NoFocus
    return widget.isVisible() and widget.isEnabled() and takes_keys and not widget.visibleRegion().isEmpty()
