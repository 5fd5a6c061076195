"""Messages between the window and the engine's process: pickled, over a local socket whose two ends know one key.

Nothing is unpickled before the other end has proved that it knows the key. Pictures and other large arrays travel
beside the pickle: through shared memory where there is room, else through the socket.
"""

from __future__ import annotations

import pickle
import threading
from dataclasses import dataclass
from multiprocessing.connection import Connection, answer_challenge, deliver_challenge
from typing import Any

from studio.engine.picture_ring import RingReader, RingWriter

SHARED_BYTES = 32 * 1024
ANSWER_SECONDS = 5.0


class RefusalError(Exception):
    """The other end is not one to talk to."""


@dataclass(frozen=True)
class Welcome:
    """The engine takes this window as its owner. `ring` is the file of the shared memory, empty where there is none."""

    pid: int
    ring: str
    ring_size: int


@dataclass(frozen=True)
class Refused:
    """The engine has an owner already, or is about to end."""


@dataclass(frozen=True)
class RingOpened:
    """The window has mapped the shared memory."""


@dataclass(frozen=True)
class Taken:
    """The window has copied out all that was written to the shared memory before `position`."""

    position: int


@dataclass(frozen=True)
class Beat:
    """The engine is alive."""


@dataclass(frozen=True)
class Leaving:
    """The engine has nothing left undone and ends; another may be started."""


@dataclass(frozen=True)
class LastWords:
    """The engine is about to end itself; `cause` is a sentence."""

    cause: str


@dataclass(frozen=True)
class _Shared:
    begins: int
    length: int


class Wire:
    """One end of a connection. Any thread may send; one thread receives.

    Attributes:
        writes: where large arrays go; None sends them through the socket.
        reads: where they come from.
    """

    def __init__(self, connection: Connection[Any, Any]) -> None:
        self.writes: RingWriter | None = None
        self.reads: RingReader | None = None
        self._connection = connection
        self._sending = threading.Lock()

    def send(self, message: object) -> None:
        """Sends a message; blocks while the other end does not read.

        Raises:
            OSError: the other end is gone.
            Exception: whatever pickling raises; nothing has been sent then.
        """
        buffers: list[pickle.PickleBuffer] = []
        body = pickle.dumps(message, protocol=5, buffer_callback=buffers.append)
        with self._sending:
            beside = [self._place(buffer.raw()) for buffer in buffers]
            self._connection.send_bytes(pickle.dumps((body, beside), protocol=5))

    def receive(self) -> Any:
        """The next message; blocks until there is one.

        Raises:
            EOFError, OSError: the other end is gone.
            Exception: whatever unpickling raises; the next message can be received all the same.
        """
        body, beside = pickle.loads(self._connection.recv_bytes())
        return pickle.loads(body, buffers=[self._fetch(one) for one in beside])

    def poll(self, seconds: float) -> bool:
        """Whether there is something to receive within that time, the end of the connection included."""
        try:
            return self._connection.poll(seconds)
        except OSError:
            return True

    def close(self) -> None:
        """Closes this end."""
        self._connection.close()
        if self.reads is not None:
            self.reads.close()

    def _place(self, data: memoryview) -> _Shared | bytes:
        begins = self.writes.put(data) if self.writes is not None and len(data) >= SHARED_BYTES else None
        return bytes(data) if begins is None else _Shared(begins, len(data))

    def _fetch(self, place: _Shared | bytes) -> bytearray:
        if isinstance(place, bytes):
            return bytearray(place)
        if self.reads is None:
            raise EOFError
        data = self.reads.copy(place.begins, place.length)
        self.send(Taken(place.begins + place.length))
        return data


def greet(connection: Connection[Any, Any], key: bytes) -> Wire:
    """The listening end's half of the handshake.

    Raises:
        OSError, EOFError, AuthenticationError: the other end does not know the key, or is gone.
    """
    deliver_challenge(connection, key)
    answer_challenge(connection, key)
    return Wire(connection)


def call(connection: Connection[Any, Any], key: bytes) -> tuple[Wire, Welcome]:
    """The calling end's half of the handshake.

    Raises:
        RefusalError: the engine has an owner already, or does not answer.
        OSError, EOFError, AuthenticationError: the other end does not know the key, or is gone.
    """
    if not connection.poll(ANSWER_SECONDS):
        raise RefusalError
    answer_challenge(connection, key)
    deliver_challenge(connection, key)
    wire = Wire(connection)
    welcome = wire.receive() if wire.poll(ANSWER_SECONDS) else None
    if not isinstance(welcome, Welcome):
        raise RefusalError
    return wire, welcome
