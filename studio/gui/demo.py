"""The demo: the plain GAN on the icons that come with the studio, begun at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studio.gui.studio import Studio

MODEL = "gan"
DATA = "demo:icons"
PRESET = "quick"


def begin_demo(studio: Studio) -> None:
    """Shows the Train page and begins to train."""
    from studio.api.errors import StudioError
    from studio.engine.commands import TrainPlan

    try:
        preset = studio.host.model(MODEL).presets[PRESET]
    except StudioError as error:
        studio.notify(error.message, error.remedy, level="bad")
        return
    studio.data_chosen.emit(DATA)
    studio.train_wanted.emit(MODEL)
    studio.session.train(TrainPlan(MODEL, DATA, dict(preset.values), steps=preset.steps, preset=PRESET))
