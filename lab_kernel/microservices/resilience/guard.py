"""One policy for calls, made of the parts: attempts, backoff, budget, breaker, bulkhead, deadline.

    Call("payments", timeout=300, policy=Guard(attempts=3, budget=Budget))

For one call: enter the bulkhead, or be turned away; then try. Before each try the breaker is
asked, before each but the first the budget, and between two tries there is a pause. A try may last
no longer than what is left until the deadline, and with nothing left none is sent. What could not
be sent is 503.

What is tried again: a refused connection, and the 503 of a service that turned the request away,
which prove that nothing was done; and if the call is ``idempotent``, everything else but success,
too (RFC 9110, section 9.2.2).

The parts are made once for each pod and dependency, so all calls of one pod share them; the client
outside of the cluster is one such pod. Times in ms.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from lab_kernel.cloud_native.listener import REFUSED
from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.microservices.calls import BUSY, OK, Asking, Client, Policy
from lab_kernel.microservices.resilience import deadline
from lab_kernel.microservices.resilience.backoff import Backoff
from lab_kernel.microservices.resilience.breaker import CircuitBreaker
from lab_kernel.microservices.resilience.bulkhead import Bulkhead
from lab_kernel.microservices.resilience.retry_budget import RetryBudget, Unlimited

Now = Callable[[], int]
Part = TypeVar("Part")


@dataclass(frozen=True, kw_only=True)
class Guard(Policy):
    """``budget`` and ``breaker`` make theirs from a clock. ``within`` is the deadline of the whole
    call, tries and pauses together (None: none but the one that came with the request). ``key``
    says that the tries of one call carry the same idempotency key."""

    attempts: int = 3
    backoff: Backoff = field(default_factory=Backoff)
    budget: Callable[[Now], RetryBudget] | None = None
    breaker: Callable[[Now], CircuitBreaker] | None = None
    places: int | None = None
    within: int | None = None
    idempotent: bool = True
    key: bool = False

    def __post_init__(self) -> None:
        for name, value in (("attempts", self.attempts), ("places", self.places)):
            if value is not None and value < 1:
                message = _("{value} is less than {least}")
                raise BadInput(name, message.format(value=value, least=1))

    def ask(self, client: Client) -> Asking:
        places = self.places
        if places is None:
            return (yield from self._tries(client))
        bulkhead = _part(client, "bulkhead", lambda: Bulkhead(places))
        if not bulkhead.enter():
            return BUSY
        try:
            return (yield from self._tries(client))
        finally:
            bulkhead.leave()

    def _tries(self, client: Client) -> Asking:
        now: Now = lambda: client.now  # noqa: E731
        budget = _part(client, "budget", lambda: (self.budget or _unlimited)(now))
        breaker = _part(client, "breaker", lambda: self.breaker and self.breaker(now))
        end = deadline.of(client.headers)
        if self.within is not None:
            end = min(end or client.now + self.within, client.now + self.within)
        headers = {"key": f"{client.chance.getrandbits(32):08x}"} if self.key else {}
        pauses = self.backoff.pauses(client.chance)
        budget.called()
        status = BUSY
        for attempt in range(self.attempts):
            if attempt:
                if not (self._again(status) and budget.allows()):
                    break
                yield from client.sleep(round(next(pauses)))
            left = None if end is None else end - client.now
            if left is not None and left <= 0:
                break  # before the breaker is asked: a permit that it gives has to be used
            permit = 0 if breaker is None else breaker.permit()
            if permit is None:
                break
            timeout = client.timeout if left is None else min(client.timeout or left, left)
            status = yield from client.ask(timeout, **headers, **deadline.left(timeout, left))
            budget.ended(status == OK)
            if breaker is not None:
                breaker.record(permit, status == OK)
            if status == OK:
                break
        return status

    def _again(self, status: int) -> bool:
        return self.idempotent or status in (REFUSED, BUSY)


def _unlimited(now: Now) -> RetryBudget:
    return Unlimited()


def _part(client: Client, name: str, make: Callable[[], Part]) -> Part:
    """That of this pod and dependency."""
    if name not in client.memory:
        client.memory[name] = make()
    part: Part = client.memory[name]
    return part
