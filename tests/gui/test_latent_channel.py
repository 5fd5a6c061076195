"""Requests at the device's own pace: one on its way, the newest wish next, stale answers dropped."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from studio.engine import commands
from studio.engine.events import Rendered, RenderFailed
from studio.gui.canvases import channel
from studio.gui.canvases.channel import RenderChannel
from studio.gui.studio import Studio

PICTURES = np.zeros((1, 4, 4, 3), np.uint8)


@dataclass(frozen=True)
class Wish:
    number: int


@pytest.fixture
def line(studio: Studio) -> Iterator[RenderChannel]:
    made = RenderChannel(studio.session, studio.pump, "run", "me")
    yield made
    made.close()


@pytest.fixture
def shown(line: RenderChannel) -> list[int]:
    """The steps of the answers that were shown."""
    steps: list[int] = []
    line.rendered.connect(lambda _pictures, _milliseconds, step: steps.append(step))
    return steps


def sent(session) -> list[int]:
    return [command.request.number for command in session.asked if isinstance(command, commands.Render)]


def test_while_an_answer_is_awaited_only_the_newest_wish_waits(line, session, tell, shown):
    for number in range(1, 6):
        line.request(Wish(number))
    assert sent(session) == [1]
    tell(Rendered("me", 1, PICTURES, 5.0, 100))
    assert sent(session) == [1, 5]
    tell(Rendered("me", 2, PICTURES, 5.0, 101))
    assert sent(session) == [1, 5]
    assert shown == [100, 101]
    assert not line.busy


def test_stale_and_foreign_answers_are_dropped(line, session, tell, shown):
    line.request(Wish(1))
    tell(Rendered("another", 1, PICTURES, 5.0, 7))
    tell(Rendered("me", 0, PICTURES, 5.0, 8))
    assert shown == []
    assert line.busy
    tell(Rendered("me", 1, PICTURES, 5.0, 9))
    tell(Rendered("me", 1, PICTURES, 5.0, 10))
    assert shown == [9]


def test_answers_to_an_older_channel_of_the_same_client_are_dropped(studio, session, tell):
    before = RenderChannel(studio.session, studio.pump, "run", "me")
    before.request(Wish(1))
    before.close()
    after = RenderChannel(studio.session, studio.pump, "run", "me")
    steps: list[int] = []
    after.rendered.connect(lambda _pictures, _milliseconds, step: steps.append(step))
    tell(Rendered("me", 1, PICTURES, 5.0, 1))
    after.request(Wish(2))
    tell(Rendered("me", 1, PICTURES, 5.0, 2))
    tell(Rendered("me", 2, PICTURES, 5.0, 3))
    assert steps == [3]
    after.close()


def test_a_failure_is_told_and_the_next_wish_is_sent(line, session, tell, qtbot: QtBot):
    line.request(Wish(1))
    line.request(Wish(2))
    with qtbot.waitSignal(line.failed) as failed:
        tell(RenderFailed("me", 1, "The model could not render."))
    assert failed.args == ["The model could not render."]
    assert sent(session) == [1, 2]


def test_an_answer_that_never_comes_does_not_hold_up_the_next_wish(line, session, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(channel.time, "monotonic", lambda: now[0])
    line.request(Wish(1))
    line.request(Wish(2))
    now[0] = channel.PATIENCE_SECONDS + 1
    line.request(Wish(3))
    assert sent(session) == [1, 3]


def test_a_closed_channel_asks_and_hears_no_more(line, session, tell, shown, studio):
    other = RenderChannel(studio.session, studio.pump, "run", "other")
    steps: list[int] = []
    other.rendered.connect(lambda _pictures, _milliseconds, step: steps.append(step))
    other.request(Wish(1))
    other.request(Wish(2))
    other.close()
    tell(Rendered("other", 1, PICTURES, 5.0, 1))
    assert sent(session) == [1]
    assert steps == []


def test_weights_are_not_held_again_for_a_channel_that_was_closed(studio, session, tell):
    film = RenderChannel(studio.session, studio.pump, "run", "film", held=True)
    film.request(Wish(1))
    tell(Rendered("film", 1, PICTURES, 5.0, 1))
    film.close()
    film.request(Wish(2))
    assert sent(session) == [1]
    assert session.asked[-1] == commands.Cancel("film")


def test_one_that_is_closed_by_what_another_heard_hears_nothing_of_the_same_moment(line, studio, session, tell):
    last = RenderChannel(studio.session, studio.pump, "run", "last")
    heard: list[int] = []
    last.rendered.connect(lambda _pictures, _milliseconds, step: heard.append(step))
    line.rendered.connect(lambda *_: last.close())
    for one in (line, last):
        one.request(Wish(1))
    tell(Rendered("me", 1, PICTURES, 5.0, 7), Rendered("last", 2, PICTURES, 5.0, 7))
    assert heard == []
