"""Pictures for keeps: a function of (run, count, seed, options) alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from studio.api.capabilities import LatentSampling
from studio.api.errors import StudioError
from studio.engine.device import choose_device
from studio.engine.player import load_player
from studio.engine.previews import SeedsRequest

if TYPE_CHECKING:
    import numpy as np

    from studio.engine.plugins import PluginHost
    from studio.engine.runs import Run

CHUNK = 16


def sample(
    run: Run,
    host: PluginHost,
    count: int,
    seed: int,
    *,
    label: str | None = None,
    truncation: float = 1.0,
    device: str = "auto",
) -> Iterator[np.ndarray]:
    """Yields `count` pictures in chunks, uint8 (n, H, W, 3). Picture i is that of seed `seed` + i.

    Every chunk is computed at the same size, so that a picture does not depend on how many were asked for; on a CPU
    in float64, so that it does not depend on the processor either.

    Raises:
        StudioError: the model does not sample from z, or the label, truncation or device is not there.
    """
    if not 0 <= truncation <= 1:
        raise StudioError(f"Truncation cannot be {truncation:g}.", "It takes 0 (the mean picture) to 1 (none).")
    player = load_player(run, host, choose_device(device)).exact()
    if not isinstance(player.model, LatentSampling):
        raise StudioError(
            f"{player.facts.title} makes pictures from pictures, not from seeds.", "Use `ganvas translate`."
        )
    index = _label_index(label, player.facts.labels)
    for start in range(0, count, CHUNK):
        pictures = player.render(SeedsRequest(seed + start, CHUNK, truncation, index))
        yield pictures[: count - start]


def _label_index(label: str | None, labels: tuple[str, ...]) -> int | None:
    if label is None:
        return None
    if label in labels:
        return labels.index(label)
    if not labels:
        raise StudioError("This run knows no labels.", "Leave --label out.")
    raise StudioError(f"There is no label {label!r} in this run.", f"Choose from: {', '.join(labels)}.")
