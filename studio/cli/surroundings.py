"""What every command is given: the home, whether to keep to built-in plugins, and the options that many share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from studio.engine.home import home_folder
from studio.engine.plugins import PluginHost, PluginStatus

if TYPE_CHECKING:
    from studio.engine.runs import Run, RunStore

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line on standard output, nothing else there.")]
RunText = Annotated[
    str,
    typer.Argument(metavar="RUN", help="A run's folder, its name, `latest`, or `starter:NAME`.", show_default=False),
]
DeviceText = Annotated[
    str, typer.Option("--device", metavar="DEVICE", help="auto, cpu, cuda, cuda:1, ... or mps.", show_default=True)
]
StepNumber = Annotated[
    int | None,
    typer.Option("--step", metavar="N", min=1, help="Of a checkpoint: see `ganvas show`.", show_default="the newest"),
]


def hand_on(context: typer.Context, **options: Any) -> None:
    """Lets options that were typed before a subcommand hold for it, as if they had been typed after it."""
    if context.invoked_subcommand is not None:
        context.default_map = {context.invoked_subcommand: options}


@dataclass(frozen=True)
class Surroundings:
    """Where a command runs.

    Attributes:
        home: runs, caches and settings.
        safe_mode: whether only built-in plugins are loaded.
        in_process: whether the window trains in its own process.
    """

    home: Path
    safe_mode: bool = False
    in_process: bool = False

    @classmethod
    def of(cls, context: typer.Context) -> Surroundings:
        """Those of the command that is running."""
        return context.obj if isinstance(context.obj, cls) else cls(home_folder())

    def listing(self, *, retry: bool = False) -> tuple[PluginStatus, ...]:
        """The plugins, without importing them here."""
        return PluginHost.listing(self.home, safe_mode=self.safe_mode, retry=retry)

    def host(self) -> PluginHost:
        """The plugins, loaded."""
        return PluginHost.discover(self.home, safe_mode=self.safe_mode)

    def store(self) -> RunStore:
        """The runs."""
        from studio.engine.runs import RunStore

        return RunStore(self.home)

    def run(self, text: str) -> Run:
        """The run that `text` means: a folder, a name, `latest`, or a model that came with the studio.

        Raises:
            StudioError: there is none.
        """
        from studio.engine.starters import find_run

        return find_run(self.store(), self.host, text)
