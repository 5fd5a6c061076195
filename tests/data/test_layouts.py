"""Layouts: COCO's, those beside pictures, and the demo's scenes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from studio.api import DataKind, LayoutSource, StudioError
from studio.data.examples import Example, examples, with_boxes
from studio.data.inspect import inspect
from studio.data.layout_files import Layout
from studio.data.prepare import prepare
from studio.data.scenes import SceneSource
from studio.data.sources import open_source

BOX = [10, 10, 40, 40]


def coco(root: Path, boxes: dict[str, Sequence[Sequence[float]]], **changes: Any) -> Path:
    """A COCO data set of 100 x 50 pixel pictures: boxes by picture, of categories 7 and 3 in turn."""
    (root / "train2017").mkdir(parents=True)
    images, annotations = [], []
    for number, (name, found) in enumerate(boxes.items()):
        Image.new("RGB", (100, 50), (number * 40, 0, 0)).save(root / "train2017" / name)
        images.append({"id": number, "file_name": name, "width": 100, "height": 50})
        annotations += [
            {"id": 100 * number + place, "image_id": number, "category_id": (7, 3)[place % 2], "bbox": box}
            for place, box in enumerate(found)
        ]
    categories = [{"id": 7, "name": "kite"}, {"id": 3, "name": "dog"}]
    content = {"images": images, "annotations": annotations, "categories": categories, **changes}
    path = root / "annotations" / "instances_train2017.json"
    path.parent.mkdir()
    path.write_text(json.dumps(content))
    return path


def opened(place: Path | str) -> LayoutSource:
    source = open_source(str(place))
    assert isinstance(source, LayoutSource)
    return source


def test_coco_is_found_in_its_folder_and_by_its_file(tmp_path: Path) -> None:
    path = coco(tmp_path / "coco", {"a.png": [[0, 0, 50, 25], [50, 25, 50, 25], [20, 10, 30, 20]]})
    for place in (path, tmp_path / "coco"):
        source = opened(place)
        assert (source.kind, source.labels, len(source)) == (DataKind.LAYOUT, ("dog", "kite"), 1)
        objects = source.objects(0)
        assert [one.label for one in objects] == [1, 0, 1]
        assert objects[1].box == (0.5, 0.5, 0.5, 0.5)


def test_pictures_are_chosen_as_the_papers_do(tmp_path: Path) -> None:
    boxes = {
        "few.png": [BOX, BOX],
        "many.png": [BOX] * 9,
        "small.png": [BOX, BOX, [0, 0, 9, 9], [0, 0, 12, 10]],
        "eight.png": [BOX] * 8,
    }
    source = opened(coco(tmp_path, boxes))
    assert [source.key(index) for index in range(len(source))] == ["train2017/eight.png", "train2017/small.png"]
    assert len(source.objects(1)) == 3
    report = inspect(source)
    assert {one.file: one.reason for one in report.skipped} == {
        "few.png": "It has 2 objects of 2% of it or more; 3 to 8 are used.",
        "many.png": "It has 9 objects of 2% of it or more; 3 to 8 are used.",
    }


def test_what_sticks_out_is_cut_and_what_is_broken_is_named(tmp_path: Path) -> None:
    boxes: dict[str, Sequence[Sequence[float]]] = {
        "a.png": [[-10, -10, 60, 60], BOX, BOX],
        "broken.png": [[1, 2], BOX, BOX],
        "gone.png": [BOX] * 3,
    }
    path = coco(tmp_path, boxes)
    (tmp_path / "train2017" / "gone.png").unlink()
    (tmp_path / "train2017" / "unlisted.png").write_bytes(b"")
    source = opened(path)
    assert source.objects(0)[0].box == (0, 0, 0.5, 1)
    assert {one.file: one.reason for one in inspect(source).skipped} == {
        "broken.png": "Its annotation 100 has no usable bbox.",
        "gone.png": "It is not there.",
        "train2017/unlisted.png": "The JSON does not name it.",
    }


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"images": 3}, "needs lists"),
        ({"categories": [{"name": "kite"}]}, "no id or no name"),
        ({"annotations": [{}]}, "no image_id"),
        ({"annotations": []}, "Not one picture"),
    ],
)
def test_a_json_of_another_kind_is_refused_by_name(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    path = coco(tmp_path, {"a.png": [BOX] * 3}, **changes)
    with pytest.raises(StudioError, match=f"instances_train2017.json.*{message}|{message}"):
        open_source(str(path))


def test_categories_of_one_name_are_one_label(tmp_path: Path) -> None:
    categories = [{"id": 7, "name": "kite"}, {"id": 3, "name": "kite"}, {"id": 3, "name": "kite"}]
    source = opened(coco(tmp_path, {"a.png": [BOX] * 3}, categories=categories))
    assert source.labels == ("kite",)
    assert {one.label for one in source.objects(0)} == {0}


def test_two_categories_of_one_id_are_refused(tmp_path: Path) -> None:
    categories = [{"id": 7, "name": "kite"}, {"id": 3, "name": "dog"}, {"id": 7, "name": "bird"}]
    with pytest.raises(StudioError, match="have one id: bird and kite"):
        open_source(str(coco(tmp_path, {"a.png": [BOX] * 3}, categories=categories)))


@pytest.mark.parametrize("size", [{}, {"width": 0, "height": 50}, {"width": "100", "height": 50}])
def test_a_picture_without_a_size_is_named_so(tmp_path: Path, size: dict[str, object]) -> None:
    images = [{"id": 0, "file_name": "a.png", **size}]
    with pytest.raises(StudioError, match="a.png: The JSON does not give its width and height"):
        open_source(str(coco(tmp_path, {"a.png": [BOX] * 3}, images=images)))


def test_a_path_that_was_written_on_windows_is_found(tmp_path: Path) -> None:
    images = [{"id": 0, "file_name": "C:\\data\\a.png", "width": 100, "height": 50}]
    assert len(opened(coco(tmp_path, {"a.png": [BOX] * 3}, images=images))) == 1


def test_damaged_json_is_said(tmp_path: Path) -> None:
    path = coco(tmp_path, {"a.png": [BOX] * 3})
    path.write_text(path.read_text()[:-5])
    with pytest.raises(StudioError, match="not JSON"):
        open_source(str(path))


def test_layouts_beside_pictures(tmp_path: Path) -> None:
    layout = {"size": [8, 8], "objects": [{"label": "star", "box": [0.1, 0.1, 0.5, 0.5], "seed": 3}]}
    for name in ("a", "b", "c"):
        Image.new("RGB", (8, 8)).save(tmp_path / f"{name}.png")
        (tmp_path / f"{name}.json").write_text(json.dumps(layout))
    (tmp_path / "b.json").write_text('{"objects": [{"label": "star", "box": [0.9, 0, 0.5, 1]}]}')
    (tmp_path / "c.json").unlink()
    source = opened(tmp_path)
    assert (len(source), source.labels) == (1, ("star",))
    reasons = {one.file: one.reason for one in inspect(source).skipped}
    assert reasons["b.png"].startswith("b.json is not a layout: objects.0.box:")
    assert reasons["c.png"] == "There is no layout beside it."


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"objects": []}',
        '{"objects": [{"label": "", "box": [0, 0, 1, 1]}]}',
        '{"objects": [{"label": "a", "box": [0, 0, 0, 1]}]}',
        '{"objects": [{"label": "a", "box": [0, 0, NaN, 1]}]}',
        '{"objects": [{"label": "a", "box": [0, 0, 1, 1], "seed": -1}]}',
    ],
)
def test_what_is_no_layout_is_said_in_one_sentence(text: str) -> None:
    with pytest.raises(StudioError, match="^my.json is not a layout: .*[.]$"):
        Layout.parse(text, "my.json")


def test_a_layout_survives_its_file() -> None:
    layout = Layout.parse('{"size": [64, 64], "objects": [{"label": "a", "box": [0, 0.25, 1, 0.5], "seed": 7}]}', "x")
    assert Layout.parse(layout.to_json(), "x") == layout


def test_layouts_come_in_batches(tmp_path: Path) -> None:
    data = prepare(SceneSource(1000), 16, tmp_path)
    assert (data.info.kind, data.info.objects, len(data.info.labels)) == (DataKind.LAYOUT, 8, 12)
    batch = data.batch(np.arange(1000), "cpu")
    assert batch.labels is not None
    assert batch.boxes is not None
    assert batch.present is not None
    assert batch.labels.shape == batch.present.shape == (1000, 8)
    counts = batch.present.sum(1)
    assert (int(counts.min()), int(counts.max())) == (3, 8)
    there = batch.boxes[batch.present]
    assert bool((there[:, 2:] > 0.2).all())
    assert bool((there[:, :2] + there[:, 2:] <= 1).all())
    assert not batch.boxes[~batch.present].any()


def test_every_box_of_a_scene_holds_its_icon_and_the_rest_is_ground() -> None:
    source = opened("demo:icons-layout")
    for index in range(30):
        picture = source.picture(index, 64).astype(int)
        inside = np.zeros((64, 64), bool)
        inked = np.abs(picture - picture[0, 0]).sum(2) > 60
        for one in source.objects(index):
            left, top, width, height = (round(value * 64) for value in one.box)
            where = np.s_[top : top + height + 1, left : left + width + 1]
            assert inked[where].mean() > 0.1
            inside[where] = True
        assert not inked[~inside].any()


def test_examples_show_boxes_and_pairs() -> None:
    [drawn] = [one for one in examples(open_source("demo:icons-layout"), 1, 64) if isinstance(one, Example)]
    source = opened("demo:icons-layout")
    plain = source.picture(0, 64)
    assert drawn.picture.shape == (64, 64, 3)
    assert np.array_equal(drawn.picture, with_boxes(plain, source.objects(0), source.labels))
    assert not np.array_equal(drawn.picture, plain)
    [pair, _] = examples(open_source("demo:icons-paired"), 2, 64)
    assert isinstance(pair, Example)
    assert pair.picture.shape == (64, 128, 3)
