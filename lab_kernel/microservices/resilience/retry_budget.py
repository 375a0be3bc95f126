"""How many retries all calls together may cost: two budgets that are in use, and none.

An attempt limit looks at one call. It cannot see that every call is failing, and then three tries
for each are three times the load, for a service that is down because of its load. A budget looks
at all calls of one client. The two here are token buckets.

    Throttle  gRPC (proposal A6, retryThrottling): a failure costs a token, a success gives
              ``ratio`` of one back, and nothing is retried unless more than half are there.
    Budget    Finagle (``RetryBudget``): each call pays ``share`` of a retry into a window of
              ``ttl``; beside that there are ``per_second`` retries for those who call rarely.

Left out: Finagle rounds its window to a tenth of ttl; here it slides.

Units: ms.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Protocol

from lab_kernel.errors import BadInput
from lab_kernel.language import _

_SCALE = 1000  # a token in whole parts, so that ten tenths are one


class RetryBudget(Protocol):
    """What a client tells its budget, and what it asks."""

    def called(self) -> None:
        """A call begins: its first try is sent."""

    def ended(self, success: bool) -> None:
        """A try has ended, with an answer or with a failure that may be retried."""

    def allows(self) -> bool:
        """Whether one retry may be sent now. True has taken it from the budget."""


class Unlimited:
    """No budget: always one more."""

    def called(self) -> None: ...

    def ended(self, success: bool) -> None: ...

    def allows(self) -> bool:
        return True


class Throttle:
    """gRPC's. BadInput for no token, or a ratio that is not positive."""

    def __init__(self, tokens: int = 10, ratio: float = 0.1) -> None:
        self._most = tokens * _SCALE
        self._ratio = round(ratio * _SCALE)  # A6 ignores what comes after the third decimal
        if tokens < 1 or self._ratio < 1:
            name, value = ("tokens", tokens) if tokens < 1 else ("ratio", ratio)
            raise BadInput(name, _("{value} is too little").format(value=value))
        self._count = self._most

    @property
    def tokens(self) -> float:
        return self._count / _SCALE

    def called(self) -> None: ...

    def ended(self, success: bool) -> None:
        change = self._ratio if success else -_SCALE
        self._count = min(max(self._count + change, 0), self._most)

    def allows(self) -> bool:
        return 2 * self._count > self._most


class Budget:
    """Finagle's; ``now`` is the clock in ms. BadInput for a share or rate below 0."""

    def __init__(
        self,
        now: Callable[[], int],
        *,
        share: float = 0.2,
        per_second: float = 10.0,
        ttl: int = 10_000,
    ) -> None:
        for name, value in (("share", share), ("per_second", per_second)):
            if value < 0:
                raise BadInput(name, _("{value} is less than {least}").format(value=value, least=0))
        self._now, self._ttl = now, ttl
        self._share = round(share * _SCALE)
        self._reserve = round(per_second * ttl * _SCALE / 1000)
        self._window: deque[tuple[int, int]] = deque()
        self._sum = 0

    @property
    def balance(self) -> float:
        """Retries that could be sent now."""
        while self._window and self._window[0][0] <= self._now() - self._ttl:
            self._sum -= self._window.popleft()[1]
        return (self._sum + self._reserve) / _SCALE

    def called(self) -> None:
        self._put(self._share)

    def ended(self, success: bool) -> None: ...

    def allows(self) -> bool:
        if self.balance < 1:
            return False
        self._put(-_SCALE)
        return True

    def _put(self, amount: int) -> None:
        self._window.append((self._now(), amount))
        self._sum += amount
