"""What happens to a service over time: as series for Prometheus, and as the truth about it.

A ``Stretch`` is a time in which requests come at one rate and one share of them is bad. Counters
share it out evenly. Where time is judged instead of requests (a figure, slices), whole units of it
are good or bad, spread as evenly as they can be.

Times are in seconds; samples stand ``interval`` apart, the first at 0.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import accumulate
from math import ceil
from typing import NamedTuple

from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.sre.alerts.burn import Condition
from lab_kernel.sre.alerts.indicator import LOOK, Figure, Indicator, Ratio, Sliced, Stored
from lab_kernel.sre.alerts.promql import Aggregate, Selector
from lab_kernel.sre.alerts.series import Series, Value, labels_for


class Stretch(NamedTuple):
    """``share`` of the ``requests``, which come in each interval between two samples, is bad.

    Where time is judged, ``every`` so many units of it have requests, the others none.
    """

    seconds: int
    share: Decimal
    requests: int
    every: int = 1


class Sample(NamedTuple):
    """What happened since the sample before."""

    time: int
    requests: int
    bad: int


def interval(measured: Indicator) -> int:
    """Seconds between two samples: as far apart as the smallest window, or a slice, allows."""
    if isinstance(measured, Sliced) and isinstance(measured.of, Ratio):
        return min(2 * LOOK, measured.slice // 3)
    base = measured.of if isinstance(measured, Sliced) else measured
    return {Figure: LOOK, Ratio: 2 * LOOK, Stored: 4 * LOOK}[type(base)]


def happened(stretches: Iterable[Stretch], measured: Indicator) -> list[Sample]:
    """The stretches, one after the other."""
    step, unit, whole = interval(measured), _unit(measured), judged_whole(measured)
    shared = isinstance(measured, Sliced) and isinstance(measured.of, Figure)
    samples: list[Sample] = []
    time = 0
    for stretch in stretches:
        for n in range(stretch.seconds // step):
            requests, k = stretch.requests, n * step // unit if unit else 0
            # Where a range is closed, two slices share what is seen at the moment between them.
            edge = shared and (time + step) % unit == 0
            if k % stretch.every or (edge and stretch.every > 1):
                requests = 0
            if whole:
                k //= stretch.every
                bad = ceil((k + 1) * stretch.share) > ceil(k * stretch.share)
                wrong = requests if bad and not edge else 0
            else:
                wrong = round(requests * stretch.share)
            time += step
            samples.append(Sample(time, requests, wrong))
    return samples


def _unit(measured: Indicator) -> int:
    """The time that is judged as one, in seconds; 0: every request counts by itself."""
    return LOOK if isinstance(measured, Figure) else measured.slice


def judged_whole(measured: Indicator) -> bool:
    """Whether a unit of time is good or bad, and nothing between."""
    if isinstance(measured, Sliced):
        return measured.limit is not None or isinstance(measured.of, Figure)
    return isinstance(measured, Figure)


def series(samples: Sequence[Sample], measured: Indicator, bare: bool = False) -> list[Series]:
    """What Prometheus sees of it. ``bare``: counters that never counted anything are not there."""
    base = measured.of if isinstance(measured, Sliced) else measured
    if isinstance(base, Ratio):
        made = list(_counters(samples, base))
        return [each for each in made if each.values[-1]] if bare else made
    return [_gauge(samples, base)]


def _counters(samples: Sequence[Sample], ratio: Ratio) -> Iterator[Series]:
    part = ratio.bad or ratio.good
    assert part is not None
    counts = {
        "bad": [each.bad for each in samples],
        "good": [each.requests - each.bad for each in samples],
        "total": [each.requests for each in samples],
    }
    own, rest = ("bad", "good") if ratio.bad else ("good", "bad")
    times = [0, *(each.time for each in samples)]
    try:  # the part is one of the total's series
        labels = labels_for(part, ratio.total)
    except BadInput:  # it is counted apart
        labels, rest = labels_for(part), "total"
    others = labels_for(ratio.total, unlike=part)
    yield Series(labels, times, [0, *accumulate(counts[own])])
    yield Series(others, times, [0, *accumulate(counts[rest])])


def _gauge(samples: Sequence[Sample], base: Figure | Stored) -> Series:
    inner = base.figure.of if isinstance(base.figure, Aggregate) else base.figure
    if not isinstance(inner, Selector):
        message = _("no series can be made up for {selector}")
        raise BadInput("tests", message.format(selector=base.figure))

    def value(sample: Sample) -> Value:
        if not sample.requests:
            return float("nan")
        if isinstance(base, Stored):
            share = sample.bad / sample.requests
            return share if base.failure else 1 - share
        away = abs(base.limit) / 2 or Decimal(1)
        above = bool(sample.bad) == base.op.startswith("l")
        return float(base.limit + away if above else base.limit - away)

    values = [value(sample) for sample in samples]
    return Series(labels_for(inner), [0, *(each.time for each in samples)], [values[0], *values])


class Truth:
    """Shares of bad over any window, counted from what happened."""

    def __init__(self, samples: Sequence[Sample], measured: Indicator) -> None:
        counted = list(_judged(samples, measured))
        self._times = [time for time, _weight, _bad in counted]
        self._weight = [0.0, *accumulate(weight for _time, weight, _bad in counted)]
        self._bad = [0.0, *accumulate(bad for _time, _weight, bad in counted)]

    def share(self, window: int, time: int, closed: bool = False) -> float | None:
        """None if there was nothing to judge. ``closed``: with what is just as old as the window,
        which makes a difference where time is judged."""
        oldest = time - window - (1 if closed else 0)
        first, last = bisect_right(self._times, oldest), bisect_right(self._times, time)
        weight = self._weight[last] - self._weight[first]
        return (self._bad[last] - self._bad[first]) / weight if weight else None

    def above(
        self, conditions: Sequence[Condition], time: int, closed: bool = False
    ) -> tuple[bool, ...]:
        """Which windows are above their threshold: the long and the short one of each."""
        shares = (
            (self.share(window, time, closed), c.threshold)
            for c in conditions
            for window in (c.pair.long, c.pair.short)
        )
        return tuple(share is not None and share > threshold for share, threshold in shares)


def firing(conditions: Sequence[Condition], above: Sequence[bool]) -> frozenset[str]:
    """The severities of which a pair has both windows above the threshold."""
    pairs = zip(conditions, above[::2], above[1::2], strict=True)
    return frozenset(c.pair.severity for c, long, short in pairs if long and short)


def _judged(samples: Sequence[Sample], measured: Indicator) -> Iterator[tuple[int, float, float]]:
    """When, how much it weighs, and how much of that was bad."""
    if not isinstance(measured, Sliced):
        figure = isinstance(measured, Figure)
        for time, requests, bad in samples:
            weight = min(requests, 1) if figure else requests
            yield time, weight, min(bad, 1) if figure else bad
        return
    slices: dict[int, list[int]] = {}
    for time, requests, bad in samples:
        whole = slices.setdefault(ceil(time / measured.slice) * measured.slice, [0, 0])
        whole[0] += requests
        whole[1] += bad
    for end, (requests, bad) in slices.items():
        if requests:
            share = bad / requests
            yield end, 1, share if measured.limit is None else share > measured.limit
