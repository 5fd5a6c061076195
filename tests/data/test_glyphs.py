"""The demo data: real glyphs, readable, the same everywhere, without Qt."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from studio.api import DataKind, StudioError
from studio.data.icon_fonts import MATERIAL, GlyphPen, glyphs_of
from studio.data.inspect import inspect
from studio.data.sources import BUILT_IN, open_source
from studio.data.tints import tint


def test_there_are_thousands_in_many_colours() -> None:
    source = open_source("demo:icons")
    assert len(source) > 7000
    assert source.kind is DataKind.UNLABELLED
    grounds = {tuple(source.picture(index, 16)[0, 0]) for index in range(0, 7000, 100)}
    assert len(grounds) > 40


@pytest.mark.parametrize("resolution", [16, 32, 64, 256])
def test_a_glyph_fills_its_picture_and_stands_out(resolution: int) -> None:
    source = open_source("demo:icons")
    for index in range(0, 7000, 500):
        picture = source.picture(index, resolution).astype(float)
        assert picture.shape == (resolution, resolution, 3)
        distance = np.abs(picture - picture[0, 0]).sum(axis=2)
        assert distance.max() > 120, source.key(index)
        rows, columns = np.nonzero(distance > 60)
        assert max(np.ptp(rows), np.ptp(columns)) > resolution / 3, source.key(index)


def test_a_glyph_is_the_same_every_time() -> None:
    first, again = (open_source("demo:icons").picture(1234, 64) for _ in range(2))
    assert np.array_equal(first, again)


def test_no_two_glyphs_have_the_same_shape() -> None:
    glyphs = glyphs_of(MATERIAL)
    pen = GlyphPen(MATERIAL.file)
    shapes = {pen.coverage(character, 32).tobytes() for character in glyphs.values()}
    assert len(shapes) == len(glyphs)
    assert not any(shape == bytes(32 * 32) for shape in shapes)
    assert {"alpha-i", "roman-numeral-1"} & glyphs.keys() == {"alpha-i"}


def test_every_ink_is_easy_to_tell_from_its_ground() -> None:
    assert min(contrast(*tint(name)) for name in glyphs_of(MATERIAL)) >= 3


def contrast(ink: tuple[float, ...], ground: tuple[float, ...]) -> float:
    """WCAG 2.2, contrast ratio."""

    def luminance(colour: tuple[float, ...]) -> float:
        linear = [c / 3294.6 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
        return float(np.dot([0.2126, 0.7152, 0.0722], linear))

    return (luminance(ground) + 0.05) / (luminance(ink) + 0.05)


def test_many_threads_draw_what_one_draws() -> None:
    source = open_source("demo:icons")
    with ThreadPoolExecutor(8) as pool:
        drawn = list(pool.map(lambda index: source.picture(index, 32), range(300)))
    assert all(np.array_equal(picture, source.picture(index, 32)) for index, picture in enumerate(drawn))


def test_without_its_wheel_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(StudioError, match="pip install qtawesome"):
        open_source("demo:icons")


def test_a_wheel_with_other_fonts_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("studio.data.icon_fonts.fonts_folder", lambda: tmp_path)
    with pytest.raises(StudioError, match="without Material Design Icons"):
        open_source("demo:icons")


def test_every_font_is_credited() -> None:
    for spec in BUILT_IN:
        assert dict(spec.credits) == {MATERIAL.title: MATERIAL.licence}


def test_labelled_icons_come_in_pairs() -> None:
    source = open_source("demo:icons-labelled")
    assert source.labels == ("filled", "outline")
    labels = [source.label(index) for index in range(len(source))]
    assert len(labels) > 3000
    assert abs(np.mean(labels) - 0.5) < 0.05


def test_not_one_is_empty() -> None:
    report = inspect(open_source("demo:icons"))
    assert report.skipped == ()
    assert (report.count, report.width, report.height) == (len(open_source("demo:icons")), 64, 64)
