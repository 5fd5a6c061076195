"""Turns a pickle's opcodes into dicts, lists, scalars, `Ref`s and `Node`s.

There is no way from here to any name that the file mentions: what it would import or call is only written down. Bytes
are views of the file, not copies. Caps on everything that a short file could multiply keep memory and time in
proportion to it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from studio.importers.cursor import Cursor
from studio.importers.errors import ForeignFileError, damaged, too_much
from studio.importers.opcodes import ARGUMENTS, Op
from studio.importers.values import Collected, Node, Persistent, Ref

MAX_OPERATIONS = 2_000_000
MAX_MARKS = 1_000
MAX_MEMO = 1_000_000
NEWEST_PROTOCOL = 5

_CONSTANTS: dict[int, Any] = {Op.NONE: None, Op.NEWTRUE: True, Op.NEWFALSE: False, Op.EMPTY_TUPLE: ()}
_PUSHED = (
    *(Op.FLOAT, Op.INT, Op.BININT, Op.BININT1, Op.BININT2, Op.LONG, Op.LONG1, Op.LONG4, Op.BINFLOAT),
    *(Op.STRING, Op.BINSTRING, Op.SHORT_BINSTRING, Op.UNICODE, Op.BINUNICODE, Op.SHORT_BINUNICODE, Op.BINUNICODE8),
    *(Op.BINBYTES, Op.SHORT_BINBYTES, Op.BINBYTES8, Op.BYTEARRAY8),
)
_SHORT_TUPLES = {Op.TUPLE1: 1, Op.TUPLE2: 2, Op.TUPLE3: 3}


def read_pickle(data: memoryview, at: int = 0) -> tuple[Any, int]:
    """The inert value of the pickle that begins at `at`, and where it ends.

    Raises:
        ForeignFileError: it is damaged, or asks for more than any model needs.
    """
    machine = Machine(Cursor(data, at))
    return machine.run(), machine.cursor.at


class Machine:
    """A pickle's stack and memo."""

    def __init__(self, cursor: Cursor) -> None:
        self.cursor = cursor
        self._stack: list[Any] = []
        self._below: list[list[Any]] = []
        self._memo: dict[int, Any] = {}
        self._actions = self._table()

    def run(self) -> Any:
        """Reads up to STOP and returns what is on top."""
        actions, arguments, cursor = self._actions, ARGUMENTS, self.cursor
        for _ in range(MAX_OPERATIONS):
            code = cursor.take(1)[0]
            if code == Op.STOP:
                return self._pop()
            action = actions.get(code)
            if action is None:
                raise damaged(f"it holds the unknown opcode {code:#04x}")
            read = arguments.get(code)
            action(read(cursor) if read else None)
        raise too_much(f"it has more than {MAX_OPERATIONS:,} operations")

    def _table(self) -> dict[int, Callable[[Any], None]]:
        table: dict[int, Callable[[Any], None]] = dict.fromkeys(_PUSHED, self._stack_push)
        table |= {code: self._constant(value) for code, value in _CONSTANTS.items()}
        table |= {code: self._short_tuple(size) for code, size in _SHORT_TUPLES.items()}
        table |= dict.fromkeys((Op.PUT, Op.BINPUT, Op.LONG_BINPUT), self._memoize_at)
        table |= dict.fromkeys((Op.GET, Op.BINGET, Op.LONG_BINGET), self._recall)
        table |= dict.fromkeys((Op.EXT1, Op.EXT2, Op.EXT4), self._extension)
        table |= dict.fromkeys((Op.NEXT_BUFFER, Op.READONLY_BUFFER), self._buffer)
        return table | {
            Op.PROTO: self._protocol,
            Op.FRAME: lambda _: None,
            Op.MARK: self._mark,
            Op.POP: self._drop,
            Op.POP_MARK: self._drop_marked,
            Op.DUP: lambda _: self._stack_push(self._top()),
            Op.MEMOIZE: lambda _: self._memoize_at(len(self._memo)),
            Op.PERSID: lambda key: self._stack_push(Persistent(key)),
            Op.BINPERSID: lambda _: self._stack_push(Persistent(self._pop())),
            Op.GLOBAL: lambda names: self._stack_push(Ref(*names)),
            Op.STACK_GLOBAL: self._stack_global,
            Op.EMPTY_DICT: lambda _: self._stack_push({}),
            Op.EMPTY_LIST: lambda _: self._stack_push([]),
            Op.EMPTY_SET: lambda _: self._stack_push(Collected()),
            Op.TUPLE: lambda _: self._stack_push(tuple(self._marked())),
            Op.LIST: lambda _: self._stack_push(self._marked()),
            Op.DICT: lambda _: self._stack_push(_put({}, self._marked())),
            Op.FROZENSET: lambda _: self._stack_push(Collected(self._marked())),
            Op.APPEND: lambda _: self._append([self._pop()]),
            Op.APPENDS: lambda _: self._append(self._marked()),
            Op.ADDITEMS: lambda _: self._append(self._marked()),
            Op.SETITEM: lambda _: self._set_items([self._pop(), self._pop()][::-1]),
            Op.SETITEMS: lambda _: self._set_items(self._marked()),
            Op.REDUCE: self._call,
            Op.NEWOBJ: self._call,
            Op.NEWOBJ_EX: self._call_with_keywords,
            Op.OBJ: self._object,
            Op.INST: lambda names: self._stack_push(Node(Ref(*names), tuple(self._marked()))),
            Op.BUILD: self._build,
        }

    def _stack_push(self, value: Any) -> None:
        self._stack.append(value)

    def _pop(self) -> Any:
        if not self._stack:
            raise damaged("it takes what is not there")
        return self._stack.pop()

    def _top(self) -> Any:
        if not self._stack:
            raise damaged("it takes what is not there")
        return self._stack[-1]

    def _constant(self, value: Any) -> Callable[[Any], None]:
        return lambda _: self._stack.append(value)

    def _short_tuple(self, size: int) -> Callable[[Any], None]:
        def action(_: Any) -> None:
            if len(self._stack) < size:
                raise damaged("it takes what is not there")
            self._stack[-size:] = [tuple(self._stack[-size:])]

        return action

    def _protocol(self, version: int) -> None:
        if version > NEWEST_PROTOCOL:
            raise damaged(f"it names a protocol that does not exist, {version}")

    def _mark(self, _: Any) -> None:
        if len(self._below) >= MAX_MARKS:
            raise too_much("it is nested too deeply")
        self._below.append(self._stack)
        self._stack = []

    def _marked(self) -> list[Any]:
        """What came since the last mark."""
        if not self._below:
            raise damaged("it takes what is not there")
        since, self._stack = self._stack, self._below.pop()
        return since

    def _drop(self, _: Any) -> None:
        if self._stack:
            self._stack.pop()
        else:
            self._marked()

    def _memoize_at(self, index: int) -> None:
        if index < 0 or len(self._memo) >= MAX_MEMO:
            raise too_much("it remembers too much")
        self._memo[index] = self._top()

    def _recall(self, index: int) -> None:
        if index not in self._memo:
            raise damaged("it recalls what it never had")
        self._stack.append(self._memo[index])

    def _drop_marked(self, _: Any) -> None:
        self._marked()

    def _extension(self, code: int) -> None:
        raise ForeignFileError(
            f"The file asks for extension {code} of Python's registry, which no model needs.",
            "It is not opened. Nothing in it was executed.",
        )

    def _buffer(self, _: Any) -> None:
        raise damaged("part of it lies in other files")

    def _stack_global(self, _: Any) -> None:
        name, module = self._pop(), self._pop()
        if not isinstance(name, str) or not isinstance(module, str):
            raise damaged("a name in it is no text")
        self._stack.append(Ref(module, name))

    def _append(self, values: list[Any]) -> None:
        target = self._top()
        if isinstance(target, Node | Collected):
            target = target.items
        if not isinstance(target, list):
            raise damaged("it appends to what is no list")
        target.extend(values)

    def _set_items(self, values: list[Any]) -> None:
        target = self._top()
        if isinstance(target, Node):
            target.pairs.extend(_pairs(values))
        elif isinstance(target, dict):
            _put(target, values)
        else:
            raise damaged("it puts a key into what is no dictionary")

    def _call(self, _: Any) -> None:
        arguments, function = self._pop(), self._pop()
        self._stack.append(_node(function, arguments, {}))

    def _call_with_keywords(self, _: Any) -> None:
        keywords, arguments, function = self._pop(), self._pop(), self._pop()
        self._stack.append(_node(function, arguments, keywords))

    def _object(self, _: Any) -> None:
        marked = self._marked()
        if not marked:
            raise damaged("it takes what is not there")
        self._stack.append(_node(marked[0], tuple(marked[1:]), {}))

    def _build(self, _: Any) -> None:
        state, target = self._pop(), self._top()
        if not isinstance(target, Node):
            raise ForeignFileError(
                "The file sets attributes of something that it did not make, which no model needs.",
                "It is not opened. Nothing in it was executed.",
            )
        target.states.append(state)


def _node(function: Any, arguments: Any, keywords: Any) -> Node:
    if not isinstance(function, Ref) or not isinstance(arguments, tuple) or not isinstance(keywords, dict):
        raise damaged("it calls what cannot be called")
    return Node(function, arguments, keywords)


def _pairs(values: list[Any]) -> list[tuple[Any, Any]]:
    if len(values) % 2:
        raise damaged("a key in it has no value")
    return list(zip(values[::2], values[1::2], strict=True))


def _put(target: dict[Any, Any], values: list[Any]) -> dict[Any, Any]:
    """Keys are scalars or flat tuples of them: hashing deep ones would exhaust the interpreter's stack."""
    for key, value in _pairs(values):
        parts = key if isinstance(key, tuple) else (key,)
        if not all(part is None or isinstance(part, str | int | float) for part in parts):
            raise damaged("a dictionary has a key of a kind that models do not use")
        target[key] = value
    return target
