"""Pictures for keeps: a function of (run, count, seed, options) alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from studio.api.capabilities import ImageTranslation, LatentSampling, LayoutRendering
from studio.api.data import PlacedObject
from studio.api.errors import StudioError
from studio.api.requests import LayoutRequest
from studio.data.layout_files import object_seed
from studio.engine.player import load_for_keeps
from studio.engine.previews import SeedsRequest

if TYPE_CHECKING:
    from studio.data.layout_files import Layout
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
    step: int | None = None,
) -> Iterator[np.ndarray]:
    """Yields `count` pictures in chunks, uint8 (n, H, W, 3). Picture i is that of seed `seed` + i.

    They are those of the checkpoint of `step`, or of the newest.

    Every chunk is computed at the same size, so that a picture does not depend on how many were asked for; on a CPU
    in float64, so that it does not depend on the processor either.

    Raises:
        StudioError: the model does not sample from z, or the label, truncation, device or checkpoint is not there.
    """
    if not 0 <= truncation <= 1:
        raise StudioError(f"Truncation cannot be {truncation:g}.", "It takes 0 (the mean picture) to 1 (none).")
    player = load_for_keeps(run, host, device, step)
    if isinstance(player.model, LayoutRendering):
        raise StudioError(f"{player.facts.title} draws layouts.", "Say which: --layout FILE.json.")
    if not isinstance(player.model, LatentSampling):
        title = player.facts.title
        if isinstance(player.model, ImageTranslation):
            raise StudioError(f"{title} makes pictures from pictures, not from seeds.", "Use `ganvas translate`.")
        raise StudioError(f"{title} makes no pictures from seeds.", "`ganvas show` says what it can do.")
    index = _label_index(label, player.facts.labels)
    for start in range(0, count, CHUNK):
        pictures = player.render(SeedsRequest(seed + start, CHUNK, truncation, index))
        yield pictures[: count - start]


def sample_layout(
    run: Run, host: PluginHost, layout: Layout, count: int, seed: int, *, device: str = "auto", step: int | None = None
) -> Iterator[np.ndarray]:
    """Yields `count` pictures of a layout, one at a time, uint8 (1, H, W, 3).

    An object that has a seed of its own looks the same in all of them; those of the others follow from `seed` + i.

    Raises:
        StudioError: the model draws no layouts, or does not know a label, or there is no checkpoint of `step`.
    """
    player = load_for_keeps(run, host, device, step)
    if not isinstance(player.model, LayoutRendering):
        raise StudioError(f"{player.facts.title} draws no layouts.", "Leave --layout out.")
    labels = player.model.object_labels
    objects = tuple(PlacedObject(_object_label(one.label, labels), one.box) for one in layout.objects)
    for number in range(seed, seed + count):
        seeds = np.array([[object_seed(number, place, one.seed) for place, one in enumerate(layout.objects)]])
        yield player.render(LayoutRequest.of(objects, seeds))


def _object_label(label: str, labels: tuple[str, ...]) -> int:
    if label not in labels:
        raise StudioError(f"This model knows no {label}.", f"Choose from: {', '.join(labels)}.")
    return labels.index(label)


def _label_index(label: str | None, labels: tuple[str, ...]) -> int | None:
    if label is None:
        return None
    if label in labels:
        return labels.index(label)
    if not labels:
        raise StudioError("This run knows no labels.", "Leave --label out.")
    raise StudioError(f"There is no label {label!r} in this run.", f"Choose from: {', '.join(labels)}.")
