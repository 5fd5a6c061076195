"""Pictures good and bad, as bytes: what people, cameras, scanners and malice put into a folder."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image, PngImagePlugin

RED, BLUE, WHITE, GREY, BLACK = (255, 0, 0), (0, 0, 255), (255, 255, 255), (128, 128, 128), (0, 0, 0)
LONG = 20_000_000


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    """The picture as a file of `kind`."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def plain(colour: tuple[int, int, int] = RED, size: tuple[int, int] = (24, 24), kind: str = "PNG") -> bytes:
    """A picture of one colour."""
    return saved(Image.new("RGB", size, colour), kind)


def noisy(size: tuple[int, int], kind: str, **options: Any) -> bytes:
    """A picture that does not compress, so that half of it is half of the picture."""
    pixels = np.random.default_rng(1).integers(0, 256, (size[1], size[0], 3), np.uint8)
    return saved(Image.fromarray(pixels), kind, **options)


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG of a hundred bytes that says it is as large as that."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


def _exif_rotated() -> bytes:
    """Red above blue, as a camera held upright stores it: lying on its side."""
    upright = Image.new("RGB", (32, 32), RED)
    upright.paste(BLUE, (0, 16, 32, 32))
    exif = Image.Exif()
    exif[0x0112] = 6
    return saved(upright.transpose(Image.Transpose.ROTATE_90), "JPEG", exif=exif, quality=95)


def _damaged_exif() -> bytes:
    """Pillow warns of it; the picture is none the worse."""
    exif = b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + bytes(range(40))
    return saved(Image.new("RGB", (24, 24), RED), "JPEG", exif=exif)


def _palette_with_a_hole() -> bytes:
    image = Image.new("P", (24, 24), 0)
    image.putpalette([255, 0, 0, 0, 0, 255])
    image.paste(1, (0, 12, 24, 24))
    return saved(image, "PNG", transparency=b"\x00\xff")


def _grey(values: np.ndarray, kind: str) -> bytes:
    return saved(Image.fromarray(values), kind)


def _animated(kind: str, **options: Any) -> bytes:
    frames = [Image.new("RGB", (24, 24), colour) for colour in (RED, BLUE, WHITE)]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:], **options)


GOOD: dict[str, tuple[Callable[[], bytes], tuple[int, int, int], tuple[int, int, int]]] = {
    # file: how to make it, the colour of its upper half, and of its lower half
    "plain.png": (plain, RED, RED),
    "plain.jpg": (lambda: plain(kind="JPEG"), RED, RED),
    "plain.webp": (lambda: plain(kind="WEBP"), RED, RED),
    "plain.bmp": (lambda: plain(kind="BMP"), RED, RED),
    "plain.tiff": (lambda: plain(kind="TIFF"), RED, RED),
    "plain.gif": (lambda: plain(kind="GIF"), RED, RED),
    "SHOUTING.PNG": (plain, RED, RED),
    "a png.jpg": (plain, RED, RED),
    "ünïcode-鳥-🪁.png": (plain, RED, RED),
    "progressive.jpg": (lambda: saved(Image.new("RGB", (64, 64), RED), "JPEG", progressive=True), RED, RED),
    "exif-rotated.jpg": (_exif_rotated, RED, BLUE),
    "damaged-exif.jpg": (_damaged_exif, RED, RED),
    "cmyk.jpg": (lambda: saved(Image.new("CMYK", (24, 24), (0, 255, 255, 0)), "JPEG", quality=95), RED, RED),
    "cmyk.tif": (lambda: saved(Image.new("CMYK", (24, 24), (0, 255, 255, 0)), "TIFF"), RED, RED),
    "palette.png": (lambda: saved(Image.new("RGB", (24, 24), RED).quantize(4), "PNG"), RED, RED),
    "palette-with-a-hole.png": (_palette_with_a_hole, WHITE, BLUE),
    "see-through.png": (lambda: saved(Image.new("RGBA", (24, 24), (0, 0, 255, 0)), "PNG"), WHITE, WHITE),
    "half-there.png": (lambda: saved(Image.new("RGBA", (24, 24), (0, 0, 0, 127)), "PNG"), GREY, GREY),
    "see-through.webp": (lambda: saved(Image.new("RGBA", (24, 24), (0, 0, 255, 0)), "WEBP"), WHITE, WHITE),
    "grey-alpha.png": (lambda: saved(Image.new("LA", (24, 24), (0, 0)), "PNG"), WHITE, WHITE),
    "one-bit.png": (lambda: saved(Image.new("1", (24, 24), 1), "PNG"), WHITE, WHITE),
    "grey.png": (lambda: saved(Image.new("L", (24, 24), 128), "PNG"), GREY, GREY),
    "sixteen-bit.png": (lambda: _grey(np.full((24, 24), 0x8080, np.uint16), "PNG"), GREY, GREY),
    "sixteen-bit.tif": (lambda: _grey(np.full((24, 24), 0x8080, np.uint16), "TIFF"), GREY, GREY),
    "thirty-two-bit.tif": (lambda: _grey(np.full((24, 24), 0x8080, np.int32), "TIFF"), GREY, GREY),
    "float.tif": (lambda: _grey(np.full((24, 24), 0.502, np.float32), "TIFF"), GREY, GREY),
    "float-255.tif": (lambda: _grey(np.full((24, 24), 128, np.float32), "TIFF"), GREY, GREY),
    "float-of-nothing.tif": (lambda: _grey(np.full((24, 24), np.nan, np.float32), "TIFF"), BLACK, BLACK),
    "float-without-end.tif": (lambda: _grey(np.full((24, 24), np.inf, np.float32), "TIFF"), BLACK, BLACK),
    "big-endian.tif": (lambda: saved(Image.frombytes("I;16B", (24, 24), b"\x80\x80" * 576), "TIFF"), GREY, GREY),
    "behind-its-end.png": (lambda: plain() + b"something else" * 100, RED, RED),
    "foreign-profile.jpg": (
        lambda: saved(Image.new("RGB", (24, 24), RED), "JPEG", icc_profile=b"no profile" * 9),
        RED,
        RED,
    ),
    "two-in-one.jpg": (lambda: _animated("MPO"), RED, RED),
    "animated.gif": (lambda: _animated("GIF"), RED, RED),
    "animated.webp": (lambda: _animated("WEBP", lossless=True), RED, RED),
    "animated.png": (lambda: _animated("PNG"), RED, RED),
    "pages.tif": (lambda: _animated("TIFF"), RED, RED),
    "1x1.png": (lambda: plain(size=(1, 1)), RED, RED),
    "20000x1.png": (lambda: plain(size=(20000, 1)), RED, RED),
    "1x20000.png": (lambda: plain(size=(1, 20000)), RED, RED),
}

