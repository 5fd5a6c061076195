"""The latent document: what its z is, what each change does, and that it survives a file."""

import json
import random

import numpy as np
import pytest

from studio.api import LatentSpace, StudioError
from studio.edit.latent import MAX_SEED, LatentDocument, LatentPoint

SPACE = LatentSpace(16, groups={"shape": (0, 6), "colour": (6, 16)})


def same(a: np.ndarray, b: np.ndarray) -> bool:
    return a.dtype == b.dtype == np.float32 and a.tobytes() == b.tobytes()


def blended() -> LatentDocument:
    document = LatentDocument().with_seed(3).with_component(2, 1.5, SPACE).pinned("a", SPACE)
    return document.with_seed(8).with_component(0, -2.25, SPACE).pinned("b", SPACE).blended(0.37)


def test_a_seed_is_what_the_space_draws():
    assert same(LatentDocument().with_seed(42).z(SPACE), SPACE.draw(42))


def test_a_moved_component_replaces_what_the_seed_drew_and_can_be_given_back():
    document = LatentDocument().with_seed(1).with_component(5, 0.1, SPACE)
    expected = SPACE.draw(1)
    expected[5] = np.float32(0.1)
    assert same(document.z(SPACE), expected)
    assert document.with_component(5, None, SPACE) == LatentDocument().with_seed(1)


def test_another_seed_begins_afresh():
    assert LatentDocument().with_component(3, 1, SPACE).with_seed(9) == LatentDocument().with_seed(9)


def test_the_ends_of_the_way_are_the_pins_to_the_bit():
    document = blended()
    assert same(document.blended(0).z(SPACE), document.pin_a.z(SPACE))
    assert same(document.blended(1).z(SPACE), document.pin_b.z(SPACE))
    assert not same(document.z(SPACE), document.blended(0).z(SPACE))


def test_psi_leaves_z_alone():
    document = LatentDocument().with_seed(4)
    for psi in (0, 0.5, 1):
        assert same(document.with_psi(psi).z(SPACE), document.z(SPACE))


def test_pinning_leaves_the_picture_as_it_is():
    document = blended()
    for name in ("a", "b"):
        assert same(document.pinned(name, SPACE).z(SPACE), document.z(SPACE))
        assert same(document.unpinned(name, SPACE).z(SPACE), document.z(SPACE))


def test_landing_keeps_every_bit_and_makes_components_editable():
    document = blended()
    near = document.blended(1e-6)
    assert same(near.landed(SPACE).z(SPACE), near.z(SPACE))
    landed = document.landed(SPACE)
    assert landed.t is None
    assert same(landed.z(SPACE), document.z(SPACE))
    moved = document.with_component(7, 0.5, SPACE).z(SPACE)
    assert moved[7] == 0.5
    assert same(np.delete(moved, 7), np.delete(document.z(SPACE), 7))


def test_going_to_a_pin():
    document = blended()
    assert same(document.at_pin("a").z(SPACE), document.pin_a.z(SPACE))
    assert same(document.at_pin("b").z(SPACE), document.pin_b.z(SPACE))
    lone = LatentDocument().with_seed(5).pinned("a", SPACE).with_seed(6)
    assert lone.at_pin("a").point.seed == 5
    assert lone.at_pin("b") == lone


def test_without_both_pins_there_is_no_way():
    assert LatentDocument().blended(0.5) == LatentDocument()


def test_a_group_is_drawn_anew_and_the_rest_stays():
    document = LatentDocument().with_seed(1)
    z = document.with_group(6, 16, 77, SPACE).z(SPACE)
    assert same(z[:6], SPACE.draw(1)[:6])
    assert same(z[6:], SPACE.draw(77)[6:])
    assert document.with_group(6, 16, 77, SPACE).with_group(6, 16, None, SPACE) == document


def test_reset_keeps_seed_pins_and_label():
    document = blended().with_psi(0.3).with_label(2).reset()
    assert (document.t, document.psi, document.label) == (None, 1.0, 2)
    assert document.both_pinned
    assert same(document.z(SPACE), SPACE.draw(document.seed))


def test_another_documents_picture_leaves_the_pins_alone():
    other = blended().with_psi(0.4).with_label(1)
    document = LatentDocument().with_seed(70).pinned("a", SPACE).showing(other, SPACE)
    assert same(document.z(SPACE), other.z(SPACE))
    assert (document.psi, document.label) == (0.4, 1)
    assert (document.pin_a.seed, document.pin_b) == (70, None)


def test_values_are_held_within_bounds():
    document = blended().with_psi(4)
    assert document.psi == 1
    assert document.blended(-1).t == 0
    assert document.with_seed(-3).seed == 0
    assert document.with_seed(2**40).seed == MAX_SEED


def test_the_digest_follows_the_content():
    assert blended().digest() == blended().digest()
    others = [blended().with_psi(0.5), blended().blended(0.38), blended().with_path("lerp"), blended().with_label(0)]
    assert len({document.digest() for document in [blended(), *others]}) == 5
    assert len(blended().digest()) == 64


def test_a_document_survives_json_to_the_bit():
    chance = random.Random(7)
    document = LatentDocument()
    for _ in range(60):
        document = document.with_component(chance.randrange(16), chance.gauss(0, 1), SPACE)
        for copy in (document, blended().with_psi(chance.random()).with_label(3)):
            read = LatentDocument.from_json(json.loads(json.dumps(copy.to_json())))
            assert read == copy
            assert read.digest() == copy.digest()
            assert same(read.z(SPACE), copy.z(SPACE))


@pytest.mark.parametrize(
    "broken",
    [
        None,
        [],
        {},
        {"seed": "1"},
        {"seed": -1},
        {"seed": True},
        {"seed": 2**31},
        {"seed": 1, "components": []},
        {"seed": 1, "components": {"x": 1.0}},
        {"seed": 1, "components": {"-1": 1.0}},
        {"seed": 1, "components": {"1": float("nan")}},
        {"seed": 1, "components": {"1": 1e30}},
        {"seed": 1, "components": {"9999999999999": 1.0}},
        {"seed": 1, "psi": 1.5},
        {"seed": 1, "psi": "1"},
        {"seed": 1, "path": "arc"},
        {"seed": 1, "pins": {"a": 3}},
        {"seed": 1, "pins": {"a": {"seed": 1}, "b": {"seed": 2}}, "t": 2},
        {"seed": 1, "label": -1},
    ],
)
def test_damaged_json_is_refused_in_a_sentence(broken):
    with pytest.raises(StudioError) as refused:
        LatentDocument.from_json(broken)
    assert refused.value.remedy


def test_a_document_of_another_model_is_refused():
    with pytest.raises(StudioError, match="component 15, and this model's z has 8"):
        LatentPoint(0, ((15, 1.0),)).z(LatentSpace(8))
