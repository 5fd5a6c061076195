"""The crossings between threads are bounded, and the newest wins."""

from __future__ import annotations

import numpy as np

from studio.engine.commands import Render
from studio.engine.events import CheckpointSaved, Rendered, SamplesReady, StepLogged
from studio.engine.mailbox import MAX_EVENTS, EventQueue, RequestBox
from studio.engine.previews import SeedsRequest

PICTURE = np.zeros((1, 8, 8, 3), np.uint8)


def logged(step: int) -> StepLogged:
    return StepLogged("run", step, step, 0.0, {}, 0.0, None)


def wish(client: str, serial: int) -> Render:
    return Render(client, serial, "run", SeedsRequest(0, 1), 0.0)


def test_of_pictures_only_the_newest_is_kept_and_order_stays() -> None:
    queue = EventQueue()
    queue.put(SamplesReady("run", 1, 0, PICTURE))
    queue.put(Rendered("a", 1, PICTURE, 1.0, 1))
    queue.put(logged(1))
    queue.put(Rendered("b", 2, PICTURE, 1.0, 1))
    queue.put(Rendered("a", 3, PICTURE, 1.0, 1))
    queue.put(SamplesReady("run", 2, 0, PICTURE))
    kinds = [(type(event).__name__, getattr(event, "serial", getattr(event, "step", 0))) for event in queue.drain()]
    assert kinds == [("StepLogged", 1), ("Rendered", 2), ("Rendered", 3), ("SamplesReady", 2)]
    assert queue.drain() == []


def test_a_flood_that_nobody_drains_is_thinned_out_and_the_rest_survives() -> None:
    queue = EventQueue()
    queue.put(CheckpointSaved("run", 0, "path", 0.1))
    for step in range(8 * MAX_EVENTS):
        queue.put(logged(step))
    events = queue.drain()
    assert len(events) <= MAX_EVENTS
    assert isinstance(events[0], CheckpointSaved)
    assert events[-1] == logged(8 * MAX_EVENTS - 1)


def test_the_newest_request_wins_and_keeps_its_clients_turn() -> None:
    box = RequestBox()
    for request in (wish("a", 1), wish("b", 2), wish("a", 3)):
        box.put(request)
    assert [box.take(), box.take(), box.take()] == [wish("a", 3), wish("b", 2), None]


def test_a_closed_box_answers_nobody() -> None:
    box = RequestBox()
    box.put(wish("a", 1))
    box.close()
    assert box.take(timeout=None) is None
