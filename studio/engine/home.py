"""Where runs, caches and settings live."""

from __future__ import annotations

import os
from pathlib import Path


def home_folder() -> Path:
    """The home: `GANVAS_HOME`, else the platform's folder for an application's data. It may not exist yet."""
    named = os.environ.get("GANVAS_HOME", "")
    if named:
        return Path(named).expanduser().absolute()
    import platformdirs

    return platformdirs.user_data_path("ganvas", appauthor=False)


def make_home(home: Path) -> None:
    """Makes the home where it is missing.

    Raises:
        StudioError: it cannot be made, or may not be written.
    """
    from studio.api.errors import StudioError

    remedy = "Set GANVAS_HOME to a folder of yours."
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StudioError(f"The home {home} cannot be made: {error.strerror}.", remedy) from error
    if not os.access(home, os.W_OK):
        raise StudioError(f"The home {home} may not be written.", remedy)
