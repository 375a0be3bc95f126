"""The bounds of a histogram, and how wrong its quantiles can be."""

from __future__ import annotations

import math
from bisect import bisect_right
from functools import cache

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.explore.sre.sli import hour
from lab_kernel.explore.sre.sli.averaging import QUANTILES, whole
from lab_kernel.language import N_, _
from lab_kernel.sre.sli.histogram import DEFAULT, Buckets, quantile

BOUNDS = {
    "default": (DEFAULT, N_("Prometheus' default: 5 ms to 10 s")),
    "coarse": ((0.1, 1.0, 10.0), N_("few: 100 ms, 1 s, 10 s")),
    "objective": (
        (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 1.0, 2.0),
        N_("with the objective: 300 ms is a bound"),
    ),
    "even": (tuple(n / 20 for n in range(1, 11)), N_("even: every 50 ms up to 500")),
}


@cache
def histogram(bounds: str) -> Buckets:
    return Buckets(BOUNDS[bounds][0], (ms / 1000 for ms in whole()))


@explorable(
    "sre/sli/buckets",
    title=N_("Buckets, and their error"),
    predict=N_(
        "A histogram knows only how many requests are in each bucket. How wrong can the 99th"
        " percentile be? And how many requests were within 300 ms, when 300 is no bound?"
    ),
    controls=(
        Choice(
            name="bounds",
            label=N_("Bounds of the buckets"),
            default="default",
            options=tuple((name, label) for name, (_bounds, label) in BOUNDS.items()),
        ),
        Choice(
            name="percentile",
            label=N_("Percentile"),
            default="99",
            options=tuple((name, f"p{name}") for name in QUANTILES),
        ),
        Whole(name="limit", label=N_("Objective, ms"), low=10, high=2000, default=300),
    ),
)
def buckets(bounds: str, percentile: str, limit: int) -> View:
    """The shop's requests of the hour in buckets; what those say, and what is true."""
    q, found = QUANTILES[percentile], histogram(bounds)
    exact, answer, around = (quantile(whole(), q) or 0) / 1000, found.quantile(q), found.around(q)
    assert answer is not None and around is not None
    low, high = between(found, limit / 1000)
    true = bisect_right(whole(), limit) / len(whole())
    said = (
        _("exactly {share}").format(share=hour.share(low))
        if low == high
        else _("something from {low} to {high}").format(low=hour.share(low), high=hour.share(high))
    )
    says = _(
        "p{percentile} is {exact}. Its bucket goes from {low} to {high}, and histogram_quantile"
        " says {answer}. Within {limit} ms the buckets have {said}; it was {true}."
    ).format(
        percentile=percentile,
        exact=_ms(exact),
        low=_ms(around[0]),
        high=_("no end") if around[1] == math.inf else _ms(around[1]),
        answer=_ms(answer),
        limit=limit,
        said=said,
        true=hour.share(true),
    )
    edges = [0.0, *found.bounds, math.inf]
    rows = []
    for n, count in enumerate(found.counts):
        label = f"≤ {_ms(edges[n + 1])}" if edges[n + 1] < math.inf else "+Inf"
        here = edges[n] < exact <= edges[n + 1]
        part = _("p{percentile} is in it").format(percentile=percentile) if here else _("requests")
        rows.append(fig.Bar(label, [(part, count)]))
    picture = fig.bars(
        rows,
        title=_("Requests by bucket"),
        description=says + " " + ", ".join(f"{row.label}: {row.parts[0][1]:,}" for row in rows),
        kinds=[_("requests")],
    )
    numbers = {"exact": exact, "answer": answer, "least": low, "most": high}
    return View((picture,), says, numbers)


def between(found: Buckets, limit: float) -> tuple[float, float]:
    """The least and the most that can be within the limit, as shares of all."""
    upto = dict(zip((0.0, *found.bounds, math.inf), (0, *found.cumulative()), strict=True))
    low = max(bound for bound in upto if bound <= limit)
    high = min(bound for bound in upto if bound >= limit)
    return upto[low] / found.count, upto[high] / found.count


def _ms(seconds: float) -> str:
    return hour.ms(1000 * seconds)
