"""Files that would do harm, exhaust memory or time, or crash a careless reader."""

from __future__ import annotations

import struct

from tests.importers.assembler import (
    call,
    dict_of,
    floats,
    legacy,
    list_of,
    name,
    nested_storage,
    number,
    persisted,
    pickle_of,
    raw,
    storage_id,
    tensor,
    text,
    tuple_of,
)

COMMAND = text("touch OWNED")
TARGETS = (
    ("os", "system"),
    ("posix", "system"),
    ("nt", "system"),
    ("subprocess", "Popen"),
    ("subprocess", "check_output"),
    ("builtins", "eval"),
    ("builtins", "exec"),
    ("builtins", "__import__"),
    ("builtins", "getattr"),
    ("builtins", "open"),
    ("__builtin__", "eval"),
    ("importlib", "import_module"),
    ("runpy", "run_path"),
    ("pickle", "loads"),
    ("torch", "load"),
    ("torch.hub", "load"),
    ("torch.jit", "load"),
    ("numpy", "load"),
    ("numpy.testing._private.utils", "runstring"),
    ("torch._utils", "_rebuild_tensor_v2.__globals__"),
    ("torch.storage", "_load_from_bytes.__globals__"),
    ("collections", "OrderedDict.__init__.__globals__"),
    ("operator", "attrgetter"),
    ("functools", "partial"),
    ("types", "CodeType"),
    ("types", "FunctionType"),
    ("ctypes", "CDLL"),
    ("socket", "create_connection"),
    ("shutil", "rmtree"),
    ("webbrowser", "open"),
    ("pip", "main"),
    ("bdb", "Bdb.run"),
    ("timeit", "timeit"),
    ("code", "interact"),
    ("asyncio.unix_events", "_UnixSubprocessTransport._start"),
    ("_pickle", "Unpickler"),
    ("torch_utils.persistence", "_src_to_module"),
    ("dnnlib.util", "call_func_by_name"),
    ("dnnlib.util", "open_url"),
    ("this.is.no", "module"),
)


def _short(value: str) -> bytes:
    return b"\x8c" + bytes([len(value)]) + value.encode()


def ways(module: str, function: str) -> dict[str, bytes]:
    """Every way in which a pickle can ask for a call of a name."""
    plain, stacked = name(module, function), _short(module) + _short(function) + b"\x93"
    state = dict_of({"__reduce__": plain, "__class__": plain})
    return {
        "GLOBAL REDUCE": call(plain, COMMAND),
        "STACK_GLOBAL REDUCE": call(stacked, COMMAND),
        "INST": b"(" + COMMAND + f"i{module}\n{function}\n".encode(),
        "OBJ": b"(" + plain + COMMAND + b"o",
        "NEWOBJ": plain + tuple_of(COMMAND) + b"\x81",
        "NEWOBJ_EX": plain + tuple_of(COMMAND) + b"}\x92",
        "BUILD of a call": call(plain, COMMAND) + state + b"b",
        "BUILD of an allowed type": call(name("argparse", "Namespace")) + dict_of({"x": call(plain, COMMAND)}) + b"b",
        "mentioned": plain,
        "in a list": list_of(number(1), call(plain, COMMAND)),
        "as a value": dict_of({"weight": call(plain, COMMAND)}),
        "as a key": b"}" + plain + number(1) + b"s" + call(plain, COMMAND) + b"0",
        "put into an OrderedDict": call(name("collections", "OrderedDict")) + text("x") + call(plain, COMMAND) + b"s",
        "as a tensor's storage": tensor(call(plain, COMMAND), (1,), (1,)),
        "as a tensor's hook": call(
            name("torch._utils", "_rebuild_parameter"), nested_storage([1.0]), b"\x88", call(plain, COMMAND)
        ),
        "as a persistent id": call(plain, COMMAND) + b"Q",
        "as a storage's type": tuple_of(text("storage"), plain, text("0"), text("cpu"), number(1)) + b"Q",
        "in a nested torch file": call(
            name("torch.storage", "_load_from_bytes"), raw(legacy(call(plain, COMMAND), {}))
        ),
        "in a nested pickle": call(name("torch.storage", "_load_from_bytes"), raw(pickle_of(call(plain, COMMAND)))),
        "in NVIDIA's state": persisted("Generator", {"hook": call(plain, COMMAND)}),
        "through copyreg": call(name("copyreg", "_reconstructor"), plain, name("builtins", "object"), b"N"),
        "as a metaclass of copyreg": call(
            name("copyreg", "_reconstructor"), name("argparse", "Namespace"), plain, b"N"
        ),
        "in an array's state": call(
            name("numpy.core.multiarray", "_reconstruct"), plain, tuple_of(number(0)), raw(b"b")
        ),
        "as a dtype": call(name("numpy", "dtype"), plain, b"\x89", b"\x88"),
        "through getattr": call(call(name("builtins", "getattr"), plain, text("__call__")), COMMAND),
        "memoized": plain + b"q\x00" + b"0h\x00" + tuple_of(COMMAND) + b"R",
        "before the STOP": call(plain, COMMAND) + b"0" + call(plain, COMMAND),
    }


