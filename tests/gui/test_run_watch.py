"""The engine's events as the words of the top bar and the status line."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from studio.engine.events import (
    CheckpointSaved,
    DeviceReady,
    Rendered,
    RunState,
    StateChanged,
    StepLogged,
    TaskProgress,
)
from studio.gui.run_watch import RunWatch
from studio.gui.studio import Studio

Tell = Callable[..., None]


@pytest.fixture
def watch(studio: Studio) -> RunWatch:
    return RunWatch(studio.pump)


def logged(step: int, run: str = "r", left: float | None = 420.0) -> StepLogged:
    return StepLogged(run, step, step * 64, 1.0, {"loss/D": 0.62, "loss/G": 1.54, "D/real": 1.0}, 31.2, left)


def test_before_torch_has_loaded_it_says_so(watch: RunWatch) -> None:
    assert watch.sentence() == "Loading PyTorch"


def test_training_is_told_in_words(watch: RunWatch, tell: Tell) -> None:
    tell(DeviceReady("cpu", "CPU"), StateChanged(RunState.TRAINING, "r", "tiny", 0, 25_000), logged(12_400))
    assert watch.sentence() == "Training · step 12,400 of 25,000 · 31 img/s · 7 min left"
    assert watch.level == "good"
    assert watch.metrics() == "D 0.62   G 1.54"
    assert watch.device == "CPU"


def test_time_left_is_left_out_while_it_is_unknown(watch: RunWatch, tell: Tell) -> None:
    tell(StateChanged(RunState.TRAINING, "r", "tiny", 0, 100), logged(3, left=None))
    assert watch.sentence() == "Training · step 3 of 100 · 31 img/s"


@pytest.mark.parametrize(
    ("state", "sentence", "level"),
    [
        (RunState.PAUSED, "Paused · step 40 of 100", "warn"),
        (RunState.STOPPING, "Stopping · saving a checkpoint", "warn"),
        (RunState.STOPPED, "Stopped · step 40 of 100", "none"),
        (RunState.FINISHED, "Finished · 100 steps", "good"),
        (RunState.FAILED, "Failed · step 40 of 100", "bad"),
    ],
)
def test_every_state_has_words(watch: RunWatch, tell: Tell, state: RunState, sentence: str, level: str) -> None:
    tell(DeviceReady("cpu", "CPU"), StateChanged(state, "r", "tiny", 40, 100))
    assert (watch.sentence(), watch.level) == (sentence, level)


def test_preparing_says_how_far(watch: RunWatch, tell: Tell) -> None:
    tell(StateChanged(RunState.PREPARING, "", "tiny"), TaskProgress("Preparing pictures", 1200, 7367))
    assert watch.sentence() == "Preparing pictures · 1,200 of 7,367"


def test_checkpoints_and_latency_are_told(watch: RunWatch, tell: Tell) -> None:
    assert (watch.checkpoint(), watch.latency()) == ("", "")
    import numpy as np

    tell(CheckpointSaved("r", 40, "p", 0.1), Rendered("play", 1, np.zeros((1, 8, 8, 3), np.uint8), 9.4, 40))
    assert watch.checkpoint() == "Checkpoint saved just now"
    assert watch.latency() == "9 ms a picture"
    tell(Rendered("play:thumbnails", 2, np.zeros((12, 8, 8, 3), np.uint8), 390.0, 40))
    assert watch.latency() == "9 ms a picture"


def test_another_run_begins_with_a_clean_slate(watch: RunWatch, tell: Tell) -> None:
    tell(StateChanged(RunState.TRAINING, "r", "tiny", 0, 100), logged(40), CheckpointSaved("r", 40, "p", 0.1))
    tell(StateChanged(RunState.TRAINING, "other", "tiny", 0, 100))
    assert watch.sentence().startswith("Training · step 0 of 100")
    assert watch.checkpoint() == ""
