"""How good the pictures of a run's checkpoints are, by metrics that plugins offer. Never on a training thread."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from studio.api.capabilities import LatentSampling
from studio.api.errors import StudioError
from studio.api.requests import rendering_dtype
from studio.data.kinds import require_kind
from studio.data.prepare import prepare
from studio.data.sources import BUILT_IN, open_source
from studio.engine.atomic import DiskError
from studio.engine.device import choose_device
from studio.engine.misfits import model_of
from studio.engine.player import load_player
from studio.engine.plugin_calls import imported, plugin_failures

if TYPE_CHECKING:
    from torch import Tensor

    from studio.api.metrics import MetricSpec
    from studio.api.model import GanModel
    from studio.data.dataset import Dataset
    from studio.engine.checkpoints import Checkpoint
    from studio.engine.plugins import PluginHost
    from studio.engine.runs import Run

CHUNK = 16
FEWEST = 2

Tell = Callable[[str, int, int], None]
Scorer = Callable[[np.ndarray], float]


@dataclass(frozen=True)
class Score:
    """What a checkpoint scored, or why it did not.

    Attributes:
        step: of the checkpoint.
        metric: its id; empty where the checkpoint could not be opened.
        value: the score; None where there is none.
        images: how many pictures of each it is of.
        trouble: why there is no score, or why it could not be kept; a sentence.
    """

    step: int
    metric: str
    value: float | None
    images: int
    trouble: str = ""


@dataclass(frozen=True)
class MeasuredRequest:
    """Pictures of consecutive seeds, without truncation, of the classes of as many real pictures.

    Attributes:
        seed: the first one.
        count: how many.
        labels: int64 (count,), where the model is conditional.
    """

    seed: int
    count: int
    labels: np.ndarray | None

    def render(self, model: GanModel) -> Tensor:
        """Pictures (count, 3, H, W) in [-1, 1]."""
        assert isinstance(model, LatentSampling)
        z = np.stack([model.latent_space.draw(self.seed + index) for index in range(self.count)])
        labels = None if self.labels is None else torch.from_numpy(self.labels).to(model.device)
        return model.sample(torch.from_numpy(z).to(model.device, rendering_dtype(model)), labels=labels)


class Measurement:
    """Metrics of checkpoints of one run.

    Real pictures are the same for each: up to as many of the run's data as the metric takes, drawn by seed 0. Generated
    ones are as many, of seeds 0, 1, ... of the averaged networks, with truncation 1 and the real ones' classes.

    Attributes:
        refusals: why some of the metrics cannot be had here.
    """

    def __init__(
        self,
        run: Run,
        host: PluginHost,
        home: Path,
        specs: Sequence[MetricSpec],
        *,
        data: str = "",
        images: int | None = None,
        device: str = "auto",
        tell: Tell = lambda _task, _done, _total: None,
    ) -> None:
        """Opens the data and the metrics.

        Args:
            run: whose checkpoints.
            host: the plugins.
            home: where the cache of pictures is, and logs.
            specs: the metrics.
            data: the source of the real pictures; empty: what the run was trained on.
            images: how many pictures of each; None: as before with this run, else as many as the metric says.
            device: where pictures are made.
            tell: is told how far it has come: of what, done, in all.

        Raises:
            StudioError: the model samples nothing from z, the data is gone, or not one of the metrics can be had.
        """
        self._run, self._host, self._home, self._tell = run, host, home, tell
        self._device = choose_device(device)
        _require_sampling(run, host)
        self._open: dict[str, Callable[[np.ndarray], Scorer]] = {}
        self.refusals = tuple(filter(None, map(self._refused, specs)))
        self._specs = tuple(spec for spec in specs if spec.id in self._open)
        if not self._specs:
            raise self.refusals[0]
        self._data = self._prepared(data)
        self._images = {spec.id: self._how_many(spec, images) for spec in specs}
        self._scorers: dict[str, Scorer] = {}

    @property
    def changed(self) -> bool:
        """Whether the pictures are others than those that the run was trained on."""
        return self._data.fingerprint != self._run.record.data_fingerprint

    @property
    def incomparable(self) -> tuple[str, ...]:
        """The titles of metrics whose scores so far are of other pictures, and go with the first new one."""
        known = self._run.scores.read().metrics
        return tuple(
            spec.title
            for spec in self._specs
            if spec.id in known and (known[spec.id].images, known[spec.id].data) != self._pictures(spec)
        )

    def scores(self, steps: Sequence[int] | None = None, *, again: bool = False) -> Iterator[Score]:
        """Measures checkpoints, the newest first, and keeps each score as soon as it is there, where the disk has room.

        Args:
            steps: of which checkpoints; None: of all.
            again: those too that have been measured with the same pictures already.
        """
        for checkpoint in reversed(self._run.checkpoints.all()):
            if steps is None or checkpoint.step in steps:
                wanted = [spec for spec in self._specs if again or not self._known(spec, checkpoint.step)]
                yield from self._of(checkpoint, wanted)

    def _refused(self, spec: MetricSpec) -> StudioError | None:
        """Imports a metric; why it cannot be, where it cannot."""
        plugin = self._host.offering(spec)
        try:
            self._open[spec.id] = imported(spec.metric, plugin, spec.title, self._home, spec.install)
        except StudioError as error:
            return error
        return None

    def _of(self, checkpoint: Checkpoint, specs: Sequence[MetricSpec]) -> Iterator[Score]:
        if not specs:
            return
        step = checkpoint.step
        try:
            pictures = self._generated(step, max(self._images[spec.id] for spec in specs))
        except StudioError as error:  # damaged, or let go of by a training that goes on
            yield Score(step, "", None, 0, str(error))
            return
        for spec in specs:
            count = self._images[spec.id]
            try:
                value = self._score(spec, pictures[:count], step)
            except StudioError as error:
                yield Score(step, spec.id, None, count, str(error))
                continue
            trouble = ""
            try:
                self._run.scores.add(spec, step, value, images=count, data=self._data.fingerprint)
            except DiskError as error:
                trouble = str(error)
            yield Score(step, spec.id, value, count, trouble)

    def _score(self, spec: MetricSpec, pictures: np.ndarray, step: int) -> float:
        with plugin_failures(self._host.offering(spec), f"{spec.title} was measured", self._home):
            if spec.id not in self._scorers:
                with self._told(f"{spec.title} of the real pictures", len(pictures)):
                    self._scorers[spec.id] = self._open[spec.id](self._real(len(pictures)))
            with self._told(f"{spec.title} of step {step:,}", len(pictures)):
                value = float(self._scorers[spec.id](pictures))
            if not math.isfinite(value):
                raise ValueError(f"it gave {value}")
        return value

    @contextlib.contextmanager
    def _told(self, task: str, count: int) -> Iterator[None]:
        self._tell(task, 0, count)
        yield
        self._tell(task, count, count)

    def _generated(self, step: int, count: int) -> np.ndarray:
        player = load_player(self._run, self._host, self._device, step)
        labels = self._labels(count) if player.facts.labels else None
        pictures = []
        for start in range(0, count, CHUNK):
            self._tell(f"Pictures of step {step:,}", start, count)
            some = slice(start, min(start + CHUNK, count))
            given = None if labels is None else labels[some]
            pictures.append(player.render(MeasuredRequest(start, some.stop - start, given)))
        self._tell(f"Pictures of step {step:,}", count, count)
        return np.concatenate(pictures)

    def _rows(self, count: int) -> np.ndarray:
        """The same first ones however many there are of them."""
        return np.random.RandomState(0).permutation(len(self._data))[:count]

    def _real(self, count: int) -> np.ndarray:
        return np.ascontiguousarray(self._data.pictures[self._rows(count)])

    def _labels(self, count: int) -> np.ndarray | None:
        return None if self._data.labels is None else self._data.labels[self._rows(count)]

    def _known(self, spec: MetricSpec, step: int) -> bool:
        known = self._run.scores.read().metrics.get(spec.id)
        return known is not None and (known.images, known.data) == self._pictures(spec) and step in known.values

    def _pictures(self, spec: MetricSpec) -> tuple[int, str]:
        return self._images[spec.id], self._data.fingerprint

    def _how_many(self, spec: MetricSpec, images: int | None) -> int:
        known = self._run.scores.read().metrics.get(spec.id)
        wanted = images or (known.images if known is not None else spec.images)
        if (count := min(wanted, len(self._data))) < FEWEST:
            raise StudioError(
                "One picture cannot be measured.", f"Ask for at least {FEWEST}, of data that has as many."
            )
        return count

    def _prepared(self, source: str) -> Dataset:
        source = source or self._run.record.data
        if not source:
            raise StudioError(
                f"{self._run.name} was imported, and does not say which pictures it was trained on.",
                "Give them: --data SOURCE.",
            )
        spec = model_of(self._run, self._host)
        opened = open_source(source, (*BUILT_IN, *self._host.datasets()), spec.data)
        require_kind(opened.kind, spec.data, spec.title)
        resolution = int(self._run.record.hyperparameters["resolution"])
        return prepare(opened, resolution, self._home / "cache", lambda *done: self._tell("Preparing pictures", *done))


def chosen(host: PluginHost, metric: str) -> list[MetricSpec]:
    """The metric of that id, or all that are offered.

    Raises:
        StudioError: there is none; names those there are.
    """
    offered = list(host.metrics())
    wanted = [spec for spec in offered if spec.id == metric] if metric else offered
    if wanted:
        return wanted
    if not offered:
        raise StudioError("No metric is offered.", "Install a plugin that has one.")
    raise StudioError(f"There is no metric {metric!r}.", f"There is: {', '.join(spec.id for spec in offered)}.")


def _require_sampling(run: Run, host: PluginHost) -> None:
    spec = model_of(run, host)
    if LatentSampling not in spec.capabilities:
        raise StudioError(
            f"{spec.title} draws no pictures from z alone, so there is nothing to compare with real ones.",
            "Look at its samples, and pin what you like best.",
        )
