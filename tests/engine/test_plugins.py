"""PluginHost: what it finds, what it remembers, and what it answers."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.api import (
    DataKind,
    DatasetSpec,
    ExporterSpec,
    Hyperparameters,
    ImporterSpec,
    MetricSpec,
    ModelSpec,
    Preset,
    StudioError,
    hookimpl,
)
from studio.engine.plugin_loading import PluginError
from studio.engine.plugins import PluginHost, PluginStatus
from tests.engine.plugin_shelf import GOOD, PluginShelf, shelf_on_path

BROKEN = "raise ValueError('bad weather')"


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[PluginShelf]:
    with shelf_on_path(tmp_path / "shelf") as shelf:
        yield shelf


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def listing(home: Path, shelf: PluginShelf, **options: bool) -> tuple[PluginStatus, ...]:
    return PluginHost.listing(home, entry_points=shelf.entry_points(), **options)


def test_a_plugin_is_found_through_its_distribution(
    home: Path, shelf: PluginShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.add("good", GOOD, distribution="ganvas-nice", version="2.1")
    monkeypatch.setattr(sys, "path", [str(shelf.folder)])
    broken = shelf.folder / "broken-1.0.dist-info"
    broken.mkdir()
    (broken / "entry_points.txt").write_bytes(b"\xff\xfe[[[")
    expected = PluginStatus("good", ok=True, distribution="ganvas-nice", version="2.1", models=("good",))
    monkeypatch.setattr("studio.engine.plugins.probe", _answer_good)
    assert PluginHost.listing(home) == (expected,)


def test_built_in_plugins_come_first_and_are_all_there_is_in_safe_mode(home: Path, shelf: PluginShelf) -> None:
    shelf.add("other", GOOD, distribution="another")
    shelf.add("own", GOOD, distribution="ganvas")
    own, other = listing(home, shelf)
    assert (own.id, own.ok) == ("own", True)
    assert (other.id, other.ok) == ("other", False)
    assert [status.id for status in listing(home, shelf, safe_mode=True)] == ["own"]


def test_two_plugins_of_one_name_are_told_apart(home: Path, shelf: PluginShelf) -> None:
    shelf.add("good", GOOD, distribution="aa")
    shelf.register("good", "shelf_good", distribution="bb")
    first, second = listing(home, shelf)
    assert first.ok
    assert second.error == "Its plugin good is offered already by the plugin good of aa."


def test_a_plugin_is_loaded_once_until_it_changes(home: Path, shelf: PluginShelf) -> None:
    shelf.add("good", GOOD)
    first = listing(home, shelf)
    assert listing(home, shelf) == first
    assert shelf.imports("good") == 1

    shelf.add("good", GOOD.replace("good", "better"))
    assert listing(home, shelf)[0].models == ("better",)
    assert shelf.imports("good") == 2

    shelf.register("good", "shelf_good", record="shelf_good.py,sha256=abc,9")
    listing(home, shelf)
    assert shelf.imports("good") == 3


def test_a_failure_is_tried_again_when_asked_and_after_a_day(
    home: Path, shelf: PluginShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.add("broken", BROKEN)
    shelf.add("good", GOOD)
    listing(home, shelf)
    listing(home, shelf)
    assert shelf.imports("broken") == 1
    listing(home, shelf, retry=True)
    assert shelf.imports("broken") == 2
    tomorrow = time.time() + 24.5 * 3600
    monkeypatch.setattr(time, "time", lambda: tomorrow)
    listing(home, shelf)
    assert shelf.imports("broken") == 3
    assert shelf.imports("good") == 1


def test_a_failure_is_tried_again_after_something_was_installed(
    home: Path, shelf: PluginShelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages = tmp_path / "site-packages"
    packages.mkdir()
    monkeypatch.setattr(sys, "path", [*sys.path, str(packages)])
    shelf.add("needy", "import shelf_dependency\n" + GOOD)
    assert not listing(home, shelf)[0].ok
    (packages / "shelf_dependency.py").touch()
    assert listing(home, shelf)[0].ok


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"ganvas-good/good": 3}', '{"ganvas-good/good": {}}'])
def test_a_damaged_memory_is_no_loss(
    home: Path, shelf: PluginShelf, content: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.mkdir()
    (home / "plugins.json").write_text(content)
    shelf.add("good", GOOD)
    monkeypatch.setattr("studio.engine.plugins.probe", _answer_good)
    assert listing(home, shelf)[0].ok


def test_a_home_that_cannot_be_written_is_no_loss(
    home: Path, shelf: PluginShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.write_text("a file")
    shelf.add("good", GOOD)
    monkeypatch.setattr("studio.engine.plugins.probe", _answer_good)
    assert listing(home, shelf)[0].ok


def test_a_known_listing_imports_neither_plugins_nor_what_is_slow(home: Path, shelf: PluginShelf) -> None:
    shelf.add("good", GOOD)
    listing(home, shelf)
    slow = {"torch", "numpy", "pydantic", "pluggy", "studio.api", "rich", "shelf_good"}
    code = f"""
