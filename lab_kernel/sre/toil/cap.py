"""The cap on operational work: a ceiling, on the team's average, watched week by week.

Google's practice (SRE book, chapters 1 and 5): operational work, which is tickets, on-call and
manual tasks together, may take at most 50% of the team's time. Less is fine: 10% passes. One
person may be over it for a week, since somebody is on call; the average counts.

The share is of all hours logged, overhead included. ``of_work`` leaves overhead out of the
denominator, which makes the share larger; the book does not say which, so say it with the figure.
The trailing quarter is the last 13 weeks. Before there are 13 it has no share and gives no alarm: a
week is no quarter. That a quarter is what is judged is this site's choice; the book says quarterly
review, and no more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.sre.toil.criteria import Class
from lab_kernel.sre.toil.time_log import Entry, Log

CAP = Fraction(1, 2)
QUARTER = 13  # weeks

Hours = dict[Class, Fraction]


@dataclass(frozen=True)
class Week:
    """One week of the team. A share is None when no hour was logged; ``trailing`` is None, too,
    before there is a whole quarter."""

    week: int
    hours: Hours
    share: Fraction | None
    trailing: Fraction | None
    cap: Fraction = CAP

    @property
    def alarm(self) -> bool:
        """Over the cap; 50% exactly is not."""
        return self.trailing is not None and self.trailing > self.cap


def tally(entries: Iterable[Entry]) -> Hours:
    """Hours by class, every class there; together they are all hours of the entries."""
    hours = dict.fromkeys(Class, Fraction(0))
    for entry in entries:
        hours[entry.verdict.found] += entry.hours
    return hours


def share_of(hours: Hours, of_work: bool = False) -> Fraction | None:
    """Operational work as a part of all hours, or of all but overhead."""
    whole = sum(hours.values()) - (hours[Class.OVERHEAD] if of_work else 0)
    operational = sum(part for found, part in hours.items() if found.operational)
    return Fraction(operational, whole) if whole else None


def read_cap(percent: float | str | Fraction) -> Fraction:
    """50 as one half; BadInput below 0 or over 100."""
    try:
        cap = Fraction(str(percent)) / 100
    except (ValueError, ZeroDivisionError):
        cap = Fraction(-1)
    if not 0 <= cap <= 1:
        raise BadInput("cap", _("“{value}” is no percentage from 0 to 100").format(value=percent))
    return cap


def watch(
    log: Log, cap: Fraction = CAP, quarter: int = QUARTER, of_work: bool = False
) -> list[Week]:
    """Every week from the first to the last, also those in which nothing was logged."""
    by_week: dict[int, list[Entry]] = {week: [] for week in log.weeks}
    for entry in log.entries:
        by_week[entry.week].append(entry)
    tallies = [tally(entries) for entries in by_week.values()]
    weeks = []
    for n, (week, hours) in enumerate(zip(by_week, tallies, strict=True)):
        window = added(tallies[max(0, n + 1 - quarter) : n + 1])
        trailing = share_of(window, of_work) if n + 1 >= quarter else None
        weeks.append(Week(week, hours, share_of(hours, of_work), trailing, cap))
    return weeks


def added(tallies: Iterable[Hours]) -> Hours:
    """The sum of some weeks: hours are added, shares are not averaged."""
    total = dict.fromkeys(Class, Fraction(0))
    for hours in tallies:
        for found, part in hours.items():
            total[found] += part
    return total


def by_person(log: Log) -> dict[str, Fraction | None]:
    """Each one's share over the whole log: who carries it, which the average hides."""
    people: dict[str, list[Entry]] = {}
    for entry in log.entries:
        people.setdefault(entry.person, []).append(entry)
    return {person: share_of(tally(entries)) for person, entries in sorted(people.items())}


def to_hand_back(hours: Hours, cap: Fraction = CAP) -> Fraction:
    """The hours over the cap. The people stay, and fill them with project work, so that the
    whole is the same as before."""
    operational = sum(part for found, part in hours.items() if found.operational)
    return max(Fraction(0), operational - cap * sum(hours.values()))
