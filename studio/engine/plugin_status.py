"""What is known of a plugin without importing it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PluginStatus:
    """One plugin, found; whether it works, and if not, why.

    Attributes:
        id: the name of its entry point.
        ok: whether it can be used.
        distribution: what was installed to get it; empty where it came from no distribution.
        version: of that distribution.
        models: the ids of the models it offers.
        error: why it cannot be used, in one sentence; empty where it can.
        detail: the traceback and whatever it printed; may be empty.
        offers: what else it offers: `dataset demo:icons`, `canvas latent`, ...
    """

    id: str
    ok: bool
    distribution: str
    version: str
    models: tuple[str, ...] = ()
    error: str = ""
    detail: str = ""
    offers: tuple[str, ...] = ()
