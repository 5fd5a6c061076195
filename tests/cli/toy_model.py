"""The toy model, loud, and able to press Ctrl-C."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping

from torch import Tensor

from studio.api import Batch
from tests.toys import ToyGan


class SendingToy(ToyGan):
    """Prints at every step, and sends this process a signal at step 3."""

    def training_step(self, batch: Batch) -> Iterator[Mapping[str, Tensor | float]]:
        print("What a model prints while it trains belongs on standard error.")
        if self.clock.step + 1 == 3 and self.hp.send != "nothing":
            os.kill(os.getpid(), signal.Signals[self.hp.send])
        yield from super().training_step(batch)
