"""Finding actions by a few letters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from studio.gui.fuzzy import match

ACTIONS = ("Go to Runs", "Go to Train", "Stop training", "Pause training", "Full screen", "Quit Ganvas")


def best(typed: str) -> str:
    scored = [(score, action) for action in ACTIONS if (score := match(typed, action)) is not None]
    return max(scored)[1]


def test_beginnings_and_neighbours_count_most() -> None:
    assert best("gtr") in ("Go to Train", "Go to Runs")
    assert best("tra") != "Go to Runs"
    assert best("pause") == "Pause training"
    assert best("fs") == "Full screen"
    assert best("quit") == "Quit Ganvas"


def test_letters_must_come_in_order() -> None:
    assert match("xyz", "Go to Train") is None
    assert match("og", "go") is None


def test_nothing_typed_matches_all_alike() -> None:
    assert match("", "anything") == 0
    assert match("  ", "anything") == 0


@given(st.text(alphabet="abcde ", max_size=6), st.text(alphabet="abcde ", max_size=20))
def test_it_matches_exactly_the_subsequences(typed: str, text: str) -> None:
    rest = iter(text)
    contained = all(letter in rest for letter in typed if letter != " ")
    assert (match(typed, text) is not None) == contained
