"""What the inert values of a pickle mean: the few dozen names that models need, each with what it stands for.

A name that is not in these tables refuses the whole file, and is told to the person: there is no way to open it anyway.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from studio.importers.arrays import STORAGE_TYPES, Storage, numpy_array, numpy_dtype, numpy_scalar, tensor
from studio.importers.errors import ForeignFileError, damaged, too_much
from studio.importers.legacy import LegacyFile
from studio.importers.values import Collected, Node, Persistent, Ref

MAX_DEPTH = 120
TENSORFLOW = ("dnnlib.tflib", "tensorflow")

FindStorage = Callable[[Any], Storage]

_SCALARS = (str, int, float, memoryview, bytes, type(None))
_WIDTHS = {"float": (16, 32, 64), "int": (8, 16, 32, 64), "uint": (8,)}
_DTYPES = {f"{kind}{width}" for kind, widths in _WIDTHS.items() for width in widths} | {"bfloat16", "bool"}

# Names that stand for themselves: types and the like that other names take.
MENTIONED = frozenset(
    {Ref(module, name) for module in ("torch", "torch.cuda") for name in STORAGE_TYPES}
    | {Ref("torch", name) for name in _DTYPES}
    | {Ref(module, "object") for module in ("builtins", "__builtin__")}
    | {Ref("numpy", "ndarray"), Ref("torch", "Tensor"), Ref("torch.nn.parameter", "Parameter")}
)


@dataclass(frozen=True, slots=True, eq=False)
class Persisted:
    """An object of NVIDIA's, saved with the source of its class (stylegan2-ada-pytorch, torch_utils/persistence.py).

    Attributes:
        class_name: the class.
        source: its module's source. It is never compiled; it only tells versions apart.
        state: the object's attributes.
    """

    class_name: str
    source: str
    state: dict[Any, Any]


class Interpreter:
    """Gives inert values their meaning, each once however often it occurs."""

    def __init__(self, find_storage: FindStorage | None = None, *, nested: bool = False) -> None:
        """`find_storage` finds what lies outside of the pickle; `nested` says that this is a pickle in a pickle."""
        self._find_storage = find_storage
        self._nested = nested
        self._known: dict[int, Any] = {}
        self._depth = 0

    def value(self, inert: Any) -> Any:
        """Dicts, lists, tuples, scalars, arrays and `Persisted` objects.

        Raises:
            ForeignFileError: there is something else in it.
        """
        if isinstance(inert, _SCALARS):
            return inert
        known = self._known.get(id(inert), self)
        if known is _IN_PROGRESS:
            raise damaged("something in it contains itself")
        if known is not self:
            return known
        if self._depth >= MAX_DEPTH:
            raise too_much("it is nested too deeply")
        self._known[id(inert)] = _IN_PROGRESS
        self._depth += 1
        try:
            self._known[id(inert)] = meaning = self._meaning(inert)
        finally:
            self._depth -= 1
        return meaning

    def _meaning(self, inert: Any) -> Any:
        match inert:
            case dict():
                return {key: self.value(item) for key, item in inert.items()}
            case list():
                return [self.value(item) for item in inert]
            case tuple():
                return tuple(self.value(item) for item in inert)
            case Collected(items=items):
                return [self.value(item) for item in items]
        return self._asked_for(inert)

    def _asked_for(self, inert: Persistent | Ref | Node) -> Any:
        """What lies outside of the pickle, a name, or what a call would make."""
        if isinstance(inert, Persistent):
            return self._outside(inert.key)
        name = inert.function if isinstance(inert, Node) else inert
        if name not in CALLED and (inert is not name or name not in MENTIONED):
            raise _refused(name)
        return CALLED[name](self, inert) if isinstance(inert, Node) else name

    def arguments(self, node: Node, least: int, most: int) -> list[Any]:
        """A call's arguments, as many as `most`, with None for those that are left out."""
        if not least <= len(node.arguments) <= most or node.keywords:
            raise damaged(f"{node.function} is called with the wrong arguments")
        values = [self.value(argument) for argument in node.arguments]
        return values + [None] * (most - len(values))

    def _outside(self, key: Any) -> Storage:
        if self._find_storage is None:
            raise ForeignFileError("The file refers to something outside of it.", "It is not opened.")
        return self._find_storage(key)

    def from_bytes(self, data: Any) -> Any:
        """A torch file inside this one."""
        if self._nested or not isinstance(data, bytes | memoryview):
            raise too_much("pickles are nested in pickles")
        file = LegacyFile(memoryview(data))
        return Interpreter(file.storage, nested=True).value(file.value)


