"""What the mean hides: the same requests by mean and by percentiles."""

from __future__ import annotations

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
def minutes(valid: str) -> tuple[tuple[float, ...], ...]:
    """The times of each sixtieth of the hour, in rising order."""
    begin, every = hour.start(), hour.length() / 60
    found: list[list[float]] = [[] for _minute in range(60)]
    for event in hour.chosen(valid):
        found[min(int((event.time - begin) / every), 59)].append(event.seconds)
    return tuple(tuple(sorted(each)) for each in found)


@cache
def parts(valid: str) -> dict[str, tuple[int, int, tuple[float, ...]]]:
    """What happened before and in each fault: requests, 5xx, times in rising order."""
    begin = float(hour.start())
    stretches = {QUIET: (begin, begin + BEFORE_ALL / 60 * hour.length())}
    stretches |= {hour.FAULTS[f.kind]: (f.start, f.end) for f in recorded.faults()}
    found = {}
    for name, (start, end) in stretches.items():
        inside = [e for e in hour.chosen(valid) if start <= e.begin < end]
        failed = sum(e.status >= 500 for e in inside)
        found[name] = (len(inside), failed, tuple(sorted(e.seconds for e in inside)))
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
    rows, compared = [], []
    for name, (count, failed, times) in parts(asked).items():
        average = sum(times) / count if count else None
        figures = (average, *(quantile(times, q) for q in (0.5, 0.95, 0.99)))
        cells = [hour.share(failed / count if count else None), *map(hour.ms, figures)]
        rows.append(fig.Row(_(name), [fig.Cell(words) for words in cells]))
        compared.append((average, quantile(times, 0.99)))
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
                [(n * every, 1000 * value) for n, value in enumerate(values) if value is not None],
            )
            for name, values in lines.items()
        ],
        title=_("Mean, median and 99th percentile by the minute"),
        description=says + " " + hour.told(),
        x_label=_("minutes"),
        y_label="ms",
    )
    heads = (_("5xx"), _("mean"), "p50", "p95", "p99")
    table = fig.table(
        heads,
        rows,
        title=_("Before the faults, and in each of them"),
        description=" ".join(
            f"{row.head}: "
            + ", ".join(f"{h} {c.words}" for h, c in zip(heads, row.cells, strict=True))
            + "."
            for row in rows
        ),
    )
    numbers = {"mean": average, "above": slower, "p99": quantile(whole, 0.99) or 0}
    return View((chart, table), says, numbers)
