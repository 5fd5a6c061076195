"""StyleGAN2 by rosinality/stylegan2-pytorch and its relatives, as our `stylegan`.

A .pt with `g_ema`, and often `g`, `d`, two optimisers, `args` and `latent_avg`. Its arithmetic is NVIDIA's; weights
have an axis in front, and parts have names of their own (model.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.random import RandomState

from studio.importers.arrays import Array
from studio.importers.found import Found, unfit
from studio.importers.modules import TAPS
from studio.importers.widths import base_and_most

WITHOUT_MEAN = "The file has no mean of w. It was made anew, of 4,096 random z."
WITHOUT_NOISE = "The file has no noise of its own. Its layers have that of seed 0."
WITHOUT_D = "The file has no discriminator."

_CONSTANT = "input.input"
_SPEED = 0.01  # of the mapping network, as everywhere in this family; weights are stored divided by it
_SAMPLES = 4096
_SLOPE = 0.2
_KERNEL = re.compile(r"(.*\.)?kernel")

_STYLED = {
    "conv.weight": "weight",
    "conv.modulation.weight": "affine.weight",
    "conv.modulation.bias": "affine.bias",
    "noise.weight": "noise_strength",
    "activate.bias": "bias",
}
_COLOURS = {"bias": "bias", **{name: ours for name, ours in _STYLED.items() if name.startswith("conv.")}}
_RESIDUAL = {
    "conv1.0.weight": "conv0.weight",
    "conv1.1.bias": "conv0.bias",
    "conv2.1.weight": "conv1.weight",
    "conv2.2.bias": "conv1.bias",
    "skip.1.weight": "skip.weight",
}
_VERDICT = {
    "final_conv.0.weight": "b4.conv.weight",
    "final_conv.1.bias": "b4.conv.bias",
    "final_linear.0.weight": "b4.fc.weight",
    "final_linear.0.bias": "b4.fc.bias",
    "final_linear.1.weight": "b4.out.weight",
    "final_linear.1.bias": "b4.out.bias",
}
_FROM_RGB = {"convs.0.0.weight": "fromrgb.weight", "convs.0.1.bias": "fromrgb.bias"}


def is_rosinality(value: Any) -> bool:
    """Whether it is such a file, or the state dict of such a generator."""
    return isinstance(_generator(value), dict)


def read_rosinality(value: Any) -> Found:
    """Our `stylegan` of such a file.

    Raises:
        ForeignFileError: its networks are of a kind that we do not have.
    """
    theirs = _generator(value)
    assert theirs is not None
    G = _Renamed(theirs)
    resolution, layers = _resolution(theirs), _depth(theirs)
    sizes = [2**power for power in range(2, resolution.bit_length())]
    tensors = _generator_of_ours(G, sizes, layers)
    notes: list[str] = []
    tensors["mapping.w_avg"] = _mean(value, tensors, layers, notes)
    _add_noise(G, tensors, sizes, notes)
    G.all_taken()
    base, most = base_and_most({size: len(tensors[f"synthesis.b{size}.conv1.bias"]) for size in sizes})
    (w_dim,) = tensors["mapping.w_avg"].shape
    values = {
        "resolution": resolution,
        "channel_base": base,
        "channel_max": most,
        "z_dim": w_dim,
        "w_dim": w_dim,
        "mapping_layers": layers,
    }
    networks = {"G": tensors}
    if isinstance(judge := value.get("d"), dict):
        networks["D"] = _discriminator_of_ours(_Renamed(judge), sizes)
    else:
        notes.append(WITHOUT_D)
    return Found("stylegan", values, networks, 0, f"StyleGAN2 by rosinality's code, {resolution} px", tuple(notes))


class _Renamed:
    """A state dict that is taken apart, one tensor after the other."""

    def __init__(self, tensors: Mapping[str, Any]) -> None:
        self._left = dict(tensors)
        wanted = np.outer(TAPS, TAPS) / np.sum(TAPS) ** 2
        for name in [name for name in self._left if _KERNEL.fullmatch(name)]:
            kernel = self._left.pop(name)
            if not isinstance(kernel, np.ndarray) or not any(
                np.shape(kernel) == wanted.shape and np.allclose(kernel, gain * wanted, atol=1e-5) for gain in (1, 4)
            ):
                raise unfit(f"{name} is not [1, 3, 3, 1]")

    def has(self, name: str) -> bool:
        """Whether it is there and was not taken."""
        return name in self._left

    def take(self, name: str, change: Callable[[Array], Array] | None = None) -> Array:
        """A tensor, in our layout."""
        array = self._left.pop(name, None)
        if not isinstance(array, np.ndarray):
            raise unfit(f"its {name} is missing")
        return array if change is None else change(array)

    def all_taken(self) -> None:
        """Sees that nothing is left.

        Raises:
            ForeignFileError: a relative has more than we know.
        """
        if self._left:
            raise unfit(f"it has a {min(self._left)[:60]}")


def _generator(value: Any) -> dict[str, Any] | None:
    if not isinstance(value, dict):
        return None
    for tensors in (value.get("g_ema"), value.get("params_ema"), value.get("g"), value):
        if isinstance(tensors, dict) and _CONSTANT in tensors:
            return tensors
    return None


def _resolution(tensors: Mapping[str, Any]) -> int:
    count = sum(re.fullmatch(r"to_rgbs\.\d+\.bias", name) is not None for name in tensors)
    if not 1 <= count <= 8:
        raise unfit(f"it has {count} sizes")
    return int(4 * 2**count)


def _depth(tensors: Mapping[str, Any]) -> int:
    return sum(re.fullmatch(r"style\.\d+\.weight", name) is not None for name in tensors)


def _generator_of_ours(G: _Renamed, sizes: list[int], layers: int) -> dict[str, Array]:
    tensors = {"synthesis.b4.const": G.take(_CONSTANT, _first)}
    for layer in range(layers):
        for kind in ("weight", "bias"):
            tensors[f"mapping.fc{layer}.{kind}"] = G.take(f"style.{layer + 1}.{kind}")
    for index, size in enumerate(sizes):
        ours = f"synthesis.b{size}"
        parts = (
            {"conv1": "conv1"} if size == 4 else {f"convs.{2 * index - 2}": "conv0", f"convs.{2 * index - 1}": "conv1"}
        )
        for theirs, name in parts.items():
            tensors |= _part(G, theirs, f"{ours}.{name}", _STYLED)
        tensors |= _part(G, "to_rgb1" if size == 4 else f"to_rgbs.{index - 1}", f"{ours}.torgb", _COLOURS)
    return tensors


def _part(network: _Renamed, theirs: str, ours: str, names: Mapping[str, str]) -> dict[str, Array]:
    return {f"{ours}.{name}": network.take(f"{theirs}.{key}", _CHANGES.get(key)) for key, name in names.items()}


def _first(array: Array) -> Array:
    """Without the axis in front that every weight has."""
    if array.ndim < 1 or len(array) != 1:
        raise unfit("a weight has another shape")
    inner: Array = array[0]
    return inner


_CHANGES: dict[str, Callable[[Array], Array]] = {
    "conv.weight": _first,
    "noise.weight": _first,
    "bias": lambda bias: bias.reshape(-1),
}


def _mean(value: Mapping[str, Any], tensors: Mapping[str, Array], layers: int, notes: list[str]) -> Array:
    given = value.get("latent_avg")
    if isinstance(given, np.ndarray):
        return given.reshape(-1)
    notes.append(WITHOUT_MEAN)
    width = tensors["mapping.fc0.weight"].shape[-1]
    x = RandomState(0).randn(_SAMPLES, width)
    x *= (np.square(x).mean(axis=1, keepdims=True) + 1e-8) ** -0.5
    for layer in range(layers):
        weight, bias = (np.asarray(tensors[f"mapping.fc{layer}.{kind}"], np.float64) for kind in ("weight", "bias"))
        if weight.ndim != 2 or weight.shape[1] != x.shape[1] or bias.shape != weight.shape[:1]:
            raise unfit("its mapping network has other shapes")
        x = x @ (weight.T * (_SPEED * weight.shape[1] ** -0.5)) + bias * _SPEED
        x = np.where(x > 0, x, _SLOPE * x) * 2**0.5
    mean: Array = x.mean(axis=0).astype(np.float32)
    return mean


def _add_noise(G: _Renamed, tensors: dict[str, Array], sizes: list[int], notes: list[str]) -> None:
    layers = [(size, name) for size in sizes for name in ("conv0", "conv1") if (size, name) != (4, "conv0")]
    given = G.has("noises.noise_0")
    draw = RandomState(0)
    for index, (size, name) in enumerate(layers):
        noise = G.take(f"noises.noise_{index}") if given else draw.randn(size, size).astype(np.float32)
        tensors[f"synthesis.b{size}.{name}.noise_const"] = noise.reshape(noise.shape[-2:])
    if not given:
        notes.append(WITHOUT_NOISE)


def _discriminator_of_ours(D: _Renamed, sizes: list[int]) -> dict[str, Array]:
    tensors = {ours: D.take(theirs) for theirs, ours in _VERDICT.items()}
    tensors |= {f"b{sizes[-1]}.{ours}": D.take(theirs) for theirs, ours in _FROM_RGB.items()}
    for index, size in enumerate(reversed(sizes[1:]), 1):
        tensors |= _part(D, f"convs.{index}", f"b{size}", _RESIDUAL)
    D.all_taken()
    return tensors
