"""One run in training: the loop with everything around it that people see and that survives on disk."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from studio.api.errors import StudioError
from studio.engine.atomic import DiskError
from studio.engine.events import HyperparameterChanged, RunState, SamplesReady, StateChanged, StepLogged
from studio.engine.pictures import grid, save_png
from studio.engine.previews import COLUMNS, SeedsRequest
from studio.engine.runs import Change
from studio.engine.schedule import Interval, Pace, Stopwatch
from studio.engine.writer import CheckpointWriter

if TYPE_CHECKING:
    from studio.api.canvas import RenderRequest
    from studio.api.hyperparameters import Hyperparameters
    from studio.engine.events import Event
    from studio.engine.player import Player
    from studio.engine.runs import Run
    from studio.engine.trainer import Trainer

SAMPLE_SECONDS, SAMPLE_SHARE = 4.0, 0.02
CHECKPOINT_SECONDS = 600.0
FIRST_CHECKPOINT_SECONDS = 60.0
HISTORY_GROWTH = 1.05


def require_live(hp: Hyperparameters, name: str) -> None:
    """Refuses to change what cannot change while training.

    Raises:
        StudioError: it cannot; names what can.
    """
    described = hp.describe()
    if any(entry.name == name and not entry.live for entry in described):
        live = ", ".join(entry.name for entry in described if entry.live)
        raise StudioError(f"{name} cannot change while training.", f"These can: {live}.")


class TrainingJob:
    """Advances a run and keeps its folder.

    Attributes:
        run: what is on disk.
        trainer: the loop.
        player: answers requests with the averaged weights as they move.
        state: training, paused, or how it ended.
    """

    def __init__(
        self,
        run: Run,
        trainer: Trainer,
        player: Player,
        emit: Callable[[Event], None],
        preview: RenderRequest | None,
        elapsed: float = 0.0,
    ) -> None:
        self.run = run
        self.trainer = trainer
        self.player = player
        self.state = RunState.PREPARING
        self._emit = emit
        self._preview = preview
        self._writer = CheckpointWriter(run, emit)
        self._watch = Stopwatch(elapsed)
        self._pace = Pace()
        self._samples = Interval(SAMPLE_SECONDS, SAMPLE_SHARE)
        self._checkpoints = Interval(CHECKPOINT_SECONDS)
        self._kept_at = 0.0
        self._logged = trainer.step
        self._behind = False

    def begin(self) -> None:
        """Enters training, from the beginning, from a checkpoint or from a pause."""
        self._watch.go()
        self._pace.begin(self.trainer.step, self.trainer.images, self._watch.elapsed)
        self._checkpoints.begin(self._watch.elapsed, FIRST_CHECKPOINT_SECONDS)
        self._enter(RunState.TRAINING)

    def advance(self) -> None:
        """Runs one phase, and what is due where a step ends.

        Raises:
            StudioError: the numbers have gone bad, or something could not be written: that is done first next time.
        """
        if not self._behind and self.trainer.step < self.trainer.steps and not self.trainer.advance():
            return
        self._behind = True
        self._keep_up()
        self._behind = False

    def pause(self) -> None:
        """Holds training, with a checkpoint.

        Raises:
            StudioError: the checkpoint could not be written; the run is held all the same.
        """
        self.hold()
        self._save()

    def hold(self) -> None:
        """Holds training where the step in progress ends."""
        self._rest()
        self._enter(RunState.PAUSED)

    def end(self, outcome: RunState) -> None:
        """Ends the run as finished or stopped, with a checkpoint.

        Raises:
            StudioError: the checkpoint could not be written; the run is held instead.
        """
        self._enter(RunState.STOPPING)
        self._rest()
        try:
            self._save()
        except StudioError:
            self._enter(RunState.PAUSED)
            raise
        self._leave(outcome)

    def settle(self) -> int | None:
        """Waits for a checkpoint that is being written; the step of the newest, None where there is none."""
        with contextlib.suppress(StudioError):
            self._writer.flush()
        steps = [checkpoint.step for checkpoint in self.run.checkpoints.all()]
        return max(steps, default=None)

    def fail(self, message: str) -> None:
        """Gives the run up. Its last checkpoint stays."""
        self._watch.hold()
        self._leave(RunState.FAILED, message)

    def let_go(self) -> None:
        """Leaves the run as it is on disk, for another process to go on with."""
        self._writer.close()
        self.run.release()

    def change(self, name: str, value: Any) -> None:
        """Changes a live hyperparameter and remembers it.

        Raises:
            StudioError: it is unknown, out of bounds, or cannot change while training.
        """
        hp = self.trainer.model.hp
        require_live(hp, name)
        old = getattr(hp, name, None)
        self.trainer.change(**{name: value})
        new, step = getattr(self.trainer.model.hp, name), self.trainer.step
        if new == old:
            return
        self.run.update(changes=(*self.run.record.changes, Change(step=step, name=name, old=old, new=new)))
        self.run.note(f"step {step}: {name} {old} -> {new}")
        self._emit(HyperparameterChanged(str(self.run.folder), step, name, old, new))

    def _keep_up(self) -> None:
        """What is due where a step has ended. Done once more, it does what is missing."""
        hp, step, last = self.trainer.model.hp, self.trainer.step, self.trainer.step >= self.trainer.steps
        if self._logged < step and (last or step == 1 or step % hp.log_every == 0):
            self._log()
            self._logged = step
        if last or step == 1 or self._samples.due(step, hp.sample_every, self._watch.elapsed):
            self._draw_samples()
        self._writer.check()
        if last:
            self.end(RunState.FINISHED)
        elif self._checkpoints.due(step, hp.checkpoint_every, self._watch.elapsed):
            self._check_numbers()
            self._writer.offer(step, self._state_dict())
            self._checkpoints.done(self._watch.elapsed)

    def _rest(self) -> None:
        """Brings the trainer to where a checkpoint can be made. A step is finished: only whole ones resume exactly."""
        while not self.trainer.between_steps:
            self.trainer.advance()
        self._watch.hold()

    def _save(self) -> None:
        if self.trainer.step == 0:
            return
        self._check_numbers()
        self._writer.save(self.trainer.step, self._state_dict())
        self._checkpoints.done(self._watch.elapsed)

    def _state_dict(self) -> dict[str, Any]:
        return {**self.trainer.state_dict(), "elapsed": self._watch.elapsed}

    def _enter(self, state: RunState) -> None:
        self._write_down(state)
        self._tell()

    def _leave(self, outcome: RunState, message: str = "") -> None:
        """Enters the last state, and lets go of the run first: whoever is told may go on with it at once."""
        self._write_down(outcome, message)
        self.let_go()
        self._tell()

    def _write_down(self, state: RunState, message: str = "") -> None:
        self.state = state
        step = self.trainer.step
        with contextlib.suppress(DiskError):  # told where it matters; a record left behind reads as interrupted
            self.run.update(status=state, step=step, message=message)
            self.run.note(f"step {step}: {state}{': ' if message else ''}{message}")

    def _tell(self) -> None:
        step, steps = self.trainer.step, self.trainer.steps
        self._emit(StateChanged(self.state, str(self.run.folder), self.run.record.model, step, steps))

    def _check_numbers(self) -> dict[str, float]:
        self.trainer.check()
        return {name: float(value) for name, value in self.trainer.metrics.items()}

    def _log(self) -> None:
        metrics = self._check_numbers()
        step, images, elapsed = self.trainer.step, self.trainer.images, self._watch.elapsed
        self._pace.update(step, images, elapsed)
        beside = {"step": step, "images": images, "elapsed": round(elapsed, 3), "time": round(time.time(), 3)}
        self.run.add_metrics({**beside, **metrics})
        self._emit(
            StepLogged(
                str(self.run.folder),
                step,
                images,
                elapsed,
                metrics,
                self._pace.images_per_second,
                self._pace.seconds_left(self.trainer.steps - step),
            )
        )

    def _draw_samples(self) -> None:
        if self._preview is None:
            return
        step, began = self.trainer.step, time.monotonic()
        pictures = self.player.render(self._preview)
        seed = self._preview.seed if isinstance(self._preview, SeedsRequest) else None
        self._emit(SamplesReady(str(self.run.folder), step, seed, pictures))
        if self._worth_keeping():
            save_png(self.run.sample_path(step), grid(pictures, COLUMNS))
        self._samples.done(self._watch.elapsed, time.monotonic() - began)

    def _worth_keeping(self) -> bool:
        """Grids drawn by time are kept ever further apart, so that a week of training leaves hundreds, not millions."""
        now = self._watch.elapsed
        ended = self.trainer.step in (1, self.trainer.steps)
        if ended or self.trainer.model.hp.sample_every or now >= self._kept_at * HISTORY_GROWTH:
            self._kept_at = now
            return True
        return False
