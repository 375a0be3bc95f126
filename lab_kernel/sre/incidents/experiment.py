"""A chaos experiment: a hypothesis about a fault, put to the test while somebody holds the brake.

    plan = Experiment("slow dependency", timeout=100, optional=True, good=0.99, abort=0.90)
    result = plan.run()
    result.verdict, result.bad

First the steady state is measured without a fault. Then the fault is put in. The indicator is the
share of requests that are answered with 200 within ``within`` ms, second by second. When it is
below ``abort`` over ``window`` seconds the fault is taken back at once. The hypothesis is that over
the whole fault at least ``good`` of the requests are good.

    held        it was right
    refuted     it was wrong, and nothing had to be stopped
    aborted     it was wrong, and was stopped
    unsteady    the steady state was below ``good`` already: there is nothing to be learnt

A request counts in the second in which it came. The brake acts on what is known at that moment:
requests that have been answered, or have waited longer than ``within``. The first time it looks
is ``window`` seconds after the fault.

Source: Principles of Chaos Engineering, principlesofchaos.org; A. Basiri and others, "Chaos
Engineering", IEEE Software 33(3), 2016. Left out: that only a part of the users meet the fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.microservices.outside import Asked
from lab_kernel.microservices.system import System
from lab_kernel.registry import unknown
from lab_kernel.sre.incidents.faults import FAULTS, shop
from lab_kernel.sre.slo.budget import Budget, Number, Tally, share_of

STEADY, FAULTY, AFTER = 10, 15, 10  # seconds
PER_SECOND = 20


@dataclass(frozen=True)
class Experiment:
    """``timeout`` and ``within`` in ms, ``window`` in seconds. BadInput names what does not fit."""

    fault: str
    timeout: int | None = None
    optional: bool = False
    good: float = 0.99
    abort: float = 0.90
    window: int = 3
    within: int = 300
    seed: int = 0

    def __post_init__(self) -> None:
        if self.fault not in FAULTS:
            raise unknown("fault", self.fault, FAULTS)
        for name, value, low, high in (
            ("good", self.good, 0, 1), ("abort", self.abort, 0, self.good),
            ("window", self.window, 1, FAULTY), ("within", self.within, 1, 10_000),
        ):  # fmt: skip
            if not low <= value <= high:
                message = _("{value} is not between {low} and {high}")
                raise BadInput(name, message.format(value=value, low=low, high=high))

    def run(self) -> Result:
        """On a shop of its own."""
        return _run(self)


@dataclass(frozen=True)
class Second:
    """One second: how many came, and how many of them were good."""

    came: int
    good: int


def good_share(seconds: Iterable[Second]) -> float:
    """Good of all that came; 1 if none did."""
    seconds = list(seconds)
    came = sum(each.came for each in seconds)
    return sum(each.good for each in seconds) / came if came else 1.0


def brake(seconds: Sequence[Second], window: int, abort: float) -> int | None:
    """After how many seconds the last ``window`` of them are below ``abort`` for the first time."""
    for now in range(window, len(seconds) + 1):
        if good_share(seconds[now - window : now]) < abort:
            return now
    return None


@dataclass(frozen=True)
class Result:
    """``seconds`` from the beginning of the steady state. ``stopped`` is the second in which the
    fault was taken back early, or None."""

    plan: Experiment
    seconds: tuple[Second, ...]
    stopped: int | None

    def share(self, first: int, last: int) -> float:
        """Good of all, from second ``first`` up to ``last``."""
        return good_share(self.seconds[first:last])

    @property
    def verdict(self) -> str:
        if self.share(0, STEADY) < self.plan.good:
            return "unsteady"
        if self.stopped is not None:
            return "aborted"
        held = self.share(STEADY, STEADY + FAULTY) >= self.plan.good
        return "held" if held else "refuted"

    @property
    def bad(self) -> int:
        """Requests that were not good, in all."""
        return sum(each.came - each.good for each in self.seconds)

    def spent(self, target: Number, requests: int) -> Fraction:
        """The share that this took of the error budget of a window of so many requests."""
        return Budget(share_of(target), Tally(Fraction(self.bad), Fraction(requests))).consumed or (
            Fraction(0)
        )


@cache
def _run(plan: Experiment) -> Result:
    system = shop(plan.timeout, optional=plan.optional, seed=plan.seed)
    fault, began = FAULTS[plan.fault], system.now
    begin, end = began + STEADY, began + STEADY + FAULTY
    stopped: list[int] = []

    def watch() -> None:
        """The brake: once a second while the fault is in."""
        known = [
            each
            for each in system.requests
            if each.began >= 1000 * (system.now - plan.window) and _known(each, system, plan)
        ]
        if not stopped and brake([_count(known, plan)], 1, plan.abort):
            fault.end(system)
            stopped.append(round(system.now - began))

    def finish() -> None:
        if not stopped:
            fault.end(system)

    system.load("gateway", PER_SECOND, end=end + AFTER, seed=plan.seed)
    system.at(begin, lambda: fault.begin(system))
    for second in range(plan.window, FAULTY):
        system.at(begin + second, watch)
    system.at(end, finish)
    system.run(end + AFTER + plan.within / 1000 + 1)  # until the last is good or too late
    by_second: list[list[Asked]] = [[] for _second in range(STEADY + FAULTY + AFTER)]
    for each in system.requests:
        by_second[int(each.began / 1000 - began)].append(each)
    seconds = tuple(_count(asked, plan) for asked in by_second)
    return Result(plan, seconds, stopped[0] if stopped else None)


def _count(asked: Sequence[Asked], plan: Experiment) -> Second:
    return Second(len(asked), sum(_good(each, plan) for each in asked))


def _known(each: Asked, system: System, plan: Experiment) -> bool:
    return each.status is not None or 1000 * system.now - each.began > plan.within


def _good(each: Asked, plan: Experiment) -> bool:
    return each.answered and each.latency is not None and each.latency <= plan.within
