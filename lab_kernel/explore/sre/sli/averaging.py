"""The mean of percentiles against the percentile of all."""

from __future__ import annotations

from array import array
from functools import cache

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, explorable
from lab_kernel.explore.sre.sli import hour
from lab_kernel.language import N_, _
from lab_kernel.sre.sli.histogram import LogHistogram, quantile

QUANTILES = {"50": 0.5, "95": 0.95, "99": 0.99}


@cache
def windows(seconds: int) -> tuple[array[int], ...]:
    """Durations of the shop's requests, in ms, by window and in rising order."""
    chosen = hour.chosen(hour.SHOP)
    found: dict[int, list[int]] = {}
    for second, ms in zip(chosen.seconds, chosen.millis, strict=True):
        found.setdefault(second // seconds, []).append(ms)
    return tuple(array("H", sorted(found[place])) for place in sorted(found))


@cache
def whole() -> array[int]:
    """All of them in rising order."""
    return array("H", sorted(hour.chosen(hour.SHOP).millis))


@cache
def merged(seconds: int) -> LogHistogram:
    """The histograms of all windows, added up; in seconds."""
    total = LogHistogram()
    for times in windows(seconds):
        total.merge(LogHistogram(ms / 1000 for ms in times))
    return total


@explorable(
    "sre/sli/averaging",
    title=N_("The mean of percentiles"),
    predict=N_(
        "Sixty minutes, and for each of them the 99th percentile. Is their mean the 99th percentile"
        " of the hour? Too high, or too low? What if there were four windows of fifteen minutes?"
    ),
    controls=(
        Choice(
            name="percentile",
            label=N_("Percentile"),
            default="99",
            options=tuple((name, f"p{name}") for name in QUANTILES),
        ),
        Choice(
            name="window",
            label=N_("Window"),
            default="1m",
            options=tuple((name, name) for name in hour.WINDOWS),
        ),
    ),
)
def averaging(percentile: str, window: str) -> View:
    """One percentile of each window, their mean, and what is true of the hour."""
    q, seconds = QUANTILES[percentile], hour.WINDOWS[window]
    each = [quantile(times, q) or 0.0 for times in windows(seconds)]
    average, exact = sum(each) / len(each), quantile(whole(), q) or 0.0
    added = 1000 * (merged(seconds).quantile(q) or 0.0)
    name = f"p{percentile}"
    says = _(
        "The mean of {count} {name} is {average}. The {name} of the hour is {exact}: the mean is"
        " off by {off}. The histograms of the windows, added up, say {added}."
    ).format(
        count=len(each),
        name=name,
        average=hour.ms(average),
        exact=hour.ms(exact),
        off=f"{average / exact - 1:+.0%}",
        added=hour.ms(added),
    )
    end = hour.length() / 60
    points = [(n * seconds / 60, value) for n, value in enumerate(each)]
    chart = fig.step_chart(
        [
            fig.Series(_("of a window"), [*points, (end, points[-1][1])]),
            fig.Series(_("their mean"), [(0, average), (end, average)]),
            fig.Series(_("of the hour"), [(0, exact), (end, exact)]),
        ],
        title=_("{name} of the shop's requests, ms").format(name=name),
        description=says,
        x_label=_("minutes"),
        y_label="ms",
    )
    return View((chart,), says, {"mean": average, "exact": exact, "merged": added})
