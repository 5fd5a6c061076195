"""The inpainting canvas's document: a picture, what of it is masked, how to search, and what was found."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from studio.api.errors import StudioError
from studio.edit import checked
from studio.edit.brushed import DIGITS
from studio.edit.embedded import Picture
from studio.edit.inpaint_mask import MOST_MARKS, WIDEST_FEATHER, Mark, MaskSheet, feathered
from studio.edit.inpaint_request import InpaintRequest, Space
from studio.edit.inpaint_search import ITERATIONS, PRIOR, InpaintSearch
from studio.edit.latent import MAX_SEED
from studio.edit.strokes import MOST_POINTS

if TYPE_CHECKING:
    from studio.api.model import GanModel

MOST_CANDIDATES = 16
MOST_ITERATIONS = 5000
PRIORS = (0.001, 100.0)
LONGEST_NAME = 200
LONGEST_LATENT = 2**16
SPACES: tuple[Space, ...] = ("z", "w")
INVERT = Mark("invert")

NO_ROOM = StudioError("There is no room for more strokes.", "Fill what is masked, save it, and go on from the picture.")


@dataclass(frozen=True)
class Candidate:
    """One way to fill the hole.

    Attributes:
        seed: where its search began.
        space: what its latent is.
        latent: float32, little-endian, in base64.
        loss: what the search made as small as it could.
        mismatch: how far it is from the picture around the hole, as a share of full range.
        realism: D's verdict, in standard deviations from what the model draws at random.
    """

    seed: int
    space: Space
    latent: str
    loss: float
    mismatch: float
    realism: float

    @classmethod
    def of(cls, seed: int, space: Space, latent: np.ndarray, loss: float, mismatch: float, realism: float) -> Self:
        """The candidate whose latent is float32 (dim,)."""
        text = base64.b64encode(latent.astype("<f4").tobytes()).decode()
        return cls(seed, space, text, *(round(float(value), 6) for value in (loss, mismatch, realism)))

    @property
    def values(self) -> np.ndarray:
        """Float32 (dim,)."""
        return np.frombuffer(base64.b64decode(self.latent), "<f4").astype(np.float32)

    def to_json(self) -> dict[str, Any]:
        """JSON-ready values."""
        return {
            "seed": self.seed,
            "space": self.space,
            "latent": self.latent,
            "loss": self.loss,
            "mismatch": self.mismatch,
            "realism": self.realism,
        }

    @classmethod
    def from_json(cls, values: object) -> Self:
        """The candidate that `to_json` wrote.

        Raises:
            StudioError: anything that it cannot have written.
        """
        read = checked.mapping(values, "candidate")
        return cls(
            checked.whole(read.get("seed"), "seed", 0, MAX_SEED),
            checked.choice(read.get("space"), "space", SPACES),
            _latent(read.get("latent")),
            checked.number(read.get("loss"), "loss"),
            checked.number(read.get("mismatch"), "mismatch"),
            checked.number(read.get("realism"), "realism"),
        )


@dataclass(frozen=True)
class InpaintDocument:
    """Everything that decides the inpainting canvas's picture, apart from the weights. Methods return changed copies.

    Attributes:
        picture: what has a hole; None on an empty canvas.
        name: what a person calls it.
        marks: the mask, oldest mark first.
        feather: how far the mask fades out around what is masked, as a share of the picture's side.
        blend: whether what is found takes on the colours around the hole.
        candidates: how many are searched for at once.
        seed: the first one's; the others have the seeds that follow.
        iterations: how long.
        prior: lambda, the weight of D's verdict.
        label: the class to draw, for models that have classes.
        found: what the last search came to, best first.
        chosen: which of them fills the hole.
        sought: what they were searched for: `question` as it was then.
    """

    picture: Picture | None = None
    name: str = ""
    marks: tuple[Mark, ...] = ()
    feather: float = 0.0
    blend: bool = True
    candidates: int = 4
    seed: int = 0
    iterations: int = ITERATIONS
    prior: float = PRIOR
    label: int | None = None
    found: tuple[Candidate, ...] = ()
    chosen: int = 0
    sought: str = ""

    @property
    def seeds(self) -> tuple[int, ...]:
        """Where the next search begins, a seed for each candidate."""
        return tuple((self.seed + index) % (MAX_SEED + 1) for index in range(self.candidates))

    @property
    def question(self) -> str:
        """SHA-256 of what a search is for: the picture and its mask."""
        picture = None if self.picture is None else self.picture.text
        return _digest([picture, [mark.to_json() for mark in self.marks], self.feather])

    @property
    def outdated(self) -> bool:
        """Whether the candidates were searched for another picture or mask."""
        return bool(self.found) and self.sought != self.question

    @property
    def best(self) -> Candidate | None:
        """The candidate that fills the hole."""
        return self.found[self.chosen] if self.found else None

    def pixels(self, resolution: int) -> np.ndarray:
        """The picture, uint8 (resolution, resolution, 3).

        Raises:
            StudioError: there is none.
        """
        if self.picture is None:
            raise StudioError("There is no picture in this edit.", "Put one on the inpainting canvas first.")
        return self.picture.scaled(resolution)

    def cover(self, sheet: MaskSheet) -> np.ndarray:
        """How much of each pixel is replaced: float32 (S, S) in [0, 1], at the sheet's resolution."""
        return feathered(sheet.cover(self.marks), self.feather)

    def with_picture(self, picture: Picture, name: str = "") -> Self:
        """Another picture, without a mask."""
        return replace(self, picture=picture, name=name[:LONGEST_NAME], marks=(), found=(), chosen=0, sought="")

    def with_marks(self, marks: Sequence[Mark]) -> Self:
        """Another mask. What was found stays: it fills the other hole as well as it can.

        Raises:
            StudioError: there is no room for it.
        """
        if len(marks) > MOST_MARKS or sum(len(mark.points) for mark in marks) > MOST_POINTS:
            raise NO_ROOM
        return replace(self, marks=tuple(marks))

    def inverted(self) -> Self:
        """With what is masked and what is not exchanged."""
        if self.marks[-1:] == (INVERT,):
            return replace(self, marks=self.marks[:-1])
        return self.with_marks((*self.marks, INVERT))

    def with_feather(self, feather: float) -> Self:
        """Another feather, held within its bounds."""
        return replace(self, feather=round(min(max(feather, 0.0), WIDEST_FEATHER), DIGITS))

    def with_found(self, found: Sequence[Candidate], sought: str | None = None) -> Self:
        """With what a search has come to, the best chosen; `sought` None: it was for what is here now."""
        ordered = tuple(sorted(found, key=lambda one: one.loss))
        return replace(self, found=ordered, chosen=0, sought=self.question if sought is None else sought)

    def choosing(self, index: int) -> Self:
        """With another candidate in the hole, held within those found."""
        return replace(self, chosen=max(0, min(index, len(self.found) - 1)))

    def search(self, resolution: int) -> InpaintSearch:
        """The search for candidates.

        Raises:
            StudioError: there is no picture.
        """
        cover = self.cover(MaskSheet(resolution))
        return InpaintSearch(self.pixels(resolution), cover, self.seeds, self.iterations, self.prior, self.label)

    def request(self, sheet: MaskSheet, found: Sequence[Candidate]) -> InpaintRequest:
        """The request for the pictures of candidates: at least one, all of one space.

        Raises:
            StudioError: there is no picture, or the candidates differ in kind.
        """
        if len({(one.space, len(one.latent)) for one in found}) != 1:
            raise StudioError("Nothing was found yet for this edit's hole.", "Search on the inpainting canvas first.")
        latents = np.stack([one.values for one in found])
        return InpaintRequest(
            self.pixels(sheet.resolution), self.cover(sheet), latents, found[0].space, self.label, self.blend
        )

    def wish(self, model: GanModel) -> InpaintRequest:
        """The request for the picture with its hole filled by the chosen candidate.

        Raises:
            StudioError: there is no picture, or nothing was found yet.
        """
        return self.request(MaskSheet(model.data.resolution), self.found[self.chosen : self.chosen + 1])

    def digest(self) -> str:
        """SHA-256 of the content, in hexadecimal: equal for equal documents, in every version and on every machine."""
        return _digest(self.to_json())

    def to_json(self) -> dict[str, Any]:
        """JSON-ready values."""
        return {
            "picture": None if self.picture is None else self.picture.text,
            "name": self.name,
            "marks": [mark.to_json() for mark in self.marks],
            "feather": self.feather,
            "blend": self.blend,
            "candidates": self.candidates,
            "seed": self.seed,
            "iterations": self.iterations,
            "prior": self.prior,
            "label": self.label,
            "found": [one.to_json() for one in self.found],
            "chosen": self.chosen,
            "sought": self.sought,
        }

    @classmethod
    def from_json(cls, values: object) -> Self:
        """The document that `to_json` wrote.

        Raises:
            StudioError: anything that it cannot have written.
        """
        read = checked.mapping(values, "document")
        picture, label = read.get("picture"), read.get("label")
        marks = tuple(Mark.from_json(one) for one in checked.sequence(read.get("marks", []), "marks", MOST_MARKS))
        found = tuple(
            Candidate.from_json(one) for one in checked.sequence(read.get("found", []), "found", MOST_CANDIDATES)
        )
        made = cls(
            picture=None if picture is None else Picture.from_text(checked.text(picture, "picture")),
            name=checked.text(read.get("name", ""), "name")[:LONGEST_NAME],
            feather=checked.number(read.get("feather", 0.0), "feather", 0, WIDEST_FEATHER),
            blend=checked.truth(read.get("blend", True), "blend"),
            candidates=checked.whole(read.get("candidates", 4), "candidates", 1, MOST_CANDIDATES),
            seed=checked.whole(read.get("seed", 0), "seed", 0, MAX_SEED),
            iterations=checked.whole(read.get("iterations", ITERATIONS), "iterations", 1, MOST_ITERATIONS),
            prior=checked.number(read.get("prior", PRIOR), "prior", *PRIORS),
            label=None if label is None else checked.whole(label, "label", 0, 2**31),
            found=found,
            chosen=checked.whole(read.get("chosen", 0), "chosen", 0, max(len(found) - 1, 0)),
            sought=checked.text(read.get("sought", ""), "sought"),
        )
        return made.with_marks(marks)


def candidates_of(seeds: Sequence[int], told: Mapping[str, np.ndarray]) -> tuple[Candidate, ...]:
    """What a search told of its candidates, one for each seed."""
    space: Space = "w" if str(told["space"]) == "w" else "z"
    rows = zip(seeds, told["latent"], told["loss"], told["mismatch"], told["realism"], strict=True)
    return tuple(
        Candidate.of(seed, space, latent, float(loss), float(mismatch), float(realism))
        for seed, latent, loss, mismatch, realism in rows
    )


def _latent(value: object) -> str:
    text = checked.text(value, "latent")
    try:
        latent = np.frombuffer(base64.b64decode(text, validate=True), "<f4")
    except (ValueError, binascii.Error):
        raise checked.unreadable("latent") from None
    if not 1 <= len(latent) <= LONGEST_LATENT or not np.isfinite(latent).all():
        raise checked.unreadable("latent")
    return text


def _digest(values: object) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
