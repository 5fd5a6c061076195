"""The pickles that NVIDIA's training writes: `G`, `D`, `G_ema`, and what the data was."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from typing import Any

from studio.importers import judge, stylegan2_ada, stylegan3
from studio.importers.found import Found, unfit
from studio.importers.meaning import Persisted
from studio.importers.modules import Network, network

UNKNOWN_CODE = (
    "The code that the file was made with is not one of the published versions that Ganvas was compared with. Names "
    "and shapes fit; pictures may differ if its makers changed the arithmetic."
)

# Of the source text as `_fingerprint` has it: stylegan2-ada-pytorch's networks.py, and stylegan3's
# networks_stylegan2.py and networks_stylegan3.py.
_PUBLISHED = frozenset(
    {
        "6c115bcecf322a22e6349e746d4d5dc1fe92a6b23f37f23a8a52243b5a54b8aa",
        "e1699e65acc9d489d17134ef3dbe4f35273afd070ba14d71205c16d55dcb0232",
        "ff9de9bc54c4ce2cb5b22c8d4b4fc062af0cf6d619b3e2a26092777b3581c936",
    }
)


def is_nvidia(value: Any) -> bool:
    """Whether it is such a pickle, or one network of one."""
    return isinstance(value, Persisted) or (isinstance(value, dict) and isinstance(value.get("G_ema"), Persisted))


def read_nvidia(value: Any) -> Found:
    """Our model of such a pickle.

    Raises:
        ForeignFileError: the networks are of a kind that we do not have.
    """
    pickled, critic = (value, None) if isinstance(value, Persisted) else (value["G_ema"], value.get("D"))
    G = network(pickled, stylegan2_ada.CLASSES | stylegan3.CLASSES)
    if G.class_name != "Generator":
        raise unfit(f"it is a {G.class_name[:60]} alone")
    alias_free = "synthesis.input" in G.parts
    judged = None
    if critic is not None:
        D = network(critic, judge.CLASSES)
        judged = judge.judge(D, G.number("", "img_resolution"), G.number("", "c_dim"), _clamp(D))
    found = stylegan3.assembled(G, judged) if alias_free else stylegan2_ada.assembled(G, judged)
    known = _fingerprint(G.source) in _PUBLISHED
    return found if known else dataclasses.replace(found, notes=(UNKNOWN_CODE,))


def _clamp(D: Network) -> float | None:
    """Our D clamps where it has layers in half precision, as NVIDIA's configurations do."""
    return stylegan2_ada.CLAMP if any(facts.get("use_fp16") is True for _, facts in D.parts.values()) else None


def _fingerprint(source: str) -> str:
    """Of a source text without its comments, its white space and the mark of byte order."""
    bare = re.sub(r"\s+", "", re.sub(r"#[^\n]*", "", source.removeprefix("\ufeff")))
    return hashlib.sha256(bare.encode("utf-8", "surrogatepass")).hexdigest()
