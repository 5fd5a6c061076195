"""Makes the models that Ganvas ships: trains each with `ganvas train`, exports it, and pictures what it can do.

    python packaging/make_starters.py [NAME ...] [--work FOLDER] [--device DEVICE] [--from NAME=RUN]

Everything is a function of the table below: the same table, machine and versions give the same weights. Training goes
on where it was interrupted. The files land in `resources/studio_resources/starters`: NAME.safetensors (half precision),
NAME.png (pictures edge to edge) and NAME.json (words). With `--from` an existing run is packed instead of training one.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

SHELF = Path(__file__).parent.parent / "resources" / "studio_resources" / "starters"
MOST_BYTES = 20_000_000
COLUMNS = 3
CREDIT = "Trained on Material Design Icons (Apache-2.0)."


@dataclass(frozen=True)
class Recipe:
    """How a starter is trained, and what is said of it.

    Attributes:
        model, data, preset, steps, seed: as for `ganvas train`.
        values: hyperparameters that differ from the preset.
        title, sentence, credit: what a person reads.
        canvas: the id of the canvas that it opens on.
        shown: the six pictures of its card, by their place in the run's last sample grid, row by row, three in a row.
    """

    model: str
    data: str
    preset: str
    steps: int
    title: str
    sentence: str
    canvas: str
    values: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0
    shown: tuple[int, ...] = (0, 1, 2, 3, 4, 5)
    credit: str = CREDIT


RECIPES = {
    "stylegan": Recipe(
        model="stylegan",
        data="demo:icons",
        preset="quick",
        values={"resolution": 64, "channel_base": 512, "mixing": 0.7, "ema_kimg": 5, "sample_every": 500},
        steps=15_000,
        title="Mix styles",
        sentence="A StyleGAN that invents icons. Cross the shape of one with the colours of another.",
        canvas="mixing",
        shown=(6, 22, 17, 44, 29, 2),
    ),
    "pix2pix": Recipe(
        model="pix2pix",
        data="demo:icons-paired",
        preset="quick",
        steps=4_000,
        title="Draw, and see it filled",
        sentence="A Pix2Pix that turns outlines into filled icons. Draw with the pen and it follows.",
        canvas="translate",
        shown=(0, 3, 6, 1, 4, 7),  # of threes (input, output, target): inputs above their outputs
    ),
    "layout2image": Recipe(
        model="layout2image",
        data="demo:icons-layout",
        preset="quick",
        values={"game_every": 5, "lr": 1.5e-3, "lr_decay_start": 1, "sample_every": 250},
        steps=8_000,
        title="Arrange a scene",
        sentence="A layout2image that draws icons into boxes. Move a box and its icon follows; give it another look.",
        canvas="layout",
        shown=(41, 5, 23, 7, 37, 11),  # of twos (real scene, the same layout drawn): those with large objects
    ),
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Makes the starters that were asked for, all of them by default."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(RECIPES)}")
    parser.add_argument("--work", type=Path, default=Path("build/starters"), help="where runs are kept")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--from", dest="runs", action="append", default=[], metavar="NAME=RUN")
    parser.add_argument("--shelf", type=Path, default=SHELF, help="where the files go")
    options = parser.parse_args(arguments)
    runs = {name: Path(run) for name, _, run in (text.partition("=") for text in options.runs)}
    if unknown := {*options.names, *runs} - {*RECIPES}:
        parser.error(f"there is no starter called {', '.join(sorted(unknown))}")
    for order, (name, recipe) in enumerate(RECIPES.items()):
        if name in (options.names or RECIPES):
            run = runs.get(name) or train(recipe, options.work / name, options.device)
            pack(name, recipe, order, run, options.shelf)
    total = sum(file.stat().st_size for file in options.shelf.iterdir())
    sys.stdout.write(f"{options.shelf} holds {total / 1e6:.1f} MB.\n")
    if total > MOST_BYTES:
        sys.exit(f"That is more than the {MOST_BYTES / 1e6:.0f} MB that may be shipped.")


def train(recipe: Recipe, folder: Path, device: str) -> Path:
    """The finished run of a recipe, begun in `folder` or gone on with there."""
    if (folder / "run.json").exists():
        record = json.loads((folder / "run.json").read_text("utf-8"))
        if record["status"] != "finished" or record["steps"] < recipe.steps:
            ganvas("resume", folder, "--steps", recipe.steps, "--device", device)
        return folder
    values = [part for name, value in recipe.values.items() for part in ("--set", f"{name}={value}")]
    plan = ("--data", recipe.data, "--preset", recipe.preset, "--steps", recipe.steps, "--seed", recipe.seed)
    ganvas("train", recipe.model, *plan, *values, "--device", device, "--out", folder)
    return folder


def pack(name: str, recipe: Recipe, order: int, run: Path, shelf: Path) -> None:
    """Writes the starter's three files."""
    from PIL import Image

    from studio.engine.runs import Run
    from studio.gui.pages.run_pictures import newest_samples

    shelf.mkdir(parents=True, exist_ok=True)
    ganvas("export", run, "--format", "safetensors", "--half", "--out", shelf / f"{name}.safetensors")
    pictures = newest_samples(Run.load(run), max(recipe.shown) + 1)[list(recipe.shown)]
    Image.fromarray(edge_to_edge(pictures)).save(shelf / f"{name}.png", optimize=True)
    words = {"order": order, "model": recipe.model, "title": recipe.title, "sentence": recipe.sentence}
    words |= {"data": recipe.data, "credit": recipe.credit, "canvas": recipe.canvas, "cell": pictures.shape[1]}
    (shelf / f"{name}.json").write_text(f"{json.dumps(words, indent=2)}\n", "utf-8")


def edge_to_edge(pictures: np.ndarray) -> np.ndarray:
    """One picture of many, uint8 (N, H, W, 3), three in a row, without gaps."""
    side = pictures.shape[1]
    return pictures.reshape(-1, COLUMNS, side, side, 3).swapaxes(1, 2).reshape(-1, COLUMNS * side, 3)


def ganvas(*arguments: object) -> None:
    """Runs a command; ends with its exit code where it fails."""
    command = [sys.executable, "-P", "-m", "studio.cli", *map(str, arguments)]
    code = subprocess.run(command, env=os.environ, check=False).returncode
    if code:
        sys.exit(code)


if __name__ == "__main__":
    main()
