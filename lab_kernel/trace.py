"""One event record for everything.

Every simulator writes a Trace, every recording of a real Linux is parsed into one, and every
picture, table and check reads one. That is why a simulated run and a real one can stand side by
side with no extra code.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from lab_kernel.errors import BadInput
from lab_kernel.language import _


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
        """One event a line, fields in a fixed order; ``from_json_lines`` reads it back.

        ValueError for NaN or an infinity among the details, which JSON does not have.
        """
        return "".join(
            json.dumps(
                [e.time, e.duration, e.track, e.kind, e.name, dict(e.details)],
                ensure_ascii=False,
                allow_nan=False,
            )
            + "\n"
            for e in self.events
        )

    @classmethod
    def from_json_lines(cls, text: str) -> Trace:
        """The inverse of ``to_json_lines``; BadInput names the first line that is no event."""
        trace = cls()
        # Not splitlines: a name may hold one of the other characters that it takes for line ends.
        for number, line in enumerate(text.removesuffix("\n").split("\n") if text else (), 1):
            try:
                trace.events.append(_event(line))
            except (ValueError, TypeError, OverflowError, RecursionError):
                message = _("line {number} is not an event").format(number=number)
                raise BadInput("trace", message) from None
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


class Silence(Trace):
    """Writes nothing down: for long runs into which nobody looks."""

    def add(
        self, time: int, track: str, kind: str, name: str, duration: int = 0, **details: Any
    ) -> Event:
        return _SILENT


_SILENT = Event(0, 0, "", "", "")


def _event(line: str) -> Event:
    """ValueError or TypeError unless each of the six values is what ``Event`` says."""
    read = json.loads(line, parse_constant=_no_number, parse_float=_finite)
    time, duration, track, kind, name, details = read
    # type() and not isinstance(): JSON's true would be a whole number, 1.
    types = [type(value) for value in read]
    if types != [int, int, str, str, str, dict] or duration < 0:
        raise ValueError(line)
    return Event(time, duration, track, kind, name, details)


def _no_number(word: str) -> NoReturn:
    """Python reads NaN, Infinity and -Infinity; JSON has none of them."""
    raise ValueError(word)


def _finite(word: str) -> float:
    """Also 1e999 would become an infinity."""
    number = float(word)
    return number if math.isfinite(number) else _no_number(word)
