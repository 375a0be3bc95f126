"""A team of fixed size, the tickets that come in, and what happens to those it cannot take.

A week is one step, and all work is counted in whole minutes. Tickets arrive by a Poisson process
whose rate grows with the service, and each takes the same time. An automated share is done by
machines. Of the rest the team does as much as its cap allows, oldest first; the others wait in
the backlog, or go back to the developers. What is left of the team's week is engineering, and
part of that goes into automating more until the share asked for is reached.

Developers who do a ticket see its cause. They put as much time again into the cause that makes
the most tickets, and once that has been given ``defect`` hours it makes no more.

The fluid limit (no chance, no growth): the backlog stands still as long as arrivals x (1 - a) x
hours <= cap x staff x week, so from a = 1 - cap x staff x week / (arrivals x hours) on. With chance
it has to be strictly less: at equality the backlog grows without bound, as the square root of time.

Left out: that people differ, get ill and leave; that tickets lose their meaning while they wait;
that automation itself needs care (see ``payback``).
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

WEEK = 40  # hours of one person
MINUTES = 60
# How the tickets' causes share them: a few make most.
CAUSES = (0.30, 0.20, 0.14, 0.10, 0.08, 0.06, 0.05, 0.04, 0.02, 0.01)


@dataclass(frozen=True, kw_only=True)
class Team:
    """``tickets`` a week at first, growing by ``growth`` a week; ``hours`` for each. ``cap`` None:
    the team takes all it can. ``automated`` is the share that machines are to do: at once when
    ``point`` is 0, else each percentage point first takes so many hours of engineering, of which
    ``invest`` goes into it."""

    staff: int = 6
    tickets: float = 90.0
    growth: float = 0.0
    hours: Fraction = Fraction(2)
    overhead: Fraction = Fraction(1, 8)
    cap: Fraction | None = Fraction(1, 2)
    automated: float = 0.0
    point: float = 0.0
    invest: float = 0.5
    hand_back: bool = False
    defect: int = 80
    seed: int = 0

    @property
    def minutes(self) -> int:
        """The team's week."""
        return self.staff * WEEK * MINUTES

    @property
    def ceiling(self) -> int:
        """The most that operational work may take of it; overhead comes first."""
        free = self.minutes - round(self.overhead * self.minutes)
        return free if self.cap is None else min(free, int(self.cap * self.minutes))

    def demand(self, machines: float = 0.0) -> float:
        """Minutes of tickets that arrive in the first week on average, machines' share left out."""
        return self.tickets * (1 - machines) * float(self.hours) * MINUTES

    def threshold(self) -> float:
        """The share of tickets from which on, automated, the backlog does not grow."""
        return max(0.0, 1 - self.ceiling / self.demand()) if self.tickets else 0.0


@dataclass(frozen=True)
class Step:
    """One week, in minutes. arrived + backlog before = machines + done + handed + backlog."""

    arrived: int
    machines: int
    done: int
    handed: int
    backlog: int
    engineering: int  # the team's, building automation included
    building: int
    automated: float
    mended: int  # causes that developers have removed by the end of it


def simulate(team: Team, weeks: int) -> list[Step]:
    """The same team always gives the same weeks. The same arrivals are drawn whatever is
    automated, so that two runs differ only in what is asked."""
    return list(_steps(team, weeks))


def _steps(team: Team, weeks: int) -> Iterator[Step]:
    chance = random.Random(team.seed)
    each = round(team.hours * MINUTES)
    overhead = round(team.overhead * team.minutes)
    rate, backlog, built, care, mended = team.tickets, 0, 0.0, 0, 0
    for _week in range(weeks):
        share = team.automated if not team.point else min(team.automated, built / team.point / 100)
        arrived = machines = 0
        for cause, luck in _arrivals(chance, rate):
            if cause >= mended:
                arrived += each
                machines += each * (luck < share)
        asked = backlog + arrived - machines
        done = min(asked, team.ceiling)
        handed = asked - done if team.hand_back else 0
        backlog = asked - done - handed
        care += handed
        while mended < len(CAUSES) and care >= team.defect * MINUTES:
            care -= team.defect * MINUTES
            mended += 1
        engineering = team.minutes - overhead - done
        missing = max(0.0, (team.automated * 100 * team.point - built) * MINUTES)
        building = min(int(engineering * team.invest), round(missing))
        built += building / MINUTES
        yield Step(arrived, machines, done, handed, backlog, engineering, building, share, mended)
        rate *= 1 + team.growth


def _arrivals(chance: random.Random, rate: float) -> Iterator[tuple[int, float]]:
    """A Poisson number of tickets: the cause of each, and its place among those automated."""
    moment = chance.expovariate(1.0)
    while moment <= rate:
        draw, cause = chance.random(), 0
        while cause < len(CAUSES) - 1 and draw >= CAUSES[cause]:
            draw -= CAUSES[cause]
            cause += 1
        yield cause, chance.random()
        moment += chance.expovariate(1.0)


def quarters(steps: list[Step], weeks: int = 13) -> list[float]:
    """Hours of engineering delivered in each full quarter."""
    full = len(steps) // weeks * weeks
    return [
        sum(step.engineering for step in steps[n : n + weeks]) / MINUTES
        for n in range(0, full, weeks)
    ]
