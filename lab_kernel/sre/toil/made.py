"""A made time log. No team's real log is published here; this one comes from a seed.

Six people who each log 40 hours a week for 26 weeks: one is on call, the others take tickets. The
tickets of the first week grow by ``growth`` a week, and what is neither overhead nor operational
work is the project. ``examples/team.csv`` is ``broken(written(made_log()))`` to the byte.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from lab_kernel.sre.toil.criteria import Kind, Trait
from lab_kernel.sre.toil.time_log import COLUMNS, Entry, week_name, week_number

PEOPLE = ("ada", "ben", "chae", "dmitri", "eun", "farah")
WEEK = 40  # hours that each logs
FIRST = "2026-W01"

_ALL = tuple(Trait)
_MOST = tuple(trait for trait in Trait if trait is not Trait.LINEAR)
_JUDGED = (Trait.MANUAL, Trait.TACTICAL)


@dataclass(frozen=True)
class Work:
    """Something that people write into a log, and how often it comes up against the others."""

    what: str
    kind: Kind
    traits: tuple[Trait, ...]
    weight: int


TICKETS = (
    Work("raise a quota by hand", Kind.PRODUCTION, _ALL, 5),
    Work("restart a worker that hangs", Kind.PRODUCTION, _MOST, 4),
    Work("copy a customer's data to another region", Kind.PRODUCTION, _ALL, 3),
    Work("renew a certificate", Kind.PRODUCTION, _ALL, 2),
    Work("find out why a query is slow", Kind.PRODUCTION, _JUDGED, 2),
    Work("advise a team before its launch", Kind.PRODUCTION, (Trait.TACTICAL,), 1),
)
PAGES = (
    Work("page: disk nearly full", Kind.PRODUCTION, _ALL, 3),
    Work("page: error rate over its target", Kind.PRODUCTION, _JUDGED, 2),
)
PROJECT = Work("project: quotas that raise themselves", Kind.PROJECT, (), 1)
MEETINGS = Work("meetings, hiring, mail", Kind.OVERHEAD, (), 1)


def made_log(
    weeks: int = 26, tickets: float = 70.0, growth: float = 0.03, seed: int = 0
) -> tuple[Entry, ...]:
    """``tickets`` hours of them in the first week, for the whole team, growing by ``growth``."""
    chance = random.Random(seed)
    first = week_number(FIRST)
    entries: list[Entry] = []
    for n in range(weeks):
        share = tickets * (1 + growth) ** n / len(PEOPLE)
        for place, person in enumerate(PEOPLE):
            on_call = place == n % len(PEOPLE)
            entries += _week(chance, first + n, person, share, on_call)
    return tuple(entries)


def _week(
    chance: random.Random, week: int, person: str, share: float, on_call: bool
) -> Iterator[Entry]:
    """One person's 40 hours: meetings, then what comes in, then what is left for the project."""
    meetings = Fraction(chance.randrange(8, 15), 2)
    left: Fraction = WEEK - meetings
    yield _row(week, person, meetings, MEETINGS)
    comes = chance.gauss(share, share / 4) + (14 if on_call else 0)
    asked = min(Fraction(max(0, round(comes * 2)), 2), left)
    while asked:
        work = _drawn(chance, PAGES if on_call else TICKETS)
        hours = min(Fraction(chance.randrange(4, 19), 2), asked)
        yield _row(week, person, hours, work)
        asked -= hours
        left -= hours
    if left:
        yield _row(week, person, left, PROJECT)


def _row(week: int, person: str, hours: Fraction, work: Work) -> Entry:
    return Entry(week, person, hours, work.what, work.kind, work.traits)


def _drawn(chance: random.Random, works: Sequence[Work]) -> Work:
    return chance.choices(works, [work.weight for work in works])[0]


def written(entries: Iterable[Entry]) -> str:
    """The entries as the CSV file that ``read_log`` reads."""
    file = io.StringIO()
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(COLUMNS)
    for entry in entries:
        hours = f"{float(entry.hours):g}"
        tags = " ".join([entry.kind, *entry.traits])
        rows.writerow([week_name(entry.week), entry.person, hours, entry.what, tags])
    return file.getvalue()


def broken(text: str) -> str:
    """The file with three rows that people do write: hours in words, no tag, a cell too many."""
    return text + (
        "2026-W26,ada,half a day,raise a quota by hand,production manual\n"
        "2026-W26,ben,3,restart a worker that hangs,manual repetitive\n"
        "2026-W26,chae,2,meetings, mail,overhead\n"
    )
