"""`ganvas export` and `ganvas import`: a model given away plays the same elsewhere; and `starter:NAME`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import studio_resources
from studio.edit.documents import EditEnvelope, write_envelope
from studio.edit.latent import LatentDocument
from tests.cli.conftest import Command, call

WORDS = {
    "model": "toy",
    "title": "Toys",
    "sentence": "Play.",
    "credit": "Nobody.",
    "canvas": "latent",
    "data": "demo:icons",
    "cell": 8,
    "order": 1,
}


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def sampled(run: str, path: Path) -> np.ndarray:
    said = call("sample", run, "--count", "4", "--out", str(path))
    assert said.code == 0, said.err
    return pixels(path)


@pytest.fixture
def file(ganvas_with_run: Command, tmp_path: Path) -> Path:
    """The home's run, exported."""
    path = tmp_path / "new" / "toys.safetensors"
    said = ganvas_with_run("export", "latest", "--out", str(path))
    assert said.code == 0, said.err
    assert said.out.startswith(f"Wrote toy to {path}, 0.0 MB.")
    return path


@pytest.fixture
def shelf(file: Path, monkeypatch: pytest.MonkeyPatch) -> list[studio_resources.Starter]:
    """One starter model, the toy."""
    shutil.move(file, file.with_name("toy.safetensors"))
    Image.new("RGB", (24, 16)).save(file.with_name("toy.png"))
    file.with_name("toy.json").write_text(json.dumps(WORDS))
    starters = studio_resources.starters(file.parent)
    monkeypatch.setattr(studio_resources, "starters", lambda: starters)
    return starters


def test_what_was_exported_is_imported_and_looks_the_same(file: Path, home: Path, tmp_path: Path) -> None:
    before = sampled("latest", tmp_path / "before.png")
    said = call("import", str(file), "--json")
    assert said.code == 0, said.err
    [answer] = said.objects
    assert set(answer) == {"run", "model", "tensors", "source_sha256"}
    assert answer["model"] == "toy"
    assert answer["tensors"] == 9
    assert Path(answer["run"]).parent == home / "runs"
    np.testing.assert_array_equal(sampled(answer["run"], tmp_path / "after.png"), before)
    [shown] = call("show", answer["run"], "--json").objects
    assert shown["status"] == "finished"
    assert shown["step"] == 6
    assert shown["origin"]["sha256"] == answer["source_sha256"]
    assert "toys.safetensors" in call("show", answer["run"]).out
    assert "Imported 9 tensors of toy as " in call("import", str(file)).out


def test_an_older_checkpoint_can_be_given_away(ganvas_with_run: Command, tmp_path: Path) -> None:
    ganvas_with_run("resume", "latest", "--steps", "12")
    file = tmp_path / "six.safetensors"
    assert ganvas_with_run("export", "latest", "--step", "6", "--out", str(file)).code == 0
    [answer] = call("import", str(file), "--json").objects
    [shown] = call("show", answer["run"], "--json").objects
    assert shown["step"] == 6


def test_a_file_is_not_imported_as_another_model_than_the_one_named(file: Path) -> None:
    said = call("import", str(file), "--model", "gan")
    assert (said.code, said.err) == (2, f"{file.name} is a toy, not a gan. Leave --model out.\n")


def test_an_imported_run_is_not_resumed(file: Path) -> None:
    [answer] = call("import", str(file), "--json").objects
    said = call("resume", answer["run"], "--steps", "9")
    assert said.code == 2
    assert "was imported: it has what pictures are made with" in said.err


def test_half_precision_is_smaller(file: Path, tmp_path: Path) -> None:
    half = tmp_path / "half.safetensors"
    assert call("export", "latest", "--out", str(half), "--half").code == 0
    assert half.stat().st_size < file.stat().st_size
    assert call("import", str(half)).code == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["export", "gone", "--out", "m.safetensors"], "There is no run called gone."),
        (["export", "latest", "--out", "m.bin"], "The ending of m.bin does not say the format."),
        (["export", "latest", "--out", "m.bin", "--format", "gif"], "There is no format 'gif'."),
        (["export", "latest", "--out", "m.onnx", "--half"], "--half is not for onnx."),
        (["export", "latest", "--out", "m.safetensors", "--direction", "A->B"], "A safetensors file has every"),
        (
            ["export", "latest", "--out", "folder/", "--format", "safetensors"],
            "folder cannot be written: it is no file",
        ),
        (["import", "nowhere.safetensors"], "There is no file nowhere.safetensors."),
        (["import", "folder"], "There is no file folder."),
        (["import", "https://x.org/a/net.pkl"], "https://x.org/a/net.pkl is an address, and Ganvas downloads nothing."),
        (["show", "starter:gone"], "No starter model is called 'gone'."),
    ],
)
def test_what_cannot_be_is_one_sentence(
    ganvas_with_run: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    said = ganvas_with_run(*arguments)
    assert said.code == 2, said
    assert said.err.startswith(sentence)
    assert not list(tmp_path.glob("m.*"))


def test_a_starter_is_a_run_wherever_a_run_is_named(shelf: list[Any], home: Path, tmp_path: Path) -> None:
    before = sampled("latest", tmp_path / "before.png")
    np.testing.assert_array_equal(sampled("starter:toy", tmp_path / "after.png"), before)
    assert json.loads(call("show", "starter:toy", "--json").out)["name"] == "starter-toy"
    again = tmp_path / "again.safetensors"
    assert call("export", "starter:toy", "--out", str(again)).code == 0
    assert again.is_file()
    assert len(list((home / "runs").iterdir())) == 2
    said = call("show", "starter:none")
    assert said.code == 2
    assert "Choose from: starter:toy." in said.err


@pytest.mark.parametrize("named", ["starter:toy", "starter-toy"])
def test_an_edit_of_a_starter_renders_in_a_home_that_never_opened_it(
    shelf: list[Any], home: Path, tmp_path: Path, named: str
) -> None:
    assert call("sample", "latest", "--count", "1", "--out", str(tmp_path / "before.png")).code == 0
    assert not (home / "runs" / "starter-toy").exists()
    write_envelope(tmp_path / "edit.json", EditEnvelope("latent", named, 6, LatentDocument().to_json()))
    said = call("render", str(tmp_path / "edit.json"), "--out", str(tmp_path / "after.png"))
    assert said.code == 0, said.err
    np.testing.assert_array_equal(pixels(tmp_path / "after.png"), pixels(tmp_path / "before.png"))


def test_a_starter_needs_no_torch(shelf: list[Any], home: Path) -> None:
    import subprocess
    import sys

    code = """
import sys
from pathlib import Path
import studio_resources
shelf, home = Path(sys.argv[1]), Path(sys.argv[2])
starters = studio_resources.starters(shelf)
studio_resources.starters = lambda: starters
from studio.engine.plugins import PluginHost
from studio.engine.runs import RunStore
from studio.engine.starters import open_starter
from tests.cli import toy_plugin
run = open_starter(RunStore(home), PluginHost.of({"toy": toy_plugin}), "toy")
assert run.checkpoints.all()
assert "torch" not in sys.modules, "torch"
"""
    folder = str(shelf[0].model.parent)
    done = subprocess.run([sys.executable, "-c", code, folder, str(home)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
