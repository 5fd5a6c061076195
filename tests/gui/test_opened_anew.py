"""After the engine fell and rose again a canvas asks for all that it shows, and nobody has to touch it for that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import inpaint_kit
import layout_kit
import play_kit
import pytest
import translate_kit
import walk_kit
from canvas_kit import canvases
from pytestqt.qtbot import QtBot

from studio.api.capabilities import LatentSpace
from studio.edit.embedded import Picture
from studio.edit.inpaint import InpaintDocument
from studio.edit.latent import LatentDocument, LatentPoint
from studio.edit.translation import TranslationDocument
from studio.engine.commands import Render
from studio.engine.events import ModelFacts, RenderFailed, RunOpened
from studio.gui.canvases.inpaint import InpaintCanvas
from studio.gui.canvases.latent import LatentCanvas
from studio.gui.canvases.layout import LayoutCanvas
from studio.gui.canvases.mixing import MixingCanvas
from studio.gui.canvases.translate import TranslateCanvas
from studio.gui.canvases.walk import WalkCanvas

FALL = "The engine was ended by signal 11."
STYLED = ModelFacts("tiny", "Tiny", 16, ("LatentSampling", "StyleMixing"), latent_space=LatentSpace(8), num_ws=12)
PINNED = LatentDocument(pin_a=LatentPoint(5), pin_b=LatentPoint(6))
FILLED = InpaintDocument().with_picture(Picture.of(inpaint_kit.noise(1)), "kite")


@dataclass(frozen=True)
class Case:
    """A canvas with something on it, and what its lines to the device are for beside its big picture."""

    kind: Any
    facts: ModelFacts
    document: Any
    lines: frozenset[str]


CASES = {
    "latent": Case(LatentCanvas, play_kit.FACTS, PINNED, frozenset({"pins", "seeds"})),
    "mixing": Case(MixingCanvas, STYLED, None, frozenset({"matrix"})),
    "walk": Case(WalkCanvas, walk_kit.FACTS, walk_kit.WALK, frozenset({"keyframes", "ahead"})),
    "layout": Case(LayoutCanvas, layout_kit.FACTS, layout_kit.DOCUMENT, frozenset({"starts", "variants"})),
    "translate": Case(
        TranslateCanvas,
        translate_kit.BOTH_WAYS,
        TranslationDocument((translate_kit.given("tom"),), direction="cats->dogs"),
        frozenset({"chance"}),
    ),
    "inpaint": Case(
        InpaintCanvas,
        inpaint_kit.FACTS,
        FILLED.with_found([inpaint_kit.candidate(5, 1.0)]),
        frozenset({"candidates"}),
    ),
}


class Falling:
    """An engine that answers nothing."""

    def __init__(self, session: Any, tell: Callable[..., None]) -> None:
        self._session = session
        self._tell = tell
        self._seen = 0

    def asked(self) -> set[str]:
        """Whose requests have come since it was last asked."""
        new = [one for one in self._session.asked[self._seen :] if isinstance(one, Render)]
        self._seen = len(self._session.asked)
        for wish in new:
            self._tell(RenderFailed(wish.client, wish.serial, FALL))
        return {wish.client for wish in new}


@pytest.mark.parametrize("name", CASES)
def test_all_that_is_shown_is_asked_for_again(
    studio: Any, session: Any, tell: Callable[..., None], qtbot: QtBot, name: str
) -> None:
    case, engine = CASES[name], Falling(session, tell)
    wanted = {f"{name}-0", *(f"{name}-0:{line}" for line in case.lines)}
    asked: set[str] = set()

    def all_have_asked() -> bool:
        asked.update(engine.asked())
        return wanted <= asked

    with canvases(studio, qtbot, case.kind, name) as make:
        make(case.facts, case.document)
        qtbot.waitUntil(all_have_asked)
        asked.clear()
        tell(RunOpened("run", case.facts, False, 50))
        qtbot.waitUntil(all_have_asked)
