"""Finding words by a few of their letters."""

from __future__ import annotations

START = 8.0
WORD = 4.0
NEXT = 5.0
ANY = 1.0
GAP = 0.05


def match(typed: str, text: str) -> float | None:
    """How well letters typed in order are found in a text; None where they are not. Larger is better.

    Letters at the beginning, at the beginning of a word, and next to each other count more; later ones a little less.
    """
    wanted = [letter for letter in typed.lower() if not letter.isspace()]
    if not wanted:
        return 0.0
    lowered = text.lower()
    scores: dict[int, float] = {-1: 0.0}
    for letter in wanted:
        scores = _extended(scores, letter, lowered)
        if not scores:
            return None
    return max(scores.values()) - len(text) * GAP


def _extended(scores: dict[int, float], letter: str, text: str) -> dict[int, float]:
    """The best score for each place where the next letter can be, given those of the letter before."""
    found: dict[int, float] = {}
    for place in (index for index, other in enumerate(text) if other == letter):
        before = [
            score + (NEXT if last == place - 1 and last >= 0 else 0) for last, score in scores.items() if last < place
        ]
        if before:
            found[place] = max(before) + _worth(text, place)
    return found


def _worth(text: str, place: int) -> float:
    if place == 0:
        return START
    return WORD if not text[place - 1].isalnum() else ANY
