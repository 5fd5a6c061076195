"""What every page says through the studio."""

from __future__ import annotations

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from studio.api.errors import StudioError


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (StudioError("The disk is full.", "Free 2 GB."), ["The disk is full.", "Free 2 GB.", "", "warn"]),
        (KeyError("psi"), ["It could not be read.", "", "KeyError: 'psi'", "bad"]),
    ],
    ids=["to be mended", "a bug"],
)
def test_an_error_that_people_can_mend_is_told_in_its_own_words(
    studio: Any, qtbot: QtBot, error: Exception, told: list[str]
) -> None:
    with qtbot.waitSignal(studio.noticed) as noticed:
        studio.refuse(error, "It could not be read.")
    assert noticed.args == told
