"""Commands on their way to an engine in another process, kept while there is none."""

from __future__ import annotations

import itertools
import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterable

from studio.engine.commands import Begin, Cancel, Close, Command, Render


class Outbox:
    """In order, but of one client's requests only the newest, in the older one's turn.

    Attributes:
        closing: whether the last command ever has been put in.
    """

    def __init__(self) -> None:
        self.closing = False
        self._waiting: OrderedDict[Hashable, Command] = OrderedDict()
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._open = False
        self._ended = False

    def put(self, command: Command) -> None:
        """Adds a command, from any thread."""
        with self._changed:
            self.closing = self.closing or isinstance(command, Close)
            self._waiting[self._key(command)] = command
            self._changed.notify_all()

    def put_first(self, commands: Iterable[Command]) -> None:
        """Adds commands before all others, but for requests that a newer one has taken the place of."""
        with self._changed:
            for command in reversed(list(commands)):
                key = self._key(command)
                if key not in self._waiting:
                    self._waiting[key] = command
                    self._waiting.move_to_end(key, last=False)
            self._changed.notify_all()

    def take(self) -> Command | None:
        """The next command; waits for one, and for the gate to be open. None when there will be no more."""
        with self._changed:
            self._changed.wait_for(lambda: self._ended or (self._open and self._waiting))
            return None if self._ended else self._waiting.popitem(last=False)[1]

    def open(self) -> None:
        """There is an engine: commands may be taken."""
        self._set(gate=True)

    def shut(self) -> None:
        """There is none: commands wait."""
        self._set(gate=False)

    def end(self) -> None:
        """There will be none any more."""
        self._set(gate=False, ended=True)

    def wait(self) -> None:
        """Blocks until there is a command."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self._waiting))

    @property
    def asked(self) -> bool:
        """Whether anything waits that a person has asked for, rather than a canvas."""
        with self._changed:
            return any(not isinstance(one, Render | Begin | Cancel) for one in self._waiting.values())

    def drop_requests(self) -> list[Render | Begin]:
        """Takes out what canvases have asked for, and returns what should be answered."""
        with self._changed:
            dropped = [(key, one) for key, one in self._waiting.items() if isinstance(one, Render | Begin | Cancel)]
            for key, _ in dropped:
                del self._waiting[key]
            return [one for _, one in dropped if not isinstance(one, Cancel)]

    def _set(self, *, gate: bool, ended: bool = False) -> None:
        with self._changed:
            self._open, self._ended = gate, ended
            self._changed.notify_all()

    def _key(self, command: Command) -> Hashable:
        match command:
            case Render():
                return ("render", command.client)
            case Begin() | Cancel():
                return ("work", command.client)
            case _:
                return next(self._numbers)
