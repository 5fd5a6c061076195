"""When to log, to draw the sample grid and to save, in steps or by the monotonic clock."""

from __future__ import annotations

import time
from dataclasses import dataclass


class Stopwatch:
    """Seconds of training, pauses left out; unmoved by changes of the wall clock."""

    def __init__(self, elapsed: float = 0.0) -> None:
        self._elapsed = elapsed
        self._since: float | None = None

    @property
    def elapsed(self) -> float:
        """Seconds so far."""
        return self._elapsed + (time.monotonic() - self._since if self._since is not None else 0.0)

    def go(self) -> None:
        """Starts or goes on."""
        if self._since is None:
            self._since = time.monotonic()

    def hold(self) -> None:
        """Stops until the next `go`."""
        self._elapsed, self._since = self.elapsed, None


@dataclass
class Interval:
    """Something done every `steps` steps; where that is 0, by time: not before `seconds` have gone by, and never for
    more than `share` of the time.
    """

    seconds: float
    share: float = 1.0
    _last: float = 0.0
    _cost: float = 0.0

    def begin(self, now: float, first: float) -> None:
        """Starts `now`, and is due for the first time `first` seconds later."""
        self._last, self._cost = now - self.seconds + first, 0.0

    def due(self, step: int, steps: int, now: float) -> bool:
        """Whether it is time, at `step`, `now` seconds into training."""
        if steps:
            return step % steps == 0
        return now - self._last >= max(self.seconds, self._cost / self.share)

    def done(self, now: float, cost: float = 0.0) -> None:
        """Notes that it was done `now`, in `cost` seconds."""
        self._last, self._cost = now, cost


class Pace:
    """How fast training goes, smoothed over its last few dozen logged points."""

    def __init__(self) -> None:
        self._step = 0
        self._images = 0
        self._elapsed = 0.0
        self._seconds_per_step: float | None = None
        self.images_per_second = 0.0

    def begin(self, step: int, images: int, elapsed: float) -> None:
        """Where measuring starts."""
        self._step, self._images, self._elapsed = step, images, elapsed

    def update(self, step: int, images: int, elapsed: float) -> None:
        """Takes in another point."""
        steps, seconds = step - self._step, elapsed - self._elapsed
        if steps <= 0 or seconds <= 0:
            return
        pace, rate = seconds / steps, (images - self._images) / seconds
        if self._seconds_per_step is None:
            self._seconds_per_step, self.images_per_second = pace, rate
        else:
            self._seconds_per_step += 0.2 * (pace - self._seconds_per_step)
            self.images_per_second += 0.2 * (rate - self.images_per_second)
        self.begin(step, images, elapsed)

    def seconds_left(self, steps: int) -> float | None:
        """How long `steps` more will take; None while that is unknown."""
        return None if self._seconds_per_step is None else max(0, steps) * self._seconds_per_step
