"""The mixing canvas's document: seeds as rows and columns, and which layers of the picture take whose style."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from studio.api.capabilities import LatentSpace
from studio.api.errors import StudioError
from studio.edit import checked
from studio.edit.latent import MAX_SEED
from studio.edit.mix_request import MixRequest
from studio.edit.requests import space_of

if TYPE_CHECKING:
    from studio.api.model import GanModel

MOST_SOURCES = 8
MOST_LAYERS = 64
FEW_LAYERS = 12
COARSE, MIDDLE = 4, 8
DEFAULT_PSI = 0.7

Span = tuple[int, int]


@dataclass(frozen=True)
class Layer:
    """One layer of the picture.

    Attributes:
        column: the column whose style is mixed in; None for the row's alone.
        weight: how much of it, 0 (the row's) to 1 (the column's).
        locked: whether changes of many layers pass it over.
    """

    column: int | None = None
    weight: float = 1.0
    locked: bool = False


@dataclass(frozen=True)
class MixDocument:
    """Everything that decides the mixing canvas's pictures, apart from the weights. Methods return changed copies.

    Attributes:
        rows: seeds of the pictures that styles are mixed into, 1 to 8.
        columns: seeds of the pictures whose styles are mixed in, 1 to 8.
        row: the row that the picture is made from.
        layers: one a layer of the model, coarse to fine.
        span: the layers that the matrix mixes, and that are set when one of its cells is chosen: first, one past last.
        noise: each layer's noise: a seed, or None for none; None in all for that which the model was born with.
        psi: truncation, 0 (the mean picture) to 1 (w as it is).
        cutoff: the layer from which on there is no truncation; None truncates all.
        label: the class to draw, for models that have classes.
    """

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    layers: tuple[Layer, ...]
    span: Span
    row: int = 0
    noise: tuple[int | None, ...] | None = None
    psi: float = DEFAULT_PSI
    cutoff: int | None = None
    label: int | None = None

    @classmethod
    def start(cls, num_ws: int, sources: int = 4) -> Self:
        """Seeds 0, 1, ... as rows, the next as columns, nothing mixed yet; the matrix mixes the coarse layers."""
        rows, columns = tuple(range(sources)), tuple(range(sources, 2 * sources))
        return cls(rows, columns, (Layer(),) * num_ws, spans(num_ws)["Coarse"])

    def request(self, space: LatentSpace) -> MixRequest:
        """The picture, alone."""
        return self._wish(space, self._picture()[None])

    def wish(self, model: GanModel) -> MixRequest:
        """The request for the picture.

        Raises:
            StudioError: the model has no z.
        """
        return self.request(space_of(model))

    def matrix_request(self, space: LatentSpace) -> MixRequest:
        """The pictures of the rows, those of the columns, and then each row mixed with each column, row by row."""
        count = len(self.rows) + len(self.columns)
        alone = np.repeat(np.eye(count, dtype=np.float32)[:, None], len(self.layers), axis=1)
        mixed = [self._cell(row, column) for row in range(len(self.rows)) for column in range(len(self.columns))]
        return self._wish(space, np.concatenate([alone, np.stack(mixed)]))

    def with_cell(self, row: int, column: int) -> Self:
        """Made from a row, with a column's style in the layers of the span that are not locked."""
        return replace(self, row=row)._in_span(lambda layer: replace(layer, column=column, weight=1.0))

    def with_style(self, seed: int, span: Span) -> Self:
        """With the style of a seed in layers that are not locked; one column more, where none has the seed.

        Raises:
            StudioError: the layers are locked, or there are eight columns already.
        """
        if self.all_locked(span):
            raise StudioError(f"{_named(span)} locked.", "Unlock what is to take another style.")
        if seed not in self.columns and len(self.columns) == MOST_SOURCES:
            raise StudioError(f"There are {MOST_SOURCES} columns already.", "Take one out first.")
        columns = self.columns if seed in self.columns else (*self.columns, seed)
        style = replace(self, columns=columns, span=span)
        taken = style._in_span(lambda layer: replace(layer, column=columns.index(seed), weight=1.0))
        return replace(taken, span=self.span)

    def all_locked(self, span: Span) -> bool:
        """Whether changes of these layers would pass every one of them over."""
        return all(layer.locked for layer in self.layers[slice(*span)])

    def with_row(self, row: int) -> Self:
        """Made from another row."""
        return replace(self, row=row)

    def with_layer(self, index: int, layer: Layer) -> Self:
        """With one layer changed, locked or not."""
        return replace(self, layers=(*self.layers[:index], layer, *self.layers[index + 1 :]))

    def with_weight(self, weight: float) -> Self:
        """With that much of the columns' styles in the layers of the span that have any and are not locked."""
        held = min(max(weight, 0.0), 1.0)
        return self._in_span(lambda layer: layer if layer.column is None else replace(layer, weight=held))

    def cleared(self) -> Self:
        """With nothing mixed in, but for locked layers."""
        return replace(self, layers=tuple(one if one.locked else Layer() for one in self.layers))

    def with_span(self, span: Span) -> Self:
        """With other layers in the matrix."""
        first = min(max(span[0], 0), len(self.layers) - 1)
        return replace(self, span=(first, min(max(span[1], first + 1), len(self.layers))))

    def with_seed(self, row: int | None, column: int | None, seed: int) -> Self:
        """With another seed in a row, or in a column."""
        held = min(max(seed, 0), MAX_SEED)
        if row is not None:
            return replace(self, rows=(*self.rows[:row], held, *self.rows[row + 1 :]))
        assert column is not None
        return replace(self, columns=(*self.columns[:column], held, *self.columns[column + 1 :]))

    def with_more(self, *, row: int | None = None, column: int | None = None) -> Self:
        """With one more row, or one more column, of a seed; unchanged where there are eight."""
        rows = self.rows if row is None or len(self.rows) == MOST_SOURCES else (*self.rows, row)
        columns = self.columns if column is None or len(self.columns) == MOST_SOURCES else (*self.columns, column)
        return replace(self, rows=rows, columns=columns)

    def without_row(self, index: int) -> Self:
        """Without a row; the last one stays."""
        if len(self.rows) == 1:
            return self
        row = self.row - 1 if index < self.row or self.row == len(self.rows) - 1 else self.row
        return replace(self, rows=(*self.rows[:index], *self.rows[index + 1 :]), row=max(row, 0))

    def without_column(self, index: int) -> Self:
        """Without a column, and without its style; the last one stays."""
        if len(self.columns) == 1:
            return self

        def moved(layer: Layer) -> Layer:
            if layer.column is None or layer.column < index:
                return layer
            return replace(layer, column=None if layer.column == index else layer.column - 1)

        columns = (*self.columns[:index], *self.columns[index + 1 :])
        return replace(self, columns=columns, layers=tuple(map(moved, self.layers)))

    def with_noise(self, noise: tuple[int | None, ...] | None) -> Self:
        """With other noise."""
        return replace(self, noise=noise)

    def with_layer_noise(self, index: int, seed: int | None) -> Self:
        """With other noise in one layer; the others get seed 0 where they had what the model was born with."""
        noise = self.noise or (0,) * len(self.layers)
        return replace(self, noise=(*noise[:index], seed, *noise[index + 1 :]))

    def with_psi(self, psi: float) -> Self:
        """Another truncation, held within 0 and 1."""
        return replace(self, psi=min(max(psi, 0.0), 1.0))

    def with_cutoff(self, cutoff: int | None) -> Self:
        """Truncated up to another layer."""
        return replace(self, cutoff=None if cutoff is None else min(max(cutoff, 0), len(self.layers)))

    def with_label(self, label: int | None) -> Self:
        """Another class."""
        return replace(self, label=label)

    def digest(self) -> str:
        """SHA-256 of the content, in hexadecimal: equal for equal documents, in every version and on every machine."""
        return hashlib.sha256(json.dumps(self.to_json(), sort_keys=True).encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """JSON-ready values."""
        return {
            "rows": list(self.rows),
            "columns": list(self.columns),
            "row": self.row,
            "layers": [{"column": one.column, "weight": one.weight, "locked": one.locked} for one in self.layers],
            "span": list(self.span),
            "noise": None if self.noise is None else list(self.noise),
            "psi": self.psi,
            "cutoff": self.cutoff,
            "label": self.label,
        }

    @classmethod
    def from_json(cls, values: object) -> Self:
        """The document that `to_json` wrote.

        Raises:
            StudioError: anything that it cannot have written.
        """
        read = checked.mapping(values, "document")
        rows, columns = (_seeds(read.get(name), name) for name in ("rows", "columns"))
        layers = tuple(_layer(one, len(columns)) for one in _some(read.get("layers"), "layers", MOST_LAYERS))
        count = len(layers)
        span = checked.sequence(read.get("span"), "span", 2)
        if len(span) != 2:
            raise checked.unreadable("span")
        first = checked.whole(span[0], "span", 0, count - 1)
        cutoff, label = read.get("cutoff"), read.get("label")
        return cls(
            rows=rows,
            columns=columns,
            layers=layers,
            span=(first, checked.whole(span[1], "span", first + 1, count)),
            row=checked.whole(read.get("row"), "row", 0, len(rows) - 1),
            noise=_noise(read.get("noise"), count),
            psi=checked.number(read.get("psi"), "psi", 0, 1),
            cutoff=None if cutoff is None else checked.whole(cutoff, "cutoff", 0, count),
            label=None if label is None else checked.whole(label, "label", 0, MAX_SEED),
        )

    def _in_span(self, change: Callable[[Layer], Layer]) -> Self:
        first, stop = self.span
        layers = (
            change(layer) if first <= index < stop and not layer.locked else layer
            for index, layer in enumerate(self.layers)
        )
        return replace(self, layers=tuple(layers))

    def _picture(self) -> np.ndarray:
        """How much of each source is in each layer of the picture: float32 (layers, sources)."""
        shares = np.zeros((len(self.layers), len(self.rows) + len(self.columns)), np.float32)
        shares[:, self.row] = 1
        for index, layer in enumerate(self.layers):
            if layer.column is not None:
                shares[index, self.row] = 1 - layer.weight
                shares[index, len(self.rows) + layer.column] = layer.weight
        return shares

    def _cell(self, row: int, column: int) -> np.ndarray:
        shares = np.zeros((len(self.layers), len(self.rows) + len(self.columns)), np.float32)
        shares[:, row] = 1
        shares[self.span[0] : self.span[1]] = 0
        shares[self.span[0] : self.span[1], len(self.rows) + column] = 1
        return shares

    def _wish(self, space: LatentSpace, shares: np.ndarray) -> MixRequest:
        z = np.stack([space.draw(seed) for seed in (*self.rows, *self.columns)])
        return MixRequest(z, shares, self.psi, self.cutoff, self.label, self.noise)


def spans(num_ws: int) -> dict[str, Span]:
    """Layers by what they decide (1812.04948, section 3.1): all, coarse (pose, shape), middle, fine (colour).

    The paper's bounds, 8 x 8 and 32 x 32 pixels; thirds where there are too few layers for these.
    """
    coarse, middle = COARSE, MIDDLE
    if num_ws < FEW_LAYERS:
        coarse, middle = math.ceil(num_ws / 3), math.ceil(2 * num_ws / 3)
    bounds = {"All": (0, num_ws), "Coarse": (0, coarse), "Middle": (coarse, middle), "Fine": (middle, num_ws)}
    return {name: span for name, span in bounds.items() if span[0] < span[1]}


def _named(span: Span) -> str:
    first, stop = span
    return f"Layer {stop} is" if stop - first == 1 else f"Layers {first + 1} to {stop} are"


def _some(value: object, name: str, most: int) -> Sequence[Any]:
    found = checked.sequence(value, name, most)
    if not found:
        raise checked.unreadable(name)
    return found


def _seeds(value: object, name: str) -> tuple[int, ...]:
    return tuple(checked.whole(seed, name, 0, MAX_SEED) for seed in _some(value, name, MOST_SOURCES))


def _layer(value: object, columns: int) -> Layer:
    read = checked.mapping(value, "layers")
    column = read.get("column")
    return Layer(
        None if column is None else checked.whole(column, "column", 0, columns - 1),
        checked.number(read.get("weight"), "weight", 0, 1),
        checked.truth(read.get("locked"), "locked"),
    )


def _noise(value: object, count: int) -> tuple[int | None, ...] | None:
    if value is None:
        return None
    found = checked.sequence(value, "noise", count)
    if len(found) != count:
        raise checked.unreadable("noise")
    return tuple(None if seed is None else checked.whole(seed, "noise", 0, MAX_SEED) for seed in found)
