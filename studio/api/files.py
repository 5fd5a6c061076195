"""What an importer or an exporter of model files declares."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ImporterSpec:
    """A reader of others' model files.

    Attributes:
        id: unique among importers.
        title: what the person reads.
        suffixes: lower-case file endings it looks at, with the dot.
        reader: `module:callable` taking a path and the folder of the run to fill.
    """

    id: str
    title: str
    suffixes: tuple[str, ...]
    reader: str


@dataclass(frozen=True)
class ExporterSpec:
    """A writer of a run's networks in another format.

    Attributes:
        id: what is typed after `--format`; not `safetensors` or `onnx`, which the studio writes itself.
        title: what the person reads.
        suffix: the file ending it writes, in lower case with the dot.
        writer: `module:callable` taking the `GanModel`, on the CPU with its averaged networks in `ema`, and the `Path`
            to write. The path has the name that the person chose, in a folder for this file alone; what is written
            there takes its place when the writer has returned. Raise `StudioError` for what a person can mend: a
            model without the capability that the format needs, for instance.
    """

    id: str
    title: str
    suffix: str
    writer: str
