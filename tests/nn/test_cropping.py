"""Crops against pixels picked by hand."""

from __future__ import annotations

import torch
from torch import Tensor

from studio.nn.cropping import crop


def ramp(size: int) -> Tensor:
    """A picture (1, 2, size, size) whose pixels say their own column, and their own row."""
    along = torch.arange(size, dtype=torch.float64)
    return torch.stack([along.expand(size, size), along[:, None].expand(size, size)])[None]


def boxes(*rows: list[float]) -> Tensor:
    return torch.tensor(rows, dtype=torch.float64)


def test_a_box_of_the_whole_picture_is_the_picture() -> None:
    picture = torch.rand(1, 3, 8, 8, dtype=torch.float64)
    torch.testing.assert_close(crop(picture, boxes([0, 0, 1, 1]), 8), picture)


def test_corners_of_the_crop_lie_on_the_corners_of_the_box() -> None:
    # 9 px: a fraction of 1/8 is one pixel. Columns 2 to 6, rows 1 to 3.
    picked = crop(ramp(9), boxes([2 / 8, 1 / 8, 4 / 8, 2 / 8]), 3)[0]
    torch.testing.assert_close(picked[0], torch.tensor([[2.0, 4, 6]] * 3).double())
    torch.testing.assert_close(picked[1], torch.tensor([[1.0] * 3, [2] * 3, [3] * 3]).double())


def test_between_pixels_it_interpolates() -> None:
    picture = torch.zeros(1, 1, 3, 3, dtype=torch.float64)
    picture[0, 0] = torch.tensor([[0.0, 4, 8], [2, 6, 1], [3, 5, 7]])
    # Columns .5 and 1.5, rows 0 and .5.
    picked = crop(picture, boxes([0.25, 0, 0.5, 0.25]), 2)[0, 0]
    torch.testing.assert_close(picked, torch.tensor([[2.0, 6.0], [3.0, 4.75]]).double())


def test_outside_the_picture_is_zero() -> None:
    picked = crop(torch.ones(1, 1, 5, 5, dtype=torch.float64), boxes([-1, 0, 2, 1]), 5)[0, 0]
    torch.testing.assert_close(picked[0], torch.tensor([0.0, 0, 1, 1, 1]).double())


def test_each_picture_has_its_own_box() -> None:
    picked = crop(ramp(9).repeat(2, 1, 1, 1), boxes([0, 0, 0.25, 0.25], [0.5, 0.5, 0.5, 0.5]), 2)
    assert picked[0, 0].tolist() == [[0, 2], [0, 2]]
    assert picked[1, 1].tolist() == [[4, 4], [8, 8]]


def test_gradients_reach_pixels_and_boxes() -> None:
    picture = torch.rand(2, 1, 5, 5, dtype=torch.float64, requires_grad=True)
    where = boxes([0.11, 0.13, 0.62, 0.57], [0.31, 0.07, 0.43, 0.83]).requires_grad_()
    assert torch.autograd.gradcheck(lambda images, box: crop(images, box, 4), (picture, where))


def test_the_gradient_of_a_pixel_is_its_share_of_the_crop() -> None:
    picture = torch.zeros(1, 1, 3, 3, dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(crop(picture, boxes([0.25, 0, 0.5, 0.25]), 2).sum(), picture)
    # Columns are hit at .5 and 1.5, rows at 0 and .5.
    columns, rows = torch.tensor([0.5, 1.0, 0.5]).double(), torch.tensor([1.5, 0.5, 0.0]).double()
    torch.testing.assert_close(slope[0, 0], rows[:, None] * columns)
