"""Commands wait in order for an engine, and of a client's requests only the newest does."""

from __future__ import annotations

from studio.edit.direction_search import DirectionSearch
from studio.engine.commands import Begin, Cancel, Close, OpenRun, Pause, Render, Stop
from studio.engine.outbox import Outbox
from studio.engine.previews import SeedsRequest


def render(serial: int, client: str = "canvas") -> Render:
    return Render(client, serial, "run", SeedsRequest(0, 1), 0.0)


def begin(serial: int) -> Begin:
    return Begin("canvas", serial, "run", DirectionSearch("z"))


def everything(outbox: Outbox) -> list[object]:
    """What is taken until there is nothing left."""
    outbox.put(Close())
    outbox.open()
    taken: list[object] = []
    while not isinstance(command := outbox.take(), Close):
        taken.append(command)
    return taken


def test_the_newest_request_takes_the_older_ones_turn() -> None:
    outbox = Outbox()
    for command in (Pause(), render(1), render(1, "other"), render(2), begin(1), Stop(), Cancel("canvas")):
        outbox.put(command)
    assert everything(outbox) == [Pause(), render(2), render(1, "other"), Cancel("canvas"), Stop()]


def test_what_comes_back_goes_first_unless_it_was_overtaken() -> None:
    outbox = Outbox()
    outbox.put(render(2))
    outbox.put(Stop())
    outbox.put_first([OpenRun("a"), OpenRun("b"), render(1)])
    assert everything(outbox) == [OpenRun("a"), OpenRun("b"), render(2), Stop()]


def test_what_a_person_asked_for_is_kept_when_canvases_are_refused() -> None:
    outbox = Outbox()
    for command in (render(1), Cancel("canvas")):
        outbox.put(command)
    assert not outbox.asked
    outbox.put(Pause())
    assert outbox.asked
    assert outbox.drop_requests() == [render(1)]
    assert everything(outbox) == [Pause()]


def test_there_is_nothing_to_take_once_it_has_ended() -> None:
    outbox = Outbox()
    outbox.put(Pause())
    outbox.end()
    assert outbox.take() is None
    assert not outbox.closing
