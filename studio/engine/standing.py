"""What holds at this moment of all that an engine has told: enough for whoever joins late."""

from __future__ import annotations

from dataclasses import replace

from studio.engine.events import DeviceReady, Event, RunOpened, RunState, SamplesReady, StateChanged, StepLogged
from studio.engine.worker import MAX_PLAYERS


class Standing:
    """Reads events and remembers the facts among them.

    Attributes:
        status: the newest state, at the newest step that is known.
        device: what is computed on; None until torch has loaded.
        opened: the runs that can be played with, by folder, oldest first.
    """

    def __init__(self) -> None:
        self.status = StateChanged(RunState.IDLE)
        self.device: DeviceReady | None = None
        self.opened: dict[str, RunOpened] = {}
        self._samples: SamplesReady | None = None

    def note(self, event: Event) -> None:
        """Takes an event in."""
        match event:
            case StateChanged():
                self.status = event
            case StepLogged() if event.run == self.status.run:
                self.status = replace(self.status, step=event.step)
            case DeviceReady():
                self.device = event
            case RunOpened():
                self._open(event)
            case SamplesReady():
                self._samples = event
            case _:
                pass

    def replay(self) -> list[Event]:
        """Events that bring a newcomer up to date. Metrics and older samples are in the run's folder."""
        facts: list[Event] = [] if self.device is None else [self.device]
        facts += self.opened.values()
        if self.status.state is not RunState.IDLE:
            facts.append(self.status)
        if self._samples is not None and self._samples.run == self.status.run:
            facts.append(self._samples)
        return facts

    def _open(self, opened: RunOpened) -> None:
        self.opened.pop(opened.run, None)
        while len(self.opened) >= MAX_PLAYERS:
            busy = self.status.run if self.status.state.busy else ""
            del self.opened[next(run for run in self.opened if run != busy)]
        self.opened[opened.run] = opened
