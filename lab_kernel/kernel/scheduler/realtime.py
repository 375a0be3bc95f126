"""Real time: the earliest deadline first, or the shortest period first, and who may be let in.

Source: Liu and Layland, "Scheduling Algorithms for Multiprogramming in a Hard-Real-Time
Environment" (JACM 1973); Joseph and Pandya, "Finding Response Times" (1986).

Ties go to the task that arrived first. A task without a deadline (or period) comes after all that
have one.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from lab_kernel.kernel.scheduler.classic import Ranked
from lab_kernel.kernel.scheduler.policy import Task

_NEVER = 1 << 62


class Edf(Ranked):
    """Earliest deadline first: optimal on one CPU."""

    name = "edf"

    def rank(self, task: Task, now: int) -> int:
        return _NEVER if task.due is None else task.due


class RateMonotonic(Ranked):
    """The shorter the period, the higher the priority, once and for all."""

    name = "rm"

    def rank(self, task: Task, now: int) -> int:
        return _NEVER if task.period is None else task.period


class Periodic(NamedTuple):
    """A task that needs ``cost`` ticks in every ``period``, by the end of it."""

    cost: int
    period: int


def utilization(tasks: Sequence[Periodic]) -> Fraction:
    """The part of one CPU that the tasks need."""
    return sum((Fraction(task.cost, task.period) for task in tasks), Fraction(0))


def edf_admits(tasks: Sequence[Periodic]) -> bool:
    """Whether EDF meets every deadline on one CPU: exactly when they need no more than it has."""
    return utilization(tasks) <= 1


def liu_layland_bound(count: int) -> float:
    """The utilization up to which rate-monotonic surely meets all deadlines of ``count`` tasks.

    It falls from 1 towards ln 2. Above it some sets still fit: ``response_times`` decides.
    """
    if count < 1:
        raise ValueError("a bound needs at least one task")
    return float(count * (2 ** (1 / count) - 1))


def response_times(tasks: Sequence[Periodic]) -> list[int | None]:
    """The worst response of each task under rate-monotonic; None where its deadline is missed.

    The worst case is when all are released at once: R = C + sum of ceil(R / Tj) Cj over the tasks
    of higher priority, worked out as a fixed point. Equal periods: the one listed first goes first.
    """
    return [_response(n, tasks) for n in range(len(tasks))]


def _response(which: int, tasks: Sequence[Periodic]) -> int | None:
    own = tasks[which]
    above = [task for n, task in enumerate(tasks) if (task.period, n) < (own.period, which)]
    response = own.cost
    while response <= own.period:
        again = own.cost + sum(-(-response // task.period) * task.cost for task in above)
        if again == response:
            return response
        response = again
    return None
