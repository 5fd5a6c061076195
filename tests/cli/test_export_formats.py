"""`ganvas export` in the formats of plugins: chosen by name or ending, whole or not at all, and a failure is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.cli.log_tails import log_tails
from tests.cli.conftest import Command


def test_a_plugins_format_is_chosen_by_name_or_ending(ganvas_with_run: Command, tmp_path: Path) -> None:
    by_ending, by_name = tmp_path / "new" / "kites.ToyTxt", tmp_path / "kites.bin"
    said = ganvas_with_run("export", "latest", "--out", str(by_ending))
    assert (said.code, said.err) == (0, "")
    assert said.out == f"Wrote toy to {by_ending}, 0.0 MB, as Toy text.\n"
    assert ganvas_with_run("export", "latest", "--out", str(by_name), "--format", "toy-text").code == 0
    resolution, total, name, gradients_off = by_ending.read_text().split()
    assert (resolution, name, gradients_off) == ("8", "kites.ToyTxt", "True")
    assert by_name.read_text().split()[:3] == ["8", total, "kites.bin"]


def test_the_checkpoint_can_be_named(ganvas_with_run: Command, tmp_path: Path) -> None:
    ganvas_with_run("resume", "latest", "--steps", "9")
    old, new = tmp_path / "old.toytxt", tmp_path / "new.toytxt"
    assert ganvas_with_run("export", "latest", "--step", "6", "--out", str(old)).code == 0
    assert ganvas_with_run("export", "latest", "--out", str(new)).code == 0
    assert old.read_text().split()[1] != new.read_text().split()[1]


def test_every_format_is_named_where_one_is_unknown(ganvas_with_run: Command, tmp_path: Path) -> None:
    said = ganvas_with_run("export", "latest", "--out", str(tmp_path / "m"), "--format", "gltf")
    assert said.code == 2
    assert said.err.startswith("There is no format 'gltf'. Choose one: --format safetensors or --format onnx or")
    assert "--format toy-text" in said.err


@pytest.mark.parametrize(
    ("ending", "sentence"),
    [
        ("broken", "The plugin formats failed while it wrote m.broken: ValueError: the pen broke. Tell its makers; "),
        ("nothing", "The plugin formats was to write m.nothing, and wrote nothing. Tell its makers."),
        ("elsewhere", "The plugin formats was to write m.elsewhere, and wrote m.elsewhere.npz. Tell its makers."),
        ("picky", "Toys are beneath this format. Train something else."),
        ("lost", "The plugin formats failed while Lost was imported: AttributeError: "),
    ],
)
def test_a_plugin_that_fails_is_named_and_leaves_what_was_there(
    ganvas_with_run: Command, tmp_path: Path, ending: str, sentence: str
) -> None:
    file = tmp_path / "out" / f"m.{ending}"
    file.parent.mkdir()
    file.write_text("from before")
    said = ganvas_with_run("export", "latest", "--out", str(file))
    assert said.code == 2
    assert said.err.startswith(sentence)
    assert len(said.err.splitlines()) == 1
    assert list(file.parent.iterdir()) == [file]
    assert file.read_text() == "from before"


def test_the_traceback_of_a_failure_is_among_the_logs(ganvas_with_run: Command, home: Path, tmp_path: Path) -> None:
    said = ganvas_with_run("export", "latest", "--out", str(tmp_path / "m.broken"))
    [log] = (home / "logs" / "plugins").iterdir()
    assert said.err.endswith(f"the traceback is in {log}.\n")
    assert "in write_half" in log.read_text()
    assert "and the ink ran out" in log.read_text()
    assert [tail.whose for tail in log_tails(home)] == ["plugins"]


@pytest.mark.parametrize("option", [["--half"], ["--direction", "A->B"]])
def test_options_of_other_formats_are_refused(ganvas_with_run: Command, tmp_path: Path, option: list[str]) -> None:
    file = tmp_path / "m.toytxt"
    said = ganvas_with_run("export", "latest", "--out", str(file), *option)
    assert said.code == 2
    assert said.err.startswith(f"{option[0]} is not for toy-text.")
    assert not file.exists()
