"""The arithmetic of a slider: positions, steps and text of a bounded number, without any widget."""

from __future__ import annotations

import math
from dataclasses import dataclass

LOG_STEPS = 100
LOG_DIGITS = 2


@dataclass(frozen=True)
class Scale:
    """How a bounded number is laid on a track, stepped, written and read.

    Attributes:
        minimum, maximum: bounds, inclusive.
        log: equal ratios take equal room; the minimum is above 0.
        integer: whole numbers alone.
        decimals: digits after the point, where neither log nor integer.
        signed: a plus sign before what is above 0.
    """

    minimum: float
    maximum: float
    log: bool = False
    integer: bool = False
    decimals: int = 2
    signed: bool = False

    def __post_init__(self) -> None:
        if not self.minimum < self.maximum:
            raise ValueError(f"A scale needs a minimum below its maximum, not {self.minimum} and {self.maximum}.")
        if self.log and self.minimum <= 0:
            raise ValueError(f"A logarithmic scale needs a minimum above 0, not {self.minimum}.")

    def fraction(self, value: float) -> float:
        """Where a value lies on the track, 0 to 1."""
        value = min(max(value, self.minimum), self.maximum)
        if self.log:
            return math.log(value / self.minimum) / math.log(self.maximum / self.minimum)
        return (value - self.minimum) / (self.maximum - self.minimum)

    @property
    def origin(self) -> float:
        """Where on the track values count from: at 0 on a scale with signs, at its beginning on others."""
        return self.fraction(0) if self.signed and self.minimum < 0 < self.maximum else 0.0

    def value(self, fraction: float) -> float:
        """The value at a place on the track, rounded to what can be shown."""
        fraction = min(max(fraction, 0.0), 1.0)
        if self.log:
            return self.rounded(self.minimum * (self.maximum / self.minimum) ** fraction)
        return self.rounded(self.minimum + fraction * (self.maximum - self.minimum))

    def rounded(self, value: float) -> float:
        """The nearest value that the text can show, within bounds."""
        if self.integer:
            value = float(round(value))
        elif self.log:
            value = float(f"{value:.{LOG_DIGITS - 1}e}")
        else:
            value = round(value, self.decimals)
        return min(max(value, self.minimum), self.maximum)

    def stepped(self, value: float, steps: float, *, fine: bool = False) -> float:
        """The value some steps on; fine steps are a tenth, but never too small to be seen."""
        if self.log and not self.integer:
            return self._stepped_log(value, steps, fine=fine)
        step = 10 ** round(math.log10((self.maximum - self.minimum) / 100))
        smallest = 1.0 if self.integer else 10.0**-self.decimals
        return self.rounded(value + steps * max(step / 10 if fine else step, smallest))

    def _stepped_log(self, value: float, steps: float, *, fine: bool) -> float:
        by = steps / LOG_STEPS * (0.1 if fine else 1.0)
        moved = self.value(self.fraction(value) + by)
        if moved != self.rounded(value):
            return moved
        smallest = 10.0 ** (math.floor(math.log10(value)) + 1 - LOG_DIGITS)
        return self.rounded(value + math.copysign(smallest, steps))

    def text(self, value: float) -> str:
        """The value as it is shown."""
        if self.integer:
            text = f"{round(value):,}"
        elif self.log:
            text = _short(value)
        else:
            text = f"{value:.{self.decimals}f}"
        if float(f"{value:.15g}") > 0 and self.signed:
            text = "+" + text
        return text.replace("-", "\N{MINUS SIGN}", 1) if value < 0 else text

    def read(self, text: str) -> float:
        """The number a person typed.

        Raises:
            ValueError: not a number, or out of bounds; the message says what it takes.
        """
        plain = text.strip().replace("\N{MINUS SIGN}", "-").replace(" ", "")
        plain = plain.replace(",", "" if self.integer else ".")
        try:
            value = float(plain)
        except ValueError:
            raise ValueError(f"“{text.strip()}” is not a number. {self._bounds()}") from None
        if not self.minimum <= value <= self.maximum:
            raise ValueError(f"{text.strip()} is out of bounds. {self._bounds()}")
        if self.integer and value != round(value):
            raise ValueError(f"{text.strip()} is not a whole number. {self._bounds()}")
        return value

    def _bounds(self) -> str:
        return f"It takes {_short(self.minimum)} to {_short(self.maximum)}."


def _short(value: float) -> str:
    if value == 0:
        return "0"
    if 0.01 <= abs(value) < 100_000:
        return f"{value:.6g}"
    mantissa, exponent = f"{value:.6e}".split("e")
    digits = f"{float(mantissa):.6g}"
    return f"{digits if '.' in digits else digits + '.0'}e{int(exponent)}"
