"""Takes out of a text what tells who or where a person is, and what they work with: paths, files' names, people's."""

from __future__ import annotations

import getpass
import os
import platform
import re
import sys
from collections.abc import Iterable
from functools import partial

# What may stay of a path: a module, which says where a bug is, and names that Ganvas gives itself.
MODULE = r"[\w.+-]+\.(?:pyc?|pyd|so(?:\.\d+)*|dll)"
OURS = r"run\.json|metrics\.jsonl|settings\.ini|step-\d{12}(?:\.pinned)?\.(?:safetensors|png)|\d{8}-\d{6}-[\w-]+"
FILES = (
    r"\.(?:png|jpe?g|webp|gif|bmp|tiff?|avif|hei[cf]|svg|psd|zip|json|csv|txt|mp4|mov|webm|safetensors|pkl|pickle"
    r"|pth?|ckpt|onnx)(?!\w)"
)
START = r"(?<![\w.>~/\\…])(?<!https:)(?<!http:)(?:file:)?(?:~\w*|[A-Za-z]:)?[\\/]+(?=[^\s\\/])"
PATH = re.compile(
    rf"""(?<="){START}[^"\n]*(?=")|(?<='){START}(?:[^'\\\n]|\\.)*(?=')|{START}(?:[^\n"'<>|*?]|(?<=\w)'(?=\w))*""",
    re.IGNORECASE,
)
TELLING = re.compile(rf"(?<=[\\/])(?P<stays>{MODULE}|{OURS})(?![\w.\\/-])|(?P<ending>{FILES})(?![\\/])", re.IGNORECASE)
CLAUSE_ENDS = re.compile(r"[.:](?:\s|$)|$")
LIBRARY = re.compile(r".*[\\/](?:site-packages|dist-packages|lib(?:64)?[\\/]python3[.\d]*)[\\/]+(.+)", re.IGNORECASE)
IN_NAMES = r"""(?:[^\n"':…]|:(?!\s))"""
# Where no name ends all is taken at once: looked at from each of its characters anew, a long line takes minutes.
NAME = re.compile(rf"(?<!…)(?!\s)(?:{IN_NAMES}+?(?P<ending>{FILES})|{IN_NAMES}+)", re.IGNORECASE)
OURS_AT_END = re.compile(rf"(?:^|\W)(?:{OURS})$")
COMMON = {"root", "user", "users", "admin", "localhost", "home", "data", "images", "pictures", "train", "test", "runs"}
LEAST = 3


def without_paths(text: str, private: Iterable[str] = ()) -> str:
    """`text` without paths, without the names of pictures, archives, models and the like, and without people's.

    Of a path stays the name of a module, with its place in its package, or one that Ganvas gave. Where it is not to be
    seen where a name ends, what follows goes too: rather too much is taken out than too little.

    Args:
        text: anything that a program says.
        private: more names that should not be told, such as those of data.
    """
    text = NAME.sub(_ending_alone, _without_paths(text))
    names = dict.fromkeys(_people(), re.IGNORECASE) | dict.fromkeys(private, re.NOFLAG)
    for name in sorted(names, key=len, reverse=True):
        if len(name) >= LEAST and name.lower() not in COMMON:
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "…", text, flags=names[name])
    return text


def _without_paths(text: str) -> str:
    return PATH.sub(partial(_shortened, text), text)


def _shortened(text: str, match: re.Match[str]) -> str:
    """A path's end, and what came after it. Between quotes the path is all that is there."""
    found = match[0]
    telling = TELLING.search(found)
    if telling is None:
        quoted = text[: match.start()].endswith(('"', "'")) and text[match.end() : match.end() + 1] in ("'", '"')
        clause = CLAUSE_ENDS.search(found)
        end = len(found) if quoted or clause is None else clause.start()
        return f"…{_without_paths(found[end:])}"
    end = telling.end()
    stays = _place(found[:end], telling["stays"]) if telling["stays"] else f"…{telling['ending']}"
    return f"{stays}{_without_paths(found[end:])}"


def _place(path: str, name: str) -> str:
    """A module's place in its package, where Python finds it; otherwise its name alone."""
    for entry in sorted({entry.rstrip("/\\") for entry in sys.path if len(entry) > 1}, key=len, reverse=True):
        if path.startswith(entry + os.sep):
            return f"<python>/{path.removeprefix(entry + os.sep)}"
    library = LIBRARY.fullmatch(path)
    return "<python>/" + re.sub(r"[\\/]+", "/", library[1]) if library else f"…/{name}"


def _ending_alone(match: re.Match[str]) -> str:
    stays = match["ending"] is None or OURS_AT_END.search(match[0])
    return match[0] if stays else f"…{match['ending']}"


def _people() -> list[str]:
    """The machine's name, with and without its domain; the person's login, their full name and its parts."""
    names = [platform.node(), platform.node().partition(".")[0]]
    try:
        names.append(getpass.getuser())
        import pwd

        full = pwd.getpwnam(getpass.getuser()).pw_gecos.partition(",")[0]
        names += [full, *full.split()]
    except (OSError, KeyError, ImportError):  # a container's user may have no name, Windows has no such list
        pass
    return names
