"""Indicators: what is computed from many events to say how good a service is.

    ratio         good / valid. Of requests that did not fail it is called availability, and
                  1 - availability is the error rate: one ratio, read in two ways. Of requests
                  that were fast enough it is the latency indicator
    good windows  the share of windows in which the ratio was high enough; a window counts the
                  same whether it had one request or a thousand
    throughput    valid requests a second
    concurrency   how many were being served at once in the mean, by Little's law L = rate * time,
                  which is the sum of all times divided by the length; divided by what can be
                  served at once it is the saturation
    latency       quantiles, from a histogram
    freshness     how old the newest record is, for what processes data instead of requests

Without a valid event there is no ratio: None, neither 1 nor 0.

Sources: Beyer et al., Site Reliability Engineering (2016), chapters 4 and 6; The Site Reliability
Workbook (2018), chapter 2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise

from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.sre.sli.event import Event
from lab_kernel.sre.sli.histogram import LogHistogram
from lab_kernel.sre.sli.windows import TOLERANCE, Window, windows

Test = Callable[[Event], bool]


class Tally:
    """Valid events: how many, how many of them good, and how long they took."""

    __slots__ = ("_good", "good", "latency", "valid")

    def __init__(self, good: Test) -> None:
        self._good = good
        self.valid = self.good = 0
        self.latency = LogHistogram()

    def add(self, event: Event) -> None:
        self.valid += 1
        if self._good(event):
            self.good += 1
        self.latency.add(event.seconds)

    def merge(self, other: Tally) -> None:
        """Add what another one has counted; both must mean the same by good."""
        self.valid += other.valid
        self.good += other.good
        self.latency.merge(other.latency)

    @property
    def bad(self) -> int:
        return self.valid - self.good

    @property
    def ratio(self) -> float | None:
        """good / valid."""
        return self.good / self.valid if self.valid else None

    @property
    def error_rate(self) -> float | None:
        """bad / valid."""
        return self.bad / self.valid if self.valid else None

    def throughput(self, seconds: float) -> float:
        """Valid events a second."""
        return self.valid / seconds

    def concurrency(self, seconds: float) -> float:
        """Requests that were served at once, in the mean over so many seconds.

        A request counts where it ended, with all its time: at the edges of a window as much is
        taken from a neighbour as is given to one, give or take.
        """
        return self.latency.total / seconds


@dataclass
class Measured:
    """What ``measure`` has seen so far; complete when its windows have been gone through.

    ``whole`` has all valid events, those that came too late for their window (``late``) too.
    ``excluded`` were not valid. ``silence`` is the longest time without any event: the oldest
    that the newest line of the log has been.
    """

    whole: Tally
    excluded: int = 0
    late: int = 0
    first: float | None = None
    last: float | None = None
    silence: float = 0.0
    windows: Iterator[Window[Tally]] = field(default=iter(()), repr=False)

    @property
    def seconds(self) -> float:
        """From the first second in which an event ended to the last, both included."""
        return 0.0 if self.first is None or self.last is None else self.last - self.first + 1


def measure(
    events: Iterable[Event],
    seconds: int,
    *,
    good: Test,
    valid: Test = lambda event: True,
    tolerance: int = TOLERANCE,
) -> Measured:
    """Indicators by window and as a whole, in memory that does not grow with the events.

    Nothing is read before ``windows`` of what is returned is gone through.
    """
    done = Measured(Tally(good))

    def late(event: Event) -> None:
        done.late += 1
        done.whole.add(event)

    def seen() -> Iterator[Event]:
        newest = None
        for event in events:
            time = event.time
            if newest is None:
                newest = done.first = done.last = time
            elif time > newest:
                if time - newest > done.silence:
                    done.silence = time - newest
                newest = done.last = time
            elif time < newest and done.first is not None:
                done.first = min(done.first, time)
            if valid(event):
                yield event
            else:
                done.excluded += 1

    def merged() -> Iterator[Window[Tally]]:
        make = partial(Tally, good)
        for window in windows(seen(), seconds, make, tolerance=tolerance, late=late):
            if window.tally is not None:
                done.whole.merge(window.tally)
            yield window

    done.windows = merged()
    return done


def good_windows(given: Iterable[Window[Tally]], least: float) -> tuple[int, int]:
    """(windows whose ratio is at least that, windows that have one): gaps are in neither."""
    ratios = [w.tally.ratio for w in given if w.tally is not None and w.tally.ratio is not None]
    return sum(ratio >= least for ratio in ratios), len(ratios)


def freshness(records: Sequence[float], limit: float, until: float) -> float | None:
    """The share of time in which the newest record is at most ``limit`` seconds old.

    ``records`` are the times of records in rising order; time counts from the first of them up
    to ``until``. None if that is no time at all.
    """
    if limit < 0 or any(b < a for a, b in pairwise([*records, until])):
        raise BadInput("records", _("times must rise, and a limit is not negative"))
    if not records or until == records[0]:
        return None
    fresh = sum(min(b - a, limit) for a, b in pairwise([*records, until]))
    return fresh / (until - records[0])
