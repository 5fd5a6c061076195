"""Any file with a picture's name decodes to the right pixels or gives a reason; nothing else ever comes out."""

from __future__ import annotations

import contextlib
import io
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.api import StudioError
from studio.data.decode import decode, original_size

RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)


def halves(width: int = 40, height: int = 20) -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    return image


def corners(path: Path) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The colours at the top left and the bottom right."""
    pixels = decode(path, 16)
    assert pixels.shape == (16, 16, 3)
    assert pixels.dtype == np.uint8
    return tuple(map(int, pixels[0, 0])), tuple(map(int, pixels[-1, -1]))


@pytest.mark.parametrize("suffix", ["png", "bmp", "tiff", "gif", "webp"])
def test_every_format_keeps_its_colours(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"picture.{suffix}"
    halves().save(path, **({"lossless": True} if suffix == "webp" else {}))
    assert corners(path) == (RED, BLUE)


def test_a_photograph_is_upright(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: what is on the left belongs at the top
    halves(64, 64).save(path, exif=exif, quality=95)
    top, bottom = decode(path, 16)[0, 8], decode(path, 16)[-1, 8]
    assert top[0] > 200 > 50 > top[2]
    assert bottom[2] > 200 > 50 > bottom[0]


def test_the_original_size_is_that_of_the_upright_picture(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    halves(60, 20).save(path, exif=exif)
    assert original_size(path) == (20, 60)


def test_transparency_lies_on_white(tmp_path: Path) -> None:
    for index, image in enumerate(transparent()):
        path = tmp_path / f"{index}.png"
        image.save(path)
        assert corners(path) == (WHITE, WHITE), image.mode


def transparent() -> list[Image.Image]:
    palette = Image.new("P", (8, 8), 0)
    palette.putpalette([255, 0, 0] * 256)
    palette.info["transparency"] = 0
    return [Image.new("RGBA", (8, 8), (255, 0, 0, 0)), Image.new("LA", (8, 8), (0, 0)), palette]


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda: Image.new("1", (8, 8), 1), 255),
        (lambda: Image.new("L", (8, 8), 77), 77),
        (lambda: Image.fromarray(np.full((8, 8), 77 * 257, np.uint16)), 77),
        (lambda: Image.fromarray(np.full((8, 8), 77 * 257, np.int32)), 77),
        (lambda: Image.fromarray(np.full((8, 8), 0.5, np.float32)), 128),
    ],
)
def test_every_depth_of_grey(tmp_path: Path, make: Callable[[], Image.Image], expected: int) -> None:
    path = tmp_path / "grey.tiff"
    make().save(path)
    assert corners(path) == ((expected,) * 3,) * 2


def test_cmyk_and_palette_become_rgb(tmp_path: Path) -> None:
    halves().convert("CMYK").save(tmp_path / "cmyk.tiff")
    halves().convert("P").save(tmp_path / "palette.png")
    assert corners(tmp_path / "palette.png") == (RED, BLUE)
    assert corners(tmp_path / "cmyk.tiff")[0][0] > 200


def test_an_animation_gives_its_first_frame(tmp_path: Path) -> None:
    first, second = Image.new("RGB", (8, 8), RED), Image.new("RGB", (8, 8), BLUE)
    first.save(tmp_path / "a.gif", save_all=True, append_images=[second])
    assert corners(tmp_path / "a.gif") == (RED, RED)


def test_one_pixel_and_one_row_are_pictures_too(tmp_path: Path) -> None:
    Image.new("RGB", (1, 1), RED).save(tmp_path / "dot.png")
    Image.new("RGB", (20_000, 1), BLUE).save(tmp_path / "row.png")
    assert corners(tmp_path / "dot.png") == (RED, RED)
    assert corners(tmp_path / "row.png") == (BLUE, BLUE)


def png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def enormous() -> bytes:
    """A PNG that says it has 900 megapixels, in a few kilobytes."""
    data = bytearray(png(halves()))
    data[16:24] = (30_000).to_bytes(4, "big") * 2
    import zlib

    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "It is empty."),
        (b"not a picture at all", "not a picture that Ganvas reads"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture that Ganvas reads"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "not a picture that Ganvas reads"),
        (png(halves(200, 200))[:300], "cut short"),
        (png(halves())[:30], "not a picture that Ganvas reads|damaged|cut short"),
        (enormous(), "too many pixels"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(data)
    with pytest.raises(StudioError, match=reason):
        decode(path, 16)


def test_a_file_that_is_gone_or_locked_says_so(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="no longer there"):
        decode(tmp_path / "gone.png", 16)


def test_damage_anywhere_gives_a_picture_or_a_reason(tmp_path: Path) -> None:
    chance = random.Random(0)
    path = tmp_path / "picture"
    for suffix in ("PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF"):
        buffer = io.BytesIO()
        halves().save(buffer, suffix)
        for _ in range(60):
            data = bytearray(buffer.getvalue())
            for _ in range(chance.randint(1, 8)):
                data[chance.randrange(len(data))] = chance.randrange(256)
            path.write_bytes(data[: chance.randint(len(data) // 2, len(data))])
            with contextlib.suppress(StudioError):
                assert decode(path, 8).shape == (8, 8, 3)
