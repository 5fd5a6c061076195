"""The layout document: what each change does, what it leaves alone, and that it survives a file."""

import json
import random
from dataclasses import replace

import numpy as np
import pytest

from studio.api import StudioError
from studio.data.layout_files import MOST_OBJECTS, Layout
from studio.edit.documents import EditEnvelope, read_envelope, save_picture
from studio.edit.layout import LayoutDocument, LayoutObject

LABELS = ("cat", "kite", "star")
CAT = LayoutObject("cat", (0.1, 0.2, 0.3, 0.4), 5)
KITE = LayoutObject("kite", (0.5, 0.5, 0.25, 0.25), 6)
STAR = LayoutObject("star", (0.0, 0.0, 0.2, 0.2), 7)
DOCUMENT = LayoutDocument((CAT, KITE, STAR))


def box_of(document: LayoutDocument, place: int) -> tuple[float, ...]:
    return document.objects[place].box


def test_objects_move_together_as_far_as_all_stay_inside():
    moved = DOCUMENT.moved([0, 1], 0.9, -0.05)
    assert box_of(moved, 0) == pytest.approx((0.35, 0.15, 0.3, 0.4))
    assert box_of(moved, 1) == pytest.approx((0.75, 0.45, 0.25, 0.25))
    assert moved.objects[2] == STAR
    assert moved.moved([0, 1], 0.5, 0) == moved


def test_a_frame_is_refitted_with_all_that_is_in_it():
    wider = DOCUMENT.refitted([0, 1], DOCUMENT.frame([0, 1]), (0.0, 0.0, 1.0, 1.0))
    assert wider.frame([0, 1]) == pytest.approx((0, 0, 1, 1))
    assert box_of(wider, 0) == pytest.approx((0, 0, 0.3 / 0.65, 0.4 / 0.55), abs=1e-6)
    assert [one.seed for one in wider.objects] == [5, 6, 7]


def test_what_is_locked_stays_as_it_is():
    locked = DOCUMENT.with_locked([1], True)
    changes = [
        locked.moved([0, 1, 2], 0.01, 0.01),
        locked.relabelled([0, 1, 2], "star"),
        locked.reseeded({0: 1, 1: 1, 2: 1}),
        locked.with_seeds([1, 2, 3]),
        locked.without([0, 1, 2]),
    ]
    for changed in changes:
        assert changed != locked
        assert replace(KITE, locked=True) in changed.objects
    assert locked.free(range(3)) == (0, 2)
    assert locked.with_locked([1], False) == DOCUMENT
    assert locked.moved([1], 0.1, 0) == locked


def test_other_looks_for_one_leave_the_rest():
    changed = DOCUMENT.reseeded({1: 99})
    assert [one.seed for one in changed.objects] == [5, 99, 7]
    assert [one.box for one in changed.objects] == [one.box for one in DOCUMENT.objects]


def test_copies_look_the_same_and_stand_aside():
    copied = DOCUMENT.with_locked([0], True).duplicated([0, 1])
    assert copied.objects[3] == replace(CAT, box=(0.14, 0.24, 0.3, 0.4))
    assert copied.objects[4] == replace(KITE, box=(0.54, 0.54, 0.25, 0.25))
    at_the_edge = LayoutDocument((replace(CAT, box=(0.6, 0.6, 0.4, 0.4)),)).duplicated([0])
    assert box_of(at_the_edge, 1) == pytest.approx((0.56, 0.56, 0.4, 0.4))


def test_there_is_room_for_64_objects():
    document = DOCUMENT
    for _ in range(6):
        document = document.duplicated(range(len(document.objects)))
    assert len(document.objects) == MOST_OBJECTS
    assert document.full
    assert document.with_object(CAT) == document


def test_order():
    def names(document: LayoutDocument) -> str:
        return "".join(one.label[0] for one in document.objects)

    for places, to, expected, then in (
        ([0], 3, "ksc", (2,)),
        ([2], 0, "sck", (0,)),
        ([0, 2], 2, "kcs", (1, 2)),
        ([1], 1, "cks", (1,)),
    ):
        document, after = DOCUMENT.reordered(places, to)
        assert (names(document), after) == (expected, then)
    for places, by, expected, then in (
        ([0], 1, "kcs", (1,)),
        ([0, 1], 1, "sck", (1, 2)),
        ([1, 2], 1, "cks", (1, 2)),
        ([2], -1, "csk", (1,)),
        ([0, 2], -1, "csk", (0, 1)),
        ([0], -1, "cks", (0,)),
    ):
        document, after = DOCUMENT.raised(places, by)
        assert (names(document), after) == (expected, then)


