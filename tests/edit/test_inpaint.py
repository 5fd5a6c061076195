"""The inpainting document: values in, values out, and back again."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import numpy as np
import pytest
import torch

from studio.api import RenderRequest, StudioError
from studio.edit.documents import EditEnvelope, read_envelope, save_picture
from studio.edit.embedded import Picture
from studio.edit.inpaint import Candidate, InpaintDocument
from studio.edit.inpaint_mask import MOST_MARKS, Mark, MaskSheet
from studio.edit.latent import MAX_SEED
from studio.edit.strokes import MOST_POINTS
from tests.edit.known_inpainting import DIM, SIDE, Known, picture, random_mark

SQUARE = Mark.shape("rectangle", [(0.25, 0.25), (0.75, 0.75)])


def candidate(seed: int, loss: float = 1.0, dim: int = DIM) -> Candidate:
    latent = np.random.default_rng(seed).normal(size=dim).astype(np.float32)
    return Candidate.of(seed, "z", latent, loss, 0.125, -0.5)


@pytest.fixture
def document() -> InpaintDocument:
    drawn = InpaintDocument().with_picture(Picture.of(picture(Known(), 3)), "kite").with_marks([SQUARE])
    return drawn.with_feather(0.1).with_found([candidate(1, 3.0), candidate(2, 1.0), candidate(3, 2.0)])


def test_a_document_survives_json_and_its_digest_tells_documents_apart(document: InpaintDocument) -> None:
    again = InpaintDocument.from_json(json.loads(json.dumps(document.to_json())))
    assert again == document
    assert again.digest() == document.digest()
    assert document.choosing(1).digest() != document.digest()
    assert InpaintDocument.from_json(InpaintDocument().to_json()) == InpaintDocument()


def test_a_latent_survives_to_the_bit() -> None:
    values = np.random.default_rng(0).normal(size=64).astype(np.float32)
    made = Candidate.of(1, "w", values, 1, 1, 1)
    assert Candidate.from_json(json.loads(json.dumps(made.to_json()))).values.tobytes() == values.tobytes()


def test_candidates_stand_best_first_and_one_is_chosen(document: InpaintDocument) -> None:
    assert [one.seed for one in document.found] == [2, 3, 1]
    assert document.best == document.found[0]
    assert document.choosing(2).best == candidate(1, 3.0)
    assert document.choosing(9).chosen == 2
    assert document.choosing(-4).chosen == 0


def test_another_mask_keeps_what_was_found_and_says_that_it_is_for_another(document: InpaintDocument) -> None:
    assert not document.outdated
    assert document.with_marks(()).outdated
    assert document.with_feather(0.2).outdated
    assert not document.choosing(1).outdated
    assert document.with_marks(()).found == document.found


def test_another_picture_has_no_mask_and_nothing_found(document: InpaintDocument) -> None:
    other = document.with_picture(Picture.of(picture(Known(), 4)))
    assert (other.marks, other.found, other.outdated) == ((), (), False)


def test_turning_inside_out_twice_is_where_one_was(document: InpaintDocument) -> None:
    assert document.inverted().inverted() == document
    sheet = MaskSheet(SIDE)
    plain = document.with_feather(0)
    assert np.array_equal(plain.inverted().cover(sheet), 1 - plain.cover(sheet))


def test_the_seeds_of_a_search_follow_each_other() -> None:
    assert InpaintDocument(seed=7, candidates=3).seeds == (7, 8, 9)
    assert InpaintDocument(seed=MAX_SEED, candidates=2).seeds == (MAX_SEED, 0)


def test_a_search_is_for_the_picture_and_its_mask(document: InpaintDocument) -> None:
    search = replace(document, candidates=2, seed=5, iterations=9, prior=3.0).search(SIDE)
    assert np.array_equal(search.photo, document.pixels(SIDE))
    assert np.array_equal(search.cover, document.cover(MaskSheet(SIDE)))
    assert (search.seeds, search.iterations, search.prior) == ((5, 6), 9, 3.0)


@torch.inference_mode()
def test_the_wish_is_the_chosen_candidate_in_the_hole(document: InpaintDocument) -> None:
    model = Known()
    for index in range(3):
        wish = document.choosing(index).wish(model)
        assert isinstance(wish, RenderRequest)
        together = document.request(MaskSheet(SIDE), document.found).render(model)
        assert torch.allclose(wish.render(model)[0], together[index], atol=1e-4)


def test_without_candidates_there_is_nothing_to_render(document: InpaintDocument) -> None:
    for empty in (replace(document, found=()), InpaintDocument()):
        with pytest.raises(StudioError):
            empty.wish(Known())


def test_a_png_carries_all_of_it(document: InpaintDocument, tmp_path) -> None:
    path = tmp_path / "kite.png"
    save_picture(path, document.pixels(SIDE), EditEnvelope("inpaint", "run", 3, document.to_json()))
    assert InpaintDocument.from_json(read_envelope(path).document) == document


def test_200_edits_undone_lead_back_to_the_same_document(document: InpaintDocument) -> None:
    chance = random.Random(1)
    states = [document]
    for _ in range(200):
        states.append(edited(states[-1], chance))
    texts = [json.dumps(state.to_json()) for state in states]
    for state, text in zip(reversed(states), reversed(texts), strict=True):
        assert InpaintDocument.from_json(json.loads(text)).digest() == state.digest()
    assert states[0].digest() == document.digest()


def edited(now: InpaintDocument, chance: random.Random) -> InpaintDocument:
    """Any edit."""
    match chance.randrange(6):
        case 0 | 1:
            return now.with_marks((*now.marks, random_mark(chance)))
        case 2:
            return now.with_feather(chance.uniform(-0.1, 0.5))
        case 3:
            return now.inverted()
        case 4:
            return now.with_found([candidate(chance.randrange(99), chance.random()) for _ in range(3)])
        case _:
            return now.choosing(chance.randrange(-1, 4))


def test_there_is_an_end_to_strokes(document: InpaintDocument) -> None:
    with pytest.raises(StudioError, match="no room"):
        document.with_marks([Mark.shape("lasso", [(0, 0)] * (MOST_POINTS + 1))])
    with pytest.raises(StudioError, match="no room"):
        document.with_marks([Mark("invert")] * (MOST_MARKS + 1))


@pytest.mark.parametrize(
    "damage",
    [
        {"picture": "not a picture"},
        {"picture": 3},
        {"marks": [{"kind": "spray"}]},
        {"feather": 2},
        {"blend": 1},
        {"candidates": 0},
        {"candidates": 99},
        {"iterations": 10**9},
        {"prior": float("inf")},
        {"label": -1},
        {"found": [{}]},
        {"found": [{**candidate(1).to_json(), "latent": "AAA"}]},
        {"found": [{**candidate(1).to_json(), "latent": ""}]},
        {"found": [{**candidate(1).to_json(), "space": "v"}]},
        {"found": [{**candidate(1).to_json(), "latent": "AADAfw=="}]},
        {"chosen": 3},
        {"sought": None},
        {"seed": -1},
    ],
)
def test_a_damaged_document_is_named(document: InpaintDocument, damage: dict[str, object]) -> None:
    with pytest.raises(StudioError):
        InpaintDocument.from_json({**document.to_json(), **damage})
