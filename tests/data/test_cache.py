"""Pictures are decoded once; the cache survives cancelling, damage and two processes at once."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.api import DataKind, StudioError
from studio.data.cache import Cancelled, prune
from studio.data.file_stack import FileStack
from studio.data.prepare import prepare
from studio.data.sources import open_source


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for index in range(6):
        Image.new("RGB", (10, 10), (index * 40, 0, 0)).save(folder / f"{index}.png")
    (folder / "bad.png").write_text("no picture")
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def reds(folder: Path, cache: Path) -> list[int]:
    return [int(red) for red in prepare(open_source(str(folder)), 8, cache).pictures[:, 0, 0, 0]]


def test_a_source_becomes_a_data_set_without_its_bad_files(folder: Path, cache: Path) -> None:
    told: list[tuple[int, int]] = []
    data = prepare(open_source(str(folder)), 8, cache, lambda done, total: told.append((done, total)))
    assert (len(data), data.info.count, data.info.resolution, data.info.kind) == (6, 6, 8, DataKind.UNLABELLED)
    assert [(skipped.file, skipped.reason) for skipped in data.skipped] == [
        ("bad.png", "It is not a picture that Ganvas reads.")
    ]
    assert told[-1] == (7, 7)
    batch = data.batch(np.array([5, 0]), "cpu")
    assert batch.images.shape == (2, 3, 8, 8)
    assert batch.images[:, 0, 0, 0].tolist() == pytest.approx([200 / 127.5 - 1, -1.0])


def test_the_second_time_nothing_is_decoded(folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = reds(folder, cache)

    def fail(*_: object) -> None:
        raise AssertionError("decoded again")

    monkeypatch.setattr(FileStack, "picture", fail)
    assert reds(folder, cache) == first


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.with_suffix(".u8").write_bytes(b"short"),
        lambda path: path.with_suffix(".u8").unlink(),
        lambda path: path.write_text("{"),
        lambda path: path.write_text('{"count": 6}'),
        lambda path: path.write_text("[]"),
        lambda path: path.write_text(path.read_text().replace("reason", "raeson")),
        lambda path: path.write_text(path.read_text().replace('"labels": [0', '"labels": [7')),
        lambda path: path.unlink(),
    ],
)
def test_a_damaged_cache_is_made_anew(folder: Path, cache: Path, damage: Callable[[Path], object]) -> None:
    first = reds(folder, cache)
    [sidecar] = cache.glob("*.json")
    damage(sidecar)
    assert reds(folder, cache) == first


def test_cancelling_leaves_nothing_behind(folder: Path, cache: Path) -> None:
    asked = iter([False, False, True])
    with pytest.raises(Cancelled):
        prepare(open_source(str(folder)), 8, cache, cancelled=lambda: next(asked))
    assert list(cache.iterdir()) == []


def test_not_one_good_picture_names_the_first_reason(tmp_path: Path, cache: Path) -> None:
    (tmp_path / "a.png").write_text("no picture")
    with pytest.raises(StudioError, match="Not one of 1 pictures can be read. a.png: It is not a picture"):
        prepare(open_source(str(tmp_path)), 8, cache)
    assert list(cache.iterdir()) == []


def test_two_processes_at_once_do_not_harm_each_other(folder: Path, cache: Path) -> None:
    context = multiprocessing.get_context("spawn")
    others = [context.Process(target=reds, args=(folder, cache)) for _ in range(2)]
    for other in others:
        other.start()
    mine = reds(folder, cache)
    for other in others:
        other.join()
    assert [other.exitcode for other in others] == [0, 0]
    assert reds(folder, cache) == mine == [0, 40, 80, 120, 160, 200]
    assert {path.suffix for path in cache.iterdir()} == {".u8", ".json"}


def test_what_was_not_used_for_longest_goes_first(folder: Path, cache: Path) -> None:
    for resolution in (8, 16, 32):
        prepare(open_source(str(folder)), resolution, cache)
    prepare(open_source(str(folder)), 8, cache)
    prune(cache, keep_bytes=6 * 3 * (8**2 + 32**2))
    left = {path.stat().st_size // 18 for path in cache.glob("*.u8")}
    assert left == {8**2, 32**2}
    assert len(list(cache.glob("*.json"))) == 2


def test_a_disk_without_room_says_what_is_needed(folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 10}))
    with pytest.raises(StudioError, match="full: 0.0 MB are needed"):
        prepare(open_source(str(folder)), 8, cache)


OUT_OF_ROOM = """
import resource, sys
from pathlib import Path
from studio.api import StudioError
from studio.data.prepare import prepare
from studio.data.prepare import prepare
from studio.data.sources import open_source

resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
try:
    prepare(open_source(sys.argv[1]), 64, Path(sys.argv[2]))
except StudioError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs setrlimit")
def test_a_disk_that_fills_up_half_way_leaves_nothing_behind(folder: Path, cache: Path) -> None:
    command = [sys.executable, "-c", OUT_OF_ROOM, str(folder), str(cache)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "is full: 0.1 MB are needed. Free some space" in told
    assert list(cache.iterdir()) == []


def test_what_a_crash_left_is_swept_a_day_later(folder: Path, cache: Path) -> None:
    cache.mkdir()
    for name, age in {"old.part": 2, "new.part": 0}.items():
        (cache / name).write_bytes(b"half a cache")
        os.utime(cache / name, (0, (cache / name).stat().st_mtime - age * 24 * 3600))
    prepare(open_source(str(folder)), 8, cache)
    assert [path.name for path in cache.glob("*.part")] == ["new.part"]


def test_labels_stay_with_their_pictures(tmp_path: Path, cache: Path) -> None:
    for index, name in enumerate(("cat/0.png", "cat/1.png", "dog/2.png", "emu/3.png")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        Image.new("RGB", (8, 8), (index * 40, 0, 0)).save(tmp_path / name)
    (tmp_path / "cat" / "1.png").write_text("no picture")
    for _ in range(2):
        data = prepare(open_source(str(tmp_path)), 8, cache)
        assert (data.info.kind, data.info.labels) == (DataKind.LABELLED, ("cat", "dog", "emu"))
        assert data.labels is not None
        assert data.labels.tolist() == [0, 1, 2]
        assert data.pictures[:, 0, 0, 0].tolist() == [0, 80, 120]
        batch = data.batch(np.array([2, 0]), "cpu")
        assert batch.labels is not None
        assert batch.labels.tolist() == [2, 0]
