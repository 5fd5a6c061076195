"""Writers of films: frame by frame into something beside, which takes the film's name when it is whole."""

from __future__ import annotations

import contextlib
import io
import itertools
import os
import secrets
import shutil
import weakref
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from studio.api.errors import StudioError
from studio.data.replacing import replaceable
from studio.engine.atomic import TEMPORARY, disk_errors, sync_folder

ENCODERS = ("libx264", "libopenh264", "mpeg4")
MOST_GIF_BYTES = 2**29
CHUNK = "ganvas"
NO_PYAV = "MP4 needs PyAV, which is not installed."
NO_PYAV_REMEDY = "Install it with `uv tool install 'ganvas[video]'`, or write a GIF."

_CRF = "15"
_BITS_A_PIXEL = 0.6
_BT709, _LIMITED_RANGE = 1, 1


class FilmWriter:
    """Takes frames one after the other. As a context it is finished at the end, or leaves nothing after an error.

    What is half written is also swept away when a writer that is neither finished nor discarded is forgotten.

    Args:
        path: where the film will be.
        fps: frames a second.
        scale: how many times larger the pictures are in it, by whole pixels.
        loop: whether it goes round, where its kind can say so.

    Attributes:
        path: as given.
        count: frames so far.
        notes: whether its kind keeps what made each frame.
        remark: what a person should know of how it was written; empty where there is nothing.

    Raises:
        StudioError: a film cannot be written there.
    """

    notes = False

    def __init__(self, path: Path, fps: int, *, scale: int = 1, loop: bool = True) -> None:
        self.path = path
        self.count = 0
        self.remark = ""
        self._fps = fps
        self._scale = scale
        self._loop = loop
        with _told(path):
            self._place = self._placed()
            self._place.parent.mkdir(parents=True, exist_ok=True)
        self._beside = self._place.with_name(f".{self._place.name}.{secrets.token_hex(4)}{TEMPORARY}")
        self._sweep = weakref.finalize(self, _remove, self._beside)

    def add(self, picture: np.ndarray, note: str = "") -> None:
        """One more frame: uint8 (H, W, 3), all of one size. `note` is the edit that made it, where a kind keeps it.

        Raises:
            StudioError: it cannot be written.
        """
        with _told(self.path):
            self._add(picture.repeat(self._scale, axis=0).repeat(self._scale, axis=1), note)
        self.count += 1

    def finish(self) -> None:
        """The film takes its name; one that was there before is replaced.

        Raises:
            StudioError: it cannot be written; nothing has changed.
        """
        try:
            if not self.count:
                raise StudioError("A film of no frames cannot be written.", "Add pictures to it first.")
            with _told(self.path):
                self._close()
                self._name()
                sync_folder(self._place.parent)
        except BaseException:
            self.discard()
            raise
        self._sweep.detach()

    def discard(self) -> None:
        """Nothing was meant: what is written so far goes away."""
        with contextlib.suppress(Exception):
            self._close()
        self._sweep()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.finish()
        else:
            self.discard()

    def _placed(self) -> Path:
        """Where the film belongs, seen to be free for it."""
        if self.path.is_dir():
            raise StudioError(f"{self.path} is a folder.", "Choose another name.")
        return replaceable(self.path)

    def _add(self, picture: np.ndarray, note: str, /) -> None:
        raise NotImplementedError

    def _close(self) -> None:
        """Completes what is beside."""

    def _name(self) -> None:
        with self._beside.open("rb+") as file:
            os.fsync(file.fileno())
        self._beside.replace(self._place)


