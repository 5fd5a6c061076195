"""Data of plugins: what is wrong with a picture leaves it out with the reason, what is wrong with all of it is said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from studio.api import DataKind, DatasetSpec, LayoutSource, PlacedObject, StudioError
from studio.data.dataset import Dataset
from studio.data.inspect import inspect
from studio.data.prepare import prepare
from studio.data.sources import BUILT_IN, open_source

MODULE = "kites_for_tests"
Answer = Callable[[int, int], Any]


class Kites:
    """A plugin's source of five pictures, as plain as can be."""

    def __init__(self, kind: DataKind = DataKind.UNLABELLED, **changed: Any) -> None:
        self.name, self.kind, self.fingerprint, self.count = "Kites", kind, "1", 5
        self.labels: Any = ()
        vars(self).update(changed)

    def __len__(self) -> int:
        return self.count

    def key(self, index: int) -> str:
        return f"kite {index}"

    def picture(self, index: int, resolution: int) -> Any:
        return np.full((resolution, resolution, 3), 10 * index, np.uint8)

    def size(self, index: int) -> tuple[int, int]:
        return 64, 48

    def label(self, index: int) -> Any:
        return np.int64(index % 2)


class Placed(Kites):
    def objects(self, index: int) -> Any:
        return [PlacedObject(0, (0.25, 0.25, 0.5, 0.75))]


class Pairs:
    def __init__(self, a: Kites, b: Kites) -> None:
        self.name, self.kind, self.fingerprint, self.domains, self.sides = (
            "Pairs",
            DataKind.PAIRED,
            "1",
            ["A", "B"],
            (a, b),
        )


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[DatasetSpec, ...]]:
    def offer(source: Callable[[], object], kind: DataKind = DataKind.UNLABELLED, name: str = "mine:kites") -> Any:
        module = ModuleType(MODULE)
        module.__dict__["source"] = source
        monkeypatch.setitem(__import__("sys").modules, MODULE, module)
        return (*BUILT_IN, DatasetSpec(name, "Kites", kind, "Kites.", f"{MODULE}:source"))

    return offer


def trained_on(specs: tuple[DatasetSpec, ...], cache: Path, name: str = "mine:kites") -> Dataset:
    return prepare(open_source(name, specs), 8, cache)


def give(index: int, picture: Callable[[int], object]) -> Answer:
    """Pictures of which one is another."""
    return lambda at, resolution: picture(resolution) if at == index else Kites().picture(at, resolution)


def gone(_resolution: int) -> object:
    raise ValueError("tile 2 has gone\nfor good")


def torn(_resolution: int) -> object:
    raise StudioError("It is torn.")


@pytest.mark.parametrize(
    ("picture", "reason"),
    [
        (lambda r: np.zeros((r, r), np.uint8), "uint8 of ({r}, {r}), and uint8 of ({r}, {r}, 3) is needed."),
        (lambda r: np.zeros((r, r, 1), np.uint8), "uint8 of ({r}, {r}, 1), and"),
        (lambda r: np.zeros((r, 100, 3), np.uint8), "uint8 of ({r}, 100, 3), and"),
        (lambda r: np.zeros((r, r, 3)), "float64 of ({r}, {r}, 3), and"),
        (lambda _: [1, 2], "gives a list, and"),
        (gone, "Its plugin cannot give it: ValueError: tile 2 has gone."),
        (torn, "It is torn."),
    ],
)
def test_a_wrong_picture_is_left_out_with_its_reason(
    tmp_path: Path, offered: Callable[..., Any], picture: Callable[[int], object], reason: str
) -> None:
    specs = offered(lambda: Kites(picture=give(2, picture)))
    data = trained_on(specs, tmp_path)
    assert data.info.count == 4
    [skipped] = data.skipped
    assert skipped.file == "kite 2"
    assert reason.format(r=8) in skipped.reason
    report = inspect(open_source("mine:kites", specs))
    assert (report.count, report.width) == (4, 64)
    assert reason.format(r=32) in report.skipped[0].reason


def test_classes_may_be_called_anything_and_a_label_without_a_class_is_left_out(
    tmp_path: Path, offered: Callable[..., Any]
) -> None:
    label = {0: np.int64(0), 1: 1, 2: 2, 3: -1, 4: 0}.__getitem__
    specs = offered(lambda: Kites(DataKind.LABELLED, labels=["Größe", "猫"], label=label), DataKind.LABELLED)
    data = trained_on(specs, tmp_path)
    assert data.info.labels == ("Größe", "猫")
    assert [one.reason for one in data.skipped] == [
        f"Its plugin gives it label {wrong}, and labels are 0 to 1." for wrong in (2, -1)
    ]


