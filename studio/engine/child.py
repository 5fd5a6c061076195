"""The process that the device thread lives in, apart from the window: `python -m studio.engine.child HOME OPTIONS`.

It listens for one window at a time and speaks to it in commands and events. When the window goes away without a word,
training goes on, and another window may take over; with nothing to train it ends soon after.
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import logging
import os
import signal
import sys
import threading
import time
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.engine import commands
from studio.engine.endpoints import RING, Endpoint, Endpoints
from studio.engine.events import Failed, Noticed, RunState, TaskProgress
from studio.engine.mailbox import EventQueue
from studio.engine.picture_ring import RingWriter
from studio.engine.places import ProcessOptions, PulsingPlace
from studio.engine.standing import Standing
from studio.engine.vitals import Watch
from studio.engine.wire import Beat, LastWords, Leaving, Refused, RingOpened, Taken, Welcome, Wire, greet
from studio.engine.worker import DeviceWorker, WorkerOptions

if TYPE_CHECKING:
    from studio.engine.events import Event

log = logging.getLogger(__name__)

AT_WORK = (RunState.PREPARING, RunState.TRAINING, RunState.STOPPING)


class Child:
    """The device thread, and the window that it works for."""

    def __init__(self, endpoint: Endpoint, worker: PulsingPlace, events: EventQueue, options: ProcessOptions) -> None:
        self._key = bytes.fromhex(endpoint.key)
        self._folder = endpoint.folder
        self._worker = worker
        self._events = events
        self._options = options
        self._standing = Standing()
        self._wire: Wire | None = None
        self._ring: RingWriter | None = None
        self._telling = threading.Lock()
        self._clients: set[str] = set()
        self._alone_since = time.monotonic()
        self._ending = self._over = False
        self._unneeded = threading.Event()
        self._watches = [Watch(pulse, options.heartbeat, options.long) for pulse in worker.pulses]

    def run(self, listener: Listener) -> None:
        """Works until it is told to end, or is of no more use."""
        for work in (lambda: self._accept(listener), self._tell):
            threading.Thread(target=work, daemon=True).start()
        self._worker.start()
        while not (self._worker.join(self._options.heartbeat / 30) or self._unneeded.is_set()):
            self._feel()
            self._leave_when_alone()
        with self._telling:
            self._ending = self._over = True
        self._tell_all()
        if self._wire is not None:
            self._send(self._wire, Leaving())
        with contextlib.suppress(OSError):
            Client(listener.address).close()  # wakes whoever accepts

    def end(self) -> None:
        """Stops what is in training, keeps it, and ends. From a signal handler too."""
        self._ending = True
        self._worker.submit(commands.Close())

    def _accept(self, listener: Listener) -> None:
        while True:
            try:
                connection = listener.accept()
            except OSError:
                return
            if self._over:
                connection.close()
                return
            threading.Thread(target=self._listen, args=(connection,), daemon=True).start()

    def _listen(self, connection: Connection[Any, Any]) -> None:
        """Everything about one connection, on a thread of its own: a stranger who says nothing keeps nobody waiting."""
        try:
            wire = greet(connection, self._key)
            if not self._take_owner(wire):
                return
        except Exception:
            log.warning("Someone did not complete the handshake.", exc_info=True)
            connection.close()
            return
        while True:
            try:
                message = wire.receive()
            except (EOFError, OSError):
                break
            except Exception as error:
                log.exception("A message could not be read.")
                self._events.put(Failed(f"The engine could not read what it was asked: {error}"))
                continue
            self._obey(wire, message)
        self._lose_owner(wire)

    def _take_owner(self, wire: Wire) -> bool:
        with self._telling:
            if self._wire is not None or self._ending:
                wire.send(Refused())
                wire.close()
                return False
            ring = self._make_ring()
            wire.send(Welcome(os.getpid(), str(ring.path) if ring else "", ring.size if ring else 0))
            self._ring = ring
            for event in self._standing.replay():
                wire.send(event)
            self._wire = wire
        log.info("A window has come.")
        return True

    def _make_ring(self) -> RingWriter | None:
        if self._folder is None:
            return None
        try:
            return RingWriter(self._folder / f"{RING}-{time.monotonic_ns()}")
        except OSError:
            log.warning("There is no shared memory for pictures.", exc_info=True)
            return None

    def _obey(self, wire: Wire, message: object) -> None:
        match message:
            case Taken(position):
                if wire.writes is not None:
                    wire.writes.taken(position)
            case RingOpened():
                if self._ring is not None:
                    self._ring.hide()
                    wire.writes = self._ring
            case commands.Close() if self._standing.device is None and not self._standing.status.state.busy:
                self._unneeded.set()  # nothing has begun yet: torch need not be waited for
            case commands.Command():
                if isinstance(message, commands.Begin) or (isinstance(message, commands.Render) and message.held):
                    self._clients.add(message.client)
                self._worker.submit(message)
            case _:
                log.warning("An unknown message: %r", message)

    def _lose_owner(self, wire: Wire) -> None:
        with self._telling:
            if self._wire is not wire:
                return
            self._wire = None
            self._alone_since = time.monotonic()
            if self._ring is not None:
                self._ring.hide()
            wire.close()
        log.info("The window has gone.")
        for client in self._clients:
            self._worker.submit(commands.Cancel(client))
        self._clients.clear()

    def _tell(self) -> None:
        while not self._over:
            self._events.wait(self._options.heartbeat / 10)
            self._tell_all()

    def _tell_all(self) -> None:
        with self._telling:
            events = self._events.drain()
            for event in events:
                self._standing.note(event)
                if isinstance(event, TaskProgress):
                    self._worker.pulses[0].beat()
            if self._wire is not None:
                for event in events:
                    self._send(self._wire, event)
                self._send(self._wire, Beat())

    def _send(self, wire: Wire, message: Event | Beat | LastWords | Leaving) -> None:
        try:
            wire.send(message)
        except OSError:
            log.info("Nobody listens any more.")
        except Exception:
            log.exception("An event could not be told.")
            wire.send(Noticed(f"The engine could not tell of a {type(message).__name__}; its log has the reason."))

    def _feel(self) -> None:
        """Ends the process where the device thread hangs, with every thread's traceback in the log."""
        watches = self._watches if self._standing.status.state not in AT_WORK else self._watches[:1]
        reasons = [reason for watch in watches if (reason := watch.hangs())]
        if not reasons:
            return
        log.error("The device thread hangs: %s.", reasons[0])
        if self._wire is not None and self._telling.acquire(timeout=1.0):
            self._send(self._wire, LastWords(f"because it hung: {reasons[0]}"))
        os.abort()

    def _leave_when_alone(self) -> None:
        if self._wire is not None:
            return
        with self._telling:
            if self._wire is not None or self._ending or self._standing.status.state in AT_WORK:
                return
            if time.monotonic() - self._alone_since < self._options.linger:
                return
            log.info("There is no window and nothing to train.")
            self.end()


