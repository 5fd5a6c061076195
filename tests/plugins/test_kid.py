"""KID-lite0 orders what the eye orders, is a function of the pictures alone, and leaves torch's generators alone."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

import studio_kid
from studio.api import PictureSource, StudioError
from studio.api.testing import check_plugin
from studio.data.sources import open_source
from studio.engine.plugin_calls import imported
from studio.engine.plugins import PluginHost

COUNT = 24


def test_it_keeps_the_contract() -> None:
    report = check_plugin(studio_kid)
    assert report.ok, report


def test_it_orders_icons_other_icons_noised_ones_and_noise() -> None:
    from studio_kid.kid import kid_lite0

    random = np.random.RandomState(0)
    icons = open_source("demo:icons")
    assert isinstance(icons, PictureSource)
    rows = random.permutation(len(icons))[: 2 * COUNT]
    same, others = np.split(np.stack([icons.picture(int(row), 64) for row in rows]), 2)
    noise = random.randint(0, 256, same.shape).astype(np.uint8)
    noised = np.clip(others + random.normal(0, 25, same.shape), 0, 255).astype(np.uint8)
    before = torch.get_rng_state()
    score = kid_lite0(same)
    inverted = 255 - others
    scores = [score(pictures) for pictures in (others, inverted, noised, noise)]
    assert abs(scores[0]) < 0.03
    assert all(better + 0.03 < worse for better, worse in itertools.pairwise(scores)), scores
    assert score(others[::-1]) == pytest.approx(scores[0], abs=1e-6)
    assert torch.equal(torch.get_rng_state(), before)


def test_without_its_packages_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torchmetrics.image.kid", None)
    monkeypatch.delitem(sys.modules, "studio_kid.kid", raising=False)
    host = PluginHost.of({"kid": studio_kid})
    [spec] = host.metrics()
    with pytest.raises(StudioError) as refusal:
        imported(spec.metric, host.offering(spec), spec.title, tmp_path, spec.install)
    assert str(refusal.value).startswith("KID-lite0 needs the module torchmetrics")
    assert str(refusal.value).endswith("which is not installed. Install it: ganvas[metrics].")
