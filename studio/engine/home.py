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
