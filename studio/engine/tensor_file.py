"""A safetensors file as the pieces it is written in: the header, then each tensor's own memory, nothing copied.

The format is safetensors' (huggingface/safetensors, README: 8 bytes of length, a JSON header, the bytes). Its own
writer puts the whole file together in memory first.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import torch
from torch import Tensor

ALIGNMENT = 8
DTYPES: Mapping[torch.dtype, str] = {
    torch.float64: "F64",
    torch.float32: "F32",
    torch.float16: "F16",
    torch.bfloat16: "BF16",
    torch.int64: "I64",
    torch.int32: "I32",
    torch.int16: "I16",
    torch.int8: "I8",
    torch.uint8: "U8",
    torch.bool: "BOOL",
}


def bytes_of(tensor: Tensor) -> memoryview:
    """The memory of a contiguous tensor on the CPU."""
    return tensor.view(-1).view(torch.uint8).numpy().data if tensor.numel() else memoryview(b"")


def pieces(tensors: Mapping[str, Tensor], metadata: Mapping[str, str]) -> tuple[bytearray, list[memoryview]]:
    """Length and header of a file of contiguous tensors on the CPU, and the bytes that follow, in order.

    Raises:
        TypeError: a tensor is of a type that such a file cannot hold.
    """
    entries: dict[str, object] = {"__metadata__": dict(metadata)}
    views, end = [], 0
    for name, tensor in sorted(tensors.items(), key=lambda item: (-item[1].element_size(), item[0])):
        if tensor.dtype not in DTYPES:
            raise TypeError(f"{name} is of {tensor.dtype}, which a checkpoint cannot keep.")
        begin, end = end, end + tensor.numel() * tensor.element_size()
        entries[name] = {"dtype": DTYPES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [begin, end]}
        views.append(bytes_of(tensor))
    header = json.dumps(entries, separators=(",", ":")).encode()
    header += b" " * (-len(header) % ALIGNMENT)
    return bytearray(len(header).to_bytes(8, "little") + header), views
