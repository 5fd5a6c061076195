"""What is taken for a model and is none is told by its first bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.importers.errors import ForeignFileError
from studio.importers.reading import read_file


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<!DOCTYPE html><html><title>Sign in</title></html>", "net.pkl is a web page, not a model: the download"),
        (b"\xef\xbb\xbf\r\n  <html>\n", "net.pkl is a web page"),
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab\nsize 12345\n",
            "net.pkl is a git-lfs pointer, not the model. Fetch the model: git lfs pull.",
        ),
        (b'{"architectures": ["StyleGAN2"], "_name": "x"}', "net.pkl is JSON, not a model."),
        (b"[1, 2]\n", "net.pkl is JSON"),
        (b"\x08\x07\x12\x07pytorch\x1a\x052.9.0", "net.pkl is an ONNX model, which cannot be read back."),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "net.pkl is a picture"),
    ],
)
def test_what_is_no_model_is_named(tmp_path: Path, content: bytes, sentence: str) -> None:
    file = tmp_path / "net.pkl"
    file.write_bytes(content)
    with pytest.raises(ForeignFileError) as refused:
        read_file(file)
    assert str(refused.value).startswith(sentence)
