"""One event record for everything.

Every simulator writes a Trace, every recording of a real Linux is parsed into one, and every
picture, table and check reads one. That is why a simulated run and a real one can stand side by
side with no extra code.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """What happened: when, for how long, on which track, of which kind.

    ``time`` and ``duration`` are whole ticks of whoever wrote the event (a simulator's virtual
    clock, microseconds in a recording). ``track`` is the row it belongs to (a CPU, a process, a
    frame), ``kind`` the class that pictures colour by (``fault``, ``hit``), ``name`` what a reader
    sees. ``details`` holds JSON values only.
    """

    time: int
    duration: int
    track: str
    kind: str
    name: str
    details: Mapping[str, Any] = field(default_factory=dict)


class Trace:
    """An ordered list of events."""

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self.events = list(events)

    def __iter__(self) -> Iterator[Event]:
        return iter(self.events)

    def __len__(self) -> int:
        return len(self.events)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Trace) and self.events == other.events

    __hash__ = None  # type: ignore[assignment]  # a Trace grows

    def __repr__(self) -> str:
        kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(self.counts().items()))
        return f"<Trace of {len(self)} events: {kinds}>"

    def add(
        self, time: int, track: str, kind: str, name: str, duration: int = 0, **details: Any
    ) -> Event:
        """Append an event and return it."""
        event = Event(time, duration, track, kind, name, details)
        self.events.append(event)
        return event

    def where(self, keep: Callable[[Event], bool] | None = None, **equal: Any) -> Trace:
        """The events whose fields equal those given, and for which ``keep`` is true."""
        return Trace(
            event
            for event in self.events
            if all(getattr(event, name) == value for name, value in equal.items())
            and (keep is None or keep(event))
        )

    def counts(self, by: str = "kind") -> Counter[str]:
        """How many events there are of each kind (or track, or name)."""
        return Counter(getattr(event, by) for event in self.events)

    def tracks(self) -> list[str]:
        """The tracks in order of first appearance."""
        return list(dict.fromkeys(event.track for event in self.events))

    def to_json_lines(self) -> str:
        """One event a line, fields in a fixed order; ``from_json_lines`` reads it back."""
        return "".join(
            json.dumps(
                [e.time, e.duration, e.track, e.kind, e.name, dict(e.details)], ensure_ascii=False
            )
            + "\n"
            for e in self.events
        )

    @classmethod
    def from_json_lines(cls, text: str) -> Trace:
        """The inverse of ``to_json_lines``; ValueError names the first line that is no event."""
        trace = cls()
        # Not splitlines: a name may hold one of the other characters that it takes for line ends.
        for number, line in enumerate(text.removesuffix("\n").split("\n") if text else (), 1):
            try:
                time, duration, track, kind, name, details = json.loads(line)
                trace.add(int(time), str(track), str(kind), str(name), int(duration), **details)
            except (ValueError, TypeError) as error:
                raise ValueError(f"line {number} is not an event") from error
        return trace

    def to_chrome(self) -> dict[str, Any]:
        """The Trace Event Format of Chrome, which ui.perfetto.dev opens.

        Source: "Trace Event Format", Google, 2016. A tick becomes a microsecond. Events with a
        duration are complete events (``X``), the others instants (``i``); each track is a thread
        with its name.
        """
        rows = {track: number for number, track in enumerate(self.tracks(), 1)}
        events: list[dict[str, Any]] = [
            {"ph": "M", "name": "thread_name", "pid": 1, "tid": tid, "args": {"name": track}}
            for track, tid in rows.items()
        ]
        for e in self.events:
            event: dict[str, Any] = {
                "ph": "X" if e.duration else "i",
                "name": e.name,
                "cat": e.kind,
                "ts": e.time,
                "pid": 1,
                "tid": rows[e.track],
                "args": dict(e.details),
            }
            event |= {"dur": e.duration} if e.duration else {"s": "t"}
            events.append(event)
        return {"traceEvents": events, "displayTimeUnit": "ms"}
