"""Nothing in a file is ever executed, and whatever is wrong with it is said by one exception."""

from __future__ import annotations

import ast
import contextlib
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import studio.importers
from studio.importers.errors import ForeignFileError
from studio.importers.machine import read_pickle
from studio.importers.meaning import Interpreter
from studio.importers.reading import read_file
from tests.importers import assembler, hostile

READERS = (
    "values",
    "cursor",
    "opcodes",
    "machine",
    "meaning",
    "arrays",
    "legacy",
    "archive",
    "safetensors_file",
    "reading",
    "mistaken",
)
# Not those that take seconds: what a mutation makes of a small file says as much.
SMALL = {name: data for name, data in hostile.FILES.items() if len(data) < 2000}
SOUND = {
    "weights": assembler.legacy(
        assembler.dict_of({"a": assembler.floats("0", [1.0] * 6, (2, 3), (3, 1)), "n": assembler.number(3)}),
        {"0": [1.0] * 6},
    ),
    "NVIDIA's": assembler.pickle_of(
        assembler.dict_of(
            {
                "G_ema": assembler.persisted(
                    "Generator", {"w": assembler.tensor(assembler.nested_storage([1.0]), (1,), (1,))}
                )
            }
        ),
        4,
    ),
}


def watched(folder: Path, files: dict[str, bytes]) -> dict[str, Any]:
    """What came of reading files in a process of their own, and what Python told its auditors meanwhile."""
    folder.mkdir()
    for index, data in enumerate(files.values()):
        (folder / f"{index:05}").write_bytes(data)
    command = [sys.executable, "-m", "tests.importers.watching", str(folder)]
    result = subprocess.run(command, capture_output=True, text=True, check=True, timeout=240)
    said: dict[str, Any] = json.loads(result.stdout)
    names = list(files)
    said["refused"] = {names[int(index)]: reason for index, reason in said["refused"].items()}
    said["read"] = [names[int(index)] for index in said["read"]]
    return said


def test_no_hostile_file_executes_anything_and_each_is_refused(tmp_path: Path) -> None:
    said = watched(tmp_path / "files", hostile.FILES)
    assert said["events"] == []
    assert said["read"] == []
    assert [f"{name}: {reason}" for name, reason in said["refused"].items() if reason.startswith("BUG")] == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["files"]


def test_the_watch_would_see_it(tmp_path: Path) -> None:
    """An auditor that sees nothing proves nothing: the same process sees Python's own reader do what it is told."""
    harmless = assembler.pickle_of(assembler.call(assembler.name("os", "system"), assembler.text("true")))
    code = "\n".join(
        [
            "import pickle, sys",
            "seen = []",
            "sys.addaudithook(lambda event, _: seen.append(event))",
            f"pickle.loads({harmless!r})",
            "print(*seen)",
        ]
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"pickle.find_class", "os.system"} <= set(result.stdout.split())


def test_the_name_that_a_file_asks_for_is_told() -> None:
    with pytest.raises(ForeignFileError, match=r"asks for 'os\.system'.*nothing in it was executed"):
        understood(hostile.CALLS["os.system, GLOBAL REDUCE"])


def test_the_reader_has_no_way_to_what_a_file_names() -> None:
    """No module of the reader's imports by name, looks names up, compiles, or touches Python's own unpickler."""
    folder = Path(studio.importers.__file__).parent
    forbidden = {"getattr", "setattr", "delattr", "eval", "exec", "__import__", "globals", "locals", "vars"}
    forbidden |= {"find_class", "import_module", "Unpickler", "attrgetter", "methodcaller", "__dict__", "__globals__"}
    modules = {"pickle", "_pickle", "pickletools", "importlib", "torch", "subprocess", "operator", "ctypes"}
    for module in READERS:
        for node in ast.walk(ast.parse((folder / f"{module}.py").read_text("utf-8"))):
            match node:
                case ast.Name(id=name):
                    assert name not in forbidden | {"compile"}, module
                case ast.Attribute(attr=name):
                    assert name not in forbidden, module
                case ast.Import(names=aliases):
                    assert not {alias.name.partition(".")[0] for alias in aliases} & modules, module
                case ast.ImportFrom(module=source):
                    assert source not in modules, module


def understood(data: bytes) -> Any:
    inert, _ = read_pickle(memoryview(data))
    return Interpreter().value(inert)


@given(st.binary(max_size=200))
@settings(max_examples=1000, deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for protocol in (b"", b"\x80\x04"):
        with contextlib.suppress(ForeignFileError):
            understood(protocol + data)


@pytest.mark.parametrize("name", SOUND)
@given(cut=st.integers(0, 400))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_cut_short_is_refused(name: str, cut: int, tmp_path: Path) -> None:
    data = SOUND[name]
    path = tmp_path / "cut"
    path.write_bytes(data[: cut % len(data)])
    with pytest.raises(ForeignFileError):
        read_file(path)


def mutated(seed: int, kinds: list[bytes]) -> bytes:
    """One of the files with a few bytes flipped, taken out, put in, or spliced with another's."""
    draw = random.Random(seed)
    data = bytearray(draw.choice(kinds))
    for _ in range(draw.randint(1, 6)):
        at = draw.randrange(len(data) + 1)
        match draw.randrange(4):
            case 0 if at < len(data):
                data[at] ^= 1 << draw.randrange(8)
            case 1:
                del data[at : at + draw.randint(1, 9)]
            case 2:
                data[at:at] = draw.randbytes(draw.randint(1, 9))
            case _:
                other = draw.choice(kinds)
                start = draw.randrange(max(1, len(other)))
                data[at : at + draw.randint(0, 9)] = other[start : start + draw.randint(1, 60)]
    return bytes(data)


def check_mutants(tmp_path: Path, seeds: range) -> None:
    kinds = [*SMALL.values(), *SOUND.values()]
    files = {str(seed): mutated(seed, kinds) for seed in seeds}
    said = watched(tmp_path / "files", files)
    assert said["events"] == []
    assert [f"{name}: {reason}" for name, reason in said["refused"].items() if reason.startswith("BUG")] == []


def test_mutated_files_are_read_or_refused_and_execute_nothing(tmp_path: Path) -> None:
    check_mutants(tmp_path, range(4000))


@pytest.mark.slow
def test_60000_mutated_files(tmp_path: Path) -> None:
    for start in range(0, 60_000, 10_000):
        (tmp_path / str(start)).mkdir()
        check_mutants(tmp_path / str(start), range(start, start + 10_000))
