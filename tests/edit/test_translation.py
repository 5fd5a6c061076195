"""The translation document: what each change does, that it survives a file, and that a damaged one is refused."""

import json
import random
from dataclasses import replace

import numpy as np
import pytest

from studio.api import StudioError
from studio.edit import translation
from studio.edit.documents import EditEnvelope, read_envelope, save_picture
from studio.edit.embedded import Picture
from studio.edit.strokes import Stroke
from studio.edit.translation import MOST_INPUTS, TranslationDocument, TranslationInput, ends, opposite

CHANCE = np.random.default_rng(5)
LINE = Stroke(((0.1, 0.2), (0.9, 0.8)), 0.05, "#c8372d")
RUBBED = Stroke(((0.5, 0.5),), 0.2)


def noise(size: int = 8) -> np.ndarray:
    return CHANCE.integers(256, size=(size, size, 3), dtype=np.uint8)


def given(name: str, domain: str = "") -> TranslationInput:
    return TranslationInput(name, Picture.of(noise()), domain=domain)


def strip(*names: str) -> TranslationDocument:
    return TranslationDocument(direction="A->B").with_inputs([given(name) for name in names])


def names(document: TranslationDocument) -> list[str]:
    return [one.name for one in document.inputs]


def test_pictures_come_behind_the_one_shown_and_the_first_of_them_is_shown():
    document = strip("a", "b").with_inputs([given("c"), given("d")])
    assert names(document) == ["a", "c", "d", "b"]
    assert document.shown.name == "c"
    assert document.with_inputs([]) == document


@pytest.mark.parametrize(("index", "left", "shown"), [(0, "bc", "b"), (1, "ac", "c"), (2, "ab", "b"), (9, "abc", "b")])
def test_taking_one_out_shows_its_neighbour(index, left, shown):
    document = strip("a", "b", "c").going_to(1).without(index)
    assert "".join(names(document)) == left
    assert document.shown.name == shown


def test_an_empty_strip_shows_nothing_and_takes_every_change():
    document = strip("a").without(0)
    assert document.shown is None
    for same in (document.without(0), document.going_to(3), document.with_strokes((LINE,)), document.alone()):
        assert same == document


def test_going_about_stays_within_the_strip():
    document = strip("a", "b", "c")
    assert document.going_to(99).current == 2
    assert document.going_to(-4).current == 0


def test_strokes_are_the_shown_inputs_alone():
    document = strip("a", "b").going_to(1).with_strokes((LINE, RUBBED))
    assert [one.strokes for one in document.inputs] == [(), (LINE, RUBBED)]


def test_the_other_direction_shows_an_example_of_the_other_side():
    examples = [given("cat", "cats"), given("dog", "dogs"), given("own")]
    document = TranslationDocument(direction="cats->dogs").with_inputs(examples)
    turned = document.with_direction("dogs->cats")
    assert turned.shown.name == "dog"
    assert turned.with_direction("cats->dogs") == document
    own = document.going_to(2)
    assert own.with_direction("dogs->cats").shown.name == "own"


def test_directions_have_ends_and_opposites():
    ways = ("outline->filled", "filled->outline", "outline->photo")
    assert ends(ways[0]) == ("outline", "filled")
    assert opposite(ways[0], ways) == ways[1]
    assert opposite(ways[2], ways) is None


def test_what_a_saved_picture_carries_is_its_own_input_alone():
    document = strip("a", "b", "c").going_to(2).with_seed(7)
    alone = document.alone()
    assert names(alone) == ["c"]
    assert alone.seed == 7
    assert document.showing(alone) == document
    gone = document.without(2)
    assert names(gone.showing(alone)) == ["a", "b", "c"]
    assert gone.showing(alone).shown.name == "c"


def test_the_strip_has_room_for_so_much_and_says_so(monkeypatch):
    one = given("a")
    full = TranslationDocument().with_inputs([one] * MOST_INPUTS)
    with pytest.raises(StudioError, match="The strip is full"):
        full.with_inputs([one])
    assert full.fitting([one]) == ()
    monkeypatch.setattr(translation, "MOST_BYTES", 3 * one.picture.size)
    assert len(strip("a").fitting([one] * 5)) == 2
    with pytest.raises(StudioError, match="The strip is full"):
        strip("a", "b", "c", "d")


