"""Six ways to alert on one incident."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.explore.sre.alerts.burning import ERRORS
from lab_kernel.explore.sre.alerts.wording import lasting
from lab_kernel.language import N_, _
from lab_kernel.sre.alerts.burn import PAGE, TICKET
from lab_kernel.sre.alerts.incidents import Log
from lab_kernel.sre.alerts.strategies import fires, six
from lab_kernel.trace import Event, Trace

BUDGET, REQUESTS = Decimal("0.001"), 10_000
BEFORE, AFTER = 3 * 1440, 4 * 1440  # minutes
SHOWN = 240  # minutes after the end, at least
NAMES = {PAGE: N_("a page"), TICKET: N_("a ticket")}


@cache
def run(errors: str, minutes: int, pattern: str) -> list[dict[str, list[tuple[int, int]]]]:
    """For each of the six, and each severity, from which minute to which it fires."""
    share = float(errors) / 100
    bad = [0] * BEFORE
    bad += [
        round(share * REQUESTS) if pattern == "steady" or n % 10 == 0 else 0 for n in range(minutes)
    ]
    bad += [0] * AFTER
    log = Log([REQUESTS] * len(bad), bad)
    return [
        {
            severity: _spells(fires(each, log, BUDGET, severity)[BEFORE:])
            for severity in (PAGE, TICKET)
        }
        for each in six()
    ]


@explorable(
    "sre/alerts/strategies",
    title=N_("Six ways to alert on one incident"),
    predict=N_(
        "Everything fails for twelve minutes. Which of the six notices at all, which is the last to"
        " notice, and which is still firing tomorrow?"
    ),
    controls=(
        Choice(
            name="errors",
            label=N_("Requests that fail, percent"),
            default="100",
            options=tuple((each, f"{each}%") for each in ERRORS),
        ),
        Whole(name="minutes", label=N_("Minutes that it lasts"), low=1, high=1440, default=12),
        Choice(
            name="pattern",
            label=N_("Errors come"),
            default="steady",
            options=(("steady", N_("all the time")), ("flapping", N_("in one minute of ten"))),
        ),
    ),
)
def strategies(errors: str, minutes: int, pattern: str) -> View:
    """A bar for the time in which each of them fires."""
    shown = minutes + max(SHOWN, minutes // 2)
    rows = [Event(0, minutes, _("incident"), _("errors"), "")]
    said: list[str] = []
    numbers: dict[str, int | float] = {}
    for each, fired in zip(six(), run(errors, minutes, pattern), strict=True):
        name = f"{each.number}. {_(each.title)}"
        parts = []
        for severity, spells in fired.items():
            word = _(NAMES[severity])
            rows += [
                Event(on, min(off, shown) - on, name, word, "") for on, off in spells if on < shown
            ]
            if spells:
                on, off = spells[0][0] + 1, max(0, spells[-1][1] + 1 - minutes)
                parts.append(
                    _("{severity} after {on}, off {off} after the end").format(
                        severity=word, on=lasting(on), off=lasting(off)
                    )
                )
                numbers |= {f"{each.number} {severity}": on, f"{each.number} {severity} off": off}
        if not parts:
            rows.append(Event(0, 0, name, _("does not fire at all"), ""))
        said.append(f"{each.number}: " + (", ".join(parts) or _("does not fire at all")))
    says = "; ".join(said) + "."
    picture = fig.timeline(
        Trace(rows),
        title=_("Who fires, and when"),
        description=says,
        x_label=_("minutes from the beginning"),
        kinds=[_("errors"), *(_(name) for name in NAMES.values()), _("does not fire at all")],
    )
    return View((picture,), says, numbers)


def _spells(firing: list[bool]) -> list[tuple[int, int]]:
    """From when to when, one after the other."""
    spells: list[tuple[int, int]] = []
    for minute, now in enumerate(firing):
        if now and spells and spells[-1][1] == minute:
            spells[-1] = (spells[-1][0], minute + 1)
        elif now:
            spells.append((minute, minute + 1))
    return spells
