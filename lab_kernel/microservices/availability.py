"""How often a request is answered when the services that it needs answer only so often.

    chain([0.999] * 10)             0.990: all of them are needed
    enough([0.9] * 3, needs=1)      0.999: one of them will do
    enough([0.9] * 3, needs=2)      0.972: two of three
    expected(services, "shop")      what the declared calls make of their own shares

The formulas hold when failures are independent: of each other, and of the request. A node that
takes three replicas with it, or a library that all have, breaks that, and the real figure is worse
for "one will do" and better for "all are needed". ``measured`` counts on the simulated cluster, and
``interval`` says how far such a count can be trusted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import ceil, floor, log, prod, sqrt

from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.microservices.service import Group, Service
from lab_kernel.microservices.system import System

PER_SECOND = 100
CONFIDENCE = 1.96  # standard deviations: 95 of 100 such intervals hold the true share


def chain(shares: Iterable[float]) -> float:
    """All are needed: the product."""
    return prod(_share(each) for each in shares)


def enough(shares: Sequence[float], needs: int) -> float:
    """At least ``needs`` of them: the sum over how many answer.

    For equal shares that is the binomial distribution, for others Poisson's binomial.
    """
    if not 0 <= needs <= len(shares):
        message = _("{value} is not a whole number from {low} to {high}")
        raise BadInput("needs", message.format(value=needs, low=0, high=len(shares)))
    answer = [1.0]  # the chance that exactly so many of those so far answer
    for share in map(_share, shares):
        answer = [
            before * share + beside * (1 - share)
            for before, beside in zip([0.0, *answer], [*answer, 0.0], strict=True)
        ]
    return sum(answer[needs:])


def _share(value: float) -> float:
    if not 0 <= value <= 1:
        raise BadInput("share", _("{value} is not between {low} and {high}").format(
            value=value, low=0, high=1
        ))  # fmt: skip
    return value


def expected(services: Mapping[str, Service], name: str) -> float:
    """The share of requests to this service that are answered: its own, times every stage."""
    service = services[name]
    found = 1 - service.fails
    for stage in service.stages():
        if isinstance(stage, Group):
            asked = [call for call in stage.calls if stage.needs is not None or not call.optional]
            shares = [expected(services, call.service) for call in asked]
            found *= enough(shares, len(shares) if stage.needs is None else stage.needs)
    return found


def longest(share: float, target: float) -> int:
    """How many services with this share may be needed in a row for the target to hold."""
    if not 0 < _share(share) < 1 or not 0 < _share(target) < 1:
        raise BadInput("share", _("only between 0 and 1 is there a longest chain"))
    return floor(log(target) / log(share) + 1e-9)


def measured(services: Sequence[Service], requests: int, seed: int = 0) -> tuple[int, int]:
    """Of about so many requests to the first service: how many were answered, and how many came."""
    system = System(services, seed=seed, traced=0)
    end = system.now + ceil(requests / PER_SECOND)
    system.load(services[0].name, PER_SECOND, end=end, seed=seed)
    system.run(end + 5)
    return len(system.answered), len(system.requests)


def interval(good: int, total: int, deviations: float = CONFIDENCE) -> tuple[float, float]:
    """Where the true share lies, if so many of all were good.

    Source: Wilson, "Probable inference, the law of succession, and statistical inference", 1927:
    unlike the usual one it is no point when all were good.
    """
    if not 0 <= good <= total or not total:
        message = _("{value} is not a whole number from {low} to {high}")
        raise BadInput("good", message.format(value=good, low=0, high=total))
    square = deviations**2 / total
    middle = (good / total + square / 2) / (1 + square)
    spread = deviations * sqrt(good * (total - good) / total**3 + square / (4 * total))
    return max(0.0, middle - spread / (1 + square)), min(1.0, middle + spread / (1 + square))
