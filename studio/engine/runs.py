"""What is on disk of every run: its record, metrics, sample history, checkpoints and log. Readable without torch."""

from __future__ import annotations

import contextlib
import datetime
import json
import logging
import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pydantic

from studio.api.data import DataInfo
from studio.api.errors import StudioError
from studio.engine.atomic import append_line, disk_errors, sweep, write_atomically, write_json
from studio.engine.checkpoints import CheckpointStore
from studio.engine.events import RunState
from studio.engine.ownership import Ownership
from studio.engine.scores import SCORES, Scores

log = logging.getLogger(__name__)

RECORD = "run.json"
FORMAT = 1
METRICS = "metrics.jsonl"
SAMPLE_NAME = re.compile(r"step-(\d{12})\.png")

_DATA_INFO = pydantic.TypeAdapter(DataInfo)


class Change(pydantic.BaseModel):
    """A hyperparameter changed in mid-run, in force from `step` on."""

    model_config = pydantic.ConfigDict(frozen=True)

    step: int
    name: str
    old: Any
    new: Any


class Origin(pydantic.BaseModel):
    """Where a run comes from that was not trained here.

    Attributes:
        source: the name of the file; `sha256` its hash.
        lacks: the capabilities of its model that need a network which the file did not have.
    """

    model_config = pydantic.ConfigDict(frozen=True)

    source: str
    sha256: str
    lacks: tuple[str, ...] = ()


class RunRecord(pydantic.BaseModel):
    """`run.json`: all that is needed to understand a run and to go on with it.

    Attributes:
        model, plugin, plugin_version: what was trained, by whom.
        data: the source as it was typed; `data_info` what was known of it, `data_fingerprint` what was in it.
        hyperparameters: every value at the start; `changes` has what came later.
        steps: generator updates planned; `step` those done when the record was last written.
        environment: versions and machine, as they were.
        message: why it failed, where it did.
        origin: where its networks come from, where it was imported: it can be played with, and not resumed.
    """

    model_config = pydantic.ConfigDict(frozen=True, extra="ignore", protected_namespaces=())

    format: int = FORMAT
    model: str
    plugin: str = ""
    plugin_version: str = ""
    data: str
    data_info: dict[str, Any] = {}
    data_fingerprint: str = ""
    hyperparameters: dict[str, Any] = {}
    preset: str = ""
    seed: int = 0
    steps: int = 0
    device: str = "auto"
    precision: str = "auto"
    created: str = ""
    status: RunState = RunState.IDLE
    step: int = 0
    message: str = ""
    environment: dict[str, str] = {}
    changes: tuple[Change, ...] = ()
    origin: Origin | None = None

    @pydantic.field_validator("data_info")
    @classmethod
    def _of_data(cls, value: dict[str, Any]) -> dict[str, Any]:
        if value:
            _DATA_INFO.validate_python(value)
        return value


class _Format(pydantic.BaseModel):
    """The one field that records of every Ganvas have: of a newer one nothing else can be relied on."""

    format: int = FORMAT


