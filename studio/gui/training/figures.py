"""Numbers as the plots write them, and changed settings in a few words. Without Qt."""

from __future__ import annotations

import math

from studio.gui.words import count

MINUS = "\N{MINUS SIGN}"


def duration(seconds: float) -> str:
    """A length of time, rounded as a person would: `under a minute`, `7 min`, `2 h 5 min`, `3 d 4 h`."""
    minutes = round(seconds / 60)
    if seconds < 45:
        return "under a minute"
    if minutes < 60:
        return f"{max(minutes, 1)} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"


def clock(seconds: float) -> str:
    """A length of time on an axis: `0:45`, `12:30`, `2:05:00`."""
    sign = MINUS if seconds < 0 else ""
    minutes, rest = divmod(round(abs(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{sign}{hours}:{minutes:02}:{rest:02}" if hours else f"{sign}{minutes}:{rest:02}"


def value(number: float) -> str:
    """A metric's value in about three figures: `0.62`, `1.54`, `128`, `2.0e-4`; what is no number says so."""
    if math.isnan(number):
        return "not a number"
    if math.isinf(number):
        return "infinite"
    size = abs(number)
    if size and (size < 0.01 or size >= 100_000):
        text = f"{number:.1e}".replace("e-0", "e-").replace("e+0", "e")
    elif size >= 100:
        text = count(size)
        return f"{MINUS}{text}" if number < 0 else text
    else:
        text = f"{number:.2f}"
    return text.replace("-", MINUS, 1) if number < 0 else text


def setting(value_: object) -> str:
    """A hyperparameter's value as short as it can be said: `2e-4`, `0.5`, `64`, `hinge`."""
    if isinstance(value_, bool):
        return "on" if value_ else "off"
    if not isinstance(value_, float):
        return str(value_)
    text = f"{value_:.4g}"
    if value_ and abs(value_) < 0.01:
        mantissa, _, exponent = f"{value_:.3e}".partition("e")
        text = f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"
    return text


def change_words(name: str, old: object, new: object) -> str:
    """What a mark on the plot says: `lr 2e-4 → 1e-4`."""
    return f"{name} {setting(old)} → {setting(new)}"
