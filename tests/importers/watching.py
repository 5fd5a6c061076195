"""Reads files in a process that notes whatever Python tells its auditors. Run with a folder of files; prints JSON."""

from __future__ import annotations

import codecs
import json
import sys
from pathlib import Path

from studio.importers import reading
from studio.importers.errors import ForeignFileError

QUIET = (
    "open",
    "mmap.__new__",
    "object.__getattr__",
    "cpython.",
    "sys._getframe",
    "builtins.id",
    "os.listdir",
    "os.scandir",
    "gc.",
)


def main(folder: Path) -> None:
    codecs.lookup("raw-unicode-escape")  # Python imports it when it is first used.
    files = sorted(folder.iterdir())
    seen: list[str] = []
    watching = False

    def note(event: str, arguments: tuple[object, ...]) -> None:
        if watching and not event.startswith(QUIET):
            seen.append(f"{event} {arguments!r}"[:200])

    sys.addaudithook(note)
    refusals: dict[str, str] = {}
    watching = True
    for path in files:
        try:
            reading.read_file(path)
        except ForeignFileError as error:
            refusals[path.name] = str(error)
        except Exception as error:  # noqa: BLE001 (told to the test, which fails)
            refusals[path.name] = f"BUG {type(error).__name__}: {error}"
    watching = False
    print(
        json.dumps(
            {"read": [path.name for path in files if path.name not in refusals], "refused": refusals, "events": seen}
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
