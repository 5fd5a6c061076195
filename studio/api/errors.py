"""What a person can mend, and how: the one error type that is shown without a traceback."""

from __future__ import annotations


class StudioError(Exception):
    """Something the person at the keyboard can put right.

    The window shows it as a notice, the command line as one sentence on standard error with exit code 2. Anything
    else that escapes is a bug and keeps its traceback.

    Attributes:
        message: what happened, one sentence.
        remedy: what to do about it, one sentence; may be empty where the message already says it.
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".rstrip()
