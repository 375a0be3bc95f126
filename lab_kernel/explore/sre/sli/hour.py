"""The recorded hour, as the explorables of this chapter use it."""

from __future__ import annotations

from array import array
from functools import cache
from typing import NamedTuple

from lab_kernel import figures as fig
from lab_kernel.language import N_, _
from lab_kernel.sre.sli import recorded
from lab_kernel.sre.sli.condition import condition

USERS = 'path!="/healthz"'
SHOP = f'{USERS} and path!="/static/*"'
# Which requests are looked at: option, condition, label.
VALID = {
    "users": (USERS, N_("all but health checks")),
    "all": ("status>=0", N_("all, health checks too")),
    "shop": (SHOP, N_("what the shop itself answers")),
    "checkout": ('path=="/checkout"', N_("POST /checkout alone")),
}
FAULTS = {
    "slow": N_("slow database"),
    "burst": N_("80% of the checkouts fail"),
    "network": N_("the mobile network breaks"),
    "outage": N_("the shop is down"),
    "burn": N_("0.6% fail, for long"),
}
WINDOWS = {"1m": 60, "5m": 300, "15m": 900}


class Chosen(NamedTuple):
    """Some requests of the hour, one place in each for every request.

    ``seconds`` count from the hour's begin to the request's end (the last ones end a moment after
    the hour, and are put into its last second), ``millis`` is how long it took,
    ``which`` its place among the kinds of the recorded log.
    """

    seconds: array[int]
    millis: array[int]
    which: array[int]


@cache
def chosen(valid: str) -> Chosen:
    """Those that this condition holds for, which must not ask for a time."""
    log, begin, last = recorded.events(), start(), length() - 1
    holds = list(map(condition(valid), log.kinds))
    found = Chosen(array("H"), array("H"), array("H"))
    for time, ms, kind in zip(log.times, log.millis, log.which, strict=True):
        if holds[kind]:
            found.seconds.append(min(max(0, time - begin), last))
            found.millis.append(ms)
            found.which.append(kind)
    return found


def start() -> int:
    """The Unix second in which the hour begins."""
    return int(recorded.told()["start"])


def length() -> int:
    """Its seconds: an hour, unless a shorter one was recorded."""
    return int(recorded.told()["end"]) - start()


def spans() -> list[fig.Stretch]:
    """The faults in minutes of the hour."""
    return [
        fig.Stretch(_(FAULTS[each.kind]), (each.start - start()) / 60, (each.end - start()) / 60)
        for each in recorded.faults()
    ]


def told() -> str:
    """The faults in a sentence, for those who do not see the picture."""
    listed = (
        _("{name}: minute {start} to {end}").format(
            name=span.name, start=f"{span.start:g}", end=f"{span.end:g}"
        )
        for span in spans()
    )
    return "; ".join(listed) + "."


def ms(millis: float | None) -> str:
    """``1300.4`` as ``1,300 ms``."""
    return "-" if millis is None else f"{millis:,.0f} ms"


def share(part: float | None) -> str:
    """``0.98765`` as ``98.77%``: two decimals always, since the last nines count."""
    return "-" if part is None else f"{100 * part:.2f}%"
