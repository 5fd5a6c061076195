"""What the checkpoints of a run scored, and which of them is the best: `scores.json` in the run's folder."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pydantic

from studio.engine.atomic import write_json

if TYPE_CHECKING:
    from studio.api.metrics import MetricSpec

log = logging.getLogger(__name__)

SCORES = "scores.json"


class MetricScores(pydantic.BaseModel):
    """What one metric gave. All values are of the same real pictures and of as many: only then do they compare.

    Attributes:
        title: what people read.
        lower_is_better: which way is progress.
        images: how many pictures of each.
        data: the fingerprint of the data that the real ones are from.
        values: by step.
    """

    model_config = pydantic.ConfigDict(frozen=True, extra="ignore")

    title: str
    lower_is_better: bool
    images: int
    data: str
    values: Mapping[int, pydantic.FiniteFloat] = {}

    def best(self, steps: Collection[int]) -> int | None:
        """The step among `steps` that scored best; None where none of them was measured."""
        measured = {step: value for step, value in self.values.items() if step in steps}
        if not measured:
            return None
        return (min if self.lower_is_better else max)(measured, key=lambda step: measured[step])


class ScoreSheet(pydantic.BaseModel):
    """Every score of a run.

    Attributes:
        best_by: the id of the metric that says which checkpoint is the best; empty before anything was measured.
        metrics: by id.
    """

    model_config = pydantic.ConfigDict(frozen=True, extra="ignore")

    format: int = 1
    best_by: str = ""
    metrics: Mapping[str, MetricScores] = {}

    def best(self, steps: Collection[int]) -> int | None:
        """The step among `steps` that is the best; None where that is not known."""
        chosen = self.metrics.get(self.best_by)
        return None if chosen is None else chosen.best(steps)

    def told(self, step: int, best: int | None) -> str:
        """What a step scored by the metric that counts: `KID-lite0 0.0123, the best`; empty where it has no score."""
        chosen = self.metrics.get(self.best_by)
        if chosen is None or step not in chosen.values:
            return ""
        return f"{chosen.title} {chosen.values[step]:.4g}{', the best' if step == best else ''}"


class Scores:
    """The file. Written whole; a damaged one reads as empty, since everything in it can be measured again."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> ScoreSheet:
        """What is in it now."""
        try:
            return ScoreSheet.model_validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return ScoreSheet()
        except (pydantic.ValidationError, OSError) as error:
            log.info("%s cannot be read: %s", self._path, error)
            return ScoreSheet()

    def best(self, steps: Collection[int]) -> int | None:
        """The step among `steps` that is the best; None where that is not known."""
        return self.read().best(steps)

    def add(self, spec: MetricSpec, step: int, value: float, *, images: int, data: str) -> None:
        """Keeps a score. Those of this metric with other pictures go: they do not compare.

        Raises:
            DiskError: the file cannot be written.
        """
        sheet = self.read()
        known = sheet.metrics.get(spec.id)
        before = known.values if known is not None and (known.images, known.data) == (images, data) else {}
        scores = MetricScores(
            title=spec.title,
            lower_is_better=spec.lower_is_better,
            images=images,
            data=data,
            values=dict(sorted({**before, step: value}.items())),
        )
        self._write(
            sheet.model_copy(
                update={"metrics": {**sheet.metrics, spec.id: scores}, "best_by": sheet.best_by or spec.id}
            )
        )

    def choose(self, metric: str) -> None:
        """From now on the best is the best by the metric of that id.

        Raises:
            DiskError: the file cannot be written.
        """
        self._write(self.read().model_copy(update={"best_by": metric}))

    def rewind(self, step: int) -> None:
        """Forgets what came after `step`: the run is about to live through it again."""
        sheet = self.read()
        kept = {
            name: scores.model_copy(update={"values": {at: value for at, value in scores.values.items() if at <= step}})
            for name, scores in sheet.metrics.items()
        }
        if kept != sheet.metrics:
            self._write(sheet.model_copy(update={"metrics": kept}))

    def _write(self, sheet: ScoreSheet) -> None:
        write_json(self._path, sheet.model_dump(mode="json"))
