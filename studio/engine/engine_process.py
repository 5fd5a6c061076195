"""The device thread in a process of its own, as a session sees it: a crash there is told, and it starts again."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING

from studio.engine import commands
from studio.engine.crashes import after_a_crash, to_reopen
from studio.engine.events import Event, Failed, Progressed, Rendered, RenderFailed
from studio.engine.launching import Engine, LaunchError, attach, launch
from studio.engine.mailbox import EventQueue
from studio.engine.outbox import Outbox
from studio.engine.places import ProcessOptions
from studio.engine.standing import Standing
from studio.engine.wire import Beat, LastWords, Leaving, Wire
from studio.engine.worker import WorkerOptions

if TYPE_CHECKING:
    from studio.engine.plugins import PluginHost
    from studio.engine.runs import RunStore

log = logging.getLogger(__name__)

SETTLING_SECONDS = 300.0
SECOND_LOOK = 2.0
MOMENT = 0.05
FALLS, FALLS_SECONDS = 3, 120.0
NOT_RUNNING = "The engine has ended several times and rests."


class EngineProcess:
    """A `Place` whose device thread lives in a child process, or in one that another window has left behind.

    Whatever ends that process, the window lives: the run is marked as interrupted with the cause, `Failed` tells it,
    and the process starts again with the same runs open. One that has ended three times within two minutes waits for
    the next command.
    """

    def __init__(
        self,
        _host: PluginHost,
        store: RunStore,
        events: EventQueue,
        options: WorkerOptions,
        process: ProcessOptions | None = None,
    ) -> None:
        self._home = store.home
        self._events = events
        self._options = options
        self._process = process or ProcessOptions()
        self._outbox = Outbox()
        self._wire: Wire
        self._standing = Standing()
        self._awaited: dict[str, int] = {}
        self._last_words = ""
        self._in_order = False
        self._falls: deque[float] = deque(maxlen=FALLS)
        self._thread = threading.Thread(target=self._main, name="ganvas-engine", daemon=True)

    def start(self) -> None:
        """Starts the process, or takes over one that was left behind."""
        self._thread.start()

    def submit(self, command: commands.Command) -> None:
        """Hands a command over, from any thread; returns at once."""
        self._outbox.put(command)

    def join(self, timeout: float | None = None) -> bool:
        """Waits for the process to end; False if it did not in time."""
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def _main(self) -> None:
        writer = threading.Thread(target=self._write, name="ganvas-engine-out", daemon=True)
        writer.start()
        try:
            self._run()
        finally:
            self._outbox.end()
            writer.join()

    def _run(self) -> None:
        engine = attach(self._home, self._process)
        while not (self._outbox.closing and engine is None):
            engine = engine or self._launch()
            if engine is None:
                self._rest_after_falls()
                continue
            self._serve(engine)
            cause, engine_log = engine.bury(), engine.last_lines()
            if self._outbox.closing:
                return
            self._tell_of_the_end(cause, engine_log)
            engine = None

    def _launch(self) -> Engine | None:
        self._standing = Standing()
        try:
            return launch(self._home, self._options, self._process)
        except LaunchError as error:
            self._falls.extend([time.monotonic()] * FALLS)
            self._events.put(Failed(f"The engine could not be started{error}.", "Restart Ganvas.", error.detail))
            return None

    def _serve(self, engine: Engine) -> None:
        """Carries commands there and events here until the process falls silent."""
        self._wire, self._last_words, self._in_order = engine.wire, "", False
        self._outbox.open()
        for message in self._messages(engine):
            match message:
                case Beat():
                    pass
                case Leaving():
                    self._in_order = True
                case LastWords(cause):
                    self._last_words = cause
                case Event():
                    self._standing.note(message)
                    self._settle(message)
                    self._events.put(message)
        self._outbox.shut()

    def _messages(self, engine: Engine) -> Iterator[object]:
        while True:
            patience = self._process.heartbeat if self._standing.device else SETTLING_SECONDS
            if not engine.wire.poll(patience) and not engine.wire.poll(SECOND_LOOK):
                self._last_words = f"because it had not answered for {patience:.0f} s"
                engine.abort()
                return
            try:
                yield engine.wire.receive()
            except (EOFError, OSError):
                return
            except Exception:
                log.exception("An event could not be read.")

    def _write(self) -> None:
        while (command := self._outbox.take()) is not None:
            try:
                self._wire.send(command)
            except OSError:  # whoever reads will notice; the next process gets it
                self._outbox.put_first([command])
                time.sleep(MOMENT)
            except Exception as error:
                log.warning("A command could not be sent.", exc_info=True)
                self._refuse(command, f"This cannot be sent to the engine: {error}")
            else:
                self._expect(command)

    def _expect(self, command: commands.Command) -> None:
        match command:
            case commands.Begin() | commands.Render():
                self._awaited[command.client] = command.serial
            case commands.Cancel():
                self._awaited.pop(command.client, None)
            case _:
                pass

    def _refuse(self, command: commands.Command, message: str) -> None:
        if isinstance(command, commands.Render | commands.Begin):
            self._events.put(RenderFailed(command.client, command.serial, message))
        else:
            self._events.put(Failed(message))

    def _settle(self, event: Event) -> None:
        """What has been answered need not be answered for."""
        match event:
            case Rendered(client, serial) | RenderFailed(client, serial) | Progressed(client, serial, finished=True):
                if self._awaited.get(client) == serial:
                    self._awaited.pop(client, None)
            case _:
                pass

    def _tell_of_the_end(self, cause: str, detail: str) -> None:
        self._falls.append(time.monotonic())
        cause = self._last_words or cause
        how = f"was ended {cause}" if cause else "has ended"
        for client, serial in tuple(self._awaited.items()):  # another thread adds to them
            self._events.put(RenderFailed(client, serial, f"The engine {how}."))
        self._awaited.clear()
        if not self._in_order:
            for event in after_a_crash(self._standing, how, detail):
                self._events.put(event)
        self._rest_after_falls()
        self._outbox.put_first(to_reopen(self._standing))

    def _rest_after_falls(self) -> None:
        """Waits for a person's command where the process falls again and again."""
        if len(self._falls) < FALLS or time.monotonic() - self._falls[0] > FALLS_SECONDS:
            return
        self._falls.clear()
        while not self._outbox.asked:
            for request in self._outbox.drop_requests():
                self._refuse(request, NOT_RUNNING)
            self._outbox.wait()
