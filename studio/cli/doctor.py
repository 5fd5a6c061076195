"""`ganvas doctor`: what this machine can do, what is missing, and what a report of a bug needs."""

from __future__ import annotations

import collections
import dataclasses
import importlib.metadata
import os
import platform
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from studio.cli.output import columns, output
from studio.cli.surroundings import AsJson, Surroundings

if TYPE_CHECKING:
    from studio.engine.plugins import PluginStatus

DISTRIBUTION = "ganvas"
LITTLE_SPACE = 2 * 10**9
GIVEN_BY_US = re.compile(r"\d{8}-\d{6}-[\w-]+|starter-[\w-]+")


@dataclass(frozen=True)
class Problem:
    """Something that keeps Ganvas from doing all it could, and what to do about it."""

    problem: str
    remedy: str


@dataclass
class Findings:
    """What was found out. `facts` are for people and programs alike; `home` and `private` never leave the machine.

    Attributes:
        private: names that a person has given to data and to runs.
    """

    facts: dict[str, Any] = field(default_factory=dict)
    plugins: tuple[PluginStatus, ...] = ()
    problems: list[Problem] = field(default_factory=list)
    home: str = ""
    private: set[str] = field(default_factory=set)


def doctor(
    context: typer.Context,
    *,
    report: Annotated[
        Path | None,
        typer.Option("--report", metavar="FILE", help="Write this and the newest logs down for a bug report."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say what this machine can do and what is missing."""
    with output(json=as_json) as out:
        findings = examine(Surroundings.of(context))
        out.object(
            **findings.facts,
            home=findings.home,
            plugins=[dataclasses.asdict(status) for status in findings.plugins],
            problems=[dataclasses.asdict(problem) for problem in findings.problems],
        )
        out.text("\n".join([*_facts(findings), f"home: {findings.home}", "", *_problems(findings)]))
        if report is not None:
            _write_report(report.expanduser(), findings)
            out.say(f"Wrote {report}. It holds no pictures, no paths and no names; read it before you send it.")


def examine(around: Surroundings) -> Findings:
    """Looks at the machine, the installation, the plugins and the home."""
    findings = Findings(home=str(around.home))
    findings.facts |= _machine()
    _examine_libraries(findings)
    _examine_devices(findings)
    _examine_window(findings)
    _examine_home(findings, around)
    findings.plugins = around.listing(retry=True)
    for status in findings.plugins:
        if not status.ok:
            remedy = f"Update or remove {status.distribution or status.id}; `ganvas plugins --details` shows where."
            findings.problems.append(Problem(f"The plugin {status.id} does not work. {status.error}", remedy))
    return findings


def _machine() -> dict[str, Any]:
    from studio import __version__

    memory = 0
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "ganvas": __version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "cores": os.cpu_count() or 1,
        "memory_gb": round(memory / 1e9, 1),
    }


def _examine_libraries(findings: Findings) -> None:
    libraries = {}
    for name in _required():
        try:
            libraries[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            libraries[name] = "missing"
            findings.problems.append(Problem(f"{name} is not installed.", f"Reinstall Ganvas, or install {name}."))
    findings.facts["libraries"] = libraries


def _required() -> list[str]:
    try:
        requirements = importlib.metadata.requires(DISTRIBUTION) or []
    except importlib.metadata.PackageNotFoundError:
        return []
    names = [re.match(r"[A-Za-z0-9._-]+", text) for text in requirements if "extra ==" not in text]
    return sorted({match[0] for match in names if match})


def _examine_devices(findings: Findings) -> None:
    try:
        import torch

        from studio.engine.device import describe_device, devices

        described = {name: describe_device(torch.device(name)) for name in devices()}
    except Exception as error:  # noqa: BLE001 (a broken installation is what is looked for here)
        findings.facts["devices"] = {}
        findings.problems.append(Problem(f"torch cannot be used: {error}", "Reinstall torch for this machine."))
        return
    findings.facts["devices"] = {
        name: ready.name + (f", {ready.memory_bytes / 1e9:.0f} GB" if ready.memory_bytes else "")
        for name, ready in described.items()
    }


def _examine_window(findings: Findings) -> None:
    from studio.api.errors import StudioError
    from studio.cli.window import check_window

    try:
        check_window()
        findings.facts["window"] = "yes"
    except StudioError as error:
        findings.facts["window"] = "no"
        findings.problems.append(Problem(error.message, error.remedy))


def _examine_home(findings: Findings, around: Surroundings) -> None:
    runs = around.store().runs()
    statuses = collections.Counter(str(run.record.status) for run in runs)
    for run in runs:
        findings.private |= {run.name} if not GIVEN_BY_US.fullmatch(run.name) else set()
        findings.private |= _names_in(run.record.data)
        findings.private |= {run.record.origin.source} if run.record.origin is not None else set()
    findings.facts["runs"] = dict(statuses)
    existing = next(place for place in (around.home, *around.home.parents) if place.exists())
    free = shutil.disk_usage(existing).free
    findings.facts["free_gb"] = round(free / 1e9, 1)
    if not existing.is_dir():
        findings.problems.append(
            Problem(f"{existing} is no folder, and the home cannot be made there.", "Set GANVAS_HOME to a folder.")
        )
    elif not os.access(existing, os.W_OK):
        findings.problems.append(
            Problem(f"{around.home} may not be written.", "Move the home: set GANVAS_HOME to a folder of yours.")
        )
    elif free < LITTLE_SPACE:
        findings.problems.append(
            Problem(f"Only {free / 1e9:.1f} GB are free.", "Free some space: checkpoints need it.")
        )


def _names_in(data: str) -> set[str]:
    """The names in the path of data that is a person's own."""
    return set() if data.startswith("demo:") else {data, *Path(data).parts[1:], Path(data).stem}


def _facts(findings: Findings) -> list[str]:
    lines = []
    for name, value in findings.facts.items():
        if isinstance(value, dict):
            lines += [f"{name}:", *columns([(f"  {key}", str(inner)) for key, inner in value.items()] or [("  none",)])]
        else:
            lines.append(f"{name}: {value}")
    works = [
        (f"  {one.id}", "ok" if one.ok else "failed", f"{one.distribution} {one.version}") for one in findings.plugins
    ]
    return [*lines, "plugins:", *columns(works or [("  none",)])]


def _problems(findings: Findings) -> list[str]:
    if not findings.problems:
        return ["Nothing is missing."]
    return [f"! {one.problem} {one.remedy}".rstrip() for one in findings.problems]


def _write_report(file: Path, findings: Findings) -> None:
    from studio.cli.files import write_file
    from studio.cli.log_tails import log_tails
    from studio.cli.redaction import without_paths

    details = [f"\n{one.id}: {one.error}\n{one.detail}" for one in findings.plugins if not one.ok]
    logs = [f"\nThe end of a log of the {one.whose}, {one.begun}\n{one.text}" for one in log_tails(Path(findings.home))]
    told = without_paths("\n".join([*_facts(findings), "", *_problems(findings)]))
    said = without_paths("\n".join([*details, *logs]), findings.private)
    write_file(file, f"{told}\n{said}\n".encode("utf-8", "backslashreplace"))
