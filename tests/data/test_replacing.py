"""What is written takes the place of files alone: a pipe, a folder and a link stay what they are."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from studio.api import StudioError
from studio.edit.documents import save_picture
from studio.engine.atomic import DiskError, write_atomically
from studio.engine.film import film_writer

Write = Callable[[Path], None]


def write_bytes(path: Path) -> None:
    write_atomically(path, [b"new"])


def write_picture(path: Path) -> None:
    save_picture(path, np.zeros((4, 4, 3), np.uint8))


def write_film(path: Path) -> None:
    with film_writer(path, 25) as film:
        film.add(np.zeros((4, 4, 3), np.uint8))


@pytest.fixture(params=[(write_bytes, "a.txt"), (write_picture, "a.png"), (write_film, "a.gif")])
def writing(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Write, Path]:
    write, name = request.param
    return write, tmp_path / name


@pytest.mark.skipif(sys.platform == "win32", reason="has no such pipes")
@pytest.mark.parametrize("linked", [False, True])
def test_a_pipe_is_refused_and_stays(writing: tuple[Write, Path], *, linked: bool) -> None:
    write, path = writing
    pipe = path.with_name("pipe") if linked else path
    os.mkfifo(pipe)
    if linked:
        path.symlink_to("pipe")
    before = sorted(path.parent.iterdir())
    with pytest.raises(StudioError, match="it is no file, and is left as it is"):
        write(path)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert sorted(path.parent.iterdir()) == before
    assert path.is_symlink() == linked


def test_a_folder_is_refused_and_stays(tmp_path: Path) -> None:
    (tmp_path / "a.txt").mkdir()
    with pytest.raises(DiskError, match=r"a\.txt cannot be written: it is no file.*Choose another name"):
        write_bytes(tmp_path / "a.txt")
    assert (tmp_path / "a.txt").is_dir()
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
@pytest.mark.parametrize("there", [False, True])
def test_through_a_link_the_file_is_replaced(writing: tuple[Write, Path], *, there: bool) -> None:
    write, path = writing
    far = path.parent / "far"
    far.mkdir()
    if there:
        (far / "old").write_bytes(b"old")
    path.symlink_to(Path("far", "old"))
    write(path)
    assert path.readlink() == Path("far", "old")
    assert (far / "old").read_bytes() not in (b"", b"old")
    assert [one.name for one in far.iterdir()] == ["old"]