def test_strokes_have_room_for_so_many_points(monkeypatch):
    monkeypatch.setattr(translation, "MOST_POINTS", 3)
    document = strip("a").with_strokes((LINE,))
    with pytest.raises(StudioError, match="no room for more strokes"):
        document.with_strokes((LINE, LINE))


def drawn() -> TranslationDocument:
    document = strip("a", "ünï/..").with_inputs([TranslationInput("Drawing 1"), given("c", "cats")])
    return document.going_to(2).with_strokes((LINE, RUBBED)).with_seed(41)


def test_it_survives_json_and_a_png(tmp_path):
    document = drawn()
    assert TranslationDocument.from_json(json.loads(json.dumps(document.to_json()))) == document
    save_picture(tmp_path / "kite.png", noise(), EditEnvelope("translate", "run", 3, document.to_json()))
    again = TranslationDocument.from_json(read_envelope(tmp_path / "kite.png").document)
    assert again == document
    assert again.digest() == document.digest()
    assert (again.inputs[0].picture.pixels == document.inputs[0].picture.pixels).all()


def test_the_digest_changes_with_everything():
    document = drawn()
    others = [
        document.going_to(0),
        document.with_seed(None),
        document.with_direction("B->A"),
        document.without(1),
        document.with_strokes((LINE,)),
        document.with_strokes((LINE, replace(RUBBED, width=0.3))),
    ]
    assert len({one.digest() for one in [document, *others]}) == 7


def test_two_inputs_look_alike_whatever_they_are_called():
    one = given("a")
    assert one.look == replace(one, name="b", domain="cats").look
    assert one.look != replace(one, strokes=(LINE,)).look


@pytest.mark.parametrize(
    "change",
    [
        {"inputs": None},
        {"inputs": [1]},
        {"inputs": [{"name": 3}]},
        {"inputs": [{"name": "a", "picture": "not base64"}]},
        {"inputs": [{"name": "a", "picture": "aGVsbG8="}]},
        {"inputs": [{"name": "a", "strokes": [{"points": [], "width": 0.1}]}]},
        {"inputs": [{"name": "a", "strokes": [{"points": [[0]], "width": 0.1}]}]},
        {"inputs": [{"name": "a", "strokes": [{"points": [[0, "x"]], "width": 0.1}]}]},
        {"inputs": [{"name": "a", "strokes": [{"points": [[0, 0]], "width": float("nan")}]}]},
        {"inputs": [{"name": "a", "strokes": [{"points": [[0, 0]], "width": 0.1, "colour": "red"}]}]},
        {"current": 4},
        {"current": -1},
        {"direction": 3},
        {"seed": -1},
        {"seed": True},
    ],
)
def test_a_damaged_document_is_refused_in_a_sentence(change):
    with pytest.raises(StudioError):
        TranslationDocument.from_json(drawn().to_json() | change)


def test_pictures_that_are_not_square_or_too_large_are_refused():
    for shape in ((4, 8, 3), (1025, 1025, 3)):
        text = Picture.of(np.zeros(shape, np.uint8)).text
        with pytest.raises(StudioError, match="pixels"):
            Picture.from_text(text)


def test_a_picture_is_scaled_to_other_models_and_left_alone_for_its_own():
    picture = Picture.of(noise(16))
    assert picture.scaled(16) is picture.pixels
    assert picture.scaled(32).shape == (32, 32, 3)


def test_two_hundred_random_changes_keep_the_document_readable():
    chance = random.Random(2)
    document = drawn()
    changes = [
        lambda d: d.with_inputs([given("x")]),
        lambda d: d.without(chance.randrange(-1, 5)),
        lambda d: d.going_to(chance.randrange(-2, 9)),
        lambda d: d.with_strokes((*(d.shown.strokes if d.shown else ()), LINE)),
        lambda d: d.with_strokes(()),
        lambda d: d.with_seed(chance.choice([None, -3, 2**40, 5])),
        lambda d: d.with_direction(chance.choice(["A->B", "B->A"])),
        lambda d: d.showing(drawn().alone()),
        lambda d: d.alone(),
    ]
    for _ in range(200):
        document = chance.choice(changes)(document)
        assert TranslationDocument.from_json(json.loads(json.dumps(document.to_json()))) == document
