"""A model file: what plays the same elsewhere, says nothing private, and is refused in one sentence when damaged."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import safetensors
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.api import StudioError
from studio.engine.checkpoints import seal
from studio.engine.commands import TrainPlan
from studio.engine.events import RunState
from studio.engine.player import load_player
from studio.engine.portable import KEY, MAX_HEADER, is_portable, keep_portable, read_portable, write_portable
from studio.engine.previews import SeedsRequest
from studio.engine.runs import Run, RunStore
from tests.engine.conftest import ToyHost, Watcher


@pytest.fixture
def trained(watcher: Watcher, plan: Callable[..., TrainPlan]) -> Run:
    watcher.session.train(plan(steps=3))
    return Run.load(Path(watcher.until_state(RunState.FINISHED).run))


@pytest.fixture
def file(trained: Run, tmp_path: Path) -> Path:
    path = tmp_path / "toys.safetensors"
    assert write_portable(trained, path) == path.stat().st_size
    return path


def pictures(run: Run) -> np.ndarray:
    player = load_player(run, ToyHost(), torch.device("cpu"))  # type: ignore[arg-type]
    return player.render(SeedsRequest(0, 4, 1.0, None))


def keep(store: RunStore, path: Path) -> Run:
    return keep_portable(store, ToyHost(), read_portable(path), path.name)  # type: ignore[arg-type]


def test_another_home_sees_the_same_pictures(trained: Run, file: Path, tmp_path: Path) -> None:
    elsewhere = RunStore(tmp_path / "elsewhere")
    kept = keep(elsewhere, file)
    assert kept.folder.parent == elsewhere.folder
    assert kept.record.hyperparameters == trained.checkpoints.load_newest()[1]["hyperparameters"]
    assert kept.record.data_info == json.loads(json.dumps(trained.record.data_info))
    np.testing.assert_array_equal(pictures(kept), pictures(trained))


def test_an_imported_run_is_given_on_unchanged(file: Path, store: RunStore, tmp_path: Path) -> None:
    again = tmp_path / "again.safetensors"
    write_portable(keep(store, file), again)
    first, second = read_portable(file), read_portable(again)
    assert second.about == first.about
    for key, array in first.networks["G"].items():
        np.testing.assert_array_equal(second.networks["G"][key], array)


def test_half_precision_is_half_the_size_and_looks_the_same(trained: Run, store: RunStore, tmp_path: Path) -> None:
    whole, half = tmp_path / "whole.safetensors", tmp_path / "half.safetensors"
    write_portable(trained, whole)
    write_portable(trained, half, half=True)
    with safetensors.safe_open(half, "pt") as opened:
        assert opened.get_tensor("G.3.weight").dtype == torch.float16
        assert opened.get_tensor("G.0.weight").dtype == torch.float32
        assert opened.get_tensor("G.1.num_batches_tracked").dtype == torch.int64
    assert half.stat().st_size < whole.stat().st_size - 3 * 8 * 8 * 16 * 2 + 200
    difference = pictures(keep(store, half)).astype(int) - pictures(trained)
    assert np.abs(difference).max() <= 1


def test_what_is_beyond_float16_stays_whole(trained: Run, tmp_path: Path) -> None:
    step, state, _ = trained.checkpoints.load_newest()
    state["averages"]["G"]["module.3.weight"][0, 0] = 1e5
    trained.checkpoints.save(step, state)
    write_portable(trained, tmp_path / "half.safetensors", half=True)
    found = read_portable(tmp_path / "half.safetensors")
    assert found.networks["G"]["3.weight"][0, 0] == np.float32(1e5)


def test_it_holds_the_averaged_networks_and_nothing_private(trained: Run, file: Path) -> None:
    found = read_portable(file)
    assert set(found.networks) == {"G"}
    assert found.tensors == len(trained.checkpoints.load_newest()[1]["averages"]["G"]) - 1
    assert str(trained.folder.parent.parent.parent) not in file.read_bytes().decode("latin-1")
    assert str(Path.home()) not in file.read_bytes().decode("latin-1")


def test_stock_safetensors_opens_it(file: Path) -> None:
    with safetensors.safe_open(file, "np") as opened:
        assert json.loads(opened.metadata()[KEY])["model"] == "toy"
        assert "G.0.weight" in set(opened.keys())


def test_a_file_is_known_by_its_content(file: Path, trained: Run, tmp_path: Path) -> None:
    renamed = file.rename(tmp_path / "model.bin")
    assert is_portable(renamed)
    assert not is_portable(trained.checkpoints.all()[-1].path)
    assert not is_portable(tmp_path / "nothing")
    assert not is_portable(tmp_path)


HOSTILE = {
    "empty": b"",
    "text": b"no model, only words " * 10,
    "a header that claims to be endless": struct.pack("<Q", 2**63) + b"{}" * 100,
    "a header beyond the bound": struct.pack("<Q", MAX_HEADER + 1) + b" " * (MAX_HEADER + 1),
    "deep nesting": struct.pack("<Q", 200_000) + b"[" * 200_000,
    "metadata of the wrong type": struct.pack("<Q", 20) + b'{"__metadata__": 12}',
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_model_file_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.safetensors"
    path.write_bytes(content)
    assert not is_portable(path)
    with pytest.raises(StudioError, match=r"bad\.safetensors"):
        read_portable(path)


ABOUT = {
    "model": "toy",
    "hyperparameters": {"resolution": 8},
    "data": {"kind": "unlabelled", "count": 10, "resolution": 8},
    "step": 3,
}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"format": 2}, "newer Ganvas"),
        ({"model": "../toy"}, "damaged"),
        ({"step": -1}, "damaged"),
        ({"step": 10**30}, "damaged"),
        ({"hyperparameters": {"resolution": [8] * 10}}, "resolution"),
        ({"data": {"kind": "unlabelled", "count": 10, "resolution": 10**6}}, "damaged"),
        ({"data": {"kind": "labelled", "count": 10, "resolution": 8, "labels": ["a"] * 10_001}}, "damaged"),
        ({"model": "gone"}, "no model gone"),
        ({"hyperparameters": {"resolution": 8, "warp": 9}}, "no hyperparameter"),
        ({"hyperparameters": {"resolution": 8, "lr": 9}}, "lr"),
        ({"hyperparameters": {"resolution": 16}}, "8 pixels"),
        ({}, "lacks the Toy network G"),
    ],
)
def test_what_a_file_says_of_itself_is_checked(
    store: RunStore, tmp_path: Path, changes: dict[str, object], words: str
) -> None:
    path = tmp_path / "made.safetensors"
    path.write_bytes(seal({"Q.weight": torch.zeros(2)}, KEY, ABOUT | changes))
    with pytest.raises(StudioError, match=words):
        keep(store, path)
    assert store.runs() == []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_no_flipped_bit_goes_unseen(file: Path, place: float, bit: int) -> None:
    data = bytearray(file.read_bytes())
    data[int(place * len(data))] ^= 1 << bit
    flipped = file.with_name("flipped.safetensors")
    flipped.write_bytes(data)
    with pytest.raises(StudioError, match="damaged"):
        read_portable(flipped)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(length=st.floats(0, 1, exclude_max=True))
def test_a_file_that_was_cut_short_is_damaged(file: Path, length: float) -> None:
    cut = file.with_name("cut.safetensors")
    cut.write_bytes(file.read_bytes()[: int(length * file.stat().st_size)])
    with pytest.raises(StudioError, match="damaged"):
        read_portable(cut)
