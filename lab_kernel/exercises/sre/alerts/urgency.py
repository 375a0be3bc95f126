"""What fires at the end of an incident: nothing, a ticket, a page, or both."""

from __future__ import annotations

import random
from collections.abc import Iterable
from decimal import Decimal
from functools import cache

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import one_of
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.sre.alerts.burn import Condition, written
from lab_kernel.sre.alerts.demo import Seen, incident, ready

ANSWERS = ("nothing", "ticket", "page", "both")
CLOSE = Decimal("0.1")  # no window is that near its threshold, as a part of it


@cache
def happened(ratio: Decimal, minutes: int) -> Seen:
    return incident(ready(), ratio, minutes)


@exercise("sre/alerts/urgency", title=N_("Who has to get up?"))
def urgency(rng: random.Random) -> Problem:
    """Drawn until no window is near its threshold and the wanted answer comes out."""
    wanted = rng.choice(ANSWERS)
    found = ready()
    while True:
        burn = Decimal(rng.choice((1, 2, 4, 5, 8, 10, 15, 20, 30, 50, 100)))
        minutes = rng.choice((5, 10, 20, 30, 60, 120, 180, 360, 720, 1080, 1440, 2880))
        ratio = burn / 1000
        if any(_near(each, ratio, minutes) for each in found.conditions):
            continue
        above = (c for c in found.conditions if _full(c, ratio, minutes) > 1)
        if _word(each.pair.severity for each in above) == wanted:
            break
    seen = happened(ratio, minutes)
    answer = _word(seen.severities(minutes))
    return Problem(
        prompt=_(
            "99.9% over 30 days, the book's alerts (page: 1h/5m above 14.4, 6h/30m above 6; ticket:"
            " 1d/2h above 3, 3d/6h above 1), days without errors, even traffic. For the last"
            " {minutes} minutes {errors}% of the requests have failed, and they still do. What is"
            " firing now: nothing, a ticket, a page, or both?"
        ).format(minutes=minutes, errors=written(ratio * 100)),
        expects=_("One of: nothing, ticket, page, both."),
        answer=answer,
        read=one_of(*ANSWERS),
        explain=recognise(
            [
                ("nothing", _("One of the pairs has both of its windows above the threshold.")),
                (
                    "both",
                    _("Not every severity has a pair with both windows above the threshold."),
                ),
            ],
            _("Work out the long windows: errors times the part of the window that they fill."),
        ),
        hints=(
            _("The burn rate is {burn}; which factors are below that?").format(burn=written(burn)),
            _("A long window of W minutes is at {burn} × {minutes} / W, at most {burn}.").format(
                burn=written(burn), minutes=minutes
            ),
            "; ".join(_at(seen, each, minutes) for each in found.conditions) + ".",
        ),
        solution=_("{windows}: {answer}.").format(
            windows="; ".join(_at(seen, each, minutes) for each in found.conditions), answer=answer
        ),
    )


def _word(severities: Iterable[str]) -> str:
    fired = set(severities)
    return "both" if len(fired) == 2 else next(iter(fired), "nothing")


def _full(condition: Condition, ratio: Decimal, minutes: int) -> Decimal:
    """What the long window is at, as a part of its threshold."""
    part = min(Decimal(1), Decimal(minutes * 60) / condition.pair.long)
    return ratio * part / condition.threshold


def _near(condition: Condition, ratio: Decimal, minutes: int) -> bool:
    return abs(_full(condition, ratio, minutes) - 1) < CLOSE or ratio == condition.threshold


def _at(seen: Seen, condition: Condition, minutes: int) -> str:
    """``1h: 8.3 of 14.4``."""
    rate = seen.ratio(condition.pair.long, minutes) * 1000
    hours = condition.pair.long // 3600
    return _("{hours} h: {rate} of {factor}").format(
        hours=hours, rate=f"{rate:.2g}", factor=written(condition.factor)
    )
