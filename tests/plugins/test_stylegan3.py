"""StyleGAN3: conformance, filters, and pictures that move when they are asked to."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from studio.api import DataInfo, DataKind, StudioError
from studio.api.testing import check_model
from studio_stylegan import STYLEGAN3
from studio_stylegan.style3_filters import low_pass
from studio_stylegan.style3_geometry import stages
from studio_stylegan.style3_model import StyleGan3

SMALL: dict[str, Any] = {
    "resolution": 16,
    "batch": 2,
    "z_dim": 6,
    "w_dim": 8,
    "mapping_layers": 2,
    "channel_base": 128,
    "channel_max": 8,
    "d_channel_base": 128,
    "d_channel_max": 8,
    "layers": 4,
    "margin": 4,
    "augment": "none",
}


def small(**values: Any) -> StyleGan3:
    torch.manual_seed(0)
    hp = STYLEGAN3.hyperparameters.build({**SMALL, **values}.items())
    model = StyleGan3(hp, DataInfo(DataKind.UNLABELLED, 0, hp.resolution))  # type: ignore[arg-type]
    model.ema = {"G": model.G.eval(), "D": model.D.eval()}
    return model


def test_it_conforms() -> None:
    report = check_model(STYLEGAN3, SMALL)
    assert report.ok, report


def test_layers_of_the_paper_have_the_paper_s_sizes() -> None:
    # 2106.12423, figure 4 c, and what NVlabs/stylegan3 calls its layers at 1024 px: L<index>_<size>_<channels>.
    hp = STYLEGAN3.hyperparameters.build([("resolution", 1024)])
    planned = stages(hp)  # type: ignore[arg-type]
    assert [stage.size for stage in planned] == [
        36,
        36,
        52,
        52,
        84,
        148,
        148,
        276,
        276,
        532,
        1044,
        1044,
        1044,
        1024,
        1024,
    ]
    assert [stage.channels for stage in planned][-5:] == [81, 51, 32, 32, 3]
    assert planned[0].cutoff == 2
    assert planned[12].cutoff == planned[13].cutoff == 512


@pytest.mark.parametrize("radial", [False, True])
def test_filters_let_low_frequencies_through_and_no_high_ones(radial: bool) -> None:
    f = low_pass(24, 8.0, 4.0, 64.0, radial=radial)
    assert f is not None
    row = f.sum(dim=0) if radial else f
    response = torch.fft.rfft(row, 256).abs()  # bin k is k / 256 * 64 cycles
    assert float(response[0]) == pytest.approx(1, abs=1e-6)
    assert float(response[16]) > 0.95
    assert float(response[60:].max()) < 0.02
    torch.testing.assert_close(f, f.flip(0))


@pytest.mark.parametrize("radial", [False, True])
def test_pictures_shift_with_the_transform(radial: bool) -> None:
    """A shift by two pixels of what goes in is a shift by two pixels of what comes out (2106.12423, section 2.2)."""
    model = small(
        resolution=32, layers=6, channel_base=256, radial_filters=radial, kernel=1 if radial else 3
    ).G.double()

    def pictures(shift: float) -> Tensor:
        model.synthesis.input.transform[0, 2] = shift
        with torch.no_grad():
            made: Tensor = model(torch.randn(2, 6, generator=torch.Generator().manual_seed(3), dtype=torch.float64))
        return made

    still, moved = pictures(0.0), pictures(2 / 32)
    error = (moved[..., 4:-4, 4:-6] - still[..., 4:-4, 6:-4]).square().mean()
    assert float(error / still.square().mean()) < 1e-3


def test_noise_is_refused() -> None:
    with pytest.raises(StudioError, match="StyleGAN3 has no noise"):
        small(noise=True)


def test_magnitudes_are_tracked_in_training_alone() -> None:
    model = small()
    layer = model.G.synthesis.get_submodule(model.G.synthesis.layers[1])
    ws = torch.randn(2, model.num_ws, 8)
    model.synthesis(ws)
    assert float(layer.magnitude_ema) == 1
    model.G.train()
    model.G.synthesis(ws)
    assert float(layer.magnitude_ema) != 1
