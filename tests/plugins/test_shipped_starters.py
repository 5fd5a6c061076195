"""The models that are shipped: each opens, makes pictures, and they are small enough together."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from PIL import Image

import studio_resources
from studio.data.sources import open_source
from studio.engine.player import load_player
from studio.engine.plugins import PluginHost
from studio.engine.runs import RunStore
from studio.engine.starters import open_starter

SHIPPED = studio_resources.starters()
MOST_BYTES = 20_000_000


def test_together_they_are_small() -> None:
    folder = studio_resources.FOLDER / "starters"
    assert sum(file.stat().st_size for file in folder.glob("*")) <= MOST_BYTES


@pytest.mark.parametrize("starter", SHIPPED, ids=[starter.name for starter in SHIPPED])
def test_each_opens_on_a_canvas_of_its_own(starter: studio_resources.Starter, tmp_path: Path) -> None:
    host = PluginHost.discover(tmp_path, safe_mode=True)
    run = open_starter(RunStore(tmp_path), host, starter.name)
    assert run.record.data == starter.data
    assert open_source(run.record.data).kind.value == run.record.data_info["kind"]
    player = load_player(run, host, torch.device("cpu"))
    canvas = next(spec for spec in host.canvases() if spec.id == starter.canvas)
    assert {capability.__name__ for capability in canvas.requires} <= {*player.facts.capabilities}
    assert starter.credit
    with Image.open(starter.picture) as image:
        assert min(image.size) >= starter.cell