import sys
from importlib.metadata import distributions
from pathlib import Path
sys.path.insert(0, {str(shelf.folder)!r})
from studio.engine.plugins import PluginHost
found = [one for dist in distributions(path=[{str(shelf.folder)!r}]) for one in dist.entry_points]
assert [one.models for one in PluginHost.listing(Path({str(home)!r}), entry_points=found)] == [("good",)]
assert not {slow!r} & set(sys.modules), {slow!r} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
    assert shelf.imports("good") == 1


EVERYTHING = """
from studio.api import CanvasSpec, ExporterSpec, ImporterSpec, MetricSpec

@hookimpl
def studio_models():
    yield spec("full")

@hookimpl
def studio_datasets():
    return (DatasetSpec("demo:full", "Full", DataKind.UNLABELLED, "", "m:f"),)

@hookimpl
def studio_canvases():
    return [CanvasSpec("full-canvas", "Full", (), "m:C")]

@hookimpl
def studio_metrics():
    return [MetricSpec("full-metric", "Full", True, "m:f")]

@hookimpl
def studio_importers():
    return [ImporterSpec("full-in", "Full", (".full",), "m:f")]

@hookimpl
def studio_exporters():
    return [ExporterSpec("full-out", "Full", ".full", "m:f")]
"""


def test_every_hook_is_asked(home: Path, shelf: PluginShelf) -> None:
    shelf.add("full", EVERYTHING)
    shelf.add("greedy", EVERYTHING.replace('"full"', '"other"'))
    host = PluginHost.discover(home, entry_points=shelf.entry_points())
    full, greedy = host.plugins
    assert full.models == ("full",)
    assert full.offers == (
        "dataset demo:full",
        "canvas full-canvas",
        "metric full-metric",
        "importer full-in",
        "exporter full-out",
    )
    assert greedy.error == "Its dataset demo:full is offered already by the plugin full of ganvas-full."
    found = [host.datasets(), host.canvases(), host.metrics(), host.importers(), host.exporters()]
    assert [spec.id for specs in found for spec in specs] == [one.split()[1] for one in full.offers]


class Fake:
    """A plugin that offers one model and one data set, and remembers which runs ended."""

    def __init__(self, model: str, raises: BaseException | None = None, cls: str = "studio.api:GanModel") -> None:
        self.ended: list[tuple[Path, str]] = []
        self._raises = raises
        self._spec = ModelSpec(
            model, model, "", cls, Hyperparameters, DataKind.UNLABELLED, (), {"quick": Preset("", 1)}
        )

    @hookimpl
    def studio_models(self) -> list[ModelSpec]:
        return [self._spec]

    @hookimpl
    def studio_datasets(self) -> list[DatasetSpec]:
        return [DatasetSpec(f"demo:{self._spec.id}", "", DataKind.UNLABELLED, "", "m:f")]

    @hookimpl
    def studio_run_finished(self, run: Path, outcome: str) -> None:
        self.ended.append((run, outcome))
        if self._raises:
            raise self._raises


def test_models_and_their_plugins_are_found_by_id() -> None:
    host = PluginHost.of({"one": Fake("alpha"), "two": Fake("beta")})
    assert list(host.models()) == ["alpha", "beta"]
    assert host.model("beta").title == "beta"
    assert host.plugin_of("beta").id == "two"
    assert [spec.id for spec in host.datasets()] == ["demo:alpha", "demo:beta"]
    assert host.canvases() == host.metrics() == host.importers() == host.exporters() == ()
    assert host.load_model("alpha").__name__ == "GanModel"


