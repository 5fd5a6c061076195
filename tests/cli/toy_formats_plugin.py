"""A plugin that writes models in formats of its own, well and badly."""

from __future__ import annotations

from studio.api import ExporterSpec, hookimpl

WRITERS = "tests.cli.toy_formats"


@hookimpl
def studio_exporters() -> list[ExporterSpec]:
    return [
        ExporterSpec("toy-text", "Toy text", ".toytxt", f"{WRITERS}:write_text"),
        ExporterSpec("toy-broken", "Broken", ".broken", f"{WRITERS}:write_half"),
        ExporterSpec("toy-nothing", "Nothing", ".nothing", f"{WRITERS}:write_nothing"),
        ExporterSpec("toy-picky", "Picky", ".picky", f"{WRITERS}:refuse"),
        ExporterSpec("toy-lost", "Lost", ".lost", f"{WRITERS}:is_not_there"),
    ]
