"""One ratio, measured at the server, at the load balancer and at the client."""

from __future__ import annotations

from functools import cache

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, Toggle, View, explorable
from lab_kernel.explore.sre.sli import hour
from lab_kernel.language import N_, _
from lab_kernel.sre.sli import recorded
from lab_kernel.sre.sli.condition import condition

PLACES = {
    "access-server": N_("server"),
    "access": N_("load balancer"),
    "access-client": N_("client"),
}
GOOD = {
    "answered": ("200<=status<500", N_("it was answered, without a 5xx")),
    "fast": ("200<=status<500 and seconds<0.1", N_("… and within 100 ms")),
}
LEAST = 0.99
FINE, POOR, NOTHING = N_("99% or more"), N_("less than 99%"), N_("no requests here")


@cache
def by_minute(place: str, good: str, checks: bool) -> tuple[tuple[int, int], ...]:
    """(valid, good) of each minute that all three logs have; what nginx sent itself left out."""
    begin, end = recorded.told()["slice"]
    every = (end - begin) / 9
    valid = condition('path!="/static/*" and method!=""' + ("" if checks else f" and {hour.USERS}"))
    holds = condition(GOOD[good][0])
    log = recorded.events(place)
    counts = list(map(valid, log.kinds))
    found = [[0, 0] for _minute in range(9)]
    for time, ms, kind in zip(log.times, log.millis, log.which, strict=True):
        if counts[kind] and begin <= time < end:
            tally = found[int((time - begin) / every)]
            tally[0] += 1
            tally[1] += holds(log.kinds[kind]._replace(seconds=ms / 1000))
    return tuple((n, well) for n, well in found)


@explorable(
    "sre/sli/places",
    title=N_("Three places to measure"),
    predict=N_(
        "For nine minutes the shop, nginx before it and the clients each wrote a log. From minute"
        " 25 on many mobile connections break, from minute 30 on the shop is down. What does each"
        " of the three call its availability?"
    ),
    controls=(
        Choice(
            name="good",
            label=N_("Good when"),
            default="answered",
            options=tuple((name, label) for name, (_text, label) in GOOD.items()),
        ),
        Toggle(name="checks", label=N_("Count health checks"), default="off"),
    ),
)
def places(good: str, checks: bool) -> View:
    """The ratio of every minute in each log, and of all nine."""
    found = {place: by_minute(place, good, checks) for place in PLACES}
    begin = (recorded.told()["slice"][0] - hour.start()) / (hour.length() / 60)
    rows = []
    for minute in range(9):
        cells = [_cell(*found[place][minute]) for place in PLACES]
        label = _("minute {n}").format(n=round(begin) + minute)
        rows.append(fig.Row(label, cells))
    sums = {
        place: tuple(sum(column) for column in zip(*pairs, strict=True))
        for place, pairs in found.items()
    }
    rows.append(fig.Row(_("all nine"), [_cell(*sums[place]) for place in PLACES]))
    ratios = {place: well / valid for place, (valid, well) in sums.items()}
    says = " ".join(
        _("{place}: {share} of {valid}.").format(
            place=_(name), share=hour.share(ratios[place]), valid=f"{sums[place][0]:,}"
        )
        for place, name in PLACES.items()
    )
    picture = fig.table(
        [_(name) for name in PLACES.values()],
        rows,
        title=_("good / valid, minute by minute"),
        description=says
        + " "
        + " ".join(f"{row.head}: {', '.join(c.words for c in row.cells)}." for row in rows),
        states=[_(FINE), _(POOR), _(NOTHING)],
        quiet=_(NOTHING),
    )
    names = ("server", "balancer", "client")
    return View((picture,), says, dict(zip(names, ratios.values(), strict=True)))


def _cell(valid: int, good: int) -> fig.Cell:
    if not valid:
        return fig.Cell("–", _(NOTHING))
    return fig.Cell(hour.share(good / valid), _(FINE if good >= LEAST * valid else POOR))
