"""Toy models that make pictures from pictures and from layouts, as a third party would install them."""

from __future__ import annotations

from studio.api import ModelSpec, hookimpl
from tests.toys import DOMAINS, PAINTER, PAIRS


@hookimpl
def studio_models() -> list[ModelSpec]:
    return [PAIRS, DOMAINS, PAINTER]