_IN_PROGRESS = object()


def _refused(name: Ref) -> ForeignFileError:
    if name.module.startswith(TENSORFLOW):
        return ForeignFileError(
            "The file holds networks of TensorFlow's, from the first StyleGAN or StyleGAN2.",
            "Convert it with legacy.py of NVIDIA's stylegan2-ada-pytorch, and import what that writes.",
        )
    return ForeignFileError(
        f"The file asks for {str(name)[:100]!r}, which is not among the names that models need.",
        "It is not opened, and nothing in it was executed. Ask its makers for safetensors or a plain state_dict.",
    )


def _mapping(read: Interpreter, node: Node) -> dict[Any, Any]:
    """`OrderedDict`, `defaultdict` and `EasyDict`: pairs given at once, or put in one by one."""
    found: dict[Any, Any] = {}
    for argument in read.arguments(node, 0, 2):
        if isinstance(argument, dict):
            found |= argument
        elif isinstance(argument, list):
            found |= _from_pairs(argument)
    return found | {_key(key): read.value(value) for key, value in node.pairs}


def _from_pairs(values: list[Any]) -> dict[Any, Any]:
    if not all(isinstance(pair, list | tuple) and len(pair) == 2 for pair in values):
        raise damaged("a dictionary is not made of pairs")
    return {_key(key): value for key, value in values}


def _key(key: Any) -> str | int | float | None:
    if key is None or isinstance(key, str | int | float):
        return key
    raise damaged("a dictionary has a key of a kind that models do not use")


def _namespace(read: Interpreter, node: Node) -> dict[Any, Any]:
    """`argparse.Namespace` and its like: nothing but attributes."""
    read.arguments(node, 0, 0)
    return _state(read, node)


def _state(read: Interpreter, node: Node) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for inert in node.states:
        state = read.value(inert)
        if not isinstance(state, dict):
            raise damaged("an object's state is no dictionary")
        found |= state
    return found


def _collection(read: Interpreter, node: Node) -> list[Any]:
    (items,) = read.arguments(node, 0, 1)
    if items is not None and not isinstance(items, list | tuple):
        raise damaged("a set is not made of a list")
    return [*(items or ()), *(read.value(item) for item in node.items)]


def _tuple(read: Interpreter, node: Node) -> tuple[Any, ...]:
    return tuple(_collection(read, node))


def _encoded(read: Interpreter, node: Node) -> bytes:
    """Bytes as protocols before 3 have them."""
    text, encoding = read.arguments(node, 1, 2)
    if not isinstance(text, str) or encoding not in ("latin1", "latin-1"):
        raise damaged("bytes in it are none")
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError as error:
        raise damaged("bytes in it are none") from error


def _reconstructed(read: Interpreter, node: Node) -> Any:
    """`copyreg._reconstructor(class, object, None)`, protocols 0 and 1: as if the class were called."""
    if len(node.arguments) != 3 or not isinstance(node.arguments[0], Ref):
        raise damaged("an object has no class")
    read.value(node.arguments[1])
    kind = node.arguments[0]
    if CALLED.get(kind) not in (_namespace, _mapping):
        raise _refused(kind)
    start = node.arguments[2]
    inner = Node(kind, (start,) if isinstance(start, dict) else (), {}, node.states, node.items, node.pairs)
    return CALLED[kind](read, inner)


