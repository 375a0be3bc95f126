"""What the mean hides: the same requests by mean and by percentiles."""

from __future__ import annotations

from array import array
from functools import cache

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, explorable
from lab_kernel.explore.sre.sli import hour
from lab_kernel.language import N_, _
from lab_kernel.sre.sli import recorded
from lab_kernel.sre.sli.histogram import quantile

QUIET = N_("no fault yet")
BEFORE_ALL = 7.5  # minutes of the hour without any fault


@cache
def minutes(valid: str) -> tuple[array[int], ...]:
    """The durations, in ms, of each sixtieth of the hour, in rising order."""
    chosen, every = hour.chosen(valid), hour.length() / 60
    found: list[list[int]] = [[] for _minute in range(60)]
    for second, ms in zip(chosen.seconds, chosen.millis, strict=True):
        found[min(int(second / every), 59)].append(ms)
    return tuple(array("H", sorted(each)) for each in found)


@cache
def parts(valid: str) -> dict[str, tuple[int, array[int]]]:
    """What began before the faults and in each of them: 5xx, and durations in rising order."""
    quiet = BEFORE_ALL / 60 * hour.length()
    stretches = {QUIET: (0.0, quiet)} | {
        hour.FAULTS[f.kind]: (f.start - hour.start(), f.end - hour.start())
        for f in recorded.faults()
    }
    chosen, kinds = hour.chosen(valid), recorded.events().kinds
    found = {}
    for name, (start, end) in stretches.items():
        inside = [
            (ms, kinds[kind].status)
            for second, ms, kind in zip(*chosen, strict=True)
            if start <= second - ms / 1000 < end
        ]
        failed = sum(status >= 500 for _ms, status in inside)
        found[name] = (failed, array("H", sorted(ms for ms, _status in inside)))
    return found


@explorable(
    "sre/sli/mean",
    title=N_("What the mean hides"),
    predict=N_(
        "In minute 19 eighty of a hundred checkouts begin to fail, and they fail at once. Does the"
        " mean time of a checkout rise or fall?"
    ),
    controls=(
        Choice(
            name="valid",
            label=N_("Which requests"),
            default="checkout",
            options=tuple((name, label) for name, (_text, label) in hour.VALID.items()),
        ),
    ),
)
def mean(valid: str) -> View:
    """Mean, median and p99 of every minute, and by fault."""
    asked = hour.VALID[valid][0]
    rows = []
    for name, (failed, times) in parts(asked).items():
        count = len(times)
        average = sum(times) / count if count else None
        figures = (average, *(quantile(times, q) for q in (0.5, 0.99)))
        cells = [f"{failed / count:.1%}" if count else "-"]
        cells += ["-" if each is None else f"{each:,.0f}" for each in figures]
        rows.append(fig.Row(_(name), [fig.Cell(words) for words in cells]))
    whole = sorted(time for each in minutes(asked) for time in each)
    average = sum(whole) / len(whole)
    slower = sum(time > average for time in whole) / len(whole)
    says = _(
        "Mean of the hour: {mean}; {slower} of the requests took longer than that. Half were done"
        " within {p50}, and 1% took longer than {p99}."
    ).format(
        mean=hour.ms(average),
        slower=hour.share(slower),
        p50=hour.ms(quantile(whole, 0.5)),
        p99=hour.ms(quantile(whole, 0.99)),
    )
    lines = {
        _("mean"): [(sum(times) / len(times) if times else None) for times in minutes(asked)],
        "p50": [quantile(times, 0.5) for times in minutes(asked)],
        "p99": [quantile(times, 0.99) for times in minutes(asked)],
    }
    every = hour.length() / 3600
    chart = fig.line_chart(
        [
            fig.Series(
                name,
                [(n * every, value) for n, value in enumerate(values) if value is not None],
            )
            for name, values in lines.items()
        ],
        title=_("Mean, median and 99th percentile by the minute"),
        description=says + " " + hour.told(),
        x_label=_("minutes"),
        y_label="ms",
    )
    heads = ("5xx", _("mean"), "p50", "p99")
    table = fig.table(
        heads,
        rows,
        title=_("Before the faults, and in each of them; times in ms"),
        description=" ".join(
            f"{row.head}: "
            + ", ".join(f"{h} {c.words}" for h, c in zip(heads, row.cells, strict=True))
            + "."
            for row in rows
        ),
    )
    numbers = {"mean": average, "above": slower, "p99": quantile(whole, 0.99) or 0}
    return View((chart, table), says, numbers)
