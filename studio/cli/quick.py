"""Commands that start quickly: Typer loads pydantic for every option without a value, and `--help` has none."""

from __future__ import annotations

from typing import Any

import typer.core


class QuickCommand(typer.core.TyperCommand):
    """A command whose `--help` is off by default rather than unknown."""

    def get_help_option(self, ctx: Any) -> Any:
        """The option, or None where there is none."""
        return _off(super().get_help_option(ctx))


class QuickGroup(typer.core.TyperGroup):
    """A group of such commands, itself as quick."""

    def get_help_option(self, ctx: Any) -> Any:
        """The option, or None where there is none."""
        return _off(super().get_help_option(ctx))


def _off(option: Any) -> Any:
    if option is not None:
        option.default = False
    return option
