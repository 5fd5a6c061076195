"""The inpainting document under a person's hands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from studio.edit.embedded import Picture
from studio.edit.inpaint import Candidate, InpaintDocument
from studio.edit.latent import MAX_SEED
from studio.gui.canvases.editor import DocumentEditor
from studio.gui.canvases.seed_box import random_seed


class InpaintEditor(DocumentEditor[InpaintDocument]):
    """Every way to change it, apart from painting."""

    def put(self, picture: Picture, name: str) -> None:
        """Another picture, without a mask."""
        self.edit(self.document.with_picture(picture, name), "Put a picture")

    def clear(self) -> None:
        """Takes the whole mask off."""
        self.edit(self.document.with_marks(()), "Clear the mask")

    def invert(self) -> None:
        """Masks what is not masked."""
        if self.document.picture is not None:
            self.edit(self.document.inverted(), "Invert the mask")

    def feather(self, feather: float) -> None:
        """Fades the mask out, in the middle of a gesture."""
        self.edit(self.document.with_feather(feather), "Feather the mask", gesture=True)

    def plan(self, text: str, **values: Any) -> None:
        """Searches otherwise next time, in the middle of a gesture; `values` are fields of the document."""
        self.edit(replace(self.document, **values), text, gesture=True)

    def choose_seed(self, seed: int) -> None:
        """Begins the next search elsewhere."""
        self.edit(replace(self.document, seed=min(max(seed, 0), MAX_SEED)), "Choose a seed")

    def throw_seed(self) -> None:
        """Begins the next search at random."""
        self.choose_seed(random_seed())

    def blend(self, *, on: bool) -> None:
        """Whether what is found takes on the colours around the hole."""
        self.edit(replace(self.document, blend=on), "Blend" if on else "Do not blend")

    def label(self, label: int) -> None:
        """Draws another class."""
        self.edit(replace(self.document, label=label), "Choose a class")

    def found(self, candidates: Sequence[Candidate], sought: str) -> None:
        """What a search has come to."""
        self.edit(self.document.with_found(candidates, sought), "Fill the hole")

    def choose(self, index: int) -> None:
        """Puts another candidate into the hole."""
        self.edit(self.document.choosing(index), "Choose a candidate")

    def step(self, by: int) -> None:
        """Goes through the candidates."""
        self.choose(self.document.chosen + by)
