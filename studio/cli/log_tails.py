"""The ends of the newest logs of a home, for the report of a bug: of the window, the engine and plugins that failed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

NEWEST = 2
TAIL_BYTES = 8 * 1024
LONGEST_LINE = 400
FATAL = "Fatal Python error"
FOLDERS = {"window": "logs", "engine": "logs/engine", "plugins": "logs/plugins"}


@dataclass(frozen=True)
class LogTail:
    """The end of one log.

    Attributes:
        whose: `window`, `engine` or `plugins`.
        begun: when, as its file is called.
        text: its last lines, long ones cut short; about 8 kB at most.
    """

    whose: str
    begun: str
    text: str

    @property
    def crashed(self) -> bool:
        """Whether Python itself was ended, and left every thread's traceback."""
        return FATAL in self.text


def log_tails(home: Path) -> list[LogTail]:
    """The newest two of each kind, and the newest that ends with a crash of Python; the oldest first."""
    chosen: list[LogTail] = []
    for whose, folder in FOLDERS.items():
        tails = [LogTail(whose, path.stem, _tail(path)) for path in sorted((home / folder).glob("*.txt"))]
        crashes = [tail for tail in tails if tail.crashed]
        chosen += [tail for tail in tails if tail in (*tails[-NEWEST:], *crashes[-1:])]
    return [tail for tail in chosen if tail.text]


def _tail(path: Path) -> str:
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - TAIL_BYTES))
            text = file.read(TAIL_BYTES).decode("utf-8", "replace")
    except OSError as error:
        return f"It cannot be read: {error.strerror}."
    lines = text.splitlines()[1 if size > TAIL_BYTES else 0 :]
    return "\n".join(line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]} (cut)" for line in lines).strip()
