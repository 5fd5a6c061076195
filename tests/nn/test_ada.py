"""ADA's augmentations: each transform alone against a known result, the pipe's probabilities, and its derivatives."""

from __future__ import annotations

from math import pi

import pytest
import torch
from torch import Tensor

from studio.nn.ada import BLIT, COLOUR, GEOMETRY, AdaPipe
from studio.nn.ada_colour import hue_rotation, luma_flip, recolour, saturation
from studio.nn.ada_geometry import SYM6, blit, compose, rotation, sample, scaling, translation, warp

ALWAYS, NEVER = torch.tensor(1.0), torch.tensor(0.0)
VALUES = (BLIT, GEOMETRY, COLOUR)


def noise(n: int = 3, size: int = 16) -> Tensor:
    return torch.rand(n, 3, size, size, dtype=torch.float64, generator=torch.Generator().manual_seed(0)) * 2 - 1


def waves(n: int = 1, size: int = 32) -> Tensor:
    """Pictures smooth enough to be warped without loss."""
    x = torch.arange(size, dtype=torch.float64) - (size - 1) / 2
    picture = torch.cos(0.3 * x) + torch.sin(0.2 * x)[:, None] * torch.cos(0.25 * x)
    return picture.expand(n, 3, size, size) / 2


def of(*values: float) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


def augmented(images: Tensor, *transforms: str, p: Tensor = ALWAYS, seed: int = 0) -> Tensor:
    torch.manual_seed(seed)
    result: Tensor = AdaPipe(transforms)(images, p)
    return result


def inside(images: Tensor, margin: int = 8) -> Tensor:
    return images[..., margin:-margin, margin:-margin]


def test_the_filter_is_an_orthogonal_low_pass() -> None:
    h = torch.tensor(SYM6, dtype=torch.float64)
    assert h.sum().item() == pytest.approx(1, abs=1e-12)
    for shift in range(0, len(SYM6), 2):
        overlap = (h[: len(h) - shift] * h[shift:]).sum().item()
        assert overlap == pytest.approx(0 if shift else 0.5, abs=1e-11)


def test_pixels_are_blitted_as_they_are() -> None:
    images = noise(8)
    flipped, turns = torch.tensor([False, True] * 4), torch.tensor([0, 0, 1, 1, 2, 2, 3, 3])
    for result, image, flip, turn in zip(blit(images, flipped, turns), images, flipped, turns, strict=True):
        expected = torch.rot90(image.flip(2) if flip else image, int(turn), (1, 2))
        assert torch.equal(result, expected)


@pytest.mark.parametrize("shift", [(0, 0), (3, 0), (0, -2), (-5, 4)])
def test_a_shift_by_whole_pixels_loses_nothing(shift: tuple[int, int]) -> None:
    images = noise(2, 32)
    x, y = shift
    moved = warp(images, translation(of(-x, -x), of(-y, -y)))
    assert inside(moved - images.roll((y, x), (2, 3))).abs().max() < 1e-9
    in_float32 = warp(images.float(), translation(of(-x, -x), of(-y, -y)))
    assert inside(in_float32 - images.roll((y, x), (2, 3))).abs().max() < 1e-4


def test_beyond_the_border_is_the_mirror_image() -> None:
    images = waves()
    moved = warp(images, translation(of(-10), of(0)))
    mirrored = images[..., :11].flip(3)
    assert (moved[..., :11] - mirrored)[..., 8:-8, :].abs().max() < 0.05
    assert (moved[..., 0] - images[..., 10])[..., 8:-8].abs().max() < 0.02


def test_far_beyond_it_too() -> None:
    images = waves()
    assert inside(warp(images, translation(of(62), of(-124))) - images).abs().max() < 1e-9


def test_half_a_pixel_lies_between_two() -> None:
    images = waves()
    moved = warp(images, translation(of(0.5), of(0)))
    x = torch.arange(32, dtype=torch.float64) - 31 / 2
    exact = (torch.cos(0.3 * (x + 0.5)) + torch.sin(0.2 * x)[:, None] * torch.cos(0.25 * (x + 0.5))) / 2
    assert inside(moved - exact).abs().max() < 0.01


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_rotation_by_quarters_is_a_turn(quarters: int) -> None:
    images = waves()
    turned = warp(images, rotation(of(quarters * pi / 2)))
    assert inside(turned - torch.rot90(images, quarters, (2, 3))).abs().max() < 0.01


def test_a_scale_brings_nearer_what_was_far() -> None:
    images, x = waves(), torch.arange(32, dtype=torch.float64) - 31 / 2
    smaller = warp(images, scaling(of(1.25), of(0.8)))
    exact = (torch.cos(0.3 * 1.25 * x) + torch.sin(0.2 * 0.8 * x)[:, None] * torch.cos(0.25 * 1.25 * x)) / 2
    assert inside(smaller - exact).abs().max() < 0.02


def test_maps_are_composed_as_matrices() -> None:
    first, second = rotation(of(0.3, 1.0)), translation(of(2, 3), of(4, 5))
    torch.testing.assert_close(compose(first, second), first @ second)


