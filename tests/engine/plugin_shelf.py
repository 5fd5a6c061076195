"""A folder of made-up plugin distributions on `sys.path`, as an installer would leave them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import EntryPoint, distributions
from pathlib import Path
from textwrap import dedent

PREAMBLE = """
from studio.api import DataKind, DatasetSpec, Hyperparameters, ModelSpec, Preset, hookimpl

def spec(id, **changes):
    given = dict(
        id=id, title=id, summary="A test.", model=__name__ + ":Model", hyperparameters=Hyperparameters,
        data=DataKind.UNLABELLED, capabilities=(), presets={"quick": Preset("Quick.", 10, {"resolution": 8})},
    )
    return ModelSpec(**{**given, **changes})
"""


class PluginShelf:
    """Writes plugins into a folder that is on `sys.path`; `imports` counts how often one was imported."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, name: str, source: str, *, distribution: str = "", version: str = "1.0", record: str = "") -> None:
        module = f"shelf_{name}"
        counter = self.folder / f"{name}.count"
        count = f"with open({str(counter)!r}, 'a') as file:\n    file.write('.')\n"
        (self.folder / f"{module}.py").write_text(count + PREAMBLE + dedent(source), "utf-8")
        self.register(name, module, distribution=distribution, version=version, record=record)

    def register(
        self, name: str, value: str, *, distribution: str = "", version: str = "1.0", record: str = ""
    ) -> None:
        distribution = distribution or f"ganvas-{name.replace('_', '-')}"
        info = self.folder / f"{distribution.replace('-', '_')}-{version}.dist-info"
        info.mkdir(exist_ok=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n")
        (info / "entry_points.txt").write_text(f"[ganvas.plugins]\n{name} = {value}\n")
        (info / "RECORD").write_text(record)

    def entry_points(self) -> list[EntryPoint]:
        found = distributions(path=[str(self.folder)])
        return [one for distribution in found for one in distribution.entry_points]

    def imports(self, name: str) -> int:
        counter = self.folder / f"{name}.count"
        return len(counter.read_text()) if counter.exists() else 0


@contextmanager
def shelf_on_path(folder: Path) -> Iterator[PluginShelf]:
    """A shelf that is importable meanwhile; what was imported from it is forgotten afterwards."""
    path = sys.path  # the list itself: a test may have put another in its place by the time this ends
    path.insert(0, str(folder))
    try:
        yield PluginShelf(folder)
    finally:
        path.remove(str(folder))
    for name in [name for name in sys.modules if name.startswith("shelf_")]:
        del sys.modules[name]


GOOD = """
@hookimpl
def studio_models():
    return [spec("good")]
"""

FAULTY: dict[str, tuple[str, str]] = {
    "missing": ("import a_module_nobody_has", "needs the module 'a_module_nobody_has', which is not installed"),
    "raises": ("raise ValueError('bad weather')", "raised ValueError while it was imported: bad weather."),
    "exits": ("import sys; sys.exit(0)", "called exit(0) while it was imported"),
    "ends": ("import os; os._exit(3)", "ended the Python process with exit code 3"),
    "ends_well": ("import os; os._exit(0)", "ended the Python process with exit code 0"),
    "syntax": ("def broken(:\n    pass", "has a syntax error in shelf_syntax.py, line"),
    "segfaults": ("import ctypes; ctypes.string_at(0)", "crashed Python with SIGSEGV"),
    "eats": ("hoard = bytearray(2**40)", "raised MemoryError while it was imported"),
    "misspells": (
        "@hookimpl\ndef studio_modles():\n    return []",
        "has a hook that does not exist, studio_modles; the nearest is studio_models.",
    ),
    "wrong_argument": (
        "@hookimpl\ndef studio_models(colour):\n    return []",
        "has an invalid hook: ",
    ),
    "hook_raises": (
        "@hookimpl\ndef studio_datasets():\n    raise KeyError('nothing')",
        "raised KeyError in its hook studio_datasets: 'nothing'.",
    ),
    "hook_raises_late": (
        "@hookimpl\ndef studio_models():\n    yield spec('late')\n    1 / 0",
        "raised ZeroDivisionError in its hook studio_models",
    ),
    "not_a_spec": (
        "@hookimpl\ndef studio_models():\n    return [ModelSpec]",
        "hook studio_models gave the class ModelSpec where ModelSpec is expected.",
    ),
    "not_a_list": (
        "@hookimpl\ndef studio_models():\n    return spec('alone')",
        "hook studio_models gave a ModelSpec where a list is expected.",
    ),
    "twice": (
        "@hookimpl\ndef studio_models():\n    return [spec('same'), spec('same')]",
        "hook studio_models gave the id 'same' twice.",
    ),
    "zz_taken": (
        "@hookimpl\ndef studio_models():\n    return [spec('good')]",
        "model good is offered already by the plugin good of ganvas-good.",
    ),
    "bad_preset": (
        "@hookimpl\ndef studio_models():\n    return [spec('b', presets={'paper': Preset('P', 5, {'resolution': 7})})]",
        "preset 'paper' of its model 'b' is invalid: resolution cannot be 7. It takes 8 to 1024 px.",
    ),
    "bad_data": (
        "@hookimpl\ndef studio_datasets():\n    return [DatasetSpec('kites', 'K', DataKind.PAIRED, '', 'kites')]",
        "Its dataset 'kites' is invalid: the source is not module:callable.",
    ),
    "nameless_data": (
        "@hookimpl\ndef studio_datasets():\n    return [DatasetSpec(' ', 'K', DataKind.PAIRED, '', 'm:kites')]",
        "Its dataset ' ' is invalid: the id is no name.",
    ),
    "takes_the_icons": (
        "@hookimpl\ndef studio_datasets():\n    return [DatasetSpec('demo:icons', 'K', DataKind.PAIRED, '', 'm:k')]",
        "Its dataset 'demo:icons' is invalid: the id is that of data of the studio itself.",
    ),
    "bad_id": ("@hookimpl\ndef studio_models():\n    return [spec('Bad Id')]", "id is not lower case"),
    "bad_hyperparameters": (
        "@hookimpl\ndef studio_models():\n    return [spec('h', hyperparameters=dict)]",
        "hyperparameters are not Hyperparameters",
    ),
    "wants_qt": ("import PySide6\n" + GOOD, "imports PySide6 when it is loaded"),
    "no_hooks": ("def studio_models():\n    return []", "has no hooks"),
}
