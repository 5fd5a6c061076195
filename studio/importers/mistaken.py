"""Files that are taken for models and are none, by their first bytes: no pickle begins like one of them."""

from __future__ import annotations

from studio.importers.errors import ForeignFileError

ENOUGH = 256

_POINTER = b"version https://git-lfs"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"RIFF")
_ONNX = b"\x08"  # the field of a ModelProto that is written first, ir_version, as a varint
_BLANK = b"\xef\xbb\xbf \t\r\n"


def mistaken(name: str, head: bytes) -> ForeignFileError | None:
    """What to raise for a file of that name that begins with `head`; None where it may well be a model."""
    text = head.lstrip(_BLANK)
    if text.startswith(b"<"):
        return ForeignFileError(
            f"{name} is a web page, not a model: the download saved a page.",
            "Download the file itself; some sites ask to log in first.",
        )
    if text.startswith(_POINTER):
        return ForeignFileError(f"{name} is a git-lfs pointer, not the model.", "Fetch the model: git lfs pull.")
    if text.startswith((b"{", b"[")):
        return ForeignFileError(f"{name} is JSON, not a model.", "Give the file of the weights that belong to it.")
    if head.startswith(_PICTURES):
        return ForeignFileError(f"{name} is a picture or a film, not a model.", "Give a model file.")
    if head.startswith(_ONNX):
        return ForeignFileError(
            f"{name} is an ONNX model, which cannot be read back.",
            "Import what it was made from; a run is given away with: ganvas export RUN --out FILE.safetensors.",
        )
    return None