def _dtype(read: Interpreter, node: Node) -> Any:
    code, *_ = read.arguments(node, 1, 3)
    return numpy_dtype(code, read.value(node.states[-1]) if node.states else None)


def _array(read: Interpreter, node: Node) -> Any:
    """`numpy.core.multiarray._reconstruct`: all that matters is in the state."""
    read.arguments(node, 3, 3)
    state = read.value(node.states[-1]) if node.states else None
    if not isinstance(state, tuple) or len(state) != 5:
        raise damaged("an array has no numbers")
    _, shape, dtype, columns_first, data = state
    data = data.encode("latin-1", "replace") if isinstance(data, str) else data
    return numpy_array(data, dtype, shape, columns_first=bool(columns_first))


def _array_from_buffer(read: Interpreter, node: Node) -> Any:
    data, dtype, shape, order = read.arguments(node, 4, 4)
    return numpy_array(data, dtype, shape, columns_first=order == "F")


def _scalar(read: Interpreter, node: Node) -> int | float | bool:
    dtype, data = read.arguments(node, 2, 2)
    return numpy_scalar(dtype, data.encode("latin-1", "replace") if isinstance(data, str) else data)


def _tensor(read: Interpreter, node: Node) -> Any:
    source, offset, size, stride, *_ = read.arguments(node, 4, 7)
    return tensor(source, offset, size, stride)


def _parameter(read: Interpreter, node: Node) -> Any:
    data, *_ = read.arguments(node, 1, 4)
    return data


def _nested_file(read: Interpreter, node: Node) -> Any:
    (data,) = read.arguments(node, 1, 1)
    return read.from_bytes(data)


def _device(read: Interpreter, node: Node) -> None:
    read.arguments(node, 1, 2)


def _persisted(read: Interpreter, node: Node) -> Persisted:
    (meta,) = read.arguments(node, 1, 1)
    if not isinstance(meta, dict) or meta.get("type") != "class":
        raise damaged("an object of NVIDIA's is none")
    name, source, state = meta.get("class_name"), meta.get("module_src"), meta.get("state")
    if not isinstance(name, str) or not isinstance(source, str) or not isinstance(state, dict):
        raise damaged("an object of NVIDIA's is none")
    return Persisted(name, source, state)


CALLED: dict[Ref, Callable[[Interpreter, Node], Any]] = {
    Ref("collections", "OrderedDict"): _mapping,
    Ref("dnnlib", "EasyDict"): _mapping,
    Ref("dnnlib.util", "EasyDict"): _mapping,
    Ref("argparse", "Namespace"): _namespace,
    Ref("types", "SimpleNamespace"): _namespace,
    Ref("copyreg", "_reconstructor"): _reconstructed,
    Ref("copy_reg", "_reconstructor"): _reconstructed,
    Ref("_codecs", "encode"): _encoded,
    Ref("torch", "Size"): _tuple,
    Ref("torch", "device"): _device,
    Ref("torch._utils", "_rebuild_tensor"): _tensor,
    Ref("torch._utils", "_rebuild_tensor_v2"): _tensor,
    Ref("torch._utils", "_rebuild_parameter"): _parameter,
    Ref("torch._utils", "_rebuild_parameter_with_state"): _parameter,
    Ref("torch.storage", "_load_from_bytes"): _nested_file,
    Ref("torch_utils.persistence", "_reconstruct_persistent_obj"): _persisted,
    Ref("numpy", "dtype"): _dtype,
}
for _module in ("builtins", "__builtin__"):
    CALLED[Ref(_module, "set")] = CALLED[Ref(_module, "frozenset")] = CALLED[Ref(_module, "list")] = _collection
    CALLED[Ref(_module, "dict")] = _mapping
for _package in ("numpy.core", "numpy._core"):
    CALLED[Ref(f"{_package}.multiarray", "_reconstruct")] = _array
    CALLED[Ref(f"{_package}.multiarray", "scalar")] = _scalar
    CALLED[Ref(f"{_package}.numeric", "_frombuffer")] = _array_from_buffer
del _module, _package
