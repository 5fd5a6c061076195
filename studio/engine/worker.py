"""The one background thread that owns the device: it advances training phase by phase and answers requests."""

from __future__ import annotations

import logging
import queue
import threading
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from studio.api.errors import StudioError
from studio.engine import commands
from studio.engine.atomic import DiskError, DiskFullError
from studio.engine.events import Failed, RunOpened, RunState, StateChanged
from studio.engine.failures import device_is_lost, explain
from studio.engine.mailbox import EventQueue, RequestBox
from studio.engine.serving import RequestServer
from studio.engine.vitals import Pulse

if TYPE_CHECKING:
    from studio.engine.job import TrainingJob
    from studio.engine.player import Player
    from studio.engine.plugins import PluginHost
    from studio.engine.runs import RunStore
    from studio.engine.start import Surroundings

log = logging.getLogger(__name__)

MAX_PLAYERS = 3


@dataclass(frozen=True)
class WorkerOptions:
    """How the device thread behaves.

    Attributes:
        leave_cores: CPU cores that training leaves to others; 1 while a window is up.
        nice: how much the thread yields to others, 0 to 19.
        end_with_the_gpu: end when the GPU is lost, since another process could use it again.
    """

    leave_cores: int = 0
    nice: int = 10
    end_with_the_gpu: bool = False


