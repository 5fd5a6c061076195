"""Round trips and the question whether a model leaves anything to chance, put to a toy that translates."""

import pickle

import numpy as np
import pytest
import torch

from studio.api import DataInfo, DataKind, RenderRequest, StudioError
from studio.api.requests import TranslationRequest
from studio.edit.embedded import Picture
from studio.edit.strokes import Paper, Stroke
from studio.edit.translation import TranslationDocument, TranslationInput
from studio.edit.translation_requests import ChanceRequest, RoundTripRequest
from tests.toys import ToyHyperparameters, ToyTranslator

PICTURES = np.random.default_rng(0).integers(256, size=(2, 8, 8, 3), dtype=np.uint8)


@pytest.fixture
def model() -> ToyTranslator:
    made = ToyTranslator(ToyHyperparameters(resolution=8), DataInfo(DataKind.UNPAIRED, 4, 8))
    made.ema, made.device = {"G": made.G}, torch.device("cpu")
    return made


@torch.inference_mode()
@pytest.mark.parametrize("seed", [None, 3])
def test_a_round_trip_is_there_and_back_again(model, seed):
    request = RoundTripRequest(PICTURES, "A->B", "B->A", seed)
    assert isinstance(request, RenderRequest)
    pictures = pickle.loads(pickle.dumps(request)).render(model)
    assert pictures.shape == (4, 3, 8, 8)
    there = TranslationRequest(PICTURES, "A->B", seed).render(model)
    assert torch.equal(pictures[:2], there)
    chance = None if seed is None else torch.Generator().manual_seed(seed)
    assert torch.equal(pictures[2:], model.translate(there, "B->A", chance))


@torch.inference_mode()
def test_a_way_that_the_model_does_not_know_is_refused(model):
    for there, back in (("A->C", "C->A"), ("A->B", "B->C")):
        with pytest.raises(StudioError):
            RoundTripRequest(PICTURES, there, back).render(model)


@torch.inference_mode()
def test_chance_is_seen_where_there_is_any(model):
    one, other = ChanceRequest(8, "A->B").render(model)
    assert not torch.equal(one, other)
    model.translate = lambda images, direction, generator=None: images
    one, other = ChanceRequest(8, "A->B").render(model)
    assert torch.equal(one, other)


@torch.inference_mode()
def test_a_document_renders_without_its_canvas(model):
    one = TranslationInput("a", Picture.of(PICTURES[0]), (Stroke(((0.2, 0.2), (0.8, 0.8)), 0.2, "#c8372d"),))
    document = TranslationDocument((one,), direction="B->A", seed=4)
    expected = TranslationRequest(one.pixels(Paper(8))[None], "B->A", 4).render(model)
    assert torch.equal(document.wish(model).render(model), expected)
    with pytest.raises(StudioError, match="nothing to translate"):
        document.without(0).wish(model)
