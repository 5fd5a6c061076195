"""`ganvas import` of what plugins read: after the studio's own readers, checked like any file, whole or not at all."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.cli.conftest import Command, call


def sampled(run: str, path: Path) -> np.ndarray:
    assert call("sample", run, "--count", "4", "--out", str(path)).code == 0
    with Image.open(path) as image:
        return np.asarray(image)


@pytest.fixture
def file(ganvas_with_run: Command, tmp_path: Path) -> Path:
    """The home's run in the plugin's format."""
    path = tmp_path / "kites.toys"
    assert ganvas_with_run("export", "latest", "--out", str(path)).code == 0
    return path


def runs(home: Path) -> list[str]:
    return sorted(folder.name for folder in (home / "runs").iterdir())


def test_what_a_plugin_reads_becomes_a_run_that_looks_the_same(file: Path, home: Path, tmp_path: Path) -> None:
    before = sampled("latest", tmp_path / "before.png")
    [answer] = call("import", str(file), "--json").objects
    assert (answer["model"], answer["tensors"]) == ("toy", 9)
    assert answer["source_sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert Path(answer["run"]).parent == home / "runs"
    np.testing.assert_array_equal(sampled(answer["run"], tmp_path / "after.png"), before)
    [shown] = call("show", answer["run"], "--json").objects
    assert (shown["status"], shown["step"], shown["origin"]["source"]) == ("finished", 12, "kites.toys")
    said = call("import", str(file))
    assert said.out.startswith("Imported 9 tensors of toy as ")
    assert said.out.endswith("Made by hand.\n")


def test_the_studios_own_formats_are_not_for_plugins(ganvas_with_run: Command, tmp_path: Path) -> None:
    own = tmp_path / "kites.toys"
    assert ganvas_with_run("export", "latest", "--out", str(own), "--format", "safetensors").code == 0
    [answer] = ganvas_with_run("import", str(own), "--json").objects
    assert ganvas_with_run("show", answer["run"], "--json").objects[0]["step"] == 6


@pytest.mark.parametrize(
    ("ending", "sentence"),
    [
        ("shy", "m.shy is not for the shy. Ask another."),
        ("safetensors", "m.safetensors has no toys in it. Give another."),
        (
            "broken",
            "The plugin formats failed while it read m.broken: RuntimeError: the glasses broke. Tell its makers;",
        ),
        (
            "wrong",
            "The plugin formats failed while it read m.wrong: TypeError: its reader gave a dict where an Imported",
        ),
        (
            "lists",
            "The plugin formats failed while it read m.lists: TypeError: G.0.weight is a list where a NumPy array",
        ),
        ("misfit", "m.misfit does not fit Toy: G.0.bias, G.1.weight, G.1.bias and 5 more are missing."),
    ],
)
def test_what_is_no_model_is_refused_in_a_sentence_and_leaves_no_run(
    ganvas_with_run: Command, home: Path, tmp_path: Path, ending: str, sentence: str
) -> None:
    before = runs(home)
    file = tmp_path / f"m.{ending}"
    file.write_text("scribbles")
    said = ganvas_with_run("import", str(file))
    assert said.code == 2, said.err
    assert said.err.startswith(sentence)
    assert len(said.err.splitlines()) == 1
    assert runs(home) == before
    assert not list((home / "imports").glob("run*"))


def test_an_ending_that_nobody_reads_is_the_studios_to_refuse(ganvas_with_run: Command, tmp_path: Path) -> None:
    (tmp_path / "m.scribbles").write_text("scribbles")
    said = ganvas_with_run("import", str(tmp_path / "m.scribbles"))
    assert said.code == 2
    assert said.err.startswith("m.scribbles is damaged: ")


def test_who_names_the_model_asks_no_plugin(file: Path, tmp_path: Path) -> None:
    shutil.copy(file, tmp_path / "again.toys")
    said = call("import", str(file), "--model", "toy")
    assert said.code == 2
    assert "kites.toys" in said.err
