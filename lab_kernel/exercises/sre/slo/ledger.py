"""What is left today, in a rolling window and in a calendar month."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.sre.slo.ledger import Entry, Incident, account
from lab_kernel.sre.slo.spec import Calendar, Duration, Rolling

DAY = 86_400
MONTH = Calendar(Duration(1, "M"), datetime(2026, 1, 1), "UTC")
ROLLING = Rolling(Duration(30, "d"))
TARGETS = ("99", "99.5")


@exercise("sre/slo/ledger", title=N_("What is left today?"))
def ledger(rng: random.Random) -> Problem:
    """Three outages around the edge of a month; the answer in whole minutes."""
    percent = rng.choice(TARGETS)
    target = Decimal(percent) / 100
    while True:
        now = datetime(2026, rng.randrange(2, 12), rng.randrange(3, 25), tzinfo=UTC)
        back = sorted(rng.sample(range(1, 40), 3), reverse=True)
        outages = [(now - timedelta(days=days), 10 * rng.randrange(1, 9)) for days in back]
        incidents = [Incident(day.timestamp(), day.timestamp() + 60 * m) for day, m in outages]
        both: dict[str, Entry] = {
            name: account(target, window, incidents, now.timestamp())
            for name, window in (("rolling", ROLLING), ("month", MONTH))
        }
        exact = all(each.remaining.denominator == 1 for each in both.values())
        if exact and both["rolling"].spent != both["month"].spent:
            break
    asked = rng.choice(("rolling", "month"))
    found = both[asked]
    other = both["month" if asked == "rolling" else "rolling"]
    answer = int(found.remaining)
    window = (
        _("a rolling window of 30 days") if asked == "rolling" else _("the calendar month, in UTC")
    )
    listed = "\n".join(
        _("{date}, 00:00: {minutes} minutes").format(date=day.strftime("%Y-%m-%d"), minutes=m)
        for day, m in outages
    )
    everything = sum(minutes for _day, minutes in outages)
    return Problem(
        prompt=_(
            "A service promises {target}%. It was down altogether:\n{listed}\nToday is {today},"
            " 00:00. How many minutes of the budget are left in {window}? (Below 0 if overspent.)"
        ).format(target=percent, listed=listed, today=now.strftime("%Y-%m-%d"), window=window),
        expects=_("Whole minutes, such as 152 or -8."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (int(other.remaining), _("That is what is left in the other kind of window.")),
                (int(found.spent), _("That is what is spent; what was allowed?")),
                (
                    int(found.allowed) - everything,
                    _("Not all of the outages lie in this window."),
                ),
            ],
            _("Which outages lie in the window, and how long is the window?"),
        ),
        hints=(
            _("The budget is 1 − target of the window's minutes; every outage in it is taken off."),
            _("The window begins on {begin} and has {days} days: {allowed} minutes.").format(
                begin=datetime.fromtimestamp(found.window.begin, UTC).strftime("%Y-%m-%d"),
                days=round(found.window.seconds / DAY),
                allowed=int(found.allowed),
            ),
            _("{spent} minutes of outage lie in it.").format(spent=int(found.spent)),
        ),
        solution=_("{allowed} − {spent} = {answer} minutes.").format(
            allowed=int(found.allowed), spent=int(found.spent), answer=answer
        ),
    )
