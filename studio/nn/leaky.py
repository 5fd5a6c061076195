"""LeakyReLU whose derivatives are cheap to any order, for losses that penalise a gradient."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function

SLOPE = 0.2


def leaky_relu(x: Tensor) -> Tensor:
    """x where x > 0, else .2 x; any shape.

    Values and derivatives are those of `torch.nn.functional.leaky_relu(x, .2)`, whose second derivative is 0 without
    autograd knowing it: the backward pass of R1 or of the path length penalty would carry zeros through the whole
    forward pass again. It keeps the result, not x, so x may be freed.
    """
    activations: Tensor = _LeakyRelu.apply(x)
    return activations


class _LeakyRelu(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        activations = torch.nn.functional.leaky_relu(x, SLOPE)
        ctx.save_for_backward(activations)
        return activations

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        slopes: Tensor = _Slopes.apply(gradients[0], ctx.saved_tensors[0].detach())
        return slopes


class _Slopes(Function):
    """The gradient times 1 or .2: linear in the gradient, constant in the activations."""

    @staticmethod
    def forward(ctx: Any, gradient: Tensor, activations: Tensor) -> Tensor:
        ctx.save_for_backward(activations)
        scaled: Tensor = torch.ops.aten.leaky_relu_backward(gradient, activations, SLOPE, True)
        return scaled

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        return _Slopes.apply(gradients[0], ctx.saved_tensors[0]), None
