"""Plain state dicts find their place in the model that a person named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from studio.api import DataInfo
from studio.importers.confined import ForeignModel
from studio.importers.errors import ForeignFileError
from studio.importers.fitting import fitted
from studio_stylegan import STYLEGAN2

ONE, TWO = np.ones((2, 3), np.float32), np.full((2, 3), 2, np.float32)


def shapes(hp: Any, info: DataInfo) -> dict[str, dict[str, tuple[int, ...]]]:
    """G's only weight is of the shape (2, 3) at 256 px, which is a preset, and another elsewhere."""
    assert info.resolution == hp.resolution
    return {"G": {"w": (2, 3 if hp.resolution == 256 else 4)}, "D": {"v": (1,)}}


def of(networks: Mapping[str, Mapping[str, np.ndarray[Any, Any]]]) -> ForeignModel:
    return ForeignModel("", {}, networks, (), "net.pt", "", "")


@pytest.mark.parametrize(
    ("networks", "value"),
    [
        ({"": {"w": ONE}}, 1),
        ({"": {"G.w": ONE, "D.v": np.ones(1, np.float32)}}, 1),
        ({"G": {"w": ONE}, "G_ema": {"w": TWO}}, 2),
        ({"other": {"w": TWO}, "G": {"w": ONE}}, 1),
    ],
)
def test_a_network_is_found_by_names_and_shapes(networks: Any, value: int) -> None:
    found = fitted(of(networks), STYLEGAN2, {}, ("G", "D"), shapes)
    assert (found.model, found.hyperparameters["resolution"]) == ("stylegan", 256)
    assert found.networks["G"]["w"][0, 0] == value


def test_what_fits_with_nothing_is_refused() -> None:
    with pytest.raises(ForeignFileError, match="net.pt does not fit StyleGAN2"):
        fitted(of({"": {"w": ONE}}), STYLEGAN2, {"resolution": "64"}, ("G", "D"), shapes)


@pytest.mark.parametrize(
    ("networks", "told"),
    [
        ({"": {"w": ONE}}, r"G\.w is \(2, 3\) and should be \(2, 4\)"),
        ({"": {"G.w": ONE, "D.v": np.ones(1, np.float32)}}, r"G\.w is \(2, 3\) and should be \(2, 4\)"),
        ({"far": {"x": ONE, "y": ONE}, "near": {"w": np.ones((2, 4), np.float32), "b": ONE}}, r"G\.b is of no use"),
        ({"": {"x": ONE}}, r"G\.w is missing"),
    ],
)
def test_the_first_tensor_that_does_not_fit_is_named(networks: Any, told: str) -> None:
    with pytest.raises(ForeignFileError, match=f"nor with its presets: {told}\\."):
        fitted(of(networks), STYLEGAN2, {"resolution": "64"}, ("G", "D"), shapes)
