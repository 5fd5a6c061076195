"""How commands speak: text for people, or one JSON object a line with nothing else on standard output."""

from __future__ import annotations

import contextlib
import errno
import json
import math
import os
import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TextIO

import typer

HOW_TO_REPORT = (
    "This is a bug in Ganvas or in a plugin. `ganvas doctor --report FILE` writes what a report of it needs."
)
STDOUT, STDERR = 1, 2
NOBODY_READS = 141  # as a shell reports a program that SIGPIPE ended
CLOSED = (errno.EPIPE, errno.EIO)  # of a pipe, of a terminal


class Output:
    """Where a command's results go.

    Attributes:
        json: whether results are JSON lines.
    """

    def __init__(self, stream: TextIO, *, json: bool) -> None:
        self.json = json
        self._stream = stream

    def object(self, **fields: Any) -> None:
        """Prints one JSON object, on one line, where JSON was asked for. What is not a finite number becomes null."""
        if self.json:
            self._print(json.dumps(_finite(fields), default=str))

    def text(self, text: str = "") -> None:
        """Prints text where JSON was not asked for."""
        if not self.json:
            self._print(text)

    def table(self, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Prints columns as wide as they need to be, where JSON was not asked for."""
        self.text("\n".join(columns([headers, *rows])))

    def say(self, text: str) -> None:
        """Tells how it went: on standard output, or beside the JSON on standard error."""
        if self.json:
            self.note(text)
        else:
            self._print(text)

    def note(self, text: str) -> None:
        """Tells a person something that is not the result: on standard error, in both modes."""
        tell(text)

    def _print(self, text: str) -> None:
        try:
            _write_line(self._stream, text)
        except OSError as error:
            if error.errno in CLOSED:
                raise typer.Exit(NOBODY_READS) from None
            raise _unwritten(error) from error


@contextlib.contextmanager
def output(*, json: bool) -> Iterator[Output]:
    """The output of one command. In JSON mode whatever else anybody prints meanwhile goes to standard error."""
    if not json:
        yield Output(sys.stdout, json=False)
        return
    with _reserved_stdout() as stream, contextlib.redirect_stdout(sys.stderr):
        yield Output(stream, json=True)


def tell(text: str) -> None:
    """Writes a line to standard error, and does not mind if nobody reads it, or if the disk of a log is full."""
    with contextlib.suppress(OSError):
        _write_line(sys.stderr, text)


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines of left-aligned cells, two blanks apart."""
    widths = [max(_width(row[index]) for row in rows) for index in range(len(rows[0]))]
    padded = [[cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)] for row in rows]
    return ["  ".join(row).rstrip() for row in padded]


def indented(text: str, indent: int) -> str:
    """Text wrapped to the terminal, every line indented."""
    width = max(40, min(shutil.get_terminal_size().columns, 120))
    margin = " " * indent
    return textwrap.fill(text, width, initial_indent=margin, subsequent_indent=margin, break_long_words=False)


@contextlib.contextmanager
def _reserved_stdout() -> Iterator[TextIO]:
    # Native code prints past sys.stdout, so the descriptor itself is moved away.
    if not _is_descriptor(sys.stdout, STDOUT) or not _is_descriptor(sys.stderr, STDERR):
        yield sys.stdout
        return
    sys.stdout.flush()
    kept = os.dup(STDOUT)
    os.dup2(STDERR, STDOUT)
    stream = os.fdopen(kept, "w", encoding="ascii", closefd=False)
    try:
        yield stream
    finally:
        with contextlib.suppress(OSError):  # told when it was written
            stream.close()
        os.dup2(kept, STDOUT)
        os.close(kept)


def _write_line(stream: TextIO, text: str) -> None:
    stream.write(f"{text}\n")
    stream.flush()


def _unwritten(error: OSError) -> Exception:
    from studio.api.errors import StudioError

    return StudioError(
        f"What this command says could not be written: {error.strerror}.", "See where standard output goes."
    )


def _is_descriptor(stream: TextIO, number: int) -> bool:
    try:
        return stream.fileno() == number
    except (OSError, AttributeError):
        return False


def _width(text: str) -> int:
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(unicodedata.combining(character) > 0 for character in text)


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    return value