class DeviceWorker:
    """One thread that owns the device.

    On a GPU it answers requests itself, between two phases. On a CPU a phase is too long for that, and a companion
    thread answers while training goes on: it only reads the averaged weights.
    """

    def __init__(self, host: PluginHost, store: RunStore, events: EventQueue, options: WorkerOptions) -> None:
        self._host = host
        self._store = store
        self._events = events
        self._options = options
        self._commands: queue.SimpleQueue[commands.Command | None] = queue.SimpleQueue()
        self._requests = RequestBox()
        self._stop_asked = threading.Event()
        self._players: dict[str, Player] = {}
        self._server = RequestServer(self._requests, events, self._player)
        self._pulse = Pulse()
        self._job: TrainingJob | None = None
        self._closing = False
        self._companion: threading.Thread | None = None
        self._thread = threading.Thread(target=self._main, name="ganvas-device", daemon=True)

    @property
    def pulses(self) -> tuple[Pulse, Pulse]:
        """Signs of life of the device thread and of the companion."""
        return self._pulse, self._server.pulse

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def submit(self, command: commands.Command) -> None:
        """Hands a command over, from any thread; returns at once."""
        if isinstance(command, commands.Render | commands.Begin | commands.Cancel):
            self._requests.put(command)
            if not self._companion:
                self._commands.put(None)
            return
        if isinstance(command, commands.Stop | commands.Close):
            self._stop_asked.set()
        self._commands.put(command)

    def join(self, timeout: float | None = None) -> bool:
        """Waits for the thread to end; False if it did not in time."""
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def _main(self) -> None:
        try:
            self._begin()
            self._pulse.begin()
            while not self._closing:
                self._pulse.beat()
                for command in self._new_commands():
                    self._handle(command)
                if self._training:
                    self._guard(self._advance)
                self._answer_here()
        except Exception:
            log.exception("The device thread has ended.")
            self._events.put(Failed("The engine has failed.", "Restart Ganvas.", traceback.format_exc()))
        finally:
            self._end()

    def _begin(self) -> None:
        from studio.engine.device import choose_device, core_count, describe_device, lower_priority, use_threads

        device = choose_device()
        if device.type == "cpu":
            self._start_companion()
        lower_priority(self._options.nice)
        use_threads(core_count() - self._options.leave_cores)
        self._events.put(describe_device(device))

    def _end(self) -> None:
        self._requests.close()
        if self._companion:
            self._companion.join()
        self._server.close()
        if self._job:  # held: it could not be saved
            self._job.let_go()

    @property
    def _training(self) -> bool:
        return self._job is not None and self._job.state is RunState.TRAINING

    def _new_commands(self) -> Iterator[commands.Command | None]:
        """What has been submitted; waits for something while there is nothing to do. None only wakes the thread."""
        if not self._training and (self._companion or not self._server.busy):
            with self._pulse.rest():
                command = self._commands.get()
            yield command
        while not self._closing and not self._commands.empty():
            yield self._commands.get()

    def _handle(self, command: commands.Command | None) -> None:
        match command:
            case commands.TrainPlan() | commands.ResumeRun():
                self._guard(lambda: self._start_job(command), fatal=False)
            case commands.OpenRun():
                self._guard(lambda: self._open(command), fatal=False)
            case commands.Pause() if self._job and self._training:
                self._guard(self._job.pause)
            case commands.Proceed() if self._job and self._job.state is RunState.PAUSED:
                self._guard(self._job.begin)
            case commands.Stop():
                self._stop_asked.clear()
                self._guard(self._stop)
            case commands.SetHyperparameter(name, value) if self._job:
                job = self._job
                self._guard(lambda: job.change(name, value), fatal=False)
            case commands.Close():
                self._guard(self._stop)
                self._closing = True
            case _:
                pass

    def _start_job(self, command: commands.TrainPlan | commands.ResumeRun) -> None:
        from studio.data.cache import Cancelled
        from studio.engine import start

        if self._job is not None:
            raise StudioError("A run is in training already.", "Stop it first.")
        self._events.put(StateChanged(RunState.PREPARING))
        try:
            if isinstance(command, commands.TrainPlan):
                job = start.begin(command, self._surroundings())
            else:
                job = start.resume(command, self._surroundings())
        except Cancelled:
            self._events.put(StateChanged(RunState.IDLE))
            return
        except Exception:
            self._events.put(StateChanged(RunState.FAILED))
            raise
        self._job = job
        self._add_player(job.player, live=True)
        self._guard(job.begin)

    def _advance(self) -> None:
        assert self._job is not None
        self._job.advance()
        if not self._job.state.busy:
            self._retire()

    def _stop(self) -> None:
        if self._job is None:
            return
        self._job.end(RunState.STOPPED)
        self._retire()

    def _retire(self) -> None:
        """Lets go of a job that has ended; its player stays to be played with."""
        job, self._job = self._job, None
        if job is None:
            return
        self._host.run_finished(job.run.folder, str(job.state))
        self._add_player(job.player, live=False)

    def _open(self, command: commands.OpenRun) -> None:
        from studio.engine.device import choose_device
        from studio.engine.player import load_player

        run = self._store.find(command.run)
        if self._job and self._job.player.run == str(run.folder) and command.step is None:
            self._add_player(self._job.player, live=True)
            return
        self._add_player(load_player(run, self._host, choose_device(command.device), command.step), live=False)

    def _add_player(self, player: Player, *, live: bool) -> None:
        players = {run: other for run, other in self._players.items() if run != player.run}
        keep = self._job.player.run if self._job else player.run
        while len(players) >= MAX_PLAYERS:
            del players[next(run for run in players if run != keep)]
        self._players = {**players, player.run: player}
        self._events.put(RunOpened(player.run, player.facts, live, player.step_now()))

    def _player(self, run: str) -> Player | None:
        return self._players.get(run)

    def _surroundings(self) -> Surroundings:
        from studio.engine.start import Surroundings

        return Surroundings(self._host, self._store, self._events.put, self._stop_asked.is_set)

    def _guard(self, action: Callable[[], Any], *, fatal: bool = True) -> None:
        """Runs `action` and tells whatever it raises. Where that is `fatal` it ends a run in training; a full disk
        only holds it.
        """
        try:
            action()
        except DiskError as error:
            held = isinstance(error, DiskFullError) and self._job is not None
            self._events.put(Failed(error.message, error.remedy, held=held))
            if self._training and self._job:
                self._job.hold()
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a plugin's bug ends the run, not the thread
            failure = explain(error, self._job)
            self._events.put(failure)
            if fatal:
                self._give_up(failure.message)
            self._closing = self._options.end_with_the_gpu and device_is_lost(error)

    def _give_up(self, message: str) -> None:
        if self._job and self._job.state in (RunState.TRAINING, RunState.STOPPING):
            self._job.fail(message)
            self._retire()

    def _start_companion(self) -> None:
        ready = threading.Event()
        self._companion = threading.Thread(target=self._accompany, args=(ready,), name="ganvas-render", daemon=True)
        self._companion.start()
        ready.wait()

    def _accompany(self, ready: threading.Event) -> None:
        from studio.engine.device import use_threads

        use_threads(1)
        self._server.pulse.begin()
        ready.set()
        while not self._requests.closed:
            self._server.serve(timeout=None)

    def _answer_here(self) -> None:
        if not self._companion:
            self._server.serve()
