"""How the translation canvas shows its pictures: no edit, yet it is there again when the run is opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from PySide6.QtCore import QSettings

from studio.api.errors import StudioError
from studio.edit import checked

KEY = "view"

_SIDES_KEY, _ROUND_TRIP_KEY = "play/translate/view", "play/translate/round-trip"


@dataclass(frozen=True)
class View:
    """What a person chose.

    Attributes:
        sides: before and after stand side by side; otherwise they are one picture, divided.
        split: where that is divided, 0 to 1.
        round_trip: whether the translation is translated back.
    """

    sides: bool = False
    split: float = 0.5
    round_trip: bool = False

    @classmethod
    def begun(cls, document: Mapping[str, Any] | None, settings: QSettings) -> Self:
        """The view that a run was left in, kept beside its document; for another run the last that was chosen."""
        try:
            read = checked.mapping((document or {})[KEY], KEY)
            return cls(
                checked.truth(read["sides"], KEY),
                checked.number(read["split"], KEY, 0, 1),
                checked.truth(read["round_trip"], KEY),
            )
        except (KeyError, StudioError):
            return cls(sides=_chosen(settings, _SIDES_KEY), round_trip=_chosen(settings, _ROUND_TRIP_KEY))

    def remember(self, settings: QSettings) -> None:
        """Lets runs that are opened for the first time begin with it."""
        settings.setValue(_SIDES_KEY, int(self.sides))
        settings.setValue(_ROUND_TRIP_KEY, int(self.round_trip))

    def beside(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """The values of a document with the view beside them, JSON-ready."""
        return {**document, KEY: asdict(self)}


def _chosen(settings: QSettings, key: str) -> bool:
    return str(settings.value(key, 0)) == "1"
