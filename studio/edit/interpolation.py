"""Ways from one latent to another, in NumPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

Interpolation = Literal["slerp", "lerp"]

_PARALLEL = 1e-6


def lerp(a: np.ndarray, b: np.ndarray, t: float) -> np.ndarray:
    """The point at `t` in [0, 1] on the straight line from `a` (dim,) to `b` (dim,), float32; exact at both ends."""
    if t == 0:
        return a.astype(np.float32)
    if t == 1:
        return b.astype(np.float32)
    start, end = a.astype(np.float64), b.astype(np.float64)
    return (start + t * (end - start)).astype(np.float32)


def slerp(a: np.ndarray, b: np.ndarray, t: float) -> np.ndarray:
    """The point at `t` in [0, 1] on the arc from `a` (dim,) to `b` (dim,), float32; exact at both ends.

    The direction turns at a steady rate (Shoemake 1985, "Animating rotation with quaternion curves") while the length
    changes linearly, so that a walk between two normal latents stays where a generator has seen z. Opposite vectors
    turn through a perpendicular that depends on `a` alone; where there is no arc (a zero vector, the same direction,
    dim 1) it is the straight line.
    """
    if t in (0, 1):
        return lerp(a, b, t)
    start, end = a.astype(np.float64), b.astype(np.float64)
    long_a, long_b = float(np.linalg.norm(start)), float(np.linalg.norm(end))
    if long_a == 0 or long_b == 0 or start.size == 1:
        return lerp(a, b, t)
    along = start / long_a
    across, angle = _turn(along, end / long_b)
    if angle < _PARALLEL:
        return lerp(a, b, t)
    direction = np.cos(t * angle) * along + np.sin(t * angle) * across
    length = (1 - t) * long_a + t * long_b
    return np.asarray(length * direction, dtype=np.float32)


def interpolate(kind: Interpolation) -> Callable[[np.ndarray, np.ndarray, float], np.ndarray]:
    """The function of a kind's name."""
    return slerp if kind == "slerp" else lerp


def _turn(along: np.ndarray, towards: np.ndarray) -> tuple[np.ndarray, float]:
    """The unit vector at right angles to `along` that `towards` leans to, and the angle between the two in radians."""
    cosine = float(along @ towards)
    across = towards - cosine * along
    sine = float(np.linalg.norm(across))
    angle = float(np.arctan2(sine, cosine))
    if sine > _PARALLEL:
        return across / sine, angle
    axis = np.zeros_like(along)
    axis[int(np.argmin(np.abs(along)))] = 1
    across = axis - float(axis @ along) * along
    return across / float(np.linalg.norm(across)), angle
