"""Remembers how loading a plugin went, until the plugin changes."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import logging
import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import studio
from studio.engine.plugin_probe import Finding

if TYPE_CHECKING:
    from importlib.metadata import Distribution, EntryPoint

FILE_NAME = "plugins.json"
RETRY_SECONDS = 24 * 3600.0

logger = logging.getLogger(__name__)


class PluginCache:
    """Findings by plugin, in `<home>/plugins.json`.

    A finding holds as long as the plugin's distribution, version, RECORD and source files stay as they were. A failure
    also lapses after a day, and when anything is installed or removed: what it was missing may have come.
    """

    def __init__(self, home: Path) -> None:
        self._file = home / FILE_NAME
        self._entries = self._load()

    def get(self, entry_point: EntryPoint) -> Finding | None:
        """The finding, if it still holds."""
        entry = self._entries.get(_key(entry_point))
        try:
            if entry is None or entry["fingerprint"] != fingerprint(entry_point):
                return None
            finding = _finding(entry["finding"])
            return finding if not finding.error or self._holds(entry) else None
        except (KeyError, TypeError, ValueError):
            return None

    def put(self, findings: Sequence[tuple[EntryPoint, Finding]]) -> None:
        """Adds findings and saves. A home that cannot be written costs speed, nothing else."""
        if not findings:
            return
        for entry_point, finding in findings:
            self._entries[_key(entry_point)] = {
                "fingerprint": fingerprint(entry_point),
                "packages": _packages_stamp(),
                "time": time.time(),
                "finding": asdict(finding),
            }
        try:
            self._save()
        except OSError as error:
            logger.warning("The list of plugins could not be kept: %s", error)

    def _holds(self, entry: Mapping[str, Any]) -> bool:
        return bool(entry["packages"] == _packages_stamp()) and 0 <= time.time() - entry["time"] < RETRY_SECONDS

    def _load(self) -> dict[str, Any]:
        try:
            entries = json.loads(self._file.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return entries if isinstance(entries, dict) else {}

    def _save(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        beside = self._file.with_name(f"{FILE_NAME}.{os.getpid()}.part")
        try:
            beside.write_text(json.dumps(self._entries, indent=1), "utf-8")
            beside.replace(self._file)
        finally:
            beside.unlink(missing_ok=True)


def fingerprint(entry_point: EntryPoint) -> str:
    """Changes whenever the plugin, the contract it was checked against, or Python does."""
    parts = [entry_point.value, sys.version, studio.__version__, *_distribution_parts(entry_point.dist)]
    package = entry_point.value.partition(":")[0].strip().partition(".")[0]
    contract = Path(studio.__file__).parent / "api"
    parts += _stamps(sorted(contract.glob("*.py"))) + _stamps(_sources(package))
    return hashlib.sha256("\n".join(parts).encode("utf-8", "backslashreplace")).hexdigest()


def _key(entry_point: EntryPoint) -> str:
    name = entry_point.dist.name if entry_point.dist else ""
    return f"{name}/{entry_point.name}"


def _distribution_parts(distribution: Distribution | None) -> list[str]:
    if distribution is None:
        return []
    record = distribution.read_text("RECORD") or ""
    return [distribution.name, distribution.version, hashlib.sha256(record.encode("utf-8")).hexdigest()]


def _sources(package: str) -> list[Path]:
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return []
    if spec is None:
        return []
    if spec.submodule_search_locations is None:
        return [Path(spec.origin)] if spec.origin else []
    return sorted(path for folder in spec.submodule_search_locations for path in Path(folder).rglob("*.py"))


def _stamps(files: list[Path]) -> list[str]:
    stamps = []
    for file in files:
        with contextlib.suppress(OSError):
            status = file.stat()
            stamps.append(f"{file} {status.st_mtime_ns} {status.st_size}")
    return stamps


def _packages_stamp() -> str:
    folders = [Path(entry) for entry in sys.path if entry.endswith(("site-packages", "dist-packages"))]
    return "\n".join(_stamps(folders))


def _finding(values: Mapping[str, Any]) -> Finding:
    return Finding(
        models=tuple(values["models"]),
        offers=tuple(values["offers"]),
        error=str(values["error"]),
        detail=str(values["detail"]),
    )
