"""PluginHost: finds plugins, keeps the broken ones apart, and answers who offers what."""

from __future__ import annotations

import contextlib
import io
import logging
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import EntryPoint, distributions
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.engine.plugin_cache import PluginCache
from studio.engine.plugin_probe import LIMIT_SECONDS, Finding, probe
from studio.engine.plugin_status import PluginStatus

if TYPE_CHECKING:
    from studio.api import CanvasSpec, DatasetSpec, ExporterSpec, GanModel, ImporterSpec, MetricSpec, ModelSpec
    from studio.engine.plugin_loading import Contributions

GROUP = "ganvas.plugins"
BUILT_IN = "ganvas"

__all__ = ["PluginHost", "PluginStatus"]

logger = logging.getLogger(__name__)


class PluginHost:
    """The plugins of this installation. Nothing that a plugin does while it is found can keep the others from working.

    Attributes:
        plugins: one status for each plugin found, built-in ones first, failed ones among them.
    """

    def __init__(self, loaded: Iterable[tuple[PluginStatus, Contributions | None]]) -> None:
        pairs = list(loaded)
        self.plugins: tuple[PluginStatus, ...] = tuple(status for status, _ in pairs)
        self._loaded = [(status, found) for status, found in pairs if found is not None]

    @classmethod
    def listing(
        cls,
        home: Path,
        *,
        safe_mode: bool = False,
        entry_points: Iterable[EntryPoint] | None = None,
        retry: bool = False,
        limit: float = LIMIT_SECONDS,
    ) -> tuple[PluginStatus, ...]:
        """What is installed and whether it works, without importing any plugin here; quick where it is known already.

        Args:
            home: where findings are kept.
            safe_mode: the built-in plugins alone.
            entry_points: in place of those of the installed distributions.
            retry: check failed plugins again although nothing has changed.
            limit: seconds that a plugin may take to load.
        """
        return tuple(status for _, status in _listed(home, safe_mode, entry_points, retry, limit))

    @classmethod
    def discover(
        cls,
        home: Path,
        *,
        safe_mode: bool = False,
        entry_points: Iterable[EntryPoint] | None = None,
        retry: bool = False,
        limit: float = LIMIT_SECONDS,
    ) -> PluginHost:
        """Finds every plugin and loads those that work. Takes what `listing` takes."""
        listed = _listed(home, safe_mode, entry_points, retry, limit)
        return cls(_load_here(entry_point, status, home) for entry_point, status in listed)

    @classmethod
    def of(cls, plugins: Mapping[str, object]) -> PluginHost:
        """A host of plugins that are imported already, by name; nothing is probed.

        Raises:
            PluginError: one of them is not as it should be.
        """
        from studio.engine.plugin_loading import collect

        found = {name: collect(plugin, name) for name, plugin in plugins.items()}
        return cls((_status(name, "", "", _finding(one)), one) for name, one in found.items())

    def models(self) -> Mapping[str, ModelSpec]:
        """Every model, by id."""
        return {spec.id: spec for _, found in self._loaded for spec in found.models}

    def model(self, id: str) -> ModelSpec:  # noqa: A002 (the word of the command line and the run file)
        """The model of that id.

        Raises:
            StudioError: there is none; names those there are.
        """
        models = self.models()
        if id in models:
            return models[id]
        raise _unknown_model(id, self.plugins, list(models))

    def plugin_of(self, model_id: str) -> PluginStatus:
        """The plugin that offers a model.

        Raises:
            StudioError: none does.
        """
        for status, found in self._loaded:
            if model_id in found.model_ids:
                return status
        raise _unknown_model(model_id, self.plugins, list(self.models()))

    def datasets(self) -> tuple[DatasetSpec, ...]:
        """Data offered by name."""
        return tuple(spec for _, found in self._loaded for spec in found.datasets)

    def canvases(self) -> tuple[CanvasSpec, ...]:
        """Every canvas."""
        return tuple(spec for _, found in self._loaded for spec in found.canvases)

    def metrics(self) -> tuple[MetricSpec, ...]:
        """Every metric."""
        return tuple(spec for _, found in self._loaded for spec in found.metrics)

    def importers(self) -> tuple[ImporterSpec, ...]:
        """Every reader of others' model files."""
        return tuple(spec for _, found in self._loaded for spec in found.importers)

    def exporters(self) -> tuple[ExporterSpec, ...]:
        """Every writer of model files."""
        return tuple(spec for _, found in self._loaded for spec in found.exporters)

    def offering(self, spec: MetricSpec | ImporterSpec | ExporterSpec) -> PluginStatus:
        """The plugin that one of these metrics, importers or exporters comes from."""
        return next(
            status for status, found in self._loaded if spec in (*found.metrics, *found.importers, *found.exporters)
        )

    def run_finished(self, run: Path, outcome: str) -> None:
        """Tells every plugin that a run has ended. One that raises is logged and does not keep it from the others."""
        for status, found in self._loaded:
            try:
                found.manager.hook.studio_run_finished(run=run, outcome=outcome)
            except (Exception, SystemExit):
                logger.warning("The plugin %s failed after a run had ended.", status.id, exc_info=True)

    def load_model(self, id: str) -> type[GanModel]:  # noqa: A002
        """The class of a model, imported now.

        Raises:
            StudioError: there is no such model, or its plugin cannot import it; the cause has the traceback.
        """
        from studio.api import GanModel, StudioError
        from studio.engine.plugin_loading import resolve

        spec, plugin = self.model(id), self.plugin_of(id)
        remedy = f"Update or reinstall {plugin.distribution or plugin.id}."
        try:
            model = resolve(spec.model)
        except (Exception, SystemExit) as error:
            reason = f"{type(error).__name__}: {error}".rstrip(": ")
            raise StudioError(f"The plugin {plugin.id} cannot load its model {id}: {reason}.", remedy) from error
        if not (isinstance(model, type) and issubclass(model, GanModel)):
            raise StudioError(f"The plugin {plugin.id} is broken: {spec.model} is not a GanModel.", remedy)
        return model


