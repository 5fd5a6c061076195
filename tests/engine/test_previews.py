"""What a run shows of itself: the same seeds, pictures or layouts, by what its model can do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.api import DataInfo, DataKind, StudioError
from studio.api.requests import TranslationRequest
from studio.engine.commands import TrainPlan
from studio.engine.events import Failed, RunState, SamplesReady
from studio.engine.runs import Run
from tests.engine.conftest import Watcher
from tests.toys import TOY, ToyGan

SMALL = {"resolution": 8, "batch": 4, "log_every": 1, "sample_every": 1}


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    """Twenty pairs: B is A a little brighter."""
    for index in range(20):
        for side, more in (("A", 0), ("B", 5)):
            (tmp_path / "pairs" / side).mkdir(parents=True, exist_ok=True)
            Image.new("RGB", (8, 8), (10 * index + more, 0, 0)).save(tmp_path / "pairs" / side / f"{index}.png")
    return tmp_path / "pairs"


def samples(watcher: Watcher, model: str, data: str, steps: int = 2) -> list[SamplesReady]:
    watcher.session.train(TrainPlan(model, data, SMALL, steps=steps, seed=3, device="cpu"))
    watcher.until_state(RunState.FINISHED)
    found: list[SamplesReady] = watcher.of_kind(SamplesReady)
    return found


def test_pairs_are_shown_as_input_output_and_target(watcher: Watcher, pairs: Path) -> None:
    first, last = samples(watcher, "pairs", str(pairs))
    assert first.seed is None
    assert first.pictures.shape == (48, 8, 8, 3)
    given, made, target = (last.pictures[column::3, 0, 0, 0].astype(int) for column in range(3))
    assert (target - given == 5).all()
    assert len(set(given)) == 16
    assert np.array_equal(first.pictures[::3], last.pictures[::3])
    assert not np.array_equal(first.pictures[1::3], last.pictures[1::3])
    assert (made != given).any()


def test_domains_are_shown_there_and_back(watcher: Watcher, pairs: Path) -> None:
    [*_, last] = samples(watcher, "domains", str(pairs))
    assert last.pictures.shape == (48, 8, 8, 3)
    a, b = last.pictures[0::6, 0, 0, 0], last.pictures[3::6, 0, 0, 0]
    assert (a % 10 == 0).all()
    assert (b % 10 == 5).all()
    assert len({picture.tobytes() for picture in last.pictures[:3]}) == 3


def test_layouts_are_shown_beside_their_pictures(watcher: Watcher) -> None:
    [*_, last] = samples(watcher, "painter", "demo:icons-layout", steps=1)
    assert last.pictures.shape == (48, 8, 8, 3)
    assert (last.pictures[1::2].min((1, 2, 3)) == 0).all()
    assert (last.pictures[0::2].max((1, 2, 3)) > 200).all()


def test_what_does_not_fit_is_refused_before_a_folder_is_made(watcher: Watcher, pictures: Path, tmp_path: Path) -> None:
    for model, data, words in (
        ("pairs", str(pictures), "no pairs"),
        ("domains", str(pictures), "two folders"),
        ("painter", str(pictures), "layout"),
        ("toy", "demo:icons-paired", "needs unlabelled data, and this is paired"),
    ):
        watcher.session.train(TrainPlan(model, data, SMALL, steps=1, seed=0, device="cpu"))
        assert words in watcher.until_kind(Failed).message
    assert not list((tmp_path / "home" / "runs").glob("*"))


def test_pairs_serve_as_two_domains(watcher: Watcher) -> None:
    watcher.session.train(TrainPlan("domains", "demo:icons-paired", SMALL, steps=1, seed=0, device="cpu"))
    run = Run.load(Path(watcher.until_state(RunState.FINISHED).run))
    assert run.record.data_info["kind"] == "unpaired"
    assert tuple(run.record.data_info["domains"]) == ("outline", "filled")


def test_a_wish_that_a_model_cannot_fulfil_is_said() -> None:
    model = ToyGan(TOY.hyperparameters.build([]), DataInfo(DataKind.UNLABELLED, 1, 8))
    with pytest.raises(StudioError, match="no pictures from pictures"):
        TranslationRequest(np.zeros((1, 8, 8, 3), np.uint8), "A->B").render(model)
