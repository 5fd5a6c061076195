"""The one exception for a file that cannot be read."""

from __future__ import annotations

from studio.api.errors import StudioError

DAMAGED = "Download or copy it again. Nothing in it was executed."
FOREIGN = "Ask its makers for a safetensors file or a plain state_dict. Nothing in it was executed."


class ForeignFileError(StudioError):
    """Someone else's model file is damaged, hostile, or of a kind that Ganvas does not read."""


def damaged(what: str) -> ForeignFileError:
    """What to raise for bytes that make no sense; `what` is a clause such as `it ends too early`."""
    return ForeignFileError(f"The file is damaged: {what}.", DAMAGED)


def too_much(what: str) -> ForeignFileError:
    """What to raise where a cap is reached: no model that we know comes near it."""
    return ForeignFileError(f"The file is built to exhaust memory or time: {what}.", DAMAGED)
