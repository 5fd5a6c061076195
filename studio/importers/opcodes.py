"""The opcodes of pickle's protocols 0 to 5, and how the argument behind each is laid out.

The codes are those of Python's documentation of `pickletools` (PEP 307, PEP 3154, PEP 574).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from enum import IntEnum
from typing import Any

from studio.importers.cursor import Cursor
from studio.importers.errors import damaged, too_much

MAX_DIGITS = 1000
MAX_LONG_BYTES = 256

_BYTE = struct.Struct("<B")
_SHORT = struct.Struct("<H")
_INT = struct.Struct("<i")
_UINT = struct.Struct("<I")
_ULONG = struct.Struct("<Q")
_DOUBLE = struct.Struct(">d")
_INTEGER = re.compile(rb"[+-]?[0-9]+")
_DECIMAL = re.compile(rb"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,5})?|[+-]?(?:inf|nan)")
_ESCAPES = re.compile(r"\\(?:([\\'\"])|n|t|r|x([0-9a-fA-F]{2}))")
_CONTROLS = {"\\n": "\n", "\\t": "\t", "\\r": "\r"}


class Op(IntEnum):
    """Each opcode by its name in `pickletools`."""

    MARK = ord("(")
    STOP = ord(".")
    POP = ord("0")
    POP_MARK = ord("1")
    DUP = ord("2")
    FLOAT = ord("F")
    INT = ord("I")
    BININT = ord("J")
    BININT1 = ord("K")
    LONG = ord("L")
    BININT2 = ord("M")
    NONE = ord("N")
    PERSID = ord("P")
    BINPERSID = ord("Q")
    REDUCE = ord("R")
    STRING = ord("S")
    BINSTRING = ord("T")
    SHORT_BINSTRING = ord("U")
    UNICODE = ord("V")
    BINUNICODE = ord("X")
    APPEND = ord("a")
    BUILD = ord("b")
    GLOBAL = ord("c")
    DICT = ord("d")
    EMPTY_DICT = ord("}")
    APPENDS = ord("e")
    GET = ord("g")
    BINGET = ord("h")
    INST = ord("i")
    LONG_BINGET = ord("j")
    LIST = ord("l")
    EMPTY_LIST = ord("]")
    OBJ = ord("o")
    PUT = ord("p")
    BINPUT = ord("q")
    LONG_BINPUT = ord("r")
    SETITEM = ord("s")
    TUPLE = ord("t")
    EMPTY_TUPLE = ord(")")
    SETITEMS = ord("u")
    BINFLOAT = ord("G")
    PROTO = 0x80
    NEWOBJ = 0x81
    EXT1 = 0x82
    EXT2 = 0x83
    EXT4 = 0x84
    TUPLE1 = 0x85
    TUPLE2 = 0x86
    TUPLE3 = 0x87
    NEWTRUE = 0x88
    NEWFALSE = 0x89
    LONG1 = 0x8A
    LONG4 = 0x8B
    BINBYTES = ord("B")
    SHORT_BINBYTES = ord("C")
    SHORT_BINUNICODE = 0x8C
    BINUNICODE8 = 0x8D
    BINBYTES8 = 0x8E
    EMPTY_SET = 0x8F
    ADDITEMS = 0x90
    FROZENSET = 0x91
    NEWOBJ_EX = 0x92
    STACK_GLOBAL = 0x93
    MEMOIZE = 0x94
    FRAME = 0x95
    BYTEARRAY8 = 0x96
    NEXT_BUFFER = 0x97
    READONLY_BUFFER = 0x98


def text_line(cursor: Cursor) -> str:
    """A line as text."""
    return _text(cursor.line())


def _text(data: bytes | memoryview) -> str:
    try:
        return bytes(data).decode("utf-8", "surrogatepass")
    except UnicodeDecodeError as error:
        raise damaged("a text in it is not UTF-8") from error


def _fixed(layout: struct.Struct) -> Callable[[Cursor], Any]:
    return lambda cursor: cursor.number(layout)


def _sized(layout: struct.Struct) -> Callable[[Cursor], memoryview]:
    return lambda cursor: cursor.take(cursor.number(layout))


def _sized_text(layout: struct.Struct) -> Callable[[Cursor], str]:
    return lambda cursor: _text(cursor.take(cursor.number(layout)))


def _sized_latin(layout: struct.Struct) -> Callable[[Cursor], str]:
    return lambda cursor: bytes(cursor.take(cursor.number(layout))).decode("latin-1")


def _integer(cursor: Cursor) -> int | bool:
    line = cursor.line()
    return line == b"01" if line in (b"00", b"01") else _digits(line)


def _long_line(cursor: Cursor) -> int:
    return _digits(cursor.line().removesuffix(b"L"))


def _digits(line: bytes) -> int:
    if len(line) > MAX_DIGITS:
        raise too_much(f"a number has {len(line):,} digits")
    if not _INTEGER.fullmatch(line):
        raise damaged("a number in it is none")
    return int(line)


def _float_line(cursor: Cursor) -> float:
    line = cursor.line()
    if len(line) > MAX_DIGITS or not _DECIMAL.fullmatch(line):
        raise damaged("a number in it is none")
    return float(line)


def _long(layout: struct.Struct) -> Callable[[Cursor], int]:
    def read(cursor: Cursor) -> int:
        size = cursor.number(layout)
        if size > MAX_LONG_BYTES:
            raise too_much(f"a number takes {size:,} bytes")
        return int.from_bytes(cursor.take(size), "little", signed=True)

    return read


def _quoted(cursor: Cursor) -> str:
    line = cursor.line().decode("latin-1")
    if len(line) < 2 or line[0] not in "'\"" or line[-1] != line[0]:
        raise damaged("a text in it is not quoted")
    return _ESCAPES.sub(_unescaped, line[1:-1])


def _unescaped(match: re.Match[str]) -> str:
    if match[1]:
        return match[1]
    return chr(int(match[2], 16)) if match[2] else _CONTROLS[match[0]]


def _raw_unicode(cursor: Cursor) -> str:
    try:
        return cursor.line().decode("raw-unicode-escape")
    except UnicodeDecodeError as error:
        raise damaged("a text in it is not what it says") from error


def _frame(cursor: Cursor) -> None:
    if cursor.number(_ULONG) > cursor.left:
        raise damaged("it ends too early")


def _names(cursor: Cursor) -> tuple[str, str]:
    return text_line(cursor), text_line(cursor)


ARGUMENTS: dict[int, Callable[[Cursor], Any]] = {
    Op.FLOAT: _float_line,
    Op.INT: _integer,
    Op.BININT: _fixed(_INT),
    Op.BININT1: _fixed(_BYTE),
    Op.LONG: _long_line,
    Op.BININT2: _fixed(_SHORT),
    Op.PERSID: text_line,
    Op.STRING: _quoted,
    Op.BINSTRING: _sized_latin(_UINT),
    Op.SHORT_BINSTRING: _sized_latin(_BYTE),
    Op.UNICODE: _raw_unicode,
    Op.BINUNICODE: _sized_text(_UINT),
    Op.GLOBAL: _names,
    Op.GET: _long_line,
    Op.BINGET: _fixed(_BYTE),
    Op.INST: _names,
    Op.LONG_BINGET: _fixed(_UINT),
    Op.PUT: _long_line,
    Op.BINPUT: _fixed(_BYTE),
    Op.LONG_BINPUT: _fixed(_UINT),
    Op.BINFLOAT: _fixed(_DOUBLE),
    Op.PROTO: _fixed(_BYTE),
    Op.EXT1: _fixed(_BYTE),
    Op.EXT2: _fixed(_SHORT),
    Op.EXT4: _fixed(_INT),
    Op.LONG1: _long(_BYTE),
    Op.LONG4: _long(_UINT),
    Op.BINBYTES: _sized(_UINT),
    Op.SHORT_BINBYTES: _sized(_BYTE),
    Op.SHORT_BINUNICODE: _sized_text(_BYTE),
    Op.BINUNICODE8: _sized_text(_ULONG),
    Op.BINBYTES8: _sized(_ULONG),
    Op.FRAME: _frame,
    Op.BYTEARRAY8: _sized(_ULONG),
}
