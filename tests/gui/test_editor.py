"""A document under a person's hands: steps, gestures, and what they leave in memory."""

from __future__ import annotations

import gc
import weakref

import pytest
from PySide6.QtGui import QUndoStack
from pytestqt.qtbot import QtBot

from studio.gui.canvases.editor import DocumentEditor


class Page:
    """A document that says whether it is still held; pages of one number are equal."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Page) and other.number == self.number

    def __hash__(self) -> int:
        return hash(self.number)


@pytest.fixture
def editor(qapp: object) -> DocumentEditor[Page]:
    stack = QUndoStack()
    return DocumentEditor(stack, Page(0), stack)


def test_a_gesture_is_one_step(editor: DocumentEditor[Page]) -> None:
    for number in range(1, 10):
        editor.edit(Page(number), "Drag", gesture=True)
    editor.edit(Page(50), "Turn", gesture=True)
    editor.end_gesture()
    editor.edit(Page(60), "Turn", gesture=True)
    assert [editor.undo_stack.text(index) for index in range(editor.undo_stack.count())] == ["Drag", "Turn", "Turn"]
    editor.undo_stack.setIndex(1)
    assert editor.document == Page(9)
    editor.undo_stack.undo()
    assert editor.document == Page(0)
    editor.undo_stack.redo()
    assert editor.document == Page(9)


def test_a_gesture_that_leads_back_is_no_step(editor: DocumentEditor[Page], qtbot: QtBot) -> None:
    shown: list[Page] = []
    editor.changed.connect(lambda: shown.append(editor.document))
    for number in (1, 2, 0):
        editor.edit(Page(number), "Drag", gesture=True)
    assert not editor.undo_stack.count()
    assert shown == [Page(1), Page(2), Page(0)]
    editor.edit(Page(3), "Drag", gesture=True)
    assert editor.undo_stack.count() == 1
    editor.undo_stack.undo()
    assert editor.document == Page(0)


def test_a_gesture_keeps_its_ends_alone(editor: DocumentEditor[Page]) -> None:
    """Each move of a slider is one: a document with pictures would be kept a hundred times over."""
    held: list[weakref.ref[Page]] = []
    for number in range(1, 100):
        page = Page(number)
        held.append(weakref.ref(page))
        editor.edit(page, "Drag", gesture=True)
    del page
    gc.collect()
    assert [one.number for one in (ref() for ref in held) if one is not None] == [99]
