"""A circuit breaker: stop calling what fails, and find out with few calls when it is well again.

    closed     calls go through; of the last ``window`` results so many per cent have failed
    open       when at least ``minimum`` results are there and ``threshold`` per cent or more of
               them failures: for ``wait`` ms no call goes through
    half open  then ``trial`` calls may; their results alone decide whether it opens or closes

These are the states and the defaults of resilience4j (documentation, "CircuitBreaker", count-based
window). Polly's breaker is the same with a trial of 1, a window in seconds, and its own numbers.

A result counts in the state in which its call was let through. What was sent while closed and
fails long after says nothing about the trial, so it is thrown away; resilience4j counts it.

Left out: slow calls as failures of their own (here a timeout is one), exceptions that do not
count, and a breaker that someone holds open by hand.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from lab_kernel.errors import BadInput
from lab_kernel.language import _

CLOSED, OPEN, HALF_OPEN = "closed", "open", "half open"


class CircuitBreaker:
    """``now`` is the clock in ms. ``changes`` are (ms, state), the beginning included.

    BadInput for a number below 1, or a threshold that is not within 1 to 100.
    """

    def __init__(
        self,
        now: Callable[[], int],
        *,
        window: int = 100,
        minimum: int = 100,
        threshold: int = 50,
        wait: int = 60_000,
        trial: int = 10,
    ) -> None:
        for name, value in (
            ("window", window), ("minimum", minimum), ("threshold", threshold),
            ("wait", wait), ("trial", trial),
        ):  # fmt: skip
            if value < 1 or (name == "threshold" and value > 100):
                raise BadInput(name, _("{value} is out of range").format(value=value))
        self._now, self.threshold, self.wait, self.trial = now, threshold, wait, trial
        self.window, self.minimum = window, min(minimum, window)
        self._results: deque[bool] = deque(maxlen=window)
        self._let = 0  # calls let through in this trial
        self.changes: list[tuple[int, str]] = [(now(), CLOSED)]
        self.rejected = 0

    @property
    def state(self) -> str:
        return self.changes[-1][1]

    @property
    def failures(self) -> float:
        """Per cent of the results that are remembered; 0 when there is none."""
        results = self._results
        return 100 * results.count(False) / len(results) if results else 0.0

    def permit(self) -> int | None:
        """Ask before a call. None: not now. A number: to be handed in with its result."""
        if self.state == OPEN and self._now() - self.changes[-1][0] >= self.wait:
            self._become(HALF_OPEN)
        if self.state == OPEN or (self.state == HALF_OPEN and self._let == self.trial):
            self.rejected += 1
            return None
        self._let += 1
        return len(self.changes)

    def record(self, permit: int, success: bool) -> None:
        """The result of the call that this permit was for."""
        if permit != len(self.changes):
            return  # from a state that is over
        self._results.append(success)
        if self.state == CLOSED:
            if len(self._results) >= self.minimum and self.failures >= self.threshold:
                self._become(OPEN)
        elif len(self._results) == self.trial:
            self._become(OPEN if self.failures >= self.threshold else CLOSED)

    def _become(self, state: str) -> None:
        most = self.trial if state == HALF_OPEN else self.window
        self._results = deque(maxlen=most)
        self._let = 0
        self.changes.append((self._now(), state))
