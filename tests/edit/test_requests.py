"""What the latent canvas sends to the device thread: values that pickle, and tensors made only over there."""

import pickle
from dataclasses import replace

import numpy as np
import pytest
import torch

from studio.api import Clock, LatentSpace, RenderRequest, StudioError
from studio.edit.latent import LatentDocument
from studio.edit.requests import LatentRequest

SPACE = LatentSpace(4)


class Echo:
    """A model whose pictures say what it was asked."""

    def __init__(self, dtype: torch.dtype) -> None:
        self.device = torch.device("cpu")
        self.clock = Clock()
        self.ema = {"G": torch.nn.Linear(4, 1, dtype=dtype)}
        self.latent_space = SPACE
        self.asked = {}

    def sample(self, z, *, psi=1.0, labels=None):
        self.asked = {"z": z, "psi": psi, "labels": labels}
        return z[:, :3, None, None].expand(-1, -1, 2, 2)


def test_it_is_a_render_request_that_pickles():
    request = LatentRequest.of([LatentDocument().with_seed(1), LatentDocument().with_seed(2)], SPACE)
    assert isinstance(request, RenderRequest)
    copy = pickle.loads(pickle.dumps(request))
    assert (copy.z == request.z).all()
    assert copy.z.shape == (2, 4)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_it_renders_on_the_models_device_in_the_networks_precision(dtype):
    model = Echo(dtype)
    request = LatentRequest.of([LatentDocument().with_seed(1).with_psi(0.5)], SPACE)
    assert request.render(model).shape == (1, 3, 2, 2)
    assert model.asked["z"].dtype == dtype
    assert (model.asked["z"].numpy().astype(np.float32) == SPACE.draw(1)).all()
    assert model.asked["psi"] == 0.5
    assert model.asked["labels"] is None


def test_classes_are_passed_on():
    model = Echo(torch.float32)
    document = LatentDocument().with_label(3)
    LatentRequest.of([document, replace(document, label=1)], SPACE).render(model)
    assert model.asked["labels"].tolist() == [3, 1]
    assert model.asked["labels"].dtype == torch.int64


def test_rendering_leaves_torchs_random_state_alone():
    model = Echo(torch.float32)
    before = torch.get_rng_state()
    LatentRequest.of([LatentDocument()], SPACE).render(model)
    assert (torch.get_rng_state() == before).all()


def test_a_model_without_a_latent_is_refused():
    with pytest.raises(StudioError, match="no pictures from z"):
        LatentRequest(np.zeros((1, 4), np.float32)).render(object())
