"""Edits on disk: whole files, pictures that carry their document, and plain refusals of everything else."""

import errno
import io
import json

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from studio.api import LatentSpace, StudioError
from studio.edit import whole_files
from studio.edit.documents import EditEnvelope, load_pixels, read_envelope, save_picture, write_envelope
from studio.edit.latent import LatentDocument

DOCUMENT = LatentDocument().with_seed(12).with_component(3, 0.7, LatentSpace(8)).with_psi(0.6)
ENVELOPE = EditEnvelope("latent", "20261122-gan", 1200, DOCUMENT.to_json())
PIXELS = np.random.default_rng(0).integers(0, 256, (24, 32, 3), dtype=np.uint8)


def test_a_png_carries_its_document_and_every_pixel(tmp_path):
    path = tmp_path / "kite.png"
    save_picture(path, PIXELS, ENVELOPE)
    assert read_envelope(path) == ENVELOPE
    assert LatentDocument.from_json(read_envelope(path).document) == DOCUMENT
    assert (load_pixels(path) == PIXELS).all()


def test_the_envelope_has_the_documented_fields(tmp_path):
    path = tmp_path / "kite.json"
    write_envelope(path, ENVELOPE)
    values = json.loads(path.read_text())
    assert values == {
        "ganvas": 1,
        "canvas": "latent",
        "run": "20261122-gan",
        "checkpoint step": 1200,
        "document": DOCUMENT.to_json(),
    }
    assert read_envelope(path) == ENVELOPE


@pytest.mark.parametrize("name", ["kite.jpg", "kite.JPEG", "kite.webp"])
def test_other_pictures_carry_none(tmp_path, name):
    path = tmp_path / name
    save_picture(path, PIXELS, ENVELOPE)
    assert load_pixels(path).shape == PIXELS.shape
    with pytest.raises(StudioError, match="carries no edit"):
        read_envelope(path)


def test_webp_loses_nothing(tmp_path):
    save_picture(tmp_path / "kite.webp", PIXELS)
    assert (load_pixels(tmp_path / "kite.webp") == PIXELS).all()


def test_a_document_behind_the_pixels_is_found_too(tmp_path):
    info = PngInfo()
    info.add_itxt("ganvas", ENVELOPE.to_text())
    info.chunks[:] = [(*chunk[:2], True) for chunk in info.chunks]
    Image.fromarray(PIXELS).save(tmp_path / "kite.png", pnginfo=info)
    assert read_envelope(tmp_path / "kite.png") == ENVELOPE


def test_an_unknown_ending_is_refused(tmp_path):
    with pytest.raises(StudioError, match=r"kite\.xyz does not end"):
        save_picture(tmp_path / "kite.xyz", PIXELS)
    assert not list(tmp_path.iterdir())


def test_a_failed_write_keeps_the_old_file_and_leaves_nothing_behind(tmp_path, monkeypatch):
    path = tmp_path / "kite.png"
    save_picture(path, PIXELS, ENVELOPE)
    before = path.read_bytes()

    def full(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(whole_files.os, "fsync", full)
    with pytest.raises(StudioError, match="No space left on device"):
        save_picture(path, PIXELS[::-1], ENVELOPE)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_is_only_ever_replaced_by_a_whole_one(tmp_path, monkeypatch):
    path = tmp_path / "kite.png"
    save_picture(path, PIXELS, ENVELOPE)
    before = path.read_bytes()
    seen = []

    def replaced(beside, target):
        seen.append((target.read_bytes() == before, beside.read_bytes().endswith(b"IEND\xaeB`\x82")))
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(whole_files.Path, "replace", replaced)
    with pytest.raises(StudioError, match="Input/output error"):
        save_picture(path, PIXELS[::-1], ENVELOPE)
    assert seen == [(True, True)]
    assert path.read_bytes() == before


def png_with(text: str) -> bytes:
    info = PngInfo()
    info.add_text("ganvas", text)
    content = io.BytesIO()
    Image.fromarray(PIXELS).save(content, "PNG", pnginfo=info)
    return content.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json",
        b"\xff\xfe\x00",
        b"[1, 2]",
        b'{"canvas": "latent"}',
        b'{"ganvas": 2, "canvas": "latent"}',
        b'{"ganvas": 1}',
        b'{"ganvas": 1, "canvas": "latent", "run": "r", "document": 3}',
        b"[" * 100_000,
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 64,
        png_with("{"),
        png_with("[]"),
    ],
)
def test_what_is_not_an_edit_is_refused_in_a_sentence(tmp_path, content):
    path = tmp_path / "kite"
    path.write_bytes(content)
    with pytest.raises(StudioError):
        read_envelope(path)


def test_a_picture_cut_short_is_refused(tmp_path):
    whole = png_with(ENVELOPE.to_text())
    for length in range(0, len(whole), 97):
        (tmp_path / "kite.png").write_bytes(whole[:length])
        with pytest.raises(StudioError):
            load_pixels(tmp_path / "kite.png")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(StudioError, match=r"gone\.png cannot be read"):
        read_envelope(tmp_path / "gone.png")