def test_colours_by_hand() -> None:
    red, grey = of(1, 0, 0), of(0.5, 0.5, 0.5)
    one = of(1)
    torch.testing.assert_close(luma_flip(one)[0] @ red, of(1 / 3, -2 / 3, -2 / 3))
    torch.testing.assert_close(luma_flip(one)[0] @ grey, -grey)
    torch.testing.assert_close(saturation(of(0))[0] @ red, of(1 / 3, 1 / 3, 1 / 3))
    torch.testing.assert_close(saturation(of(2))[0] @ red, of(5 / 3, -1 / 3, -1 / 3))
    torch.testing.assert_close(hue_rotation(of(2 * pi / 3))[0] @ red, of(0, 1, 0))
    torch.testing.assert_close(hue_rotation(of(pi))[0] @ red, of(-1 / 3, 2 / 3, 2 / 3))
    torch.testing.assert_close(hue_rotation(of(1.1))[0] @ grey, grey)


def test_a_picture_is_recoloured_pixel_by_pixel() -> None:
    images, linear, offset = noise(2), noise(2)[:, 0, :3, :3], noise(2)[:, :, 0, 0]
    result = recolour(images, linear, offset)
    torch.testing.assert_close(result[1, :, 4, 7], linear[1] @ images[1, :, 4, 7] + offset[1])


@pytest.mark.parametrize("transforms", VALUES)
def test_neutral_colours_and_maps_change_nothing_at_all(transforms: tuple[str, ...]) -> None:
    images = noise().float()
    # Too unlikely to happen, but p is not 0, so that the work is done.
    assert torch.equal(augmented(images, *transforms, p=torch.tensor(1e-9)), images)


def test_at_p_0_pictures_come_back_untouched() -> None:
    images = noise()
    assert augmented(images, *BLIT, *GEOMETRY, *COLOUR, p=NEVER) is images


@pytest.mark.parametrize("transform", [*BLIT, *GEOMETRY, *COLOUR])
def test_every_transform_happens(transform: str) -> None:
    images = noise(24)
    changed = (augmented(images, transform) != images).flatten(1).any(1)
    assert changed.double().mean() > 0.3


@pytest.mark.parametrize(
    ("transform", "share"), [("brightness", 0.3), ("scale", 0.3), ("rotate", 0.3), ("xflip", 0.15)]
)
def test_p_is_the_share_of_pictures_that_change(transform: str, share: float) -> None:
    images = noise(2000, 4)
    changed = (augmented(images, transform, p=torch.tensor(0.3)) != images).flatten(1).any(1)
    assert changed.double().mean().item() == pytest.approx(share, abs=0.04)


def test_whole_shifts_are_whole_and_at_most_an_eighth() -> None:
    images = waves(40)
    shifts = {-4, -3, -2, -1, 0, 1, 2, 3, 4}
    columns = set()
    for result in inside(augmented(images, "xint")):
        fits = [
            (x, y)
            for x in shifts
            for y in shifts
            if (result - inside(images[0].roll((y, x), (1, 2)))).abs().max() < 1e-9
        ]
        assert len(fits) == 1
        columns.add(fits[0][0])
    assert columns == shifts


def test_brightness_and_contrast_have_the_papers_spread() -> None:
    grey = torch.zeros(4000, 3, 4, 4, dtype=torch.float64)
    brighter = augmented(grey, "brightness")[:, 0, 0, 0]
    assert brighter.std().item() == pytest.approx(0.2, rel=0.05)
    contrast = augmented(grey + 1, "contrast")[:, 0, 0, 0]
    assert contrast.log2().std().item() == pytest.approx(0.5, rel=0.05)
    assert contrast.log2().mean().item() == pytest.approx(0, abs=0.03)


def test_values_may_leave_the_range() -> None:
    assert augmented(noise(16), *COLOUR).abs().max() > 1.2


def test_pictures_of_a_batch_are_augmented_apart() -> None:
    one = noise(1).expand(6, -1, -1, -1)
    results = augmented(one, *BLIT, *GEOMETRY, *COLOUR)
    assert all((results[0] - other).abs().max() > 1e-3 for other in results[1:])


def test_half_precision_is_augmented_in_float32() -> None:
    images = noise().to(torch.bfloat16)
    with torch.autocast("cpu", torch.bfloat16):
        result = augmented(images, *BLIT, *GEOMETRY, *COLOUR)
    assert result.dtype == torch.float32
    torch.testing.assert_close(result, augmented(images.float(), *BLIT, *GEOMETRY, *COLOUR))


def test_sampling_is_grid_sample_with_second_derivatives() -> None:
    grid = torch.rand(2, 3, 3, 2, dtype=torch.float64) * 2.4 - 1.2
    images = noise(2, 4).requires_grad_()
    expected = torch.nn.functional.grid_sample(images, grid, align_corners=False)
    torch.testing.assert_close(sample(images, grid), expected)
    assert torch.autograd.gradcheck(lambda x: sample(x, grid), images)
    assert torch.autograd.gradgradcheck(lambda x: sample(x, grid) ** 3, images)


def test_the_pipe_is_differentiable_twice() -> None:
    images = noise(2, 4).requires_grad_()
    assert torch.autograd.gradcheck(lambda x: augmented(x, *BLIT, *GEOMETRY, *COLOUR), images)
    assert torch.autograd.gradgradcheck(lambda x: augmented(x, *BLIT, *GEOMETRY, *COLOUR) ** 3, images)


def test_an_unknown_transform_is_named() -> None:
    with pytest.raises(ValueError, match="'cutout'"):
        AdaPipe(["xflip", "cutout"])
