"""What happened minute by minute, and the incidents in it: the truth that alerts are judged by.

    log, incidents = month(seed=1)
    log, incidents = recorded(condition("status<500"))

An incident is significant if it takes a large share of the period's budget (``SIGNIFICANT``); the
others are noise that nobody should be woken for. How much one takes is counted, not assumed.

``month`` is made up: traffic with days and nights, a few errors always, six incidents and many
blips. ``recorded`` is the log of a real server with faults that were made on purpose. It lasts an
hour, which is shorter than most windows, so its time is stretched: ``STRETCH`` of its seconds count
as a minute, the hour as a day. Windows and period keep their length in such minutes.

Minutes count from 0; counts are of the minute that ends there.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from lab_kernel.language import N_
from lab_kernel.sre.sli import recorded as nginx
from lab_kernel.sre.sli.event import Event

DAY = 1440  # minutes
SIGNIFICANT = 0.02  # of the budget, the smallest share that the workbook alerts on
STRETCH = 2.5


@dataclass(frozen=True, slots=True)
class Incident:
    """From the minute ``start`` up to, and without, ``end``."""

    what: str
    start: int
    end: int


class Log:
    """Requests and bad ones in each minute, and sums of them."""

    def __init__(self, requests: Sequence[int], bad: Sequence[int]) -> None:
        self.requests, self.bad = list(requests), list(bad)
        self._requests = [0, *accumulate(requests)]
        self._bad = [0, *accumulate(bad)]

    def __len__(self) -> int:
        return len(self.requests)

    def above(self, window: int, ratio: float, or_equal: bool = False) -> list[bool]:
        """At the end of each minute: is the error ratio of the last ``window`` above this?

        Without requests it is not. Before there are as many minutes, those that there are count.
        """
        found = []
        for now in range(1, len(self) + 1):
            then = max(0, now - window)
            requests = self._requests[now] - self._requests[then]
            bad = self._bad[now] - self._bad[then]
            limit = ratio * requests
            found.append(requests > 0 and (bad > limit or (or_equal and bad >= limit)))
        return found

    def spent(self, incident: Incident, budget: Decimal, period: int) -> float:
        """The share of the budget that went in the incident, at the log's mean rate of requests."""
        allowed = float(budget) * self._requests[-1] / len(self) * period
        return (self._bad[incident.end] - self._bad[incident.start]) / allowed


OUTAGE, RELEASE, LEAK = N_("total outage"), N_("bad release"), N_("slow leak")
FLAPPING, DISK, BLIP = N_("flapping"), N_("failing disk"), N_("blip")

# What, on which day, minute of the day, minutes, share that is bad; flapping is bad every tenth.
INCIDENTS = (
    (RELEASE, 3, 600, 90, 0.05),
    (OUTAGE, 8, 840, 12, 1.0),
    (LEAK, 12, 480, 1200, 0.004),
    (FLAPPING, 18, 660, 180, 1.0),
    (DISK, 22, 900, 75, 0.018),
    (RELEASE, 26, 1020, 20, 0.2),
)
BLIPS = 40


def month(seed: int = 1, days: int = 30, requests: int = 600) -> tuple[Log, list[Incident]]:
    """``requests`` in a minute of a mean hour; more by day, fewer at night."""
    rng = random.Random(f"month:{seed}")
    incidents, shares = [], [0.0001] * (days * DAY)
    for what, day, minute, lasts, share in INCIDENTS:
        start = day * DAY + minute
        if start + lasts < len(shares):
            incidents.append(Incident(what, start, start + lasts))
            for n in range(0, lasts, 10 if what == FLAPPING else 1):
                shares[start + n] = share
    while len(incidents) < len(INCIDENTS) + BLIPS:
        start, lasts = rng.randrange(DAY, len(shares) - 10), rng.randrange(1, 4)
        if all(start > each.end + 60 or start + lasts + 60 < each.start for each in incidents):
            incidents.append(Incident(BLIP, start, start + lasts))
            shares[start : start + lasts] = [rng.choice((0.01, 0.02, 0.05, 0.1))] * lasts
    every, bad = [], []
    for minute, share in enumerate(shares):
        wave = 1 + 0.6 * math.sin(2 * math.pi * (minute % DAY / DAY - 0.3))
        every.append(round(requests * wave))
        bad.append(min(every[-1], int(every[-1] * share + rng.random())))
    return Log(every, bad), sorted(incidents, key=lambda each: each.start)


def recorded(
    good: Callable[[Event], bool], events: Iterable[Event] | None = None
) -> tuple[Log, list[Incident]]:
    """The recorded hour, or other events of it, in stretched minutes, with its known faults."""
    begin, end = int(nginx.told()["start"]), int(nginx.told()["end"])

    def minute(second: float) -> int:
        return max(0, min(size - 1, int((second - begin) / STRETCH)))

    size = math.ceil((end - begin) / STRETCH)
    requests, bad = [0] * size, [0] * size
    for event in nginx.events() if events is None else events:
        requests[minute(event.time)] += 1
        bad[minute(event.time)] += not good(event)
    incidents = [
        Incident(fault.kind, minute(fault.start), minute(fault.end) + 1) for fault in nginx.faults()
    ]
    return Log(requests, bad), incidents
