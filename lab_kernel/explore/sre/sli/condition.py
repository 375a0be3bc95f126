"""What counts as good: the recorded hour, its faults, and the ratio by window."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.explore.sre.sli import hour
from lab_kernel.language import N_, _
from lab_kernel.sre.sli import recorded
from lab_kernel.sre.sli.condition import condition
from lab_kernel.sre.sli.event import Event

STATUS = {
    "5xx": ("status<500", N_("fails: 500 and up")),
    "499": ("status<499", N_("fails: 499 and up, the client gave up")),
    "4xx": ("status<400", N_("fails: 400 and up")),
    "any": ("", N_("any status will do")),
}
BY_DECADE, ROWS = 4, 14  # rows for a factor of ten, from 1 ms on
LEAST = 0.99  # of a good window


@explorable(
    "sre/sli/condition",
    title=N_("What counts as good?"),
    predict=N_(
        "The log of an hour with five faults. Which of them does “answered without a 5xx” see, and"
        " which does it take “within 300 ms” to see? Which one does neither see?"
    ),
    controls=(
        Choice(
            name="status",
            label=N_("An answer"),
            default="5xx",
            options=tuple((name, label) for name, (_text, label) in STATUS.items()),
        ),
        Whole(
            name="limit", label=N_("Good within, ms (5000: any)"), low=10, high=5000, default=300
        ),
        Choice(
            name="valid",
            label=N_("Valid requests"),
            default="users",
            options=tuple((name, label) for name, (_text, label) in hour.VALID.items()),
        ),
        Choice(
            name="window",
            label=N_("Window"),
            default="1m",
            options=tuple((name, name) for name in hour.WINDOWS),
        ),
    ),
)
def good(status: str, limit: int, valid: str, window: str) -> View:
    """The latency of every request over the hour, and below it what the condition makes of it."""
    parts = [STATUS[status][0], f"seconds<{limit / 1000:g}" if limit < 5000 else ""]
    text = " and ".join(filter(None, parts)) or "status>=0"
    asked = hour.VALID[valid][0]
    ratios = by_window(asked, condition(text), hour.WINDOWS[window])
    all_valid, all_good = (sum(column) for column in zip(*ratios.values(), strict=True))
    good_ones = sum(well >= LEAST * valid_ones for valid_ones, well in ratios.values())
    says = _(
        "{text}: {good} of {valid} valid requests are good, {share}. At least {least} good are"
        " {windows} of {all} windows."
    ).format(
        text=text,
        good=f"{all_good:,}",
        valid=f"{all_valid:,}",
        share=hour.share(all_good / all_valid),
        least=f"{LEAST:.0%}",
        windows=good_ones,
        all=len(ratios),
    )
    points = [(start / 60, 100 * well / valid_ones) for start, (valid_ones, well) in ratios.items()]
    chart = fig.step_chart(
        [fig.Series(_("good / valid"), [*points, (hour.length() / 60, points[-1][1])])],
        title=_("Good requests, per cent of the valid ones"),
        description=says + " " + hour.told(),
        x_label=_("minutes"),
        y_label="%",
        y_from_zero=False,
    )
    numbers = {"good": all_good, "valid": all_valid, "ratio": all_good / all_valid}
    return View((_picture(asked, limit), chart), says, numbers)


def by_window(
    valid: str, good: Callable[[Event], bool], seconds: int
) -> dict[int, tuple[int, int]]:
    """(valid, good) by the window's start in seconds of the hour.

    The condition is asked once for each kind of request and duration: they repeat themselves.
    """
    chosen, kinds = hour.chosen(valid), recorded.events().kinds
    told = dict[tuple[int, int], bool]()
    counted = dict[int, list[int]]()
    for second, ms, kind in zip(*chosen, strict=True):
        holds = told.get((kind, ms))
        if holds is None:
            holds = told[kind, ms] = good(kinds[kind]._replace(seconds=ms / 1000))
        tally = counted.setdefault(second // seconds, [0, 0])
        tally[0] += 1
        tally[1] += holds
    return {place * seconds: (n, well) for place, (n, well) in sorted(counted.items())}


@cache
def _cells(valid: str) -> tuple[tuple[int, ...], ...]:
    """Requests by row (how long) and column (sixty to the hour)."""
    chosen, every = hour.chosen(valid), hour.length() / 60
    rows = [0] + [
        min(int(BY_DECADE * math.log10(ms) + 1e-9), ROWS - 1)
        for ms in range(1, max(chosen.millis) + 1)
    ]
    cells = [[0] * 60 for _row in range(ROWS)]
    for second, ms in zip(chosen.seconds, chosen.millis, strict=True):
        cells[rows[ms]][min(int(second / every), 59)] += 1
    return tuple(map(tuple, cells))


def _picture(valid: str, limit: int) -> fig.Figure:
    height = min(BY_DECADE * math.log10(limit), ROWS)
    marks = ((1, "1 ms"), (10, "10 ms"), (100, "100 ms"), (1000, "1 s"))
    return fig.heatmap(
        _cells(valid),
        title=_("How long requests took, minute by minute"),
        description=_("Darker is more requests. Faults: {told}").format(told=hour.told()),
        across=(0, hour.length() / 60),
        x_label=_("minutes"),
        y_label=_("time a request took; shades are numbers of requests"),
        y_ticks=[(BY_DECADE * math.log10(each), words) for each, words in marks],
        spans=hour.spans(),
        rule=(height, hour.ms(limit)) if limit < 5000 else None,
    )
