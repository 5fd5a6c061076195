"""What two processes say to each other: whole, in memory they share, and to nobody who does not know the key."""

from __future__ import annotations

import pickle
import stat
import sys
import threading
from collections.abc import Iterator
from multiprocessing import AuthenticationError, Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio.engine.commands import Render
from studio.engine.endpoints import Endpoint, Endpoints
from studio.engine.events import Rendered
from studio.engine.picture_ring import RingReader, RingWriter
from studio.engine.wire import Taken, Wire, call, greet

Ends = tuple[Wire, Wire]
KIB = 1024


@pytest.fixture
def ends(tmp_path: Path) -> Iterator[Ends]:
    """The engine's end and the window's, with a ring of 256 KiB."""
    left, right = Pipe()
    engine, window = Wire(left), Wire(right)
    engine.writes = RingWriter(tmp_path / "ring", 256 * KIB)
    window.reads = RingReader(tmp_path / "ring", 256 * KIB)
    engine.writes.hide()
    yield engine, window
    engine.close()
    window.close()


def picture(side: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 255, (1, side, side, 3), np.uint8)


def told(pictures: np.ndarray) -> Rendered:
    return Rendered("canvas", 1, pictures, 2.0, 3)


def taken(engine: Wire) -> None:
    """The engine hears what the window has copied out."""
    while engine.poll(0):
        message = engine.receive()
        assert isinstance(message, Taken)
        assert engine.writes is not None
        engine.writes.taken(message.position)


def test_pictures_arrive_as_they_were_and_may_be_written_to(ends: Ends) -> None:
    engine, window = ends
    for seed in range(30):
        side = (8, 128, 200)[seed % 3]
        engine.send(told(picture(side, seed)))
        event = window.receive()
        assert np.array_equal(event.pictures, picture(side, seed))
        event.pictures[:] = 0
        taken(engine)


def test_what_has_no_room_in_the_ring_goes_through_the_socket(ends: Ends) -> None:
    engine, window = ends
    sent = [picture(150, seed) for seed in range(5)]
    writer = threading.Thread(target=lambda: [engine.send(told(one)) for one in sent])  # a pipe holds less than that
    writer.start()
    received = [window.receive().pictures for _ in sent]
    writer.join()
    assert all(np.array_equal(there, here) for there, here in zip(received, sent, strict=True))


def test_the_ring_is_not_written_over_before_it_was_copied(tmp_path: Path) -> None:
    writer = RingWriter(tmp_path / "ring", 100)
    reader = RingReader(tmp_path / "ring", 100)
    assert writer.put(memoryview(b"a" * 60)) == 0
    assert writer.put(memoryview(b"b" * 60)) is None
    writer.taken(60)
    assert writer.put(memoryview(b"b" * 60)) == 100  # in one piece: the 40 bytes left before the end stay free
    assert reader.copy(100, 60) == b"b" * 60
    assert writer.put(memoryview(b"c" * 40)) is None  # what was left free counts until something after it was copied
    writer.taken(160)
    assert writer.put(memoryview(b"c" * 40)) == 160
    assert (reader.copy(100, 60), reader.copy(160, 40)) == (b"b" * 60, b"c" * 40)
    reader.close()


def test_the_ring_has_no_name_once_both_ends_have_it(ends: Ends, tmp_path: Path) -> None:
    assert list(tmp_path.iterdir()) == []


class Bomb:
    """Says so when it is unpickled."""

    exploded = False

    def __reduce__(self) -> tuple[Any, ...]:
        return explode, ()


def explode() -> None:
    Bomb.exploded = True


def test_nothing_is_unpickled_of_someone_who_does_not_know_the_key() -> None:
    left, right = Pipe()

    def stranger(connection: Connection[Any, Any]) -> None:
        connection.recv_bytes()
        connection.send_bytes(pickle.dumps(Bomb()))

    thread = threading.Thread(target=stranger, args=(right,))
    thread.start()
    with pytest.raises(AuthenticationError):
        greet(left, b"key" * 8)
    thread.join()
    assert not Bomb.exploded
    left.close()
    right.close()


def test_a_window_does_not_talk_to_an_engine_that_has_another_key() -> None:
    left, right = Pipe()

    def other() -> None:
        with pytest.raises(AuthenticationError):
            greet(left, b"another" * 4)

    thread = threading.Thread(target=other)
    thread.start()
    with pytest.raises(AuthenticationError):
        call(right, b"key" * 8)
    thread.join()
    left.close()
    right.close()


def test_a_message_that_cannot_be_pickled_leaves_the_wire_usable(ends: Ends) -> None:
    engine, window = ends
    with pytest.raises((AttributeError, pickle.PicklingError)):
        window.send(Render("canvas", 1, "run", lambda: None, 0.0))  # type: ignore[arg-type]  # that is the point
    window.send("next")
    assert engine.receive() == "next"


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
def test_an_endpoint_is_for_its_owner_alone(tmp_path: Path) -> None:
    endpoints, endpoint = Endpoints(tmp_path), Endpoint.make("one", safe_mode=False)
    assert endpoint.folder is not None
    endpoints.write(endpoint)
    file = tmp_path / "engines" / "one.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(endpoint.folder.stat().st_mode) == 0o700
    assert endpoints.all() == [endpoint]
    assert endpoint.fits
    assert endpoint.running
    file.chmod(0o644)
    assert endpoints.read("one") is None
    file.chmod(0o600)
    endpoints.remove(endpoint)
    assert endpoints.all() == []
    assert not endpoint.folder.exists()
