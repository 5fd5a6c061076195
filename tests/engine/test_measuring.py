"""The pictures that are measured: of seeds, untruncated, and of the classes of the real ones where there are any."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from studio.api import LatentSpace
from studio.engine.measuring import MeasuredRequest


class Listening:
    """A model that only notes what it is asked."""

    latent_space = LatentSpace(3)
    device = torch.device("cpu")

    def __init__(self) -> None:
        self.ema = {"G": nn.Linear(1, 1, dtype=torch.float64)}

    def sample(self, z: Tensor, *, psi: float = 1.0, labels: Tensor | None = None) -> Tensor:
        self.asked = z, psi, labels
        return z


@pytest.mark.parametrize("labels", [None, np.array([1, 0, 1])])
def test_a_request_asks_for_consecutive_seeds_and_the_classes_of_real_pictures(labels: np.ndarray | None) -> None:
    model: Any = Listening()
    MeasuredRequest(16, 3, labels).render(model)
    z, psi, given = model.asked
    assert z.dtype == torch.float64
    np.testing.assert_array_equal(z.numpy(), np.stack([model.latent_space.draw(seed) for seed in (16, 17, 18)]))
    assert psi == 1.0
    assert (given is None) if labels is None else given.tolist() == [1, 0, 1]