@pytest.mark.parametrize("ask", [PluginHost.model, PluginHost.plugin_of, PluginHost.load_model])
def test_an_unknown_model_gets_the_nearest_and_all(ask: object) -> None:
    host = PluginHost.of({"one": Fake("alpha"), "two": Fake("beta")})
    with pytest.raises(StudioError) as raised:
        ask(host, "alpa")  # type: ignore[operator]
    assert str(raised.value) == "There is no model 'alpa'. Did you mean alpha? There is: alpha, beta."


def test_an_unknown_model_points_to_failed_plugins() -> None:
    failed = PluginStatus("lost", ok=False, distribution="d", version="1", error="It raised.")
    with pytest.raises(StudioError, match=r"No model is installed\. These plugins failed to load: lost"):
        PluginHost([(failed, None)]).model("lost")


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        ("nowhere.at_all:Model", "cannot load its model alpha: ModuleNotFoundError"),
        ("studio.api:Absent", "cannot load its model alpha: AttributeError"),
        ("studio.api:Preset", "studio.api:Preset is not a GanModel"),
    ],
)
def test_a_model_that_cannot_be_imported_names_its_plugin(reference: str, reason: str) -> None:
    host = PluginHost.of({"one": Fake("alpha", cls=reference)})
    with pytest.raises(StudioError, match=reason) as raised:
        host.load_model("alpha")
    assert "The plugin one" in raised.value.message


@pytest.mark.parametrize("error", [ValueError("bad"), SystemExit(1)])
def test_a_plugin_that_raises_at_the_end_of_a_run_keeps_no_other_from_it(
    error: BaseException, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    plugins = [Fake("alpha"), Fake("beta", error), Fake("gamma")]
    PluginHost.of(dict(zip("abc", plugins, strict=True))).run_finished(tmp_path, "finished")
    assert [plugin.ended for plugin in plugins] == [[(tmp_path, "finished")]] * 3
    assert "The plugin b failed after a run had ended." in caplog.text


def _answer_good(entry_points: list[object], limit: float) -> list[object]:
    from studio.engine.plugin_probe import Finding

    return [Finding(models=(one.name,)) for one in entry_points]  # type: ignore[attr-defined]


def offering_metric(spec: object) -> object:
    class Plugin:
        @hookimpl
        def studio_metrics(self) -> list[object]:
            return [spec]

    return Plugin()


def offering_files(reader: object, writer: object) -> object:
    class Plugin:
        @hookimpl
        def studio_importers(self) -> list[object]:
            return [reader] if reader else []

        @hookimpl
        def studio_exporters(self) -> list[object]:
            return [writer] if writer else []

    return Plugin()


@pytest.mark.parametrize(
    ("plugin", "sentence"),
    [
        (offering_metric(MetricSpec("Sharp", "S", True, "m:f")), "Its metric 'Sharp' is invalid: the id is not lower"),
        (offering_metric(MetricSpec("sharp", "", True, "m:f")), "Its metric 'sharp' is invalid: the title is empty."),
        (offering_metric(MetricSpec("sharp", "S", True, "m")), "the metric is not module:callable."),
        (offering_files(ImporterSpec("i", "I", (".X",), "m:f"), None), "Its importer 'i' is invalid: the ending is"),
        (offering_files(ImporterSpec("i", "I", ".x", "m:f"), None), "the ending is not like .abc."),  # type: ignore[arg-type]
        (offering_files(None, ExporterSpec("e", "E", "x", "m:f")), "Its exporter 'e' is invalid: the ending is not"),
        (offering_files(None, ExporterSpec("onnx", "E", ".x", "m:f")), "the id is that of a format of the studio"),
        (offering_files(None, ExporterSpec("e", "E", ".x", "")), "the writer is not module:callable."),
    ],
)
def test_a_metric_an_importer_or_an_exporter_that_cannot_be_called_is_refused(plugin: object, sentence: str) -> None:
    with pytest.raises(PluginError, match=re.escape(sentence)):
        PluginHost.of({"one": plugin})


def test_the_plugin_that_offers_one_is_known() -> None:
    sharp = MetricSpec("sharp", "S", True, "m:f")
    writer = ExporterSpec("e", "E", ".x", "m:f")
    host = PluginHost.of({"one": offering_metric(sharp), "two": offering_files(None, writer)})
    assert [host.offering(spec).id for spec in (sharp, writer)] == ["one", "two"]
