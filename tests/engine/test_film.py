"""Films as files: what was put in comes out, and a film is there whole or not at all."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.api import StudioError
from studio.engine import film_writers
from studio.engine.film import film_writer, is_film_file, watchable_scale

COUNT = 10


def pictures(height: int = 16, width: int = 16) -> list[np.ndarray]:
    """Frames of one colour, each another one, with a white corner."""
    made = []
    for index in range(COUNT):
        picture = np.full((height, width, 3), (20 * index, 90, 200 - 20 * index), np.uint8)
        picture[: height // 2, : width // 2] = 255
        made.append(picture)
    return made


def write(path: Path, frames: Iterable[np.ndarray], *, fps: int = 25, scale: int = 1, loop: bool = True) -> None:
    with film_writer(path, fps, scale=scale, loop=loop) as film:
        for index, frame in enumerate(frames):
            film.add(frame, f"note {index}")


def decoded(path: Path) -> tuple[list[np.ndarray], str, float]:
    av = pytest.importorskip("av")
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(stream)]
        return frames, stream.codec_context.name, float(stream.average_rate)


def test_an_mp4_holds_every_frame_in_its_colours(tmp_path):
    write(tmp_path / "a.mp4", pictures(), scale=4)
    frames, codec, rate = decoded(tmp_path / "a.mp4")
    assert (len(frames), rate, codec) == (COUNT, 25, "h264")
    for frame, picture in zip(frames, pictures(), strict=True):
        assert frame.shape == (64, 64, 3)
        small = frame[2::4, 2::4].astype(int)
        assert np.abs(small - picture).max() <= 12


def test_without_h264_it_is_another_codec_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(film_writers, "ENCODERS", ("none such", "mpeg4"))
    film = film_writer(tmp_path / "a.mp4", 25)
    for picture in pictures(32, 32):
        film.add(picture)
    film.finish()
    assert "MPEG-4" in film.remark
    frames, codec, _ = decoded(tmp_path / "a.mp4")
    assert (len(frames), codec) == (COUNT, "mpeg4")


def test_odd_sizes_gain_a_row_and_a_column(tmp_path):
    write(tmp_path / "a.mp4", pictures(15, 17))
    frames, _, _ = decoded(tmp_path / "a.mp4")
    assert frames[0].shape == (16, 18, 3)
    assert np.abs(frames[0][15].astype(int) - frames[0][14]).max() <= 12


@pytest.mark.parametrize(("fps", "total"), [(25, 400), (24, 420), (30, 330), (12, 830), (50, 200)])
def test_a_gif_holds_every_frame_and_keeps_the_pace(tmp_path, fps, total):
    write(tmp_path / "a.gif", pictures(), fps=fps, scale=2)
    with Image.open(tmp_path / "a.gif") as image:
        assert (image.n_frames, image.size, image.info.get("loop")) == (COUNT, (32, 32), 0)
        durations = []
        for index in range(COUNT):
            image.seek(index)
            durations.append(image.info["duration"])
            assert np.array_equal(np.asarray(image.convert("RGB"))[::2, ::2], pictures()[index])
    assert sum(durations) == total
    assert max(durations) - min(durations) <= 10


def test_a_gif_that_does_not_loop_plays_once(tmp_path):
    write(tmp_path / "a.gif", pictures(), loop=False)
    with Image.open(tmp_path / "a.gif") as image:
        assert "loop" not in image.info


def test_a_gif_of_more_frames_than_viewers_show_is_refused(tmp_path):
    with pytest.raises(StudioError, match="at most 50 frames a second"):
        film_writer(tmp_path / "a.gif", 60)


def test_a_gif_too_large_for_memory_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(film_writers, "MOST_GIF_BYTES", 5 * 16 * 16)
    with pytest.raises(StudioError, match="too large for a GIF"):
        write(tmp_path / "a.gif", pictures())
    assert list(tmp_path.iterdir()) == []


def test_a_folder_holds_the_very_pixels_and_their_notes(tmp_path):
    write(tmp_path / "frames", pictures())
    paths = sorted((tmp_path / "frames").iterdir())
    assert [path.name for path in paths] == [f"{index:06}.png" for index in range(COUNT)]
    for index, path in enumerate(paths):
        with Image.open(path) as image:
            assert np.array_equal(np.asarray(image), pictures()[index])
            assert image.text == {"ganvas": f"note {index}"}


@pytest.mark.parametrize("name", ["a.mp4", "a.gif", "frames"])
def test_what_is_broken_off_leaves_nothing(tmp_path, name):
    def interrupted():
        yield from pictures()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / name, interrupted())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a.mp4", "a.gif", "frames"])
def test_a_writer_that_is_forgotten_leaves_nothing(tmp_path, name):
    film = film_writer(tmp_path / name, 25)
    film.add(pictures()[0])
    del film
    gc.collect()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a.mp4", "a.gif"])
def test_an_older_film_stays_until_the_new_one_is_whole(tmp_path, name):
    (tmp_path / name).write_bytes(b"older")
    film = film_writer(tmp_path / name, 25)
    film.add(pictures()[0])
    assert (tmp_path / name).read_bytes() == b"older"
    film.finish()
    assert (tmp_path / name).read_bytes() != b"older"
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_folder_with_something_in_it_is_refused(tmp_path):
    (tmp_path / "frames").mkdir()
    write(tmp_path / "frames", pictures())
    with pytest.raises(StudioError, match="not empty"):
        film_writer(tmp_path / "frames", 25)


@pytest.mark.parametrize("name", ["a.mov", "a.webm"])
def test_other_kinds_of_film_are_refused(tmp_path, name):
    with pytest.raises(StudioError, match="no kind of film"):
        film_writer(tmp_path / name, 25)


def test_a_film_of_nothing_is_refused(tmp_path):
    with pytest.raises(StudioError, match="no frames"):
        write(tmp_path / "a.gif", [])


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StudioError, match="file"):
        film_writer(tmp_path / "file" / "a.mp4", 25)
    (tmp_path / "b.mp4").mkdir()
    with pytest.raises(StudioError, match="is a folder"):
        film_writer(tmp_path / "b.mp4", 25)


def test_without_pyav_an_mp4_names_the_remedy(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(StudioError, match="PyAV") as refused:
        film_writer(tmp_path / "a.mp4", 25)
    assert "ganvas[video]" in refused.value.remedy
    write(tmp_path / "a.gif", pictures())


def test_small_pictures_are_enlarged_for_watching():
    assert watchable_scale(Path("a.mp4"), 32) == 16
    assert watchable_scale(Path("a.gif"), 32) == 8
    assert watchable_scale(Path("a.mp4"), 1024) == 1
    assert watchable_scale(Path("frames"), 32) == 1
    assert is_film_file(Path("A.MP4"))
    assert not is_film_file(Path("a.png"))