def test_the_foremost_object_is_found_at_a_point():
    over = DOCUMENT.with_object(replace(STAR, box=(0.2, 0.3, 0.1, 0.1)))
    assert over.at(0.25, 0.35) == 3
    assert over.at(0.15, 0.25) == 0
    assert over.at(0.9, 0.9) is None
    assert over.within((0.0, 0.0, 0.25, 0.35)) == (0, 2, 3)


def test_the_request_says_what_is_where_and_how_it_looks():
    request = DOCUMENT.request(LABELS)
    assert request.labels.tolist() == [[0, 1, 2]]
    assert request.seeds.tolist() == [[5, 6, 7]]
    assert request.boxes.dtype == np.float32
    assert request.boxes[0] == pytest.approx(np.array([one.box for one in DOCUMENT.objects]))
    assert request.present.all()
    two = DOCUMENT.request(LABELS, np.array([[1, 2, 3], [4, 5, 6]]))
    assert two.boxes.shape == (2, 3, 4)
    assert two.seeds.tolist() == [[1, 2, 3], [4, 5, 6]]


def test_a_label_that_the_model_does_not_know_is_refused():
    with pytest.raises(StudioError, match="knows no star") as refused:
        DOCUMENT.request(("cat", "kite"))
    assert refused.value.remedy == "It draws: cat, kite."


def test_a_layout_file_draws_the_same_picture():
    layout = Layout.parse(DOCUMENT.to_layout(64).to_json(), "kites.json")
    assert layout.size == (64, 64)
    back = LayoutDocument.of_layout(layout, lambda _place, own: own)
    assert back == DOCUMENT
    with pytest.raises(StudioError, match="nothing in this layout"):
        LayoutDocument().to_layout(64)


def test_objects_of_a_file_get_the_seeds_that_they_lack():
    layout = Layout.parse('{"objects": [{"label": "cat", "box": [0, 0, 0.123456789, 1]}]}', "kites.json")
    (one,) = LayoutDocument.of_layout(layout, lambda place, own: 40 + place if own is None else own).objects
    assert one == LayoutObject("cat", (0.0, 0.0, 0.123457, 1.0), 40)


def test_a_document_survives_json_and_a_png(tmp_path):
    chance = random.Random(3)
    document = DOCUMENT.with_locked([2], True)
    for step in range(60):
        document = document.moved([step % 3], chance.uniform(-1, 1), chance.uniform(-1, 1))
        assert LayoutDocument.from_json(json.loads(json.dumps(document.to_json()))) == document
    envelope = EditEnvelope("layout", "run", 3, document.to_json())
    save_picture(tmp_path / "kites.png", np.zeros((8, 8, 3), np.uint8), envelope)
    back = LayoutDocument.from_json(read_envelope(tmp_path / "kites.png").document)
    assert back == document
    assert back.digest() == document.digest() != DOCUMENT.digest()


WHOLE = {"label": "cat", "box": [0.1, 0.2, 0.3, 0.4], "seed": 5}


@pytest.mark.parametrize(
    "broken",
    [
        None,
        {},
        {"objects": {}},
        {"objects": [WHOLE] * 65},
        {"objects": [3]},
        *(
            {"objects": [WHOLE | changed]}
            for changed in (
                {"label": ""},
                {"label": "x" * 201},
                {"label": 3},
                {"box": [0, 0, 1]},
                {"box": [0, 0, 0, 1]},
                {"box": [0.8, 0, 0.4, 1]},
                {"box": [0, 0, float("nan"), 1]},
                {"box": "0011"},
                {"seed": -1},
                {"seed": 2**32},
                {"seed": True},
                {"locked": 1},
            )
        ),
    ],
)
def test_damaged_json_is_refused_in_a_sentence(broken):
    with pytest.raises(StudioError) as refused:
        LayoutDocument.from_json(broken)
    assert refused.value.remedy
    assert LayoutDocument.from_json({"objects": [WHOLE]}).objects == (CAT,)
