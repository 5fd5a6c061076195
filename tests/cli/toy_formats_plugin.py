"""A plugin that writes and reads models in formats of its own, well and badly."""

from __future__ import annotations

from studio.api import ExporterSpec, ImporterSpec, hookimpl

WRITERS = "tests.cli.toy_formats"


@hookimpl
def studio_exporters() -> list[ExporterSpec]:
    return [
        ExporterSpec("toy-arrays", "Toy arrays", ".toys", f"{WRITERS}:write_arrays"),
        ExporterSpec("toy-text", "Toy text", ".toytxt", f"{WRITERS}:write_text"),
        ExporterSpec("toy-broken", "Broken", ".broken", f"{WRITERS}:write_half"),
        ExporterSpec("toy-nothing", "Nothing", ".nothing", f"{WRITERS}:write_nothing"),
        ExporterSpec("toy-elsewhere", "Elsewhere", ".elsewhere", f"{WRITERS}:write_elsewhere"),
        ExporterSpec("toy-picky", "Picky", ".picky", f"{WRITERS}:refuse"),
        ExporterSpec("toy-lost", "Lost", ".lost", f"{WRITERS}:is_not_there"),
    ]


@hookimpl
def studio_importers() -> list[ImporterSpec]:
    return [
        ImporterSpec("toy-shy", "Shy", (".shy", ".toys"), f"{WRITERS}:refuse_to_read"),
        ImporterSpec("toy-arrays", "Toy arrays", (".toys", ".safetensors"), f"{WRITERS}:read_arrays"),
        ImporterSpec("toy-broken", "Broken", (".broken",), f"{WRITERS}:read_and_fail"),
        ImporterSpec("toy-wrong", "Wrong", (".wrong",), f"{WRITERS}:read_something_else"),
        ImporterSpec("toy-lists", "Lists", (".lists",), f"{WRITERS}:read_lists"),
        ImporterSpec("toy-misfit", "Misfit", (".misfit",), f"{WRITERS}:read_a_misfit"),
    ]
