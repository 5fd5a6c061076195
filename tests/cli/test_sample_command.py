"""`ganvas sample`: where pictures go, and that they are always the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.cli.conftest import Command


def test_a_picture_suffix_means_one_picture(ganvas_with_run: Command, tmp_path: Path) -> None:
    out = tmp_path / "new" / "grid.png"
    said = ganvas_with_run("sample", "latest", "--count", "5", "--seed", "2", "--out", str(out))
    assert said.code == 0, said.err
    assert said.out == f"Wrote 5 pictures as one to {out}.\n"
    assert pixels(out).shape == (2 * 8 + 2, 3 * 8 + 2 * 2, 3)
    again = ganvas_with_run("sample", "latest", "--out", str(out))
    assert again.out == f"Wrote 1 picture to {out}, in place of an older file.\n"


def test_otherwise_it_is_a_folder_with_the_same_pictures(ganvas_with_run: Command, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    assert ganvas_with_run("sample", "latest", "--count", "3", "--out", str(folder)).code == 0
    assert [file.name for file in sorted(folder.iterdir())] == ["000000.png", "000001.png", "000002.png"]
    before = [pixels(file) for file in sorted(folder.iterdir())]
    said = ganvas_with_run("sample", "latest", "--count", "2", "--seed", "1", "--out", str(folder))
    assert said.out == f"Wrote 2 pictures to {folder}, 2 of them in place of older files.\n"
    np.testing.assert_array_equal(pixels(folder / "000000.png"), before[1])
    np.testing.assert_array_equal(pixels(folder / "000001.png"), before[2])
    np.testing.assert_array_equal(pixels(folder / "000002.png"), before[2])
    assert (before[0] != before[1]).any()


def test_pictures_of_an_older_checkpoint(ganvas_with_run: Command, tmp_path: Path) -> None:
    ganvas_with_run("sample", "latest", "--out", str(tmp_path / "before.png"))
    ganvas_with_run("resume", "latest", "--steps", "12")
    ganvas_with_run("sample", "latest", "--out", str(tmp_path / "after.png"))
    ganvas_with_run("sample", "latest", "--step", "6", "--out", str(tmp_path / "again.png"))
    before, after, again = (pixels(tmp_path / f"{name}.png") for name in ("before", "after", "again"))
    assert (before != after).any()
    np.testing.assert_array_equal(again, before)


def test_truncation_0_is_the_mean_picture(ganvas_with_run: Command, tmp_path: Path) -> None:
    ganvas_with_run("sample", "latest", "--count", "2", "--truncation", "0", "--out", str(tmp_path))
    np.testing.assert_array_equal(pixels(tmp_path / "000000.png"), pixels(tmp_path / "000001.png"))


@pytest.mark.parametrize("suffix", ["jpg", "webp", "gif", "tiff", "BMP"])
def test_other_formats_are_written(ganvas_with_run: Command, tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"one.{suffix}"
    assert ganvas_with_run("sample", "latest", "--out", str(out)).code == 0
    assert pixels(out).shape == (8, 8, 3)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nothing", "--out", "a.png"], "There is no run called nothing."),
        (["latest", "--out", "a.png", "--label", "cat"], "This run knows no labels. Leave --label out."),
        (["latest", "--out", "a.png", "--truncation", "2"], "Truncation cannot be 2."),
        (["latest", "--out", "a.png", "--step", "5"], "There is no checkpoint of step 5. There are: 6."),
        (["latest", "--out", "a.png", "--count", "5000"], "5,000 pictures do not fit into one."),
        (["latest", "--out", "a.png", "--device", "cuda:77"], "There is no device cuda:77 here."),
        (["latest", "--out", "folder.png"], "folder.png is a folder, and its ending asks for one picture."),
        (["latest", "--out", "text"], "text is a file, and its ending does not ask for a picture."),
    ],
)
def test_a_mistake_is_one_sentence(
    ganvas_with_run: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "text").touch()
    said = ganvas_with_run("sample", *arguments)
    assert said.code == 2
    assert said.err.startswith(sentence)
    assert not (tmp_path / "a.png").exists()


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))
