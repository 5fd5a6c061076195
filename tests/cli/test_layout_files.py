"""A layout on the canvas, and the same layout given to the command line: one picture."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.data.layout_files import Layout, object_seed
from studio.edit.documents import EditEnvelope, write_envelope
from studio.edit.layout import LayoutDocument
from tests.cli.conftest import call

LAYOUT = {
    "objects": [
        {"label": "star", "box": [0, 0, 0.5, 0.5]},
        {"label": "cat", "box": [0.5, 0.25, 0.5, 0.5], "seed": 3},
    ]
}


@pytest.fixture(scope="module")
def art(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A run that draws layouts."""
    home = tmp_path_factory.mktemp("art")
    shutil.copytree(installed, home, dirs_exist_ok=True)
    data = tmp_path_factory.mktemp("scenes")
    for index in range(4):
        Image.new("RGB", (8, 8), (40 * index, 90, 10)).save(data / f"{index}.png")
        (data / f"{index}.json").write_text(json.dumps(LAYOUT))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GANVAS_HOME", str(home))
        assert call("train", "painter", "--data", str(data), "--device", "cpu").code == 0
        yield next((home / "runs").iterdir())


@pytest.fixture(autouse=True)
def at_home(art: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANVAS_HOME", str(art.parents[1]))


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def test_sampling_a_layout_and_rendering_the_edit_give_the_same_pixels(art: Path, tmp_path: Path) -> None:
    (tmp_path / "plain.json").write_text(json.dumps(LAYOUT))
    layout = Layout.parse(json.dumps(LAYOUT), "plain.json")
    document = LayoutDocument.of_layout(layout, lambda place, own: object_seed(0, place, own))
    (tmp_path / "saved.json").write_text(document.to_layout(8).to_json())
    write_envelope(tmp_path / "edit.json", EditEnvelope("layout", art.name, 3, document.to_json()))
    for given in (
        ("sample", str(art), "--layout", str(tmp_path / "plain.json"), "--out", str(tmp_path / "plain.png")),
        ("sample", str(art), "--layout", str(tmp_path / "saved.json"), "--out", str(tmp_path / "saved.png")),
        ("render", str(tmp_path / "edit.json"), "--out", str(tmp_path / "edit.png")),
    ):
        said = call(*given)
        assert said.code == 0, said.err
    assert np.array_equal(pixels(tmp_path / "plain.png"), pixels(tmp_path / "saved.png"))
    assert np.array_equal(pixels(tmp_path / "plain.png"), pixels(tmp_path / "edit.png"))
    assert len(np.unique(pixels(tmp_path / "plain.png").reshape(-1, 3), axis=0)) == 3


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (LayoutDocument().to_json(), "There is nothing in this layout yet."),
        ({"objects": [{"label": "unicorn", "box": [0, 0, 1, 1], "seed": 1}]}, "This model knows no unicorn."),
        ({"objects": 3}, "The saved edit's 'objects' cannot be read."),
    ],
)
def test_a_layout_that_cannot_be_rendered_is_one_sentence(
    art: Path, tmp_path: Path, document: dict[str, object], sentence: str
) -> None:
    write_envelope(tmp_path / "edit.json", EditEnvelope("layout", art.name, 3, document))
    said = call("render", str(tmp_path / "edit.json"), "--out", str(tmp_path / "o.png"))
    assert said.code == 2
    assert said.err.startswith(sentence)
