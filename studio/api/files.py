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
        id: what is typed after `--format`.
        title: what the person reads.
        suffix: the file ending it writes, with the dot.
        writer: `module:callable` taking the model and the path to write.
    """

    id: str
    title: str
    suffix: str
    writer: str
