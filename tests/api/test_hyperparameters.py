"""What a hyperparameter may be, and what a text stands for."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

import pytest

from studio.api import Hyperparameters, hyper


class Colour(StrEnum):
    RED = "red"


class Chosen(Hyperparameters):
    every: Literal[4, 16] = hyper(16, "Steps.", live=True)
    loss: Literal["hinge", "bce"] = hyper("hinge", "Loss.")


def test_a_text_stands_for_the_choice_that_reads_so() -> None:
    built = Chosen.build([("every", "4"), ("loss", "bce")])
    assert (built.every, built.loss) == (4, "bce")
    assert built.changed(every="16").every == 16


@pytest.mark.parametrize("annotation", [float | None, list[int], Path, Colour, Any])
def test_what_no_form_can_offer_is_refused_where_it_is_declared(annotation: Any) -> None:
    with pytest.raises(TypeError, match="clip is a .*; a hyperparameter is an int, a float, a bool, a str or"):
        type("Clipped", (Hyperparameters,), {"__annotations__": {"clip": annotation}, "clip": hyper(None, "Clip.")})