def _listed(
    home: Path, safe_mode: bool, entry_points: Iterable[EntryPoint] | None, retry: bool, limit: float
) -> list[tuple[EntryPoint, PluginStatus]]:
    found = list(_installed() if entry_points is None else entry_points)
    found.sort(key=lambda one: (_distribution(one)[0] != BUILT_IN, _distribution(one)[0], one.name))
    if safe_mode:
        found = [one for one in found if _distribution(one)[0] == BUILT_IN]
    findings = _findings(found, PluginCache(home), retry, limit)
    statuses = [_status(one.name, *_distribution(one), finding) for one, finding in zip(found, findings, strict=True)]
    return list(zip(found, _without_clashes(statuses), strict=True))


def _installed() -> list[EntryPoint]:
    # One distribution with broken metadata would end importlib.metadata.entry_points() for all.
    found: dict[tuple[str, str], EntryPoint] = {}
    for distribution in distributions():
        try:
            offered = distribution.entry_points.select(group=GROUP)
            for entry_point in offered:
                found.setdefault((distribution.name, entry_point.name), entry_point)
        except Exception:
            logger.warning("The metadata of a distribution cannot be read.", exc_info=True)
    return list(found.values())


def _findings(entry_points: Sequence[EntryPoint], cache: PluginCache, retry: bool, limit: float) -> list[Finding]:
    known = [cache.get(one) for one in entry_points]
    open_ = [index for index, finding in enumerate(known) if finding is None or (retry and finding.error)]
    probed = dict(zip(open_, probe([entry_points[index] for index in open_], limit), strict=True))
    cache.put([(entry_points[index], finding) for index, finding in probed.items() if finding.settled])
    return [probed.get(index) or known[index] or Finding() for index in range(len(entry_points))]


def _load_here(entry_point: EntryPoint, status: PluginStatus, home: Path) -> tuple[PluginStatus, Contributions | None]:
    if not status.ok:
        return status, None
    from studio.engine.plugin_loading import PluginError, load

    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            return status, load(entry_point)
    except PluginError as fault:
        finding = Finding(error=str(fault), detail=fault.detail)
        PluginCache(home).put([(entry_point, finding)])
        return _status(status.id, status.distribution, status.version, finding), None


def _without_clashes(statuses: list[PluginStatus]) -> list[PluginStatus]:
    taken: dict[str, PluginStatus] = {}
    judged = []
    for status in statuses:
        claims = [f"plugin {status.id}", *(f"model {one}" for one in status.models), *status.offers]
        clash = next((claim for claim in claims if claim in taken), None)
        if status.ok and clash is not None:
            owner = taken[clash]
            error = f"Its {clash} is offered already by the plugin {owner.id} of {owner.distribution or 'nobody'}."
            judged.append(_status(status.id, status.distribution, status.version, Finding(error=error)))
            continue
        if status.ok:
            taken.update(dict.fromkeys(claims, status))
        judged.append(status)
    return judged


def _distribution(entry_point: EntryPoint) -> tuple[str, str]:
    if entry_point.dist is None:
        return "", ""
    return entry_point.dist.name, entry_point.dist.version


def _finding(found: Contributions) -> Finding:
    return Finding(found.model_ids, found.offers)


def _status(name: str, distribution: str, version: str, finding: Finding) -> PluginStatus:
    return PluginStatus(
        id=name,
        ok=not finding.error,
        distribution=distribution,
        version=version,
        models=finding.models,
        error=finding.error,
        detail=finding.detail,
        offers=finding.offers,
    )


def _unknown_model(name: str, plugins: Iterable[PluginStatus], known: list[str]) -> Any:
    import difflib

    from studio.api import StudioError

    near = difflib.get_close_matches(name, known, n=1)
    hint = f"Did you mean {near[0]}? " if near else ""
    failed = ", ".join(status.id for status in plugins if not status.ok)
    listed = f"There is: {', '.join(known)}." if known else "No model is installed."
    also = f" These plugins failed to load: {failed}; `ganvas plugins` says why." if failed else ""
    return StudioError(f"There is no model {name!r}.", f"{hint}{listed}{also}")
