"""Layouts to start from, and several pictures of one."""

from dataclasses import replace

import numpy as np
import pytest

from studio.api.data import PlacedObject
from studio.edit.layout import LayoutDocument, LayoutObject
from studio.edit.layout_presets import COMPOSITIONS, compositions, from_data, request_of, variant_seeds

LABELS = ("apple", "bell", "cat", "cloud", "fish", "flower")


class Scenes:
    """A layout source of three scenes; the last with a label of its own."""

    labels = ("cat", "bell", "unicorn")

    def __len__(self) -> int:
        return 3

    def key(self, index: int) -> str:
        return f"scene {index}"

    def objects(self, index: int) -> tuple[PlacedObject, ...]:
        return (PlacedObject(0, (0.1, 0.1, 0.2, 0.2)), PlacedObject(index, (0.5, 0.5, 0.2, 0.2)))


def test_compositions_hold_what_the_model_draws_no_two_alike():
    found = compositions(LABELS)
    assert [one.name for one in found] == list(COMPOSITIONS)
    for preset in found:
        names = [one.label for one in preset.document.known(LABELS).objects]
        assert len(set(names)) == len(names)
        assert LayoutDocument.from_json(preset.document.to_json()) == preset.document
    assert found == compositions(LABELS)


def test_a_model_of_one_label_has_compositions_and_one_of_none_has_not():
    assert {one.label for preset in compositions(("cat",)) for one in preset.document.objects} == {"cat"}
    assert compositions(()) == ()


def test_layouts_of_the_data_are_offered_as_far_as_the_model_knows_them():
    found = from_data(Scenes(), LABELS, 6)
    assert [one.name for one in found] == ["From the data: scene 0", "From the data: scene 1"]
    assert [one.label for one in found[1].document.objects] == ["cat", "bell"]
    assert found[1].document.objects[1].box == (0.5, 0.5, 0.2, 0.2)
    assert len(from_data(Scenes(), LABELS, 1)) == 1


def test_layouts_of_different_sizes_are_asked_for_at_once():
    one, two = compositions(LABELS)[0].document, LayoutDocument((LayoutObject("cat", (0, 0, 1, 1), 9),))
    request = request_of([one, two], LABELS)
    assert request.present.sum(1).tolist() == [3, 1]
    assert request.labels[1, 0] == 2
    assert request.seeds[1].tolist() == [9, 0, 0]
    assert request.boxes[0] == pytest.approx(np.array([thing.box for thing in one.objects]), abs=1e-6)


def test_variants_draw_what_may_change_and_leave_the_rest():
    document = LayoutDocument(tuple(LayoutObject("cat", (0.1, 0.1, 0.2, 0.2), seed) for seed in (1, 2, 3)))
    document = document.with_locked([2], True)
    rows = variant_seeds(document, (1, 2), 10, 4)
    assert rows.shape == (4, 3)
    assert (rows[:, [0, 2]] == [1, 3]).all()
    assert len(set(rows[:, 1])) == 4
    taken = document.with_seeds([int(seed) for seed in rows[2]])
    assert (variant_seeds(taken, (1, 2), 10, 4) == rows).all()
    assert (variant_seeds(document, (1, 2), 12, 1)[0] == rows[2]).all()
    all_of_it = variant_seeds(replace(document, objects=document.objects[:2]), range(2), 10, 1)
    assert all_of_it[0, 1] != 2
