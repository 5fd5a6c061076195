"""Pickles made opcode by opcode, as an attacker or an old torch would make them."""

from __future__ import annotations

import struct
from typing import Any

MAGIC = 0x1950A86A20F9469CFC6C
STOP = b"."


def text(value: str) -> bytes:
    data = value.encode()
    return b"X" + struct.pack("<I", len(data)) + data


def number(value: int) -> bytes:
    if 0 <= value < 256:
        return b"K" + bytes([value])
    data = value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True)
    return b"\x8a" + bytes([len(data)]) + data


def raw(value: bytes) -> bytes:
    return b"B" + struct.pack("<I", len(value)) + value


def name(module: str, name: str) -> bytes:
    return f"c{module}\n{name}\n".encode()


def tuple_of(*parts: bytes) -> bytes:
    return b"(" + b"".join(parts) + b"t"


def list_of(*parts: bytes) -> bytes:
    return b"](" + b"".join(parts) + b"e"


def dict_of(pairs: dict[str, bytes]) -> bytes:
    return b"}(" + b"".join(text(key) + value for key, value in pairs.items()) + b"u"


def call(function: bytes, *arguments: bytes) -> bytes:
    return function + tuple_of(*arguments) + b"R"


def pickle_of(value: bytes, protocol: int = 2) -> bytes:
    return b"\x80" + bytes([protocol]) + value + STOP


def storage_id(key: str, kind: str, count: int) -> bytes:
    """A persistent id, as torch writes them."""
    return tuple_of(text("storage"), name("torch", kind), text(key), text("cpu"), number(count)) + b"Q"


def tensor(storage: bytes, size: tuple[int, ...], stride: tuple[int, ...], offset: int = 0) -> bytes:
    numbers = [tuple_of(*map(number, values)) for values in (size, stride)]
    hooks = call(name("collections", "OrderedDict"))
    return call(name("torch._utils", "_rebuild_tensor_v2"), storage, number(offset), *numbers, b"\x89", hooks)


def floats(key: str, values: list[float], size: tuple[int, ...], stride: tuple[int, ...], offset: int = 0) -> bytes:
    """A tensor whose storage is to be found under `key`."""
    return tensor(storage_id(key, "FloatStorage", len(values)), size, stride, offset)


def legacy(value: bytes, storages: dict[str, list[float]]) -> bytes:
    """A file of torch's before 1.6."""
    machine = dict_of({"protocol_version": number(1001), "little_endian": b"\x88"})
    heads = [number(MAGIC), number(1001), machine, value, list_of(*map(text, storages))]
    tails = [struct.pack("<q", len(each)) + struct.pack(f"<{len(each)}f", *each) for each in storages.values()]
    return b"".join(map(pickle_of, heads)) + b"".join(tails)


def archive_members(value: bytes, storages: dict[str, list[float]]) -> dict[str, bytes]:
    """The members of a file of torch's since 1.6."""
    numbers = {f"model/data/{key}": struct.pack(f"<{len(each)}f", *each) for key, each in storages.items()}
    return {"model/data.pkl": pickle_of(value), "model/byteorder": b"little", **numbers, "model/version": b"3\n"}


def nested_storage(values: list[float]) -> bytes:
    """A storage inside another pickle: a whole small file."""
    inner = legacy(storage_id("0", "FloatStorage", len(values)), {"0": values})
    return call(name("torch.storage", "_load_from_bytes"), raw(inner))


def persisted(class_name: str, state: dict[str, bytes], source: str = "class Generator: ...\n") -> bytes:
    """An object of NVIDIA's."""
    meta: dict[str, Any] = {
        "type": text("class"),
        "version": number(6),
        "module_src": text(source),
        "class_name": text(class_name),
        "state": dict_of(state),
    }
    return call(name("torch_utils.persistence", "_reconstruct_persistent_obj"), dict_of(meta))
