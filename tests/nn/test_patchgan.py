"""PatchGAN: which pixels a score sees, how small pictures may be, and where biases and norms stand."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from studio.api import StudioError
from studio.nn.patchgan import Norm, PatchDiscriminator
from studio.nn.receptive_fields import ReceptiveField, require_room, smallest_resolution

FIELDS: list[ReceptiveField] = [1, 16, 70, 286]
NORMS: list[Norm] = ["batch", "instance", "none"]


def middle_of(scores: Tensor) -> Tensor:
    return scores[0, 0, scores.shape[2] // 2, scores.shape[3] // 2]


@pytest.mark.parametrize("field", FIELDS)
def test_one_score_sees_a_square_of_the_receptive_field(field: ReceptiveField) -> None:
    torch.manual_seed(0)
    # Without norm: a norm's statistics let every score see every pixel. In float64 no gradient underflows to 0.
    D = PatchDiscriminator(2, width=2, receptive_field=field, norm="none").double()
    size = field + 100
    images = torch.randn(1, 2, size, size, dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(middle_of(D(images)), images)
    seen = gradient.abs().sum(dim=(0, 1)) > 0
    rows, columns = seen.any(dim=1).nonzero().flatten(), seen.any(dim=0).nonzero().flatten()
    assert seen.sum() == field**2
    assert rows[-1] - rows[0] + 1 == columns[-1] - columns[0] + 1 == field


@pytest.mark.parametrize(("field", "sizes"), [(1, 256), (16, 126), (70, 30), (286, 6)])
def test_it_scores_as_many_patches_as_the_reference(field: ReceptiveField, sizes: int) -> None:
    assert PatchDiscriminator(6, 2, field)(torch.zeros(2, 6, 256, 256)).shape == (2, 1, sizes, sizes)


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("norm", NORMS)
def test_the_smallest_resolution_gives_one_score(field: ReceptiveField, norm: Norm) -> None:
    smallest = smallest_resolution(field)
    size = 2 if field == 1 else smallest
    scores = PatchDiscriminator(3, 2, field, norm)(torch.randn(1, 3, size, size))
    assert scores.shape == ((1, 1, 2, 2) if field == 1 else (1, 1, 1, 1))
    require_room(smallest, field)


def test_a_picture_too_small_is_refused_with_what_would_do() -> None:
    with pytest.raises(StudioError, match="286 px needs pictures of at least 96 px, not 64") as refusal:
        require_room(64, 286)
    assert refusal.value.remedy == "Set the receptive field to 70, or the resolution to 96 or more."
    with pytest.raises(RuntimeError):
        PatchDiscriminator(3, 2, 286)(torch.zeros(2, 3, 64, 64))


def test_at_70_it_has_the_references_parameters() -> None:
    kernels = 16 * (6 * 64 + 64 * 128 + 128 * 256 + 256 * 512 + 512)
    hidden = 128 + 256 + 512
    count = {norm: sum(p.numel() for p in PatchDiscriminator(6, norm=norm).parameters()) for norm in NORMS}
    assert count == {
        "batch": kernels + 64 + 2 * hidden + 1,
        "instance": kernels + 64 + hidden + 1,
        "none": kernels + 64 + hidden + 1,
    }


def test_the_pixel_gan_has_the_references_parameters() -> None:
    kernels = 6 * 64 + 64 * 128 + 128
    assert sum(p.numel() for p in PatchDiscriminator(6, receptive_field=1).parameters()) == kernels + 64 + 2 * 128
    instance = PatchDiscriminator(6, receptive_field=1, norm="instance")
    assert sum(p.numel() for p in instance.parameters()) == kernels + 64 + 128 + 1


@pytest.mark.parametrize("field", FIELDS)
def test_norms_stand_at_every_hidden_layer_but_the_first(field: ReceptiveField) -> None:
    kinds = [type(layer) for layer in PatchDiscriminator(3, 2, field).layers]
    hidden = [nn.Conv2d, nn.BatchNorm2d, nn.LeakyReLU]
    count = 1 if field == 1 else {16: 1, 70: 3, 286: 5}[field]
    assert kinds == [nn.Conv2d, nn.LeakyReLU, *hidden * count, nn.Conv2d]


def test_channels_double_up_to_eight_times_the_width() -> None:
    widths = [layer.out_channels for layer in PatchDiscriminator(3, 4, 286).layers if isinstance(layer, nn.Conv2d)]
    assert widths == [4, 8, 16, 32, 32, 32, 1]


def test_weights_are_drawn_as_the_reference_draws_them() -> None:
    torch.manual_seed(0)
    convolutions = [layer for layer in PatchDiscriminator(6).layers if isinstance(layer, nn.Conv2d)]
    for layer in convolutions:
        assert layer.weight.std().item() == pytest.approx(0.02, rel=0.1)
        assert layer.bias is None or not layer.bias.any()
