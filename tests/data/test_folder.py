"""Folders as people have them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from PIL import Image

from studio.api import DataKind, StudioError
from studio.data.inspect import inspect
from studio.data.prepare import prepare
from studio.data.sources import open_source


def picture(path: Path, size: tuple[int, int] = (8, 6)) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, "teal").save(path)


def keys(folder: Path) -> list[str]:
    source = open_source(str(folder))
    return [source.key(index) for index in range(len(source))]


def test_pictures_below_are_found_in_order_and_what_systems_keep_is_not(tmp_path: Path) -> None:
    for name in ("b.png", "a.JPG", "below/ünïcode 猫.webp", ".hidden.png", ".git/x.png", "__MACOSX/y.png"):
        picture(tmp_path / name)
    (tmp_path / "notes.txt").write_text("no picture")
    assert keys(tmp_path) == ["a.JPG", "b.png", "below/ünïcode 猫.webp"]
    assert open_source(str(tmp_path)).kind is DataKind.UNLABELLED


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    picture(tmp_path / "a" / "one.png")
    (tmp_path / "a" / "round").symlink_to(tmp_path)
    assert len(keys(tmp_path)) == 1


def test_class_folders_are_labels(tmp_path: Path) -> None:
    for name in ("dog/1.png", "cat/1.png", "cat/deep/2.png"):
        picture(tmp_path / name)
    source = open_source(str(tmp_path))
    assert (source.kind, source.labels) == (DataKind.LABELLED, ("cat", "dog"))
    assert [source.label(index) for index in range(3)] == [0, 0, 1]


def test_classes_lie_below_the_folder_that_holds_everything(tmp_path: Path) -> None:
    for name in ("pets/dog/1.png", "pets/cat/1.png"):
        picture(tmp_path / name)
    (tmp_path / "README.md").write_text("no class")
    assert open_source(str(tmp_path)).labels == ("cat", "dog")


@pytest.mark.parametrize(
    "names", [("dog/1.png", "2.png"), ("dog/1.png", "dog/2.png"), ("dog/1.png", "dog/puppy/2.png")]
)
def test_folders_that_do_not_part_the_pictures_are_no_classes(tmp_path: Path, names: tuple[str, ...]) -> None:
    for name in names:
        picture(tmp_path / name)
    assert open_source(str(tmp_path)).kind is DataKind.UNLABELLED


def test_files_that_are_no_pictures_are_named(tmp_path: Path) -> None:
    picture(tmp_path / "good.png")
    for name in ("notes.txt", "photo.heic", "000017", "below/more.zip", "Thumbs.db", ".DS_Store"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"something")
    source = open_source(str(tmp_path))
    expected = [
        ("000017", "Its name does not say what it is, as .png or .jpg would."),
        ("below/more.zip", "It is an archive, and is not opened here."),
        ("notes.txt", "It is not a picture that Ganvas reads."),
        ("photo.heic", "It is not a picture that Ganvas reads."),
    ]
    assert [(skipped.file, skipped.reason) for skipped in inspect(source).skipped] == expected
    prepared = prepare(source, 8, tmp_path / "cache")
    assert [(skipped.file, skipped.reason) for skipped in prepared.skipped] == expected


@pytest.mark.skipif(sys.platform != "linux", reason="other systems want names that are text")
def test_a_name_that_is_no_text_can_still_be_told(tmp_path: Path) -> None:
    picture(tmp_path / os.fsdecode(b"caf\xe9.png"))
    source = open_source(str(tmp_path))
    assert source.key(0) == "caf\ufffd.png"
    assert (source.picture(0, 8).shape, len(source.fingerprint)) == ((8, 8, 3), 64)


def test_a_folder_in_the_home_of_the_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture(tmp_path / "kites" / "a.png")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert open_source("~/kites").name == "kites"
    monkeypatch.undo()


def test_every_file_that_cannot_be_used_is_reported(tmp_path: Path) -> None:
    picture(tmp_path / "good.png", (30, 20))
    picture(tmp_path / "also.png", (30, 20))
    picture(tmp_path / "odd.png", (9, 9))
    (tmp_path / "text.png").write_text("hello")
    (tmp_path / "empty.jpg").touch()
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "nowhere.png").symlink_to(tmp_path / "gone")
    report = inspect(open_source(str(tmp_path))).as_json()
    assert {key: report[key] for key in ("kind", "count", "width", "height")} == {
        "kind": "unlabelled",
        "count": 3,
        "width": 30,
        "height": 20,
    }
    assert {entry["file"] for entry in report["skipped"]} == {"empty.jpg", "nowhere.png", "pipe.png", "text.png"}
    assert all(entry["reason"].startswith("It ") for entry in report["skipped"])


def test_a_change_of_the_pictures_changes_the_fingerprint(tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    before = open_source(str(tmp_path)).fingerprint
    assert open_source(str(tmp_path)).fingerprint == before
    picture(tmp_path / "a.png", (9, 9))
    changed = open_source(str(tmp_path)).fingerprint
    picture(tmp_path / "b.png")
    assert len({before, changed, open_source(str(tmp_path)).fingerprint}) == 3


def test_a_picture_that_may_be_read_now_is_looked_at_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture(tmp_path / "a.png")
    before = open_source(str(tmp_path)).fingerprint
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert open_source(str(tmp_path)).fingerprint != before
    monkeypatch.undo()
    assert open_source(str(tmp_path)).fingerprint == before


def test_a_folder_that_goes_while_it_is_listed_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture(tmp_path / "a.png")
    gone = str(tmp_path / "gone")
    walk = os.walk
    monkeypatch.setattr(os, "walk", lambda *args, **options: [*walk(*args, **options), (gone, [], ["b.png"])])
    source = open_source(str(tmp_path))
    assert len(source) == 1
    [skipped] = inspect(source).skipped
    assert (skipped.file, skipped.reason) == ("gone", "It is a folder that may not be opened.")


def test_what_is_no_source_says_what_would_be(tmp_path: Path) -> None:
    (tmp_path / "kites").mkdir()
    picture(tmp_path / "one.png")
    for text, words in {
        str(tmp_path / "kites"): "no pictures in kites/. Ganvas reads PNG, JPEG, WebP, BMP, TIFF and GIF",
        str(tmp_path / "gone"): "nothing at",
        "": "No data is named",
        str(tmp_path / "one.png"): "neither a folder nor a zip. Give the folder",
        "demo:cats": "no data called demo:cats. Choose from: demo:icons",
    }.items():
        with pytest.raises(StudioError, match=words):
            open_source(text)
