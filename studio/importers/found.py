"""What a foreign file turned out to be: one of our models, with all of its numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from studio.importers.arrays import Array
from studio.importers.errors import FOREIGN, ForeignFileError

COLOURS = 3


@dataclass(frozen=True)
class Found:
    """One of our models.

    Attributes:
        model: its id; empty for tensors whose model the person must name.
        hyperparameters: those that the file settles.
        networks: arrays by name, a network of the model's each; what is rendered with where a file has several.
        classes: how many classes a conditional model knows; 0 for another.
        description: what it is, in a few words: `StyleGAN2-ADA, 1024 px`.
        notes: what a person should know about it, sentences.
    """

    model: str
    hyperparameters: Mapping[str, Any]
    networks: Mapping[str, Mapping[str, Array]]
    classes: int = 0
    description: str = ""
    notes: Sequence[str] = field(default_factory=tuple)


def unfit(what: str) -> ForeignFileError:
    """What to raise for a network that is not quite one of ours; `what` is a clause such as `it draws in grey`."""
    return ForeignFileError(f"The file's network is of a kind that Ganvas does not have: {what}.", FOREIGN)