class Mp4File(FilmWriter):
    """H.264 where PyAV can write it, MPEG-4 elsewhere; 4:2:0, BT.709. Odd sizes gain a row or a column."""

    def __init__(self, path: Path, fps: int, *, scale: int = 1, loop: bool = True) -> None:
        self._av = _pyav()
        self._container: Any = None
        self._stream: Any = None
        super().__init__(path, fps, scale=scale, loop=loop)

    def _add(self, picture: np.ndarray, _note: str, /) -> None:
        height, width = (size % 2 for size in picture.shape[:2])
        even = np.pad(picture, ((0, height), (0, width), (0, 0)), mode="edge")
        if self._container is None:
            self._open(even.shape[1], even.shape[0])
        frame = self._av.VideoFrame.from_ndarray(np.ascontiguousarray(even), format="rgb24")
        frame = frame.reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG")
        frame.pts = self.count
        self._container.mux(self._stream.encode(frame))

    def _open(self, width: int, height: int) -> None:
        encoder = next(one for one in ENCODERS if one in self._av.codecs_available)
        self._container = self._av.open(str(self._beside), "w", format="mp4", options={"movflags": "+faststart"})
        options = {"crf": _CRF} if encoder == "libx264" else {}
        stream = self._container.add_stream(encoder, rate=self._fps, options=options)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        context = stream.codec_context
        context.colorspace = context.color_primaries = context.color_trc = _BT709
        context.color_range = _LIMITED_RANGE
        if encoder != "libx264":
            stream.bit_rate = round(width * height * self._fps * _BITS_A_PIXEL)
        if encoder == "mpeg4":
            self.remark = "This PyAV has no H.264; the film is MPEG-4 part 2, which is larger and looks less well."
        self._stream = stream

    def _close(self) -> None:
        if self._container is not None:
            container, self._container = self._container, None
            try:
                container.mux(self._stream.encode(None))
            finally:
                container.close()


class GifFile(FilmWriter):
    """256 colours a frame. Its clock ticks in hundredths of a second: frames differ by one to keep the pace."""

    def __init__(self, path: Path, fps: int, *, scale: int = 1, loop: bool = True) -> None:
        self._frames: list[Image.Image] = []
        super().__init__(path, fps, scale=scale, loop=loop)

    def _add(self, picture: np.ndarray, _note: str, /) -> None:
        if (len(self._frames) + 1) * picture.shape[0] * picture.shape[1] > MOST_GIF_BYTES:
            raise StudioError("This film is too large for a GIF.", "Write an MP4, make it shorter, or smaller.")
        self._frames.append(Image.fromarray(picture).quantize(256))

    def _name(self) -> None:
        ticks = [round(index * 100 / self._fps) for index in range(len(self._frames) + 1)]
        durations = [10 * (after - before) for before, after in itertools.pairwise(ticks)]
        content = io.BytesIO()
        first, *others = self._frames
        repeats = {"loop": 0} if self._loop else {}
        first.save(content, "GIF", save_all=True, append_images=others, duration=durations, disposal=1, **repeats)
        self._frames = []
        self._beside.write_bytes(content.getbuffer())
        super()._name()


class FrameFolder(FilmWriter):
    """`000000.png` and so on in a folder of their own; each frame carries its note."""

    notes = True

    def _placed(self) -> Path:
        if self.path.is_dir() and any(self.path.iterdir()):
            raise StudioError(f"{self.path} is not empty.", "Name a folder that is not there yet.")
        if self.path.exists() and not self.path.is_dir():
            raise StudioError(f"{self.path} is a file.", "Name a folder, or end the name in .mp4 or .gif.")
        return self.path

    def _add(self, picture: np.ndarray, note: str, /) -> None:
        self._beside.mkdir(exist_ok=True)
        info = PngInfo()
        if note:
            info.add_itxt(CHUNK, note)
        Image.fromarray(picture).save(self._beside / f"{self.count:06}.png", pnginfo=info)

    def _name(self) -> None:
        if self.path.is_dir():
            self.path.rmdir()
        self._beside.rename(self.path)


def _pyav() -> Any:
    try:
        import av
    except ImportError:
        raise StudioError(NO_PYAV, NO_PYAV_REMEDY) from None
    return av


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """What a disk or an encoder says, in a sentence."""
    try:
        with disk_errors(path):
            yield
    except OSError as error:
        raise StudioError(f"{path} cannot be written: {error.strerror or error}.", "Choose another place.") from error
