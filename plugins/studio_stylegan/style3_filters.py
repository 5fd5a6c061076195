"""StyleGAN3's low-pass filters: a sinc in a Kaiser window, and its radial kin (2106.12423, appendix C.1)."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor


def low_pass(taps: int, cutoff: float, half_width: float, rate: float, *, radial: bool) -> Tensor | None:
    """A filter of unit gain at frequency 0.

    Args:
        taps: its length; 1 is none.
        cutoff: where it begins to fall off, in cycles a picture, as all that follows.
        half_width: half of how wide its transition is.
        rate: the sampling rate at which it is used.
        radial: whether it is symmetric under rotation, (taps, taps), or one row of taps (taps,) for both directions.
    """
    if taps == 1:
        return None
    window = np.kaiser(taps, _kaiser_beta(taps, 2 * half_width / (rate / 2)))
    places = (np.arange(taps) - (taps - 1) / 2) / rate
    if radial:
        distances = np.hypot(*np.meshgrid(places, places))
        f = _jinc(2 * cutoff * distances) * np.outer(window, window)
    else:
        f = np.sinc(2 * cutoff * places) * window
    return torch.from_numpy((f / f.sum()).astype(np.float32))


def _kaiser_beta(taps: int, width: float) -> float:
    """The window's shape for a transition of `width`, in units of half of the sampling rate.

    Kaiser's formulas for the attenuation that so many taps reach, and the shape that reaches it.
    """
    attenuation = 2.285 * (taps - 1) * math.pi * width + 7.95
    if attenuation > 50:
        return 0.1102 * (attenuation - 8.7)
    if attenuation > 21:
        return float(0.5842 * (attenuation - 21) ** 0.4 + 0.07886 * (attenuation - 21))
    return 0.0


def _jinc(x: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """J1(pi x) / (pi x), up to a factor: what the sinc is to a line, it is to a disc. The taps are even, so x > 0."""
    bessel: np.ndarray[tuple[int, ...], np.dtype[np.float64]] = torch.special.bessel_j1(
        torch.from_numpy(np.pi * x)
    ).numpy()
    return bessel / x
