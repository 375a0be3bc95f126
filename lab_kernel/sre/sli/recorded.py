"""The access log of a real nginx before a shop, for an hour, with faults that are known.

``tools.record.access_log`` made it. ``access`` is all that nginx logged; ``access-server`` and
``access-client`` are what the shop and the clients logged in nine minutes of it.
"""

from __future__ import annotations

import gzip
import io
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, overload

from lab_kernel.host import recording
from lab_kernel.sre.sli.access_log import parse
from lab_kernel.sre.sli.event import Event

NAMES = ("access", "access-client", "access-server")


@dataclass(frozen=True, slots=True)
class Fault:
    """What was broken on purpose, from ``start`` to ``end`` in Unix seconds.

    ``kind`` is ``slow``, ``burst``, ``network``, ``outage`` or ``burn``; ``about`` says more.
    """

    kind: str
    start: float
    end: float
    amount: float
    about: str


def lines(name: str = "access") -> Iterator[str]:
    """The lines of one of the logs, as they were written."""
    packed = (files("lab_kernel") / "recordings" / f"{name}.log.gz").read_bytes()
    with gzip.open(io.BytesIO(packed), "rt", encoding="ascii") as text:
        yield from text


class Log(Sequence[Event]):
    """The events of a recorded log, in the order of its lines, in a hundredth of the room.

    What repeats itself is kept once: ``kinds`` are the different events with time and duration
    left out. ``times`` are Unix seconds, ``millis`` the durations in milliseconds (that is all
    that nginx logs), ``which`` the places in ``kinds``: one of each for every event.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        """What stands around the time and the duration is parsed once for each different text."""
        self.times, self.millis, self.which = array("I"), array("H"), array("H")
        moments, places = dict[str, int](), dict[tuple[str, str], int]()
        kinds = dict[Event, int]()
        for line in lines:
            before, _bracket, after = line.partition("[")
            moment, _bracket, rest = after.partition("]")
            around, _space, duration = rest.rpartition(" ")
            if moment not in moments or (before, around) not in places:
                event = parse(line)
                assert event is not None, line
                moments[moment] = int(event.time)
                kind = event._replace(time=0, seconds=0)
                places[before, around] = kinds.setdefault(kind, len(kinds))
            self.times.append(moments[moment])
            self.millis.append(round(1000 * float(duration)))
            self.which.append(places[before, around])
        self.kinds = tuple(kinds)

    def __len__(self) -> int:
        return len(self.times)

    def __iter__(self) -> Iterator[Event]:
        rest = [kind[2:] for kind in self.kinds]
        for time, ms, place in zip(self.times, self.millis, self.which, strict=True):
            yield Event(time, ms / 1000, *rest[place])

    @overload
    def __getitem__(self, at: int) -> Event: ...
    @overload
    def __getitem__(self, at: slice) -> list[Event]: ...
    def __getitem__(self, at: int | slice) -> Event | list[Event]:
        if isinstance(at, slice):
            return [self[n] for n in range(*at.indices(len(self)))]
        kind = self.kinds[self.which[at]]
        return Event(self.times[at], self.millis[at] / 1000, *kind[2:])


@cache
def events(name: str = "access") -> Log:
    """All events of one of the logs; kept, since they take a moment to read."""
    return Log(lines(name))


def told() -> dict[str, Any]:
    """How it was made: ``start`` and ``end`` in Unix seconds, ``rate``, ``workers`` and so on."""
    return recording("access").metadata


def faults() -> list[Fault]:
    """In order of time."""
    return [Fault(**each) for each in told()["faults"]]