def main() -> None:
    """Runs the engine. Whatever is printed goes to where standard error goes: a log file."""
    home, given = Path(sys.argv[1]), json.loads(sys.argv[2])
    faulthandler.enable()
    _volunteer()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s")
    from studio.engine.plugins import PluginHost
    from studio.engine.runs import RunStore

    options, events = ProcessOptions(**given["process"]), EventQueue()
    host = PluginHost.discover(home, safe_mode=options.safe_mode)
    worker = DeviceWorker(host, RunStore(home), events, WorkerOptions(**given["worker"], end_with_the_gpu=True))
    endpoints, endpoint = Endpoints(home), Endpoint.make(given["name"], safe_mode=options.safe_mode)
    child = Child(endpoint, worker, events, options)
    signal.signal(signal.SIGTERM, lambda *_: child.end())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with Listener(endpoint.address) as listener:
            endpoints.write(endpoint)
            log.info("Listening.")
            child.run(listener)
    finally:
        endpoints.remove(endpoint)
    log.info("Done.")
    logging.shutdown()
    with contextlib.suppress(OSError):
        sys.stdout.flush()
    os._exit(0)  # exit handlers and threads of a plugin's get no say


def _volunteer() -> None:
    """Where memory runs out, this process should end and not the window. Linux only."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("300")


if __name__ == "__main__":
    main()
