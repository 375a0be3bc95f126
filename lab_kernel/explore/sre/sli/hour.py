"""The recorded hour, as the explorables of this chapter use it."""

from __future__ import annotations

from functools import cache

from lab_kernel import figures as fig
from lab_kernel.language import N_, _
from lab_kernel.sre.sli import recorded
from lab_kernel.sre.sli.condition import condition
from lab_kernel.sre.sli.event import Event

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


@cache
def chosen(valid: str) -> tuple[Event, ...]:
    """The events of the hour that this condition holds for."""
    return tuple(filter(condition(valid), recorded.events()))


def start() -> int:
    """The Unix second in which the hour begins."""
    return int(recorded.told()["start"])


def length() -> int:
    """Its seconds: an hour, unless a shorter one was recorded."""
    return int(recorded.told()["end"]) - start()


def spans() -> list[fig.Span]:
    """The faults in minutes of the hour."""
    return [
        fig.Span(_(FAULTS[each.kind]), (each.start - start()) / 60, (each.end - start()) / 60)
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


def ms(seconds: float | None) -> str:
    """``0.3`` as ``300 ms``."""
    return "-" if seconds is None else f"{1000 * seconds:,.0f} ms"


def share(part: float | None) -> str:
    """``0.98765`` as ``98.77%``: two decimals always, since the last nines count."""
    return "-" if part is None else f"{100 * part:.2f}%"
