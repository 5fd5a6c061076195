"""Whatever a person does on the latent canvas is taken back to the bit."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from latent_kit import Make, directions, engine, make

from studio.gui.canvases.component_group import ComponentSlider
from studio.gui.canvases.latent import LatentCanvas

__all__ = ["engine", "make"]

Edits = list[Callable[[], Any]]


def of_points(canvas: LatentCanvas, chance: random.Random) -> Edits:
    """Seeds, components and truncation."""
    panel: Any = canvas.panel
    point, components = panel.point, panel.components
    sliders = [one.slider for one in canvas.findChildren(ComponentSlider) if one.index < 10]

    def gesture() -> None:
        slider = chance.choice(sliders)
        for _ in range(chance.randrange(1, 5)):
            slider.changed.emit(round(chance.uniform(-3, 3), 2))
        slider.committed.emit(0.0)

    def scrub() -> None:
        for seed in range(3):
            panel.seeds.scrubbed.emit(seed + chance.randrange(9))
        panel.seeds.released.emit()

    return [
        gesture,
        gesture,
        scrub,
        point.throw,
        lambda: point.step(chance.choice((-1, 1))),
        lambda: point.psi.changed.emit(chance.random()),
        lambda: point.cutoff.changed.emit(chance.randrange(7)),
        components.groups[0].throw,
        components.groups[1].throw,
        components.groups[1].give_back,
        components.reset,
    ]


def of_ways(canvas: LatentCanvas, chance: random.Random) -> Edits:
    """Pins, the pad, and sums."""
    panel: Any = canvas.panel
    pins, pad, sums = panel.pins, panel.pad.content, panel.arithmetic.content
    rows = list(sums.rows.values())

    def blend() -> None:
        for _ in range(3):
            pins.slider.changed.emit(chance.random())
        pins.slider.committed.emit(0.0)

    def over_the_pad() -> None:
        for _ in range(3):
            pad.view.moved.emit(chance.random(), chance.random())
        pad.view.released.emit()

    def add() -> None:
        chance.choice(rows).add_wanted.emit()

    return [
        blend,
        lambda: pins.pin(chance.choice("ab")),
        pins.buttons["a"].unpin_wanted.emit,
        pins.buttons["b"].unpin_wanted.emit,
        pins.buttons["a"].go_wanted.emit,
        pins.buttons["b"].go_wanted.emit,
        lambda: pins.path.activated.emit(chance.randrange(2)),
        over_the_pad,
        over_the_pad,
        lambda: pad.view.pin_wanted.emit(chance.randrange(4)),
        pad.random.click,
        lambda: chance.random() < 0.3 and pad.clear.click(),
        add,
        add,
        sums.show_sum.click,
        lambda: chance.random() < 0.3 and sums.clear.click(),
        lambda: [one.click() for row in rows[:1] for one in row.tiles[:1]],
    ]


def of_directions(canvas: LatentCanvas, chance: random.Random) -> Edits:
    """Moves along directions, names and layers."""
    panel: Any = canvas.panel
    ways = panel.directions.content

    def along() -> None:
        row = chance.choice(ways.rows)
        for _ in range(3):
            row.moved.emit(round(chance.uniform(-5, 5), 2))
        row.released.emit()

    return [
        along,
        along,
        ways.reset.click,
        lambda: chance.choice(ways.rows).renamed.emit(f"Way {chance.random()}"),
        lambda: chance.choice(ways.rows).layers_chosen.emit(chance.choice((None, (0, 2), (1, 4)))),
    ]


def test_two_hundred_random_edits_undone_give_the_same_document(make: Make) -> None:
    canvas = make()
    panel: Any = canvas.panel
    for section in (panel.directions, panel.pad, panel.arithmetic):
        section.set_open(True)
    canvas.editor.edit(canvas.editor.document.with_directions(directions()), "Find directions")
    chance = random.Random(1)
    edits = [edit for kind in (of_points, of_ways, of_directions) for edit in kind(canvas, chance)]
    digests = [canvas.editor.document.digest()]
    for _ in range(200):
        chance.choice(edits)()
        digests.append(canvas.editor.document.digest())
    stack = canvas.host.undo_stack
    back = [digests[-1]]
    while stack.canUndo():
        stack.undo()
        back.append(canvas.editor.document.digest())
        assert back[-1] in digests or not stack.canUndo()
    assert back[-2] == digests[0]
    for digest in reversed(back[:-1]):
        stack.redo()
        assert canvas.editor.document.digest() == digest
