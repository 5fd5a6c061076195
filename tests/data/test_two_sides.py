"""Pairs and domains: of folders, of zips, side by side, and of the demo."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from studio.api import DataInfo, DataKind, SidedSource, StudioError
from studio.data.dataset import Dataset, Pictures
from studio.data.draws import Draws
from studio.data.inspect import inspect
from studio.data.prepare import prepare
from studio.data.sources import open_source


def picture(path: Path, red: int = 0, size: tuple[int, int] = (8, 8)) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, (red, 0, 0)).save(path)


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    """Four pairs; red says which, blue which side; one of each side has no partner, one is damaged."""
    folder = tmp_path / "facades"
    for index in range(4):
        picture(folder / "A" / f"{index}.png", 50 * index)
        picture(folder / "B" / f"{index}.jpg", 50 * index + 5)
    picture(folder / "A" / "alone.png")
    picture(folder / "B" / "lonely.png")
    (folder / "B" / "2.jpg").write_bytes(b"no picture")
    return folder


def opened(place: Path | str, wanted: DataKind | None = None) -> SidedSource:
    source = open_source(str(place), wanted=wanted)
    assert isinstance(source, SidedSource)
    return source


def reds(pictures: Pictures | None, count: int) -> list[int]:
    assert pictures is not None
    return [int(red) for red in pictures[np.arange(count)][:, 0, 0, 0]]


def test_folders_a_and_b_are_pairs_by_name(pairs: Path, tmp_path: Path) -> None:
    source = opened(pairs)
    assert (source.kind, source.domains, len(source.sides[0])) == (DataKind.PAIRED, ("A", "B"), 4)
    data = prepare(source, 8, tmp_path / "cache")
    assert len(data) == data.info.count == 3
    assert reds(data.pictures, 3) == [0, 50, 150]
    assert reds(data.pictures_b, 3) == pytest.approx([5, 55, 155], abs=3)
    assert {one.file for one in data.skipped} == {"A/alone.png", "B/lonely.png", "B/2.jpg"}
    batch = data.batch(np.array([2, 0]), "cpu")
    assert batch.images_b is not None
    assert (batch.images_b - batch.images).abs().max() < 0.1


def test_the_report_counts_whole_pairs(pairs: Path) -> None:
    report = inspect(open_source(str(pairs)))
    assert (report.kind, report.count, report.domains) == (DataKind.PAIRED, 3, {"A": 4, "B": 3})
    assert {(one.file, one.reason) for one in report.skipped} == {
        ("A/alone.png", "It has no partner of the same name."),
        ("B/lonely.png", "It has no partner of the same name."),
        ("B/2.jpg", "It is not a picture that Ganvas reads."),
    }


def test_the_same_folder_is_what_the_model_wants(pairs: Path) -> None:
    assert opened(pairs, DataKind.UNPAIRED).kind is DataKind.UNPAIRED
    assert [len(side) for side in opened(pairs, DataKind.UNPAIRED).sides] == [5, 5]
    assert open_source(str(pairs), wanted=DataKind.UNLABELLED).kind is DataKind.LABELLED


def test_training_folders_leave_out_what_is_held_out(tmp_path: Path) -> None:
    for folder, count in (("trainA", 3), ("trainB", 5), ("testA", 2), ("testB", 2)):
        for index in range(count):
            picture(tmp_path / "horses" / folder / f"{folder}-{index}.png")
    source = opened(tmp_path / "horses")
    assert (source.kind, source.domains) == (DataKind.UNPAIRED, ("A", "B"))
    assert [len(side) for side in source.sides] == [3, 5]


def test_any_two_folders_are_two_domains_by_their_names(tmp_path: Path) -> None:
    for name in ("zebra", "horse"):
        picture(tmp_path / name / "1.png")
    assert opened(tmp_path, DataKind.UNPAIRED).domains == ("horse", "zebra")


def test_a_zip_is_as_good_as_a_folder(pairs: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "facades.zip", "w") as archive:
        for path in sorted(pairs.rglob("*.*")):
            archive.write(path, path.relative_to(pairs.parent))
    assert len(prepare(opened(tmp_path / "facades.zip"), 8, tmp_path / "cache")) == 3


def test_pictures_twice_as_wide_as_tall_hold_both_sides(tmp_path: Path) -> None:
    for split in ("train", "val"):
        for index in range(2):
            path = tmp_path / "maps" / split / f"{index}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            both = np.zeros((16, 32, 3), np.uint8)
            both[:, 16:] = 200
            Image.fromarray(both).save(path)
    picture(tmp_path / "maps" / "train" / "z.png", size=(16, 16))
    data = prepare(opened(tmp_path / "maps", DataKind.PAIRED), 8, tmp_path / "cache")
    assert len(data) == 2
    assert data.pictures[np.array([0])].max() == 0
    assert data.pictures_b is not None
    assert data.pictures_b[np.array([0])].min() == 200
    assert [(one.file, one.reason) for one in data.skipped] == [
        ("train/z.png", "It is not two squares side by side: it has 16 x 16 pixels.")
    ]


def test_single_pictures_are_no_pairs(tmp_path: Path) -> None:
    picture(tmp_path / "kites" / "1.png")
    with pytest.raises(StudioError, match="no pairs in kites/"):
        open_source(str(tmp_path / "kites"), wanted=DataKind.PAIRED)
    with pytest.raises(StudioError, match="two folders"):
        open_source(str(tmp_path / "kites"), wanted=DataKind.UNPAIRED)


def test_names_that_never_match_are_said(tmp_path: Path) -> None:
    picture(tmp_path / "A" / "1.png")
    picture(tmp_path / "B" / "2.png")
    with pytest.raises(StudioError, match="No two file names"):
        open_source(str(tmp_path), wanted=DataKind.PAIRED)


def test_domains_are_drawn_apart_and_the_same_every_time() -> None:
    pictures = np.tile(np.arange(30, dtype=np.uint8)[:, None, None, None], (1, 4, 4, 3))
    data = Dataset(DataInfo(DataKind.UNPAIRED, 30, 4), "numbers", pictures, pictures)

    def epochs(seed: int) -> list[list[tuple[int, int]]]:
        draws = Draws(data, seed)
        batches = [draws.batch(30 * epoch, 30, torch.device("cpu")) for epoch in range(3)]
        return [list(zip(numbers(one.images), numbers(one.images_b), strict=True)) for one in batches]

    for met in epochs(1):
        assert sorted(a for a, _ in met) == sorted(b for _, b in met) == list(range(30))
        assert sum(a == b for a, b in met) < 10
    first, second, third = (dict(met) for met in epochs(1))
    assert sum(first[a] == second[a] == third[a] for a in range(30)) < 10
    assert epochs(1) == epochs(1)
    assert epochs(1) != epochs(2)


def numbers(images: Tensor | None) -> list[int]:
    """What is in pictures of one colour each."""
    assert images is not None
    found: list[int] = ((images[:, 0, 0, 0] + 1) * 127.5).round().int().tolist()
    return found


def test_the_demo_pairs_share_shape_and_ink() -> None:
    source = opened("demo:icons-paired")
    assert source.domains == ("outline", "filled")
    outlines, fills = source.sides
    assert len(outlines) == len(fills) > 1800
    more = 0
    for index in range(0, 1800, 60):
        line, filled = outlines.picture(index, 32), fills.picture(index, 32)
        assert tuple(line[0, 0]) == (255, 255, 255)
        assert np.abs(line.min((0, 1)).astype(int) - filled.min((0, 1))).max() < 60
        more += int((filled < 200).sum() > (line < 200).sum())
    assert more > 20


def test_no_demo_glyph_is_in_both_domains() -> None:
    outlines, fills = opened("demo:icons-unpaired").sides
    names = {outlines.key(index).removesuffix("-outline") for index in range(len(outlines))}
    assert not names & {fills.key(index) for index in range(len(fills))}
    assert opened("demo:icons-paired", DataKind.UNPAIRED).kind is DataKind.UNPAIRED
