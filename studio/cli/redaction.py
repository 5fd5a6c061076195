"""Takes out of a text what tells who or where a person is: paths, their name, their machine's."""

from __future__ import annotations

import getpass
import os
import platform
import re
import sys
from pathlib import Path

PATH = re.compile(r"""(?<![\w.>~/\\…])(?:[A-Za-z]:)?[\\/](?=[^\s\\/])(?:[^\\/\n"'<>|*?:]+[\\/])*""")


def without_paths(text: str) -> str:
    """`text` with every absolute path shortened to its end, and the person's and the machine's names left out.

    Where Python finds modules is cut off as a whole, so that a traceback still says which module it is about. Elsewhere
    only a file's own name stays. Rather too much is taken out than too little.
    """
    for entry in sorted({entry for entry in sys.path if len(entry) > 1}, key=len, reverse=True):
        text = text.replace(entry.rstrip("/\\") + os.sep, "<python>/")
    text = text.replace(str(Path.home()), "~") if len(str(Path.home())) > 1 else text
    text = re.sub(r"~(?:[\\/][^\\/\n\"'<>|*?:]+)*[\\/]", "~/…/", text)
    text = PATH.sub("…/", text)
    for name in _names():
        text = re.sub(rf"\b{re.escape(name)}\b", "…", text)
    return text


def _names() -> list[str]:
    try:
        person = getpass.getuser()
    except (OSError, KeyError, ImportError):
        person = ""
    common = ("root", "user", "admin", "localhost")
    return [name for name in (person, platform.node()) if len(name) > 2 and name not in common]
