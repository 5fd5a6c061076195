"""A colour pair for every name: a saturated ink on a pastel ground, equally easy to tell apart whatever the hues."""

from __future__ import annotations

import hashlib
import math

Colour = tuple[float, float, float]

GROUND_LIGHTNESS, GROUND_CHROMA = 0.925, 0.055
DARKEST_INK, LIGHTEST_INK, INK_CHROMA = 0.45, 0.59, 0.2
GAMUT_STEPS = 16


def tint(name: str) -> tuple[Colour, Colour]:
    """The ink and the ground that belong to a name: red, green and blue of each in [0, 255], as sRGB.

    The name decides the hues. Lightness is perceptual (OKLab), so that yellow on green stands out as well as blue on
    pink: the contrast is never below 3:1.
    """
    digest = hashlib.sha256(name.encode()).digest()
    return ink(digest[0] / 256, digest[2] / 255), _oklch(GROUND_LIGHTNESS, GROUND_CHROMA, digest[1] / 256)


def ink(hue: float, light: float) -> Colour:
    """A saturated ink: its hue in turns (0 is pink, .08 red, .25 yellow, .4 green, .72 blue), how light, 0 to 1."""
    return _oklch(DARKEST_INK + (LIGHTEST_INK - DARKEST_INK) * light, INK_CHROMA, hue)


def _oklch(lightness: float, chroma: float, hue: float) -> Colour:
    """sRGB of a lightness, a hue in turns, and as much of the chroma as sRGB can show."""
    for step in range(GAMUT_STEPS + 1):
        saturation = chroma * (1 - step / GAMUT_STEPS)
        angle = math.tau * hue
        linear = _linear(lightness, saturation * math.cos(angle), saturation * math.sin(angle))
        if min(linear) >= 0 and max(linear) <= 1:
            break
    red, green, blue = (255 * _gamma(min(max(value, 0.0), 1.0)) for value in linear)
    return red, green, blue


def _linear(lightness: float, a: float, b: float) -> Colour:
    """OKLab to linear sRGB: Björn Ottosson, "A perceptual color space for image processing", 2020."""
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _gamma(value: float) -> float:
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
