"""`ganvas data`: what a source holds, and every file that is left out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Command


@pytest.fixture
def mixed(pictures: Path, tmp_path: Path) -> Path:
    """Ten pictures and twenty-five files that only look like some."""
    folder = tmp_path / "Gemälde"
    shutil.copytree(pictures, folder)
    for index in range(25):
        (folder / f"kaputt-{index:02}.png").write_text("not a picture")
    return folder


def test_a_source_is_one_json_object(ganvas: Command, mixed: Path) -> None:
    said = ganvas("data", str(mixed), "--json")
    assert said.code == 0, said.err
    (report,) = said.objects
    assert report.items() >= {"kind": "unlabelled", "count": 10, "width": 8, "height": 8}.items()
    assert [one["file"] for one in report["skipped"]] == [f"kaputt-{index:02}.png" for index in range(25)]
    assert all(one["reason"] for one in report["skipped"])


def test_a_source_is_told_to_people(ganvas: Command, mixed: Path) -> None:
    out = ganvas("data", str(mixed)).out
    assert "Gemälde" in out
    assert "8 x 8 px, most of them" in out
    assert "kaputt-19.png: " in out
    assert "kaputt-20.png: " not in out
    assert "and 5 more; --json names them all." in out


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("nowhere", "There is nothing at "),
        ("empty", "There are no pictures in "),
        ("bad", "Not one picture in "),
        ("text.txt", "text.txt is neither a folder nor a zip."),
        ("demo:nothing", "There is no data called demo:nothing. Choose from: demo:icons"),
    ],
)
def test_a_source_without_pictures_is_one_sentence(
    ganvas: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "a.png").write_text("not a picture")
    (tmp_path / "text.txt").touch()
    said = ganvas("data", name, "--json")
    assert said.code == 2
    assert said.err.startswith(sentence)
    assert said.err.count("\n") == 1
