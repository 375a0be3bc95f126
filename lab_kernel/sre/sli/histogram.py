"""How long requests took, in buckets: quantiles, how wrong they can be, and what may be merged.

A quantile is a place in the order of all values. From the quantiles of two hours that of both
cannot be computed, and their mean is not it; counts in buckets can be added, and the sum of two
histograms is the histogram of both. The price is an error as wide as a bucket.

``Buckets`` has the buckets that somebody has chosen, as a Prometheus histogram has them.
``LogHistogram`` has as many as it needs, each wider than the one before it by the same factor, so
that every quantile is right to within a fixed share of itself, in memory that does not grow.

Sources: Prometheus, promql/quantile.go (``histogram_quantile``); Masson, Rim and Lee, "DDSketch",
VLDB 2019, for the second.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise

from lab_kernel.errors import BadInput
from lab_kernel.language import _

# The buckets that Prometheus' client libraries have unless told otherwise, in seconds.
DEFAULT = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
ERROR = 0.01  # of a quantile of a LogHistogram, relative to it
SMALLEST = 1e-4  # seconds; shorter is 0, and a log's clock has milliseconds


def rank(q: float, count: int) -> int:
    """Which of so many values in order is the quantile: the nearest rank, from 1 on."""
    if not 0 <= q <= 1:
        raise BadInput("quantile", _("{q} is not between 0 and 1").format(q=q))
    return max(1, math.ceil(round(q * count, 6)))


def quantile(values: Sequence[float], q: float) -> float | None:
    """The exact one, of values in rising order; None if there is no value."""
    return values[rank(q, len(values)) - 1] if values else None


class Buckets:
    """Counts of values up to each bound (``le``), and of those above the last one (``+Inf``)."""

    def __init__(self, bounds: Iterable[float] = DEFAULT, values: Iterable[float] = ()) -> None:
        self.bounds = tuple(bounds)
        if not self.bounds or any(a >= b for a, b in pairwise((0.0, *self.bounds))):
            raise BadInput("buckets", _("the bounds must rise, from above 0"))
        self.counts = [0] * (len(self.bounds) + 1)
        for value in values:
            self.add(value)

    @property
    def count(self) -> int:
        return sum(self.counts)

    def add(self, value: float) -> None:
        """A value at a bound belongs below it."""
        self.counts[bisect_left(self.bounds, value)] += 1

    def cumulative(self) -> list[int]:
        """As Prometheus stores them: how many are at most each bound, and all."""
        return list(accumulate(self.counts))

    def merge(self, other: Buckets) -> Buckets:
        """Of both together. Other bounds are BadInput: what is between them is not known."""
        if self.bounds != other.bounds:
            raise BadInput("buckets", _("only histograms with the same bounds can be merged"))
        merged = Buckets(self.bounds)
        merged.counts = [a + b for a, b in zip(self.counts, other.counts, strict=True)]
        return merged

    def at_most(self, bound: float) -> int:
        """How many values are at most that: exact, and so for bounds alone."""
        if bound not in self.bounds:
            allowed = ", ".join(f"{each:g}" for each in self.bounds)
            message = _("{bound:g} is no bound; only these can be told exactly: {allowed}")
            raise BadInput("bound", message.format(bound=bound, allowed=allowed))
        return self.cumulative()[self.bounds.index(bound)]

    def around(self, q: float) -> tuple[float, float] | None:
        """The bucket in which the true quantile is: above the first, at most the second."""
        if not self.count:
            return None
        place = self._place(q)
        high = self.bounds[place] if place < len(self.bounds) else math.inf
        return (self.bounds[place - 1] if place else 0.0), high

    def quantile(self, q: float) -> float | None:
        """What ``histogram_quantile`` answers: as if the values of a bucket were spread evenly.

        In the bucket above the last bound, that bound: more is not known.
        """
        found = self.around(q)
        if found is None:
            return None
        low, high = found
        if high == math.inf:
            return self.bounds[-1]
        place = self._place(q)
        inside = q * self.count - sum(self.counts[:place])
        return low + (high - low) * inside / self.counts[place]

    def _place(self, q: float) -> int:
        return bisect_left(self.cumulative(), rank(q, self.count))


class LogHistogram:
    """Values from 0 up, with quantiles that are wrong by ``error`` of themselves at the most.

    Bucket i has the values above g^(i-1) and at most g^i, where g = (1 + error) / (1 - error);
    what is answered for it is the point with the same relative distance to both ends. From a
    millisecond to a day that makes 915 buckets for 1%.
    """

    __slots__ = ("_width", "buckets", "count", "error", "most", "total", "zeros")

    def __init__(self, values: Iterable[float] = (), *, error: float = ERROR) -> None:
        if not 0 < error < 1:
            raise BadInput("error", _("{error} is not between 0 and 1").format(error=error))
        self.error = error
        self._width = math.log((1 + error) / (1 - error))
        self.buckets: dict[int, int] = {}
        self.zeros = self.count = 0
        self.total = self.most = 0.0
        for value in values:
            self.add(value)

    def add(self, value: float) -> None:
        """Values below ``SMALLEST`` count as 0."""
        self.count += 1
        self.total += value
        if value > self.most:
            self.most = value
        if value < SMALLEST:
            self.zeros += 1
        else:
            place = math.ceil(math.log(value) / self._width)
            self.buckets[place] = self.buckets.get(place, 0) + 1

    @property
    def mean(self) -> float | None:
        """Exact: the sum is kept beside the buckets."""
        return self.total / self.count if self.count else None

    def merge(self, other: LogHistogram) -> None:
        """Take in all values of another one with the same error."""
        if self.error != other.error:
            raise BadInput("error", _("only histograms with the same bounds can be merged"))
        for place, count in other.buckets.items():
            self.buckets[place] = self.buckets.get(place, 0) + count
        self.zeros += other.zeros
        self.count += other.count
        self.total += other.total
        self.most = max(self.most, other.most)

    def quantile(self, q: float) -> float | None:
        """None if there is no value."""
        if not self.count:
            return None
        wanted = rank(q, self.count) - self.zeros
        if wanted <= 0:
            return 0.0
        for place in sorted(self.buckets):
            wanted -= self.buckets[place]
            if wanted <= 0:
                break
        return math.exp(place * self._width) * (1 - self.error)
