"""What commands write: JSON that any program can read, columns that line up, progress, and quiet ends."""

from __future__ import annotations

import errno
import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from studio.cli.following import duration
from studio.cli.interrupts import interrupts
from studio.cli.output import columns, indented, output, tell
from studio.cli.progress import Progress
from tests.cli.conftest import Command

GANVAS = [sys.executable, "-c", "import sys; from studio.cli.main import main; sys.exit(main())"]


def test_json_holds_no_nan_and_nothing_but_ascii(capsys: pytest.CaptureFixture[str]) -> None:
    with output(json=True) as out:
        print("somebody else's words")
        out.object(loss=float("nan"), nested={"limits": (float("inf"), 1.5)}, path=Path("ü\udcff"))
        out.text("words for people")
        out.say("how it went")
    written = capsys.readouterr()
    assert written.out == '{"loss": null, "nested": {"limits": [null, 1.5]}, "path": "\\u00fc\\udcff"}\n'
    assert written.err == "somebody else's words\nhow it went\n"


def test_columns_line_up_in_any_script() -> None:
    assert columns([("a", "x"), ("絵画", "y"), ("e\u0301", "z")]) == ["a     x", "絵画  y", "e\u0301     z"]


def test_long_text_is_wrapped_and_indented(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "44")
    assert indented("word " * 12, 4) == "\n".join(["    " + " ".join(["word"] * 8), "    " + " ".join(["word"] * 4)])


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.4, "0 s"), (99, "99 s"), (100, "2 min"), (3600, "1 h 0 min"), (9000, "2 h 30 min")]
)
def test_durations_are_told_as_people_do(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_without_a_terminal_progress_is_a_line_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress()
    for done in range(1, 2001):
        progress.show("Preparing pictures", done, 2000, "soon")
    progress.show("Training", 1, 0)
    progress.close()
    lines = capsys.readouterr().err.splitlines()
    assert lines == ["Preparing pictures: 1 of 2,000  soon", "Preparing pictures: 2,000 of 2,000  soon", "Training: 1"]


def test_the_first_signal_asks_and_the_second_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[int] = []
    monkeypatch.setattr(os, "_exit", left.append)
    before = signal.getsignal(signal.SIGINT)
    with interrupts() as taken:
        signal.raise_signal(signal.SIGTERM)
        assert (taken.received, taken.exit_code, left) == (signal.SIGTERM, 143, [])
        signal.raise_signal(signal.SIGINT)
        assert left == [130]
    assert signal.getsignal(signal.SIGINT) == before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGHUP")
def test_a_terminal_that_is_closed_asks_once_however_often_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[int] = []
    monkeypatch.setattr(os, "_exit", left.append)
    with interrupts() as taken:
        for _ in range(2):  # by the shell and by the system
            signal.raise_signal(signal.SIGHUP)
        assert (taken.received, taken.exit_code, left) == (signal.SIGHUP, 129, [])
        signal.raise_signal(signal.SIGINT)
        assert left == [130]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGHUP")
def test_nohup_is_heeded() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with interrupts() as taken:
            signal.raise_signal(signal.SIGHUP)
            assert taken.received == 0
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("arguments", [["plugins", "--json"], ["plugins"]])
def test_a_disk_too_full_for_the_answer_is_one_sentence(ganvas: Command, arguments: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        told = subprocess.run([*GANVAS, *arguments], stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
    assert told.returncode == 2
    assert told.stderr.startswith(b"What this command says could not be written: No space left on device. See where")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_a_log_that_cannot_be_written_does_not_end_what_it_tells_of(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(number, os.strerror(number))

        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stderr", Broken())
    tell("Stopping")
    progress = Progress()
    progress.show("Training", 1, 2)
    progress.show("Training", 2, 2)
    progress.close()


@pytest.mark.parametrize("arguments", [["plugins", "--json"], ["plugins"]])
def test_a_reader_that_leaves_is_no_error(ganvas: Command, arguments: list[str]) -> None:
    process = subprocess.Popen([*GANVAS, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout
    process.stdout.close()
    assert process.stderr
    assert (process.stderr.read(), process.wait(60)) == (b"", 141)
    process.stderr.close()


def test_an_old_terminal_gets_escapes_instead_of_an_error(ganvas: Command, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    told = subprocess.run([*GANVAS, "show", "Gemälde"], env=environment, capture_output=True, timeout=60, check=False)
    assert told.returncode == 2
    assert rb"There is no run called Gem\xe4lde." in told.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send")
def test_ctrl_c_stops_a_real_command_and_json_stays_clean(ganvas: Command, pictures: Path) -> None:
    arguments = ["train", "gan", "--data", str(pictures), "--device", "cpu", "--steps", "1000000", "--json"]
    small = ["--set", "resolution=8", "--set", "width=4", "--set", "batch=2", "--set", "log_every=1"]
    with subprocess.Popen([*GANVAS, *arguments, *small], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        events = [line for line in iter(process.stdout.readline, b"") if _interrupt(process, line)]
        told = process.stderr.read().decode()
    assert process.returncode == 130
    assert b'"stopped"' in events[-1]
    assert all(line.startswith(b"{") for line in events)
    assert "Go on with: ganvas resume " in told
    assert "Traceback" not in told


def _interrupt(process: subprocess.Popen[bytes], line: bytes) -> bool:
    if b'"step": 3,' in line:
        process.send_signal(signal.SIGINT)
    return True
