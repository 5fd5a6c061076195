"""`ganvas render`: a saved edit becomes the picture that it was saved from."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.edit.documents import EditEnvelope, save_picture, write_envelope
from studio.edit.latent import LatentDocument
from studio.edit.mixing import MixDocument
from tests.cli.conftest import Command, call


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


@pytest.fixture
def run_name(ganvas_with_run: Command, home: Path) -> str:
    [run] = (home / "runs").iterdir()
    return run.name


def test_a_saved_picture_is_what_sampling_its_seed_gives(run_name: str, tmp_path: Path) -> None:
    edit = EditEnvelope("latent", run_name, 6, LatentDocument().with_seed(5).to_json())
    save_picture(tmp_path / "saved.png", np.zeros((8, 8, 3), np.uint8), edit)
    write_envelope(tmp_path / "saved.json", edit)
    assert call("sample", "latest", "--seed", "5", "--out", str(tmp_path / "sampled.png")).code == 0
    for name in ("saved.png", "saved.json"):
        said = call("render", str(tmp_path / name), "--out", str(tmp_path / "again.png"))
        assert said.code == 0, said.err
        assert np.array_equal(pixels(tmp_path / "again.png"), pixels(tmp_path / "sampled.png"))


def test_weights_that_are_gone_are_said(run_name: str, tmp_path: Path) -> None:
    write_envelope(tmp_path / "a.json", EditEnvelope("latent", run_name, 4, LatentDocument().to_json()))
    said = call("render", str(tmp_path / "a.json"), "--out", str(tmp_path / "a.png"))
    assert said.code == 0
    assert said.out.startswith("The weights of step 4 are not kept; step 6 is used.")


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (EditEnvelope("latent", "gone", 6, LatentDocument().to_json()), "There is no run called gone."),
        (
            EditEnvelope("ice", "RUN", 6, {}),
            "This edit was made on a canvas called ice, which cannot be rendered here.",
        ),
        (EditEnvelope("latent", "RUN", 6, {"seed": "x"}), "The saved edit's 'seed' cannot be read."),
        (EditEnvelope("mixing", "RUN", 6, MixDocument.start(8).to_json()), "This model mixes no styles."),
        (EditEnvelope("latent", "RUN", 6, LatentDocument().to_json() | {"components": {"99": 1.0}}), "This edit moves"),
    ],
)
def test_what_cannot_be_rendered_is_one_sentence(
    run_name: str, tmp_path: Path, edit: EditEnvelope, sentence: str
) -> None:
    text = edit.to_text().replace('"RUN"', json.dumps(run_name))
    (tmp_path / "a.json").write_text(text)
    said = call("render", str(tmp_path / "a.json"), "--out", str(tmp_path / "a.png"))
    assert said.code == 2
    assert said.err.startswith(sentence)
    assert not (tmp_path / "a.png").exists()


def test_what_is_no_edit_is_one_sentence(run_name: str, tmp_path: Path) -> None:
    save_picture(tmp_path / "photo.png", np.zeros((8, 8, 3), np.uint8))
    assert call("render", str(tmp_path / "photo.png"), "--out", "x.png").err.startswith("photo.png carries no edit.")
    assert call("render", str(tmp_path / "none.png"), "--out", "x.png").code == 2
