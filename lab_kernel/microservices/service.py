"""A service, as it is declared: what it does for a request, and how many do it at once.

    Service("checkout", work=20, calls=("cart", ("stock", "payments"), 5, Call("mail", 100)))

is asked, computes for 20 ms, asks cart, then stock and payments side by side, computes for 5 ms
more, and asks mail, for which it waits at most 100 ms. In each pod ``workers`` processes serve one
request at a time each; others wait in the socket's queue, and when ``queue`` of them wait the next
is answered 503. ``fails`` is the share of requests that are answered 500 by chance.

Times are in ms, and CPU time: pods on one node share its CPUs.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

from lab_kernel.cloud_native.network import TIMEOUT
from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.microservices.calls import BAD_GATEWAY, GATEWAY_TIMEOUT, OK, Call

if TYPE_CHECKING:
    from lab_kernel.microservices.program import Handling

MOST_WORKERS, MOST_REPLICAS = 200, 100


@dataclass(frozen=True, slots=True)
class Exponential:
    """Times by chance: short ones often, long ones rarely, ``mean`` ms on average."""

    mean: float
    variation: float = 1.0  # squared coefficient of variation: variance by mean squared

    def __call__(self, chance: Random) -> float:
        return chance.expovariate(1 / self.mean)


Work = float | Callable[[Random], float]


@dataclass(frozen=True, slots=True)
class Group:
    """Calls made side by side, of which ``needs`` must be answered (None: all but the optional)."""

    calls: tuple[Call, ...]
    needs: int | None = None

    def __init__(self, *calls: str | Call, needs: int | None = None) -> None:
        each = tuple(Call(call) if isinstance(call, str) else call for call in calls)
        object.__setattr__(self, "calls", each)
        object.__setattr__(self, "needs", needs)
        if needs is not None and not 0 <= needs <= len(each):
            message = _("{value} is not a whole number from {low} to {high}")
            raise BadInput("needs", message.format(value=needs, low=0, high=len(each)))

    def status(self, statuses: list[int]) -> int:
        """200 when enough of them are; else what the caller has to answer."""
        failed = [
            status
            for call, status in zip(self.calls, statuses, strict=True)
            if status != OK and not (self.needs is None and call.optional)
        ]
        if not failed or (self.needs is not None and len(statuses) - len(failed) >= self.needs):
            return OK
        return GATEWAY_TIMEOUT if set(failed) <= {TIMEOUT, GATEWAY_TIMEOUT} else BAD_GATEWAY


Answers = Callable[["Service", "Handling"], Generator[Any, Any, int]]
Stage = str | Call | Group | float | tuple[str | Call, ...]


@dataclass(frozen=True, slots=True)
class Service:
    """``work`` is ms, or drawn for each request (``Exponential``). ``calls`` are stages, one after
    another: a service, a ``Call``, several at once (a tuple, a ``Group``), or ms of work.
    ``answers`` does something else for a request than ``answer``, as it is written here."""

    name: str
    work: Work = 10
    replicas: int = 1
    workers: int = 1
    queue: int | None = None
    calls: tuple[Stage, ...] = ()
    fails: float = 0.0
    answers: Answers | None = None

    def __post_init__(self) -> None:
        for name, low, high in (
            ("replicas", 0, MOST_REPLICAS), ("workers", 1, MOST_WORKERS), ("queue", 0, 10**6),
            ("fails", 0, 1),
        ):  # fmt: skip
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                message = _("{value} is not between {low} and {high}")
                raise BadInput(name, message.format(value=value, low=low, high=high))
        if isinstance(self.work, int | float) and not 0 <= self.work <= 10**6:
            message = _("{value} is not between {low} and {high}")
            raise BadInput("work", message.format(value=self.work, low=0, high=10**6))

    def stages(self) -> Iterator[Group | float]:
        for stage in self.calls:
            if isinstance(stage, tuple):
                yield Group(*stage)
            else:
                yield Group(stage) if isinstance(stage, str | Call) else stage

    def asks(self) -> list[Call]:
        """Every call that it makes for one request."""
        return [call for stage in self.stages() if isinstance(stage, Group) for call in stage.calls]