class Run:
    """One run's folder.

    Attributes:
        folder: where it is; `name` its last part.
        record: `run.json` as last read or written.
        checkpoints: its checkpoints.
        scores: what they scored, where somebody has measured them.
    """

    def __init__(self, folder: Path, record: RunRecord) -> None:
        self.folder = folder
        self.record = record
        self.scores = Scores(folder / SCORES)
        self.checkpoints = CheckpointStore(folder / "checkpoints", self.scores.best)
        self._ownership = Ownership(folder / "run.lock")

    @classmethod
    def load(cls, folder: Path) -> Run:
        """Reads the run in `folder`. One whose process died reads as interrupted, at the step of its last checkpoint.

        Raises:
            StudioError: there is no run there, or its record is damaged or of a newer Ganvas.
        """
        try:
            written = (folder / RECORD).read_bytes()
            if _Format.model_validate_json(written).format > FORMAT:
                raise StudioError(f"The run in {folder} was written by a newer Ganvas.", "Update Ganvas to open it.")
            record = RunRecord.model_validate_json(written)
        except (FileNotFoundError, NotADirectoryError):
            raise StudioError(
                f"{folder} is not a run: it has no {RECORD}.", "See `ganvas runs` for those there are."
            ) from None
        except (pydantic.ValidationError, OSError) as error:
            raise StudioError(
                f"The record of the run in {folder} is damaged.", "Its checkpoints are untouched."
            ) from error
        run = cls(folder, record)
        if record.status.busy and not run.owned_by_another():
            saved = [checkpoint.step for checkpoint in run.checkpoints.all()]
            run.record = record.model_copy(update={"status": RunState.INTERRUPTED, "step": max(saved, default=0)})
        return run

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name

    def update(self, **changes: Any) -> None:
        """Replaces fields of the record and writes it, atomically."""
        self.record = self.record.model_copy(update=changes)
        write_json(self.folder / RECORD, self.record.model_dump(mode="json"))

    def note(self, text: str) -> None:
        """Adds a line to the run's log."""
        stamp = _now().isoformat(timespec="seconds")
        append_line(self.folder / "log.txt", f"{stamp} {text}")

    def acquire(self) -> None:
        """Makes this process the one that trains the run, and clears what a crash left half written.

        Raises:
            StudioError: another process is.
        """
        self._ownership.take(f"{self.name} is being trained by", "Stop it there first.")
        for folder in (self.folder, self.folder / "samples"):
            sweep(folder)
        self.checkpoints.sweep()

    def release(self) -> None:
        """Lets another process train the run."""
        self._ownership.release()

    def owned_by_another(self) -> bool:
        """Whether someone trains it at this moment."""
        return self._ownership.taken()

    def add_metrics(self, row: Mapping[str, Any]) -> None:
        """Appends one row; a kill loses at most the row in progress."""
        append_line(self.folder / METRICS, json.dumps(row))

    def metrics(self) -> Iterator[dict[str, Any]]:
        """Every row, oldest first: `step`, `images`, `elapsed` seconds, `time` (Unix), and the model's own names."""
        try:
            file = (self.folder / METRICS).open(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return
        with file:
            for line in file:
                try:
                    row = json.loads(line)
                except (ValueError, RecursionError):
                    continue  # the row that a kill cut short, or what is none
                if isinstance(row, dict) and isinstance(row.get("step"), int):
                    yield row

    def rewind(self, step: int) -> None:
        """Forgets metrics, samples, scores and changes after `step`: the run is about to live through them again."""
        rows = [row for row in self.metrics() if row["step"] <= step]
        write_atomically(self.folder / METRICS, ["".join(json.dumps(row) + "\n" for row in rows).encode()])
        for later, path in self.samples():
            if later > step:
                path.unlink(missing_ok=True)
        self.scores.rewind(step)
        self.update(changes=tuple(change for change in self.record.changes if change.step <= step))

    def sample_path(self, step: int) -> Path:
        """Where the sample grid of `step` belongs."""
        return self.folder / "samples" / f"step-{step:012d}.png"

    def samples(self) -> list[tuple[int, Path]]:
        """The sample grids that were kept, by step, oldest first."""
        found = []
        for path in (self.folder / "samples").glob("step-*.png"):
            if match := SAMPLE_NAME.fullmatch(path.name):
                found.append((int(match[1]), path))
        return sorted(found)


class RunStore:
    """The runs of one home."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.folder = home / "runs"

    def runs(self) -> list[Run]:
        """Every readable run, newest first. A damaged one is named in the log and left out."""
        found, unreadable = self.look_through()
        for reason in unreadable:
            log.info("%s", reason)
        return found

    def look_through(self) -> tuple[list[Run], list[StudioError]]:
        """Every readable run, newest first, and why others are not."""
        found, unreadable = [], []
        for record in self.folder.glob(f"*/{RECORD}"):
            try:
                found.append(Run.load(record.parent))
            except StudioError as error:
                unreadable.append(error)
        return sorted(found, key=lambda run: (run.record.created, run.name), reverse=True), unreadable

    def find(self, text: str) -> Run:
        """The run that `text` means: a folder, a name, or `latest`.

        Raises:
            StudioError: there is none.
        """
        if text == "latest":
            runs = self.runs()
            if not runs:
                raise StudioError("There are no runs yet.", "Begin one: ganvas train gan --data demo:icons.")
            return runs[0]
        with contextlib.suppress(OSError):  # longer than any name may be
            if (self.folder / text / RECORD).is_file():
                return Run.load(self.folder / text)
            folder = Path(text).expanduser()
            if folder.is_dir():
                return Run.load(folder.resolve())
        raise StudioError(f"There is no run called {text}.", "See `ganvas runs` for those there are.")

    def create(self, record: RunRecord, out: str = "") -> Run:
        """Makes the folder of a new run and takes hold of it.

        Raises:
            StudioError: `out` holds a run already, or may not be written.
        """
        created = _now()
        record = record.model_copy(update={"created": created.isoformat(timespec="milliseconds")})
        folder = free_folder(out) if out else self._new_folder(created, record.model)
        with disk_errors(folder):
            (folder / "samples").mkdir(parents=True, exist_ok=True)
            (folder / "checkpoints").mkdir(exist_ok=True)
        run = Run(folder, record)
        run.acquire()
        run.update()
        return run

    def _new_folder(self, created: datetime.datetime, model: str) -> Path:
        stem = f"{created:%Y%m%d-%H%M%S}-{model}"
        with disk_errors(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            for number in range(1, 1000):
                folder = self.folder / (stem if number == 1 else f"{stem}-{number}")
                try:
                    folder.mkdir()
                except FileExistsError:
                    continue
                return folder
        raise StudioError(f"There are too many runs called {stem}.", f"Clear out {self.folder}.")


def free_folder(out: str) -> Path:
    """The folder that a person chose for a new run.

    Raises:
        StudioError: there is a run in it already.
    """
    folder = Path(out).expanduser().resolve()
    if (folder / RECORD).exists():
        remedy = f"Go on with it: ganvas resume {shlex.quote(out)}. Or choose another folder."
        raise StudioError(f"There is a run in {out} already.", remedy)
    return folder


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
