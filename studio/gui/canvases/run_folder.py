"""What a canvas keeps lies in its run's folder, and only where that is still there."""

from __future__ import annotations

from pathlib import Path

from studio.api.errors import StudioError

REMEDY = "Bring it back, or open it where it is now. Save what you want to keep as a picture."


def make_edits(edits: Path) -> None:
    """Makes the folder of a run's edits where it is not there yet, but never the run's own.

    A folder that stood where a deleted run was would be no run, and in the way of bringing that back.

    Raises:
        StudioError: the run was deleted or renamed, or the disk is full.
    """
    try:
        edits.mkdir(exist_ok=True)
    except FileNotFoundError as error:
        raise StudioError(f"The run {edits.parent.name} is not where it was.", REMEDY) from error
    except OSError as error:
        raise StudioError(f"{edits} could not be made: {error.strerror}.", "Make room and try again.") from error