CALLS = {
    f"{module}.{function}, {way}": pickle_of(value, 4)
    for module, function in TARGETS
    for way, value in ways(module, function).items()
}

_ORDERED = name("collections", "OrderedDict")
_PARAMETER = name("torch._utils", "_rebuild_parameter")
_DTYPE = call(name("numpy", "dtype"), text("f4"), b"\x89", b"\x88")
_ARRAY = call(name("numpy.core.multiarray", "_reconstruct"), name("numpy", "ndarray"), tuple_of(number(0)), raw(b"b"))


def _array(shape: bytes, dtype: bytes, data: bytes) -> bytes:
    return _ARRAY + tuple_of(number(1), shape, dtype, b"\x89", data) + b"b"


_PLACE = '{"dtype":"F32","shape":[1],"data_offsets":[0,4]}'


def _safetensors(header: str, numbers: bytes = bytes(4)) -> bytes:
    return struct.pack("<Q", len(header)) + header.encode() + numbers


ODD = {
    "nothing": b"",
    "text": b"a shopping list\n",
    "no STOP": b"\x80\x02}",
    "STOP of nothing": b"\x80\x02.",
    "an unknown opcode": b"\x80\x02\xff.",
    "protocol 99": b"\x80\x63}.",
    "EXT1": b"\x80\x02\x82\x01.",
    "EXT2": b"\x80\x02\x83\x01\x00.",
    "EXT4": b"\x80\x02\x84\x01\x00\x00\x00.",
    "out-of-band buffers": b"\x80\x05\x97.",
    "a read-only buffer": b"\x80\x05\x97\x98.",
    "a frame past the end": b"\x80\x04\x95" + b"\xff" * 8 + b"}.",
    "bytes past the end": b"\x80\x04\x8e" + b"\xff" * 7 + b"\x7f.",
    "text past the end": b"\x80\x04\x8d" + struct.pack("<Q", 2**62) + b".",
    "text that is not UTF-8": b"X\x01\x00\x00\x00\xff.",
    "a number of 300 MB": b"\x8b" + struct.pack("<I", 300_000_000) + b"\x01" * 64 + b".",
    "a number of 4 GB": b"\x8b\xff\xff\xff\xff.",
    "a number of a million digits": b"L" + b"9" * 1_000_000 + b"L\n.",
    "a number of words": b"Itwelve\n.",
    "a number with underscores": b"I1_000\n.",
    "a float of words": b"Fhuge\n.",
    "a line without an end": b"V" + b"x" * 3_000_000,
    "a string without quotes": b"Shello\n.",
    "nested lists": b"]" * 100_000 + b"a" * 99_999 + b".",
    "nested tuples": b")" + b"\x85" * 100_000 + b".",
    "nested tuples as a key": b"})" + b"\x85" * 100_000 + b"Ns.",
    "nested marks": b"(" * 500_000 + b".",
    "nested calls": _ORDERED * 2000 + b")" + b"R\x85" * 1999 + b"R.",
    "nested torch files": pickle_of(
        call(
            name("torch.storage", "_load_from_bytes"),
            raw(legacy(nested_storage([1.0]), {})),
        )
    ),
    "a memo bomb": b"]q\x00"
    + b"".join(b"](" + b"h" + bytes([i]) + b"h" + bytes([i]) + b"e" + b"q" + bytes([i + 1]) for i in range(200))
    + b".",
    "a list in itself": b"]q\x00h\x00a.",
    "an OrderedDict in itself": call(_ORDERED) + b"q\x00" + text("x") + b"h\x00s.",
    "millions of operations": b"N0" * 1_000_001 + b"N.",
    "recalls nothing": b"h\x07.",
    "a negative place in the memo": b"Np-1\n.",
    "puts nothing": b"q\x00.",
    "pops nothing": b"0.",
    "a tuple of nothing": b"\x87.",
    "appends to a number": b"K\x01K\x02a.",
    "sets an item of a list": b"]K\x01K\x02s.",
    "an odd number of items": b"}(K\x01u.",
    "a list as a key": b"}]Ns.",
    "builds a dictionary": b"}}b.",
    "builds a name": name("collections", "OrderedDict") + b"}b.",
    "calls a number": b"K\x01)R.",
    "calls with a list": _ORDERED + b"]R.",
    "OBJ of nothing": b"(o.",
    "STACK_GLOBAL of numbers": b"K\x01K\x02\x93.",
    "an allowed name with wrong arguments": pickle_of(call(_PARAMETER)),
    "a persistent id without storages": pickle_of(storage_id("0", "FloatStorage", 1)),
    "a persistent module": pickle_of(tuple_of(text("module"), text("m"), text("f"), text("s"), number(1)) + b"Q"),
    "a TensorFlow network": pickle_of(tuple_of(call(name("dnnlib.tflib.network", "Network"), number(1)))),
    "an array of objects": pickle_of(
        _array(tuple_of(number(1)), call(name("numpy", "dtype"), text("O8"), b"\x89", b"\x88"), list_of(number(1)))
    ),
    "an array longer than its bytes": pickle_of(_array(tuple_of(number(2**30)), _DTYPE, raw(bytes(4)))),
    "an array of negative size": pickle_of(_array(tuple_of(b"J\xff\xff\xff\xff"), _DTYPE, raw(b""))),
    "an array with a huge empty axis": pickle_of(_array(tuple_of(number(0), number(2**60)), _DTYPE, raw(b""))),
    "an array of 40 axes": pickle_of(_array(tuple_of(*[number(1)] * 40), _DTYPE, raw(bytes(4)))),
    "a dtype of a structure": pickle_of(call(name("numpy", "dtype"), text("f4,f4"), b"\x89", b"\x88")),
    "a namespace with a list as its state": pickle_of(call(name("argparse", "Namespace")) + b"]b"),
    "a stride of 0": legacy(floats("0", [1.0], (2**20, 2**20), (0, 0)), {"0": [1.0]}),
    "a tensor past its storage": legacy(floats("0", [1.0] * 8, (4,), (2,), 2), {"0": [1.0] * 8}),
    "an offset past the storage": legacy(floats("0", [1.0], (1,), (1,), 1), {"0": [1.0]}),
    "a negative stride": legacy(
        call(
            name("torch._utils", "_rebuild_tensor_v2"),
            storage_id("0", "FloatStorage", 2),
            number(0),
            tuple_of(number(2)),
            tuple_of(b"J\xff\xff\xff\xff"),
            b"\x89",
            call(_ORDERED),
        ),
        {"0": [1.0, 2.0]},
    ),
    "size and stride of two lengths": legacy(floats("0", [1.0], (1, 1), (1,)), {"0": [1.0]}),
    "a storage longer than the file": legacy(floats("0", [1.0] * 9, (9,), (1,)), {"0": [1.0] * 9})[:-20],
    "a storage that says it is longer": legacy(
        tensor(storage_id("0", "FloatStorage", 2**40 - 1), (1,), (1,)), {"0": [1.0]}
    ),
    "a storage of two kinds": legacy(
        list_of(
            tensor(storage_id("0", "FloatStorage", 1), (1,), (1,)),
            tensor(storage_id("0", "DoubleStorage", 1), (1,), (1,)),
        ),
        {"0": [1.0]},
    ),
    "a storage that is not there": legacy(floats("0", [1.0], (1,), (1,)), {}),
    "a safetensors header of 47 MB": struct.pack("<Q", 47_000_000) + b"{" + b" " * 1000,
    "a safetensors header of words": struct.pack("<Q", 8) + b"{hello, }",
    "a safetensors header nested deeply": struct.pack("<Q", 400_000) + b'{"a":' * 80_000,
    "safetensors that overlap": _safetensors(f'{{"a":{_PLACE},"b":{_PLACE}}}'),
    "safetensors of a strange type": _safetensors('{{"a":{}}}'.format(_PLACE.replace("F32", "F4_X2"))),
    "safetensors with a hole": _safetensors(f'{{"a":{_PLACE}}}', bytes(8)),
}
FILES = {**CALLS, **ODD}
