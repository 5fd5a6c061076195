"""Everything that can be wrong with pictures and zips: each file is read right or named, and memory stays flat."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from studio.api import StudioError
from studio.data.inspect import inspect
from studio.data.prepare import prepare
from studio.data.sources import open_source
from tests.data.pictures import BAD, GOOD, plain
from tests.data.zips import BOMB_BYTES, LEFT_OUT, REFUSED, zip_of

CORPUS = {name: make() for name, (make, *_) in {**GOOD, **BAD}.items()}
REASONS = {name: reason for name, (_, reason) in BAD.items()}

linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
PEAKS = """
import sys
from studio.data.inspect import inspect
from studio.data.sources import open_source

def peak(source):
    inspect(open_source(source))
    [line] = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]
    return int(line.split()[1])

before = peak(sys.argv[1])
print(peak(sys.argv[2]) - before)
"""


@pytest.fixture(scope="module", params=["folder", "zip"])
def corpus(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The corpus as a folder, and as a zip."""
    place = tmp_path_factory.mktemp("corpus")
    if request.param == "zip":
        return zip_of(place / "corpus.zip", CORPUS)
    for name, body in CORPUS.items():
        (place / name).write_bytes(body)
    return place


def megabytes_to_inspect(source: Path) -> float:
    """By how much the peak of a process grows when it inspects this after something small."""
    small = zip_of(source.parent / "small.zip", {"plain.png": plain()})
    command = [sys.executable, "-c", PEAKS, str(small), str(source)]
    grown = int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    small.unlink()
    return grown / 1000


def test_every_bad_picture_is_named_with_its_reason_and_every_good_one_counts(corpus: Path) -> None:
    report = inspect(open_source(str(corpus)))
    reasons = {skipped.file: skipped.reason for skipped in report.skipped}
    assert reasons.keys() == REASONS.keys()
    wrong = {name: reasons[name] for name, words in REASONS.items() if not re.search(words, reasons[name])}
    assert wrong == {}
    assert all(reason.startswith("It ") and reason.endswith(".") for reason in reasons.values())
    assert (report.count, report.width, report.height) == (len(GOOD), 24, 24)


def test_every_good_picture_has_its_colours(corpus: Path) -> None:
    source = open_source(str(corpus))
    by_name = {source.key(index): index for index in range(len(source))}
    for name, (_, upper, lower) in GOOD.items():
        picture = source.picture(by_name[name], 16).astype(int)
        assert np.abs(picture[:7].mean((0, 1)) - upper).max() < 4, name
        assert np.abs(picture[9:].mean((0, 1)) - lower).max() < 4, name


def test_training_starts_on_the_rest(corpus: Path, tmp_path: Path) -> None:
    data = prepare(open_source(str(corpus)), 16, tmp_path / "cache")
    assert (len(data), len(data.skipped)) == (len(GOOD), len(BAD))


def test_nothing_reaches_the_terminal(corpus: Path, capfd: pytest.CaptureFixture[str]) -> None:
    inspect(open_source(str(corpus)))
    assert capfd.readouterr() == ("", "")


@linux
def test_memory_grows_by_less_than_a_hundred_megabytes(corpus: Path) -> None:
    assert megabytes_to_inspect(corpus) < 100


@pytest.mark.parametrize("wrong", REFUSED)
def test_a_zip_that_is_not_what_it_seems_is_refused(wrong: str, tmp_path: Path) -> None:
    make, words = REFUSED[wrong]
    place = tmp_path / "place"
    place.mkdir()
    path = make(place / "kites.zip")
    before = {file for file in tmp_path.rglob("*") if file.is_file()}
    with pytest.raises(StudioError, match=re.escape(words)):
        open_source(str(path))
    assert {file for file in tmp_path.rglob("*") if file.is_file()} == before


@pytest.mark.parametrize("wrong", LEFT_OUT)
def test_a_bad_member_is_named_and_the_others_are_read(wrong: str, tmp_path: Path) -> None:
    make, member, reason = LEFT_OUT[wrong]
    source = open_source(str(make(tmp_path / "kites.zip")))
    report = inspect(source)
    assert [(skipped.file, skipped.reason) for skipped in report.skipped] == [(member, reason)]
    assert report.count == 1


@linux
def test_a_bomb_that_lies_is_not_unpacked(tmp_path: Path) -> None:
    """It promises a thousand bytes; `zipfile` would unpack all of it before it cut the rest off."""
    make, *_ = LEFT_OUT["a bomb that lies"]
    assert megabytes_to_inspect(make(tmp_path / "kites.zip")) < BOMB_BYTES / 1e6 / 2


def test_a_zip_is_read_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = zip_of(tmp_path / "kites.zip", {"a.png": plain(), "b.png": plain()})
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert inspect(open_source(str(path))).count == 2
    assert list(tmp_path.iterdir()) == [path]


def test_a_zip_may_be_replaced_while_it_is_read(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "kites.zip", {"a.png": plain()})
    source = open_source(str(path))
    path.write_bytes(bytes(10))
    with pytest.raises(StudioError, match="damaged inside the zip"):
        source.picture(0, 8)
    path.unlink()
    with pytest.raises(StudioError, match="no longer there"):
        source.picture(0, 8)
