"""Events by time: aligned windows, lines that come late, and gaps.

A window of 300 seconds begins where the Unix time is a multiple of 300, so windows of two logs
are the same windows. An event belongs to the window in which it ended. A server writes lines a
little out of order; a window is therefore closed only when an event comes that is ``tolerance``
seconds past its end. What comes for a closed window is late and is handed back, not dropped.

A window without events is a gap: neither 100% good nor 0%, for 0/0 is no figure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.sre.sli.event import Event

TOLERANCE = 60  # seconds
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
LONGEST = 400 * 86_400  # seconds of a window


class Tally(Protocol):
    """What events are added to, one by one."""

    def add(self, event: Event) -> object: ...


T = TypeVar("T", bound=Tally)


@dataclass(frozen=True, slots=True)
class Window(Generic[T]):
    """From ``start`` up to but not including ``end``, in Unix seconds.

    ``tally`` is None for a gap, which is one or more windows long.
    """

    start: int
    end: int
    tally: T | None


def windows(
    events: Iterable[Event],
    seconds: int,
    make: Callable[[], T],
    *,
    tolerance: int = TOLERANCE,
    late: Callable[[Event], object] | None = None,
) -> Iterator[Window[T]]:
    """Each window when it is over, in order of time and without holes, from the first event on.

    ``make`` gives a new tally; ``late`` is called with every event that came too late. Without
    it such an event is BadInput. Only the open windows are kept: (tolerance / seconds) + 2.
    """
    opened: dict[int, T] = {}
    newest, last = float("-inf"), None  # last: the end of what was given back last
    begin, end, add = 0, 0, None  # of the window that was used last
    for event in events:
        time = event.time
        if time > newest:
            newest = time
        if add is not None and begin <= time < end:
            add(event)
            continue
        horizon = newest - tolerance  # windows that end at it or before are closed
        for start in sorted(start for start in opened if start + seconds <= horizon):
            yield from _closing(last, start, seconds, opened.pop(start))
            last = start + seconds
        begin = int(time // seconds) * seconds
        end = begin + seconds
        if end <= horizon:
            add = None
            if late is None:
                raise BadInput("time", _("an event came too late for its window"))
            late(event)
            continue
        if begin not in opened:
            opened[begin] = make()
        add = opened[begin].add
        add(event)
    for start in sorted(opened):
        yield from _closing(last, start, seconds, opened[start])
        last = start + seconds


def _closing(last: int | None, start: int, seconds: int, tally: T) -> Iterator[Window[T]]:
    """The gap before a window, if there is one, and the window."""
    if last is not None and last < start:
        yield Window(last, start, None)
    yield Window(start, start + seconds, tally)


def duration(text: str, argument: str = "window") -> int:
    """Seconds of ``30s``, ``5m``, ``1h``, ``30d``, ``4w``, or of a bare number."""
    found = re.fullmatch(r"(\d{1,20})([smhdw]?)", text.strip())
    seconds = int(found[1]) * UNITS[found[2] or "s"] if found else 0
    if seconds > LONGEST:
        message = _("“{value}” is too long: {days} days at most")
        raise BadInput(argument, message.format(value=text, days=f"{LONGEST // UNITS['d']:,}"))
    if seconds < 1:
        message = _("“{value}” is not a duration like 30s, 5m, 1h or 30d")
        raise BadInput(argument, message.format(value=text))
    return seconds
