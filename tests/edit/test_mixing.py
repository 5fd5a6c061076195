"""Style mixing: the identities of mixing, and documents that survive their files."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from studio.api import DataInfo, DataKind, GanModel, Hyperparameters, LatentSpace, StudioError
from studio.edit.mix_request import MixRequest
from studio.edit.mixing import Layer, MixDocument, spans

SPACE = LatentSpace(6)
LAYERS = 9


class Styles(GanModel):
    """Every layer's w is z times the layer's number; the picture is its ws and its noise, plainly."""

    def __init__(self) -> None:
        super().__init__(Hyperparameters(), DataInfo(DataKind.UNLABELLED, 1, 8))
        self.device = torch.device("cpu")
        self.ema = {"G": nn.Linear(1, 1)}
        self.noise: Sequence[int | None] | None = None

    @property
    def num_ws(self) -> int:
        return LAYERS

    def mapping(
        self, z: Tensor, *, psi: float = 1.0, cutoff: int | None = None, labels: Tensor | None = None
    ) -> Tensor:
        ws = z[:, None] * torch.arange(1, LAYERS + 1, dtype=z.dtype)[None, :, None]
        truncated = ws * psi
        return truncated if cutoff is None else torch.cat([truncated[:, :cutoff], ws[:, cutoff:]], 1)

    def synthesis(self, ws: Tensor, *, noise_seeds: Sequence[int | None] | None = None) -> Tensor:
        self.noise = noise_seeds
        return ws[:, None]


@pytest.fixture
def document() -> MixDocument:
    return MixDocument.start(LAYERS)


def ws(wish: MixRequest) -> np.ndarray:
    found: np.ndarray = wish.render(Styles())[:, 0].numpy()
    return found


def alone(seed: int, psi: float = 0.7) -> np.ndarray:
    z = torch.from_numpy(SPACE.draw(seed))[None]
    return Styles().mapping(z, psi=psi)[0].numpy()


def test_nothing_mixed_is_the_row_and_everything_mixed_the_column(document: MixDocument) -> None:
    assert np.array_equal(ws(document.request(SPACE))[0], alone(0))
    everything = document.with_span((0, LAYERS)).with_cell(2, 1)
    assert np.array_equal(ws(everything.request(SPACE))[0], alone(5))
    assert np.array_equal(ws(everything.with_weight(0.0).request(SPACE))[0], alone(2))


def test_a_span_takes_the_columns_layers_and_no_others(document: MixDocument) -> None:
    mixed = ws(document.with_span((3, 6)).with_cell(1, 2).request(SPACE))[0]
    assert np.array_equal(mixed[3:6], alone(6)[3:6])
    assert np.array_equal(mixed[:3], alone(1)[:3])
    assert np.array_equal(mixed[6:], alone(1)[6:])


def test_psi_0_is_one_picture_for_all(document: MixDocument) -> None:
    pictures = ws(document.with_psi(0.0).matrix_request(SPACE))
    assert (pictures == pictures[0]).all()


def test_weights_are_continuous_and_any_number_of_sources_may_be_mixed(document: MixDocument) -> None:
    mixed = document.with_layer(0, Layer(0, 0.25)).with_layer(1, Layer(1, 0.5)).with_layer(2, Layer(2, 1.0))
    found = ws(mixed.request(SPACE))[0]
    np.testing.assert_allclose(found[0], 0.75 * alone(0)[0] + 0.25 * alone(4)[0], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(found[1], 0.5 * alone(0)[1] + 0.5 * alone(5)[1], rtol=1e-5, atol=1e-6)
    assert np.array_equal(found[2], alone(6)[2])


def test_the_matrix_is_rows_then_columns_then_mixtures(document: MixDocument) -> None:
    wide = document.with_span((3, 6)).without_column(3)
    pictures = ws(wide.matrix_request(SPACE))
    assert len(pictures) == 4 + 3 + 12
    for row in range(4):
        assert np.array_equal(pictures[row], alone(row))
        for column in range(3):
            cell = ws(wide.cleared().with_cell(row, column).request(SPACE))[0]
            assert np.array_equal(pictures[7 + 3 * row + column], cell)
    for column in range(3):
        assert np.array_equal(pictures[4 + column], alone(4 + column))


def test_locked_layers_stay(document: MixDocument) -> None:
    locked = document.with_layer(4, Layer(3, 0.5, locked=True)).with_span((0, LAYERS))
    for changed in (locked.with_cell(1, 0), locked.with_weight(0.1), locked.cleared()):
        assert changed.layers[4] == Layer(3, 0.5, locked=True)


def test_taking_a_column_out_takes_its_style_out(document: MixDocument) -> None:
    mixed = document.with_layer(0, Layer(0)).with_layer(1, Layer(1)).with_layer(2, Layer(2)).without_column(1)
    assert [layer.column for layer in mixed.layers[:3]] == [0, None, 1]
    assert mixed.columns == (4, 6, 7)


def test_taking_a_row_out_keeps_the_picture_where_it_can(document: MixDocument) -> None:
    chosen = document.with_row(2)
    assert chosen.without_row(0).rows[chosen.without_row(0).row] == 2
    assert chosen.without_row(3).rows[chosen.without_row(3).row] == 2
    assert document.with_row(3).without_row(3).row == 2
    only = MixDocument.start(LAYERS, sources=1)
    assert only.without_row(0) == only
    assert only.without_column(0) == only


def test_noise_and_truncation_reach_the_model(document: MixDocument) -> None:
    model = Styles()
    document.request(SPACE).render(model)
    assert model.noise is None
    document.with_layer_noise(2, None).with_layer_noise(3, 9).request(SPACE).render(model)
    assert model.noise == (0, 0, None, 9, 0, 0, 0, 0, 0)
    cut = ws(document.with_psi(0.5).with_cutoff(4).request(SPACE))[0]
    assert np.array_equal(cut[:4], alone(0, 0.5)[:4])
    assert np.array_equal(cut[4:], alone(0, 1.0)[4:])


@pytest.mark.parametrize("count", [1, 2, 3, 8, 9, 12, 18])
def test_spans_cover_all_layers_once(count: int) -> None:
    found = spans(count)
    parts = [found[name] for name in ("Coarse", "Middle", "Fine") if name in found]
    assert found["All"] == (0, count)
    assert [layer for first, stop in parts for layer in range(first, stop)] == list(range(count))
    if count >= 12:
        assert (found["Coarse"], found["Middle"]) == ((0, 4), (4, 8))


def test_another_model_is_refused(document: MixDocument) -> None:
    other = MixDocument.start(LAYERS + 1)
    with pytest.raises(StudioError, match="10 layers, and this model has 9"):
        other.request(SPACE).render(Styles())


def walked(document: MixDocument, steps: int, seed: int) -> list[MixDocument]:
    chance = random.Random(seed)
    way = [document]
    for _ in range(steps):
        now = way[-1]
        row, column = chance.randrange(len(now.rows)), chance.randrange(len(now.columns))
        layer, number = chance.randrange(LAYERS), chance.randrange(1000)
        moves = (
            lambda now=now, row=row, column=column: now.with_cell(row, column),
            lambda now=now, number=number: now.with_more(row=number),
            lambda now=now, number=number: now.with_more(column=number),
            lambda now=now, row=row: now.without_row(row),
            lambda now=now, column=column: now.without_column(column),
            lambda now=now, layer=layer: now.with_span((layer, layer + 3)),
            lambda now=now, layer=layer, column=column: now.with_layer(
                layer, Layer(column, 0.3, locked=layer % 2 == 0)
            ),
            lambda now=now, layer=layer, number=number: now.with_layer_noise(layer, number or None),
            lambda now=now, row=row, number=number: now.with_seed(row, None, number),
            lambda now=now, column=column, number=number: now.with_seed(None, column, number),
            lambda now=now, number=number: now.with_weight(number / 1000),
            lambda now=now, layer=layer: now.with_cutoff(layer),
        )
        way.append(chance.choice(moves)())
    return way


@pytest.mark.parametrize("seed", range(5))
def test_any_document_survives_its_file(document: MixDocument, seed: int) -> None:
    for one in walked(document, 200, seed):
        again = MixDocument.from_json(json.loads(json.dumps(one.to_json())))
        assert again == one
        assert again.digest() == one.digest()
        assert one.request(SPACE).shares.sum(axis=2) == pytest.approx(1)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rows", []),
        ("rows", list(range(9))),
        ("columns", [-1]),
        ("layers", []),
        ("layers", [{"column": 9, "weight": 1, "locked": False}]),
        ("span", [0]),
        ("span", [3, 3]),
        ("span", [0, 10]),
        ("row", 4),
        ("noise", [0]),
        ("psi", 2),
        ("cutoff", 10),
        ("label", "cat"),
    ],
)
def test_what_it_cannot_have_written_is_refused(document: MixDocument, name: str, value: object) -> None:
    with pytest.raises(StudioError, match="cannot be read"):
        MixDocument.from_json({**document.to_json(), name: value})
