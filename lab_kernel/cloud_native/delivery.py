"""From a change to its user: a release train against independent delivery, hour by hour.

Each team finishes a change every ``every`` hours. A release holds ``batch`` changes of a team, or
of all teams together on a train, and is deployed ``pipeline`` hours after the last of them is
committed. A release with a bad change fails its users: after ``detect`` hours somebody notices, the
whole release is rolled back, the bad change is searched by halving the release (``test`` hours a
step) and fixed (``fix`` hours), and an unplanned deployment brings everything again. A pipeline
does one thing at a time.

Which changes are bad depends on the seed and on the change alone, so every plan meets the same
ones. What is left out works for large releases as well as against them: the cost of a deployment,
tests by hand, changes of one release that only fail together.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from math import ceil, log2

from lab_kernel.errors import BadInput
from lab_kernel.language import _

HOURS = 24


@dataclass(frozen=True, slots=True)
class Plan:
    """Hours, but ``batch`` counts changes of one team in a release; ``bad`` is a share."""

    teams: int = 6
    batch: int = 8
    train: bool = True
    every: int = 24
    pipeline: int = 2
    detect: int = 4
    test: int = 1
    fix: int = 6
    bad: float = 0.05
    days: int = 120

    def __post_init__(self) -> None:
        for name, low in (("teams", 1), ("batch", 1), ("every", 1), ("days", 1)):
            if getattr(self, name) < low:
                message = _("{value} is less than {least}")
                raise BadInput(name, message.format(value=getattr(self, name), least=low))
        if not 0 <= self.bad <= 1:
            raise BadInput("bad", _("{value} is not between 0 and 1").format(value=self.bad))


@dataclass(frozen=True, slots=True, order=True)
class Change:
    committed: int
    team: int
    number: int
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Deployment:
    """One line of the deployment log; times in hours.

    ``failed`` needed somebody at once; then ``recovered`` is when users were served again.
    ``unplanned`` was made only because another had failed. ``pipeline`` is the team's number, -1
    for the train.
    """

    at: int
    pipeline: int
    changes: tuple[Change, ...]
    failed: bool = False
    recovered: int | None = None
    unplanned: bool = False


def changes(plan: Plan, seed: int = 1) -> list[Change]:
    """All that the teams finish in the plan's days, in order of time."""
    found = []
    for team in range(plan.teams):
        for number in range(plan.days * HOURS // plan.every):
            chance = random.Random(f"{seed}:{team}:{number}").random()
            found.append(Change((number + 1) * plan.every, team, number, chance < plan.bad))
    return sorted(found)


def deliver(plan: Plan, seed: int = 1) -> list[Deployment]:
    """The deployment log, in order of time. Changes of a last, unfilled release are not in it."""
    log: list[Deployment] = []
    for pipeline, releases in _releases(plan, seed):
        free = 0
        for release in releases:
            at = max(max(one.committed for one in release), free) + plan.pipeline
            failed = any(one.bad for one in release)
            free = at
            if failed:
                rolled_back = at + plan.detect
                found = rolled_back + plan.test * ceil(log2(len(release)))
                again = found + plan.fix + plan.pipeline
                log.append(Deployment(at, pipeline, release, True, rolled_back))
                log.append(Deployment(again, pipeline, release, unplanned=True))
                free = again
            else:
                log.append(Deployment(at, pipeline, release))
    return sorted(log, key=lambda one: (one.at, one.pipeline))


def _releases(plan: Plan, seed: int) -> Iterator[tuple[int, list[tuple[Change, ...]]]]:
    """For each pipeline what goes through it, in order."""
    every = changes(plan, seed)
    whole = (plan.days * HOURS // plan.every) // plan.batch
    for pipeline in [-1] if plan.train else range(plan.teams):
        mine = [one for one in every if plan.train or one.team == pipeline]
        mine.sort(key=lambda one: (one.number // plan.batch, one))
        grouped = groupby(mine, key=lambda one: one.number // plan.batch)
        releases = [(number, tuple(release)) for number, release in grouped]
        yield pipeline, [release for number, release in releases if number < whole]


def lasting(log: list[Deployment]) -> dict[Change, int]:
    """For each change when it reached its user for good: in a deployment that did not fail."""
    return {one: each.at for each in log if not each.failed for one in each.changes}


def mean_days(log: list[Deployment]) -> float:
    """From the commit of a change to its user for good."""
    reached = lasting(log)
    if not reached:
        raise BadInput("days", _("nothing was delivered; take more days or a smaller batch"))
    return sum(at - one.committed for one, at in reached.items()) / len(reached) / HOURS


def damage(log: list[Deployment]) -> float:
    """Good changes taken from their users for each bad one: they were in the same release."""
    bad = sum(one.bad for each in log if each.failed for one in each.changes)
    good = sum(not one.bad for each in log if each.failed for one in each.changes)
    return good / bad if bad else 0.0
