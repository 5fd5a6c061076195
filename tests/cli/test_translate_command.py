"""`ganvas translate`, and `ganvas sample --layout`: pictures from pictures and from layouts."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.cli.conftest import Command, call


@pytest.fixture(scope="module")
def with_runs(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home with a run that translates, and one that draws layouts."""
    home = tmp_path_factory.mktemp("runs")
    shutil.copytree(installed, home, dirs_exist_ok=True)
    data = tmp_path_factory.mktemp("pairs")
    for side, colour in (("A", (200, 20, 20)), ("B", (20, 20, 200))):
        (data / side).mkdir()
        for index in range(4):
            Image.new("RGB", (8, 8), colour).save(data / side / f"{index}.png")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GANVAS_HOME", str(home))
        assert call("train", "pairs", "--data", str(data), "--device", "cpu", "--out", str(home / "pairs")).code == 0
        layouts = call("train", "painter", "--data", "demo:icons-layout", "--device", "cpu", "--out", str(home / "art"))
        assert layouts.code == 0, layouts
        yield home


@pytest.fixture
def pairs_run(with_runs: Path) -> str:
    return str(with_runs / "pairs")


@pytest.fixture
def layout_run(with_runs: Path) -> str:
    return str(with_runs / "art")


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Three pictures, of which two share a stem, and one that is damaged."""
    folder = tmp_path / "photos"
    (folder / "deep").mkdir(parents=True)
    random = np.random.default_rng(0)
    for name in ("cat.png", "cat.jpg", "deep/dog.png"):
        Image.fromarray(random.integers(0, 255, (20, 30, 3), np.uint8)).save(folder / name)
    (folder / "torn.png").write_bytes(b"\x89PNG")
    return folder


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def test_a_folder_becomes_a_folder_under_the_same_names(pairs_run: str, photos: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    said = call("translate", pairs_run, "--input", str(photos), "--direction", "A->B", "--out", str(out))
    assert said.code == 0, said.err
    assert sorted(path.relative_to(out).as_posix() for path in out.rglob("*.png")) == [
        "cat.png",
        "cat.png.png",
        "deep/dog.png",
    ]
    assert pixels(out / "deep" / "dog.png").shape == (8, 8, 3)
    assert "Left out torn.png: " in said.out
    assert f"Wrote 3 pictures to {out}, A->B." in said.out


def test_a_picture_becomes_a_picture_and_always_the_same(pairs_run: str, photos: Path, tmp_path: Path) -> None:
    given = str(photos / "cat.png")
    made = []
    for name, more in (
        ("a", []),
        ("b", ["--direction", "A->B"]),
        ("c", ["--direction", "B->A"]),
        ("d", ["--seed", "1"]),
    ):
        out = tmp_path / f"{name}.png"
        assert call("translate", pairs_run, "--input", given, "--out", str(out), *more).code == 0
        made.append(pixels(out))
    assert np.array_equal(made[0], made[1])
    assert not np.array_equal(made[0], made[2])
    assert not np.array_equal(made[0], made[3])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--input", "nowhere", "--out", "o.png"], "There is nothing at nowhere."),
        (["--input", "torn.png", "--out", "o.png"], "Not one picture can be read. torn.png: "),
        (
            ["--input", "cat.png", "--out", "o.png", "--direction", "up"],
            'pairs does not know up. Choose from: "A->B", "B->A", with',
        ),
        (["--input", "empty", "--out", "o.png"], "There are no pictures in empty/."),
        (["--input", "torn.png", "--out", "cat.jpg/o.png"], "Not one picture can be read."),
    ],
)
def test_a_mistake_is_one_sentence(
    pairs_run: str, photos: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], sentence: str
) -> None:
    monkeypatch.chdir(photos)
    (photos / "empty").mkdir()
    said = call("translate", pairs_run, *arguments)
    assert said.code == 2
    assert said.err.startswith(sentence)
    assert not (photos / "o.png").exists()


def test_a_model_of_seeds_translates_nothing(ganvas_with_run: Command, photos: Path, tmp_path: Path) -> None:
    said = ganvas_with_run("translate", "latest", "--input", str(photos), "--out", str(tmp_path / "o"))
    assert said.code == 2
    assert said.err.startswith("Toy makes no pictures from pictures. Use `ganvas sample`.")


def test_a_layout_is_drawn_as_often_as_asked(layout_run: str, tmp_path: Path) -> None:
    layout = {
        "size": [64, 64],
        "objects": [
            {"label": "star", "box": [0.0, 0.0, 0.5, 0.5], "seed": 1},
            {"label": "cat", "box": [0.5, 0.5, 0.5, 0.5]},
        ],
    }
    (tmp_path / "l.json").write_text(json.dumps(layout))
    out = tmp_path / "out"
    said = call("sample", layout_run, "--layout", str(tmp_path / "l.json"), "--count", "3", "--out", str(out))
    assert said.code == 0, said.err
    pictures = [pixels(out / f"{index:06}.png") for index in range(3)]
    size = len(pictures[0])
    stars = {picture[: size // 2, : size // 2].tobytes() for picture in pictures}
    cats = {picture[size // 2 :, size // 2 :].tobytes() for picture in pictures}
    assert (len(stars), len(cats)) == (1, 3)
    again = tmp_path / "again"
    call("sample", layout_run, "--layout", str(tmp_path / "l.json"), "--seed", "2", "--out", str(again))
    assert np.array_equal(pixels(again / "000000.png"), pictures[2])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ('{"objects": [{"label": "ufo", "box": [0, 0, 1, 1]}]}', "This model knows no ufo. Choose from: apple, "),
        ('{"objects": [{"label": "star", "box": [0, 0, 2, 1]}]}', "l.json is not a layout: objects.0.box: "),
        ("no json", "l.json is not a layout: "),
    ],
)
def test_a_layout_that_will_not_do_is_one_sentence(
    layout_run: str, tmp_path: Path, content: str, sentence: str
) -> None:
    (tmp_path / "l.json").write_text(content)
    said = call("sample", layout_run, "--layout", str(tmp_path / "l.json"), "--out", str(tmp_path / "o.png"))
    assert said.code == 2
    assert said.err.startswith(sentence)


def test_sampling_says_what_a_model_needs(layout_run: str, pairs_run: str, tmp_path: Path) -> None:
    out = str(tmp_path / "o.png")
    assert call("sample", layout_run, "--out", out).err.startswith("Toy painter draws layouts. Say which: --layout")
    assert "Use `ganvas translate`." in call("sample", pairs_run, "--out", out).err
    missing = call("sample", layout_run, "--layout", str(tmp_path / "none.json"), "--out", out)
    assert missing.err.startswith(f"{tmp_path / 'none.json'} cannot be read.")