@pytest.mark.parametrize(
    ("placed", "reason"),
    [
        ((), "places no object"),
        ((PlacedObject(1, (0, 0, 1, 1)),), "label 1"),
        ((PlacedObject(0, (0.5, 0, 0.6, 1)),), "a box outside"),
        ((PlacedObject(0, (0.5, 0, 0.0, 1)),), "a box outside"),
    ],
)
def test_a_layout_that_cannot_be_is_left_out(
    tmp_path: Path, offered: Callable[..., Any], placed: tuple[PlacedObject, ...], reason: str
) -> None:
    def objects(index: int) -> Any:
        return placed if index == 2 else Placed().objects(index)

    specs = offered(lambda: Placed(DataKind.LAYOUT, labels=("kite",), objects=objects), DataKind.LAYOUT)
    assert isinstance(open_source("mine:kites", specs), LayoutSource)
    data = trained_on(specs, tmp_path)
    assert (data.info.count, data.info.objects) == (4, 1)
    assert reason in data.skipped[0].reason


def fallen() -> object:
    raise RuntimeError("the server is down")


@pytest.mark.parametrize(
    ("source", "kind", "words"),
    [
        (fallen, DataKind.UNLABELLED, "cannot be opened: RuntimeError: the server is down."),
        (lambda: [1, 2], DataKind.UNLABELLED, "is a list, and PictureSource is needed."),
        (Kites, DataKind.PAIRED, "is a Kites, and SidedSource is needed."),
        (Kites, DataKind.LAYOUT, "is a Kites, and LayoutSource is needed."),
        (Kites, DataKind.LABELLED, "is announced as labelled and is unlabelled."),
        (lambda: Kites(DataKind.LABELLED), DataKind.LABELLED, "is labelled and names no labels."),
        (lambda: Pairs(Kites(), Kites(fingerprint="2", count=4)), DataKind.PAIRED, "has 5 pictures on one side and 4"),
        (lambda: Pairs(Kites(), Kites()), DataKind.PAIRED, "both of its sides the same fingerprint."),
    ],
)
def test_data_that_is_not_what_its_plugin_says_is_refused(
    offered: Callable[..., Any], source: Callable[[], object], kind: DataKind, words: str
) -> None:
    with pytest.raises(StudioError, match="The data mine:kites") as refused:
        open_source("mine:kites", offered(source, kind))
    assert words in refused.value.message
    assert "plugin" in refused.value.remedy


def test_pairs_of_a_plugin_are_pairs(tmp_path: Path, offered: Callable[..., Any]) -> None:
    lighter = Kites(fingerprint="2", picture=lambda index, r: np.full((r, r, 3), 200 + index, np.uint8))
    data = trained_on(offered(lambda: Pairs(Kites(), lighter), DataKind.PAIRED), tmp_path)
    assert data.pictures_b is not None
    at = np.array([1])
    assert (data.pictures[at][0, 0, 0, 0], data.pictures_b[at][0, 0, 0, 0]) == (10, 201)


def test_two_plugins_with_one_fingerprint_do_not_share_pictures(tmp_path: Path, offered: Callable[..., Any]) -> None:
    first = trained_on(offered(Kites, name="a:kites"), tmp_path, "a:kites")
    white = Kites(picture=lambda _index, r: np.full((r, r, 3), 255, np.uint8))
    second = trained_on(offered(lambda: white, name="b:kites"), tmp_path, "b:kites")
    at = np.array([1])
    assert (first.pictures[at][0, 0, 0, 0], second.pictures[at][0, 0, 0, 0]) == (10, 255)


def test_no_pictures_at_all_are_said(tmp_path: Path, offered: Callable[..., Any]) -> None:
    with pytest.raises(StudioError, match="There are no pictures in Kites"):
        trained_on(offered(lambda: Kites(count=0)), tmp_path)


def test_a_name_that_is_nearly_one_lists_those_there_are(offered: Callable[..., Any]) -> None:
    with pytest.raises(StudioError, match="no data called mine:kite") as refused:
        open_source("mine:kite", offered(Kites))
    assert "mine:kites" in refused.value.remedy
