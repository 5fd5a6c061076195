"""`ganvas render` of a walk: films and stills, of the very pixels that the canvas shows and exports."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from studio.edit.documents import EditEnvelope, read_envelope, save_picture, write_envelope
from studio.edit.keyframes import Keyframe
from studio.edit.latent import LatentDocument
from studio.edit.points import LatentPoint
from studio.edit.walk import WalkDocument
from studio.edit.walk_request import ExactFrames
from studio.engine.film_writers import GifFile
from studio.engine.player import load_player
from studio.engine.plugins import PluginHost
from studio.engine.runs import RunStore
from tests.cli.conftest import Command, call

WALK = WalkDocument(tuple(Keyframe(LatentPoint(seed), seconds=0.6) for seed in (5, 6)), fps=10).at(0.6)


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


@pytest.fixture
def run_name(ganvas_with_run: Command, home: Path) -> str:
    [run] = (home / "runs").iterdir()
    return run.name


@pytest.fixture
def saved(run_name: str, tmp_path: Path) -> Path:
    edit = EditEnvelope("walk", run_name, 6, WALK.to_json())
    save_picture(tmp_path / "walk.png", np.zeros((8, 8, 3), np.uint8), edit)
    write_envelope(tmp_path / "walk.json", edit)
    return tmp_path / "walk.json"


def test_frames_are_those_of_the_canvas_and_keyframes_those_of_their_seeds(
    saved: Path, run_name: str, home: Path, tmp_path: Path
) -> None:
    said = call("render", str(saved), "--out", str(tmp_path / "frames"))
    assert said.code == 0, said.err
    assert said.out.startswith("Wrote 12 frames, 1.2 s, to ")
    frames = [pixels(path) for path in sorted((tmp_path / "frames").iterdir())]
    for seed, frame in ((5, 0), (6, 6)):
        assert call("sample", "latest", "--count", "1", "--seed", str(seed), "--out", str(tmp_path / "s.png")).code == 0
        assert np.array_equal(frames[frame], pixels(tmp_path / "s.png"))
    import torch

    player = load_player(RunStore(home).find(run_name), PluginHost.discover(home), torch.device("cpu"))
    exported = np.concatenate([player.render(ExactFrames(WALK, 4 * part, 4 * part + 4)) for part in range(3)])
    assert np.array_equal(np.stack(frames), exported)
    assert WalkDocument.from_json(read_envelope(tmp_path / "frames" / "000003.png").document).frame == 3


def test_a_picture_s_ending_asks_for_the_still_at_the_playhead(saved: Path, tmp_path: Path) -> None:
    for name in ("walk.json", "walk.png"):
        said = call("render", str(tmp_path / name), "--out", str(tmp_path / "still.png"))
        assert said.code == 0, said.err
    latent = EditEnvelope("latent", read_envelope(saved).run, 6, LatentDocument().with_seed(6).to_json())
    write_envelope(tmp_path / "latent.json", latent)
    assert call("render", str(tmp_path / "latent.json"), "--out", str(tmp_path / "latent.png")).code == 0
    assert np.array_equal(pixels(tmp_path / "still.png"), pixels(tmp_path / "latent.png"))


def test_a_gif_and_an_mp4_are_large_enough_to_watch(saved: Path, tmp_path: Path) -> None:
    assert call("render", str(saved), "--out", str(tmp_path / "a.gif")).code == 0
    with Image.open(tmp_path / "a.gif") as image:
        assert (image.n_frames, image.size) == (12, (256, 256))
    assert call("render", str(saved), "--out", str(tmp_path / "b.gif"), "--scale", "2").code == 0
    with Image.open(tmp_path / "b.gif") as image:
        assert image.size == (16, 16)
    av = pytest.importorskip("av")
    assert call("render", str(saved), "--out", str(tmp_path / "a.mp4")).code == 0
    with av.open(str(tmp_path / "a.mp4")) as container:
        sizes = [(frame.width, frame.height) for frame in container.decode(video=0)]
    assert sizes == [(512, 512)] * 12


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_leaves_nothing(
    saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: int
) -> None:
    add = GifFile.add

    def add_and_stop(film: GifFile, *arguments: Any) -> None:
        add(film, *arguments)
        if film.count == 2:
            os.kill(os.getpid(), number)

    monkeypatch.setattr(GifFile, "add", add_and_stop)
    assert call("render", str(saved), "--out", str(tmp_path / "films" / "a.gif")).code == code
    assert list((tmp_path / "films").iterdir()) == []


@pytest.mark.parametrize(
    ("document", "out", "sentence"),
    [
        (WALK, "a.mov", "a.mov is no kind of film"),
        (WALK, ".", " is not empty."),
        (WALK.with_fps(60), "a.gif", "A GIF shows at most 50 frames a second"),
        (WALK.with_through("w"), "a.gif", "This model has no w to walk through."),
        (WalkDocument(), "a.gif", "A film of no frames cannot be written."),
        (WalkDocument(), "a.png", "This walk has no keyframes."),
    ],
)
def test_what_cannot_be_rendered_is_one_sentence(
    run_name: str, tmp_path: Path, document: WalkDocument, out: str, sentence: str
) -> None:
    write_envelope(tmp_path / "walk.json", EditEnvelope("walk", run_name, 6, document.to_json()))
    said = call("render", str(tmp_path / "walk.json"), "--out", str(tmp_path / out))
    assert said.code == 2
    assert sentence in said.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "walk.json"]
