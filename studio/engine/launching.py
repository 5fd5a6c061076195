"""Starts an engine's process, or finds one that a window has left behind, and says how one has ended."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client
from pathlib import Path
from typing import TYPE_CHECKING

from studio.engine.endpoints import Endpoint, Endpoints
from studio.engine.picture_ring import RingReader
from studio.engine.wire import RefusalError, RingOpened, Wire, call

if TYPE_CHECKING:
    from studio.engine.places import ProcessOptions
    from studio.engine.worker import WorkerOptions

log = logging.getLogger(__name__)

START_SECONDS = 120.0
END_SECONDS = 5.0
POLL_SECONDS = 0.02
KEPT_LOGS = 10
TAIL = 6000

if sys.platform == "win32":
    NO_CONSOLE = subprocess.CREATE_NO_WINDOW
else:
    NO_CONSOLE = 0
SIGNALS = {
    "SIGSEGV": "a crash in native code",
    "SIGBUS": "a crash in native code",
    "SIGILL": "a crash in native code",
    "SIGFPE": "a crash in native code",
    "SIGABRT": "native code gave up",
    "SIGKILL": "from outside: by the system when memory ran out, or by someone",
    "SIGTERM": "from outside",
}


class LaunchError(Exception):
    """The engine did not start; the message ends a sentence, `detail` is the end of its log."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(reason)
        self.detail = detail


class Engine:
    """An engine's process, seen from the window.

    Attributes:
        wire: what is said to it and by it.
    """

    def __init__(
        self,
        wire: Wire,
        endpoint: Endpoint,
        endpoints: Endpoints,
        process: subprocess.Popen[bytes] | None,
        log_file: Path,
    ) -> None:
        self.wire = wire
        self._endpoint = endpoint
        self._endpoints = endpoints
        self._process = process
        self._log_file = log_file

    def abort(self) -> None:
        """Ends a process that no longer answers; where it can, it leaves every thread's traceback in its log."""
        if sys.platform == "win32":
            self._kill()
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._endpoint.pid, signal.SIGABRT)
        if not self._wait():
            self._kill()

    def bury(self) -> str:
        """Waits for the end of a process that has fallen silent, tidies up after it, and returns how it has ended.

        `by signal 11 (a crash in native code)`, `with exit code 3`, or nothing where that cannot be known.
        """
        self.wire.close()
        if not self._wait():
            self._kill()
        self._endpoints.remove(self._endpoint)
        return "" if self._process is None else how_it_ended(self._process.returncode)

    def last_lines(self) -> str:
        """The end of its log."""
        return last_lines(self._log_file)

    def _wait(self) -> bool:
        if self._process is not None:
            try:
                self._process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                return False
            return True
        return _until(lambda: not self._endpoint.running, END_SECONDS)

    def _kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        elif sys.platform != "win32":
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._endpoint.pid, signal.SIGKILL)
            self._wait()


def attach(home: Path, options: ProcessOptions) -> Engine | None:
    """An engine of this home that a window has left behind; None where there is none, or each has a window."""
    endpoints = Endpoints(home)
    for endpoint in endpoints.all():
        if not endpoint.fits or endpoint.safe_mode != options.safe_mode:
            continue
        try:
            wire = _connect(endpoint)
        except (ConnectionRefusedError, FileNotFoundError):
            endpoints.remove(endpoint)
        except (RefusalError, AuthenticationError, OSError, EOFError):
            continue
        else:
            return Engine(wire, endpoint, endpoints, None, log_file_of(home, endpoint.name))
    return None


def launch(home: Path, worker: WorkerOptions, options: ProcessOptions) -> Engine:
    """Starts a process and waits until it listens; torch is not loaded by then.

    Raises:
        LaunchError: it does not start.
    """
    name = f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(4)}"
    file = log_file_of(home, name)
    try:
        process = _spawn(
            home,
            file,
            {
                "name": name,
                "worker": {"leave_cores": worker.leave_cores, "nice": worker.nice},
                "process": asdict(options),
            },
        )
    except OSError as error:
        raise LaunchError(f": {error}", "") from error
    endpoints = Endpoints(home)
    _until(lambda: endpoints.read(name) is not None or process.poll() is not None, START_SECONDS)
    endpoint = endpoints.read(name)
    try:
        if endpoint is not None:
            return Engine(_connect(endpoint), endpoint, endpoints, process, file)
    except (RefusalError, AuthenticationError, OSError, EOFError):
        log.warning("The engine's process cannot be reached.", exc_info=True)
    code = process.poll()
    process.kill()
    process.wait()
    if endpoint is not None:
        endpoints.remove(endpoint)
    reason = f": it ended {how_it_ended(code)}" if code is not None else ": it did not answer"
    raise LaunchError(reason, last_lines(file))


def how_it_ended(code: int) -> str:
    """What an exit status means, as the end of a sentence."""
    if code >= 0:
        return f"with exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = ""
    meaning = f" ({SIGNALS[name]})" if name in SIGNALS else ""
    return f"by signal {-code}{meaning}"


def log_file_of(home: Path, name: str) -> Path:
    """Where an engine writes what it has to say."""
    return home / "logs" / "engine" / f"{name}.txt"


def last_lines(file: Path) -> str:
    """The end of a log; empty where there is none."""
    try:
        return file.read_bytes()[-TAIL:].decode("utf-8", "replace").strip()
    except OSError:
        return ""


def _spawn(home: Path, file: Path, given: dict[str, object]) -> subprocess.Popen[bytes]:
    file.parent.mkdir(parents=True, exist_ok=True)
    for old in sorted(file.parent.glob("*.txt"))[: -KEPT_LOGS + 1]:
        old.unlink(missing_ok=True)
    path = os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path)
    with file.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "studio.engine.child", str(home), json.dumps(given)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8:backslashreplace"},
            start_new_session=True,  # Ctrl-C in the terminal is the window's business, and so is the terminal's end
            creationflags=NO_CONSOLE,
        )


def _connect(endpoint: Endpoint) -> Wire:
    connection = Client(endpoint.address)
    try:
        wire, welcome = call(connection, bytes.fromhex(endpoint.key))
    except BaseException:
        connection.close()
        raise
    if welcome.ring:
        try:
            wire.reads = RingReader(Path(welcome.ring), welcome.ring_size)
        except OSError:
            log.warning("Pictures go through the socket.", exc_info=True)
        else:
            wire.send(RingOpened())
    return wire


def _until(holds: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(POLL_SECONDS)
    return True