CUT, FOREIGN, DAMAGED, LARGE = "cut short", "not a picture that Ganvas reads", "damaged", "megapixels"


def _with_a_wrong_checksum() -> bytes:
    body = bytearray(noisy((40, 40), "PNG"))
    body[len(body) // 2] ^= 0xFF
    return bytes(body)


def _with_too_many_samples() -> bytes:
    """Pillow logs this one as an error."""
    body = plain(kind="TIFF")
    tag = struct.pack("<HHI", 277, 3, 1)
    return body.replace(tag + struct.pack("<H", 3), tag + struct.pack("<H", 60000))


def _text_bomb() -> bytes:
    """Twenty kilobytes of words about the picture that unpack to twenty megabytes."""
    said = PngImagePlugin.PngInfo()
    said.add_text("Comment", "x" * LONG, zip=True)
    return saved(Image.new("RGB", (24, 24), RED), "PNG", pnginfo=said)


def _half(body: bytes) -> bytes:
    return body[: len(body) // 2]


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><rect width="9" height="9"/></svg>'
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n0 0 9 9 rectfill\nshowpage\n%%EOF\n"

BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    # file: how to make it, what the reason says
    "empty.png": (lambda: b"", "empty"),
    "one-byte.jpg": (lambda: b"\xff", FOREIGN),
    "text.png": (lambda: b"This is a shopping list.\n", FOREIGN),
    "noise.webp": (lambda: np.random.default_rng(2).bytes(3000), FOREIGN),
    "drawing.png": (lambda: SVG, FOREIGN),
    "drawing.jpg": (lambda: EPS, FOREIGN),
    "only-a-header.png": (lambda: plain()[:8], "cut short|not a picture"),
    "cut.png": (lambda: _half(noisy((64, 64), "PNG")), CUT),
    "cut.jpg": (lambda: _half(noisy((64, 64), "JPEG")), CUT),
    "cut-progressive.jpg": (lambda: _half(noisy((64, 64), "JPEG", progressive=True)), CUT),
    "cut.gif": (lambda: _half(noisy((64, 64), "GIF")), CUT),
    "cut.bmp": (lambda: _half(noisy((64, 64), "BMP")), CUT),
    "cut.tif": (lambda: _half(noisy((64, 64), "TIFF")), "cut short|not a picture|damaged"),
    "cut-packed.tif": (
        lambda: _half(noisy((64, 64), "TIFF", compression="tiff_lzw")),
        "cut short|not a picture|damaged",
    ),
    "cut.webp": (lambda: _half(noisy((64, 64), "WEBP", lossless=True)), "cut short|not a picture|damaged"),
    "wrong-checksum.png": (_with_a_wrong_checksum, DAMAGED),
    "many-samples.tif": (_with_too_many_samples, f"{DAMAGED}|{FOREIGN}"),
    "bomb.png": (lambda: png_that_claims(50_000, 50_000), LARGE),
    "bomb-that-pillow-only-warns-of.png": (lambda: png_that_claims(12_000, 12_000), LARGE),
    "wide-bomb.png": (lambda: png_that_claims(2**31 - 1, 1), LARGE),
    "not-its-size.png": (lambda: png_that_claims(4_000, 4_000), "cut short|damaged"),
    "text-bomb.png": (_text_bomb, DAMAGED),
    "profile-bomb.png": (
        lambda: saved(Image.new("RGB", (24, 24), RED), "PNG", icc_profile=bytes(LONG)),
        DAMAGED,
    ),
    "no-size.png": (lambda: png_that_claims(0, 0), "not a picture|damaged|cut short"),
}
