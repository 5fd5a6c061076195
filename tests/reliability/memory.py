"""How much memory this process holds."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

import pytest

needs_proc = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def resident_megabytes() -> float:
    """Resident memory, after collecting what nobody needs."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
