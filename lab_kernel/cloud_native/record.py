"""What happened, in one Trace: the events that ``kubectl get events`` shows, and lives.

Tracks of objects (``deployment/web``, ``pod/web-...``, ``node/node-1``) hold events, kind
``Normal`` or ``Warning``, and what the store said of a pod or a node. Tracks of places
(``node-1/web-...``) hold what really ran there: while a node is cut off the two differ.
"""

from __future__ import annotations

from typing import Any

from lab_kernel.clock import Clock
from lab_kernel.trace import Event, Trace


class Record:
    """Written by everybody, read by ``trace``."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._written = Trace()
        self._open: dict[str, tuple[int, str, str]] = {}

    def event(self, thing: Any, reason: str, message: str, *, warning: bool = False) -> None:
        """An event about an object, in the words of Kubernetes."""
        kind = "Warning" if warning else "Normal"
        self._written.add(self.clock.now, track(thing), kind, reason, message=message)

    def state(self, row: str, kind: str, name: str = "") -> None:
        """From now on the row is in this state; "" ends what it was in."""
        before = self._open.pop(row, None)
        if before is not None:
            since, was, called = before
            if (was, called) == (kind, name):
                self._open[row] = before
                return
            if self.clock.now > since:
                self._written.add(since, row, was, called, self.clock.now - since)
        if kind:
            self._open[row] = (self.clock.now, kind, name)

    def span(
        self, row: str, kind: str, name: str, since: int, until: int | None = None, **details: Any
    ) -> None:
        """What began then has ended now, such as a request, or has ended ``until`` then."""
        end = self.clock.now if until is None else until
        self._written.add(since, row, kind, name, end - since, **details)

    def trace(self) -> Trace:
        """All so far in order of time; what still goes on goes on until now."""
        now = self.clock.now
        going = [
            Event(since, now - since, row, kind, name)
            for row, (since, kind, name) in self._open.items()
            if now > since
        ]
        return Trace(sorted([*self._written, *going], key=lambda event: event.time))

    def __len__(self) -> int:
        """How much has been written so far; ``since`` tells what came after."""
        return len(self._written)

    def since(self, number: int) -> list[Event]:
        return self._written.events[number:]

    def events(self) -> Trace:
        """Only what ``kubectl get events`` would show."""
        return self._written.where(lambda event: event.kind in ("Normal", "Warning"))


def track(thing: Any) -> str:
    return f"{type(thing).__name__.lower()}/{thing.metadata.name}"
