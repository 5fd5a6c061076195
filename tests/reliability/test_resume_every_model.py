"""N steps in one go equal k steps, another process, and N - k more, to the bit: for every model that is installed."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from studio.api import ModelSpec
from studio.engine.runs import Run
from tests.reliability.everyone import begin, digests, everyone, go_on
from tests.reliability.sources import make_source

MODELS = list(everyone().models().values())
SHORT, LONG = (2, 6), (47, 120)


@pytest.fixture(scope="module")
def another_process() -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        pool.submit(int).result()
        yield pool


@pytest.mark.parametrize("spec", MODELS, ids=lambda spec: spec.id)
@pytest.mark.parametrize(("k", "n"), [SHORT, pytest.param(*LONG, marks=pytest.mark.slow)], ids=["2 + 4", "47 + 73"])
def test_resuming_in_another_process_is_exact_and_a_seed_decides_everything(
    spec: ModelSpec, k: int, n: int, another_process: ProcessPoolExecutor, tmp_path: Path
) -> None:
    source = make_source(spec.data, tmp_path / "pictures")
    straight = begin(tmp_path, spec, source, n, str(tmp_path / "straight"))
    broken_off = begin(tmp_path, spec, source, n, str(tmp_path / "broken off"), until=k)
    assert broken_off.checkpoints.load_newest()[0] == k
    another_process.submit(go_on, tmp_path, broken_off.folder).result()
    expected = digests(straight)
    assert {"the rest"} < expected.keys()
    assert digests(broken_off) == expected
    assert _losses(broken_off) == _losses(straight)


def _losses(run: Run) -> list[dict[str, float]]:
    beside = ("elapsed", "time")
    return [{name: value for name, value in row.items() if name not in beside} for row in run.metrics()]
