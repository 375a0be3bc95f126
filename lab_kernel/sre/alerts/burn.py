"""Burn rate: how fast an error budget is spent, and what follows from it for an alert.

At a burn rate of 1 a service spends exactly its budget in the SLO's period. A pair of windows
fires while the error ratio is above factor x budget in both: the long window says that a certain
share of the budget is gone, the short one that it is still going. Everything is worked out in
Decimal, so that 14.4 x 0.001 is 0.0144 and nothing beside it.

Times are in seconds, ratios and budgets shares of 1. The times to detection and reset hold for
constant traffic and an error ratio that begins, stays, and ends. How much a burn rate spends, and
how long a budget lasts, is in ``lab_kernel.sre.slo.budget``.

Source: The Site Reliability Workbook, chapter 5, "Alerting on SLOs": tables 5-4 to 5-8. The pair
of 24 and 2 hours stands in its sample of code only, not in its table 5-8.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal

MINUTE, HOUR, DAY = 60, 3_600, 86_400
PAGE, TICKET = "page", "ticket"
BELOW_ONE, UNFIRABLE, TOO_SHORT = "below one", "unfirable", "too short"


@dataclass(frozen=True, slots=True)
class Pair:
    """Fires when ``share`` of the budget is spent within ``long``, and ``short`` agrees."""

    severity: str
    share: Decimal
    long: int
    short: int

    def factor(self, period: int) -> Decimal:
        """The burn rate that spends the share within the long window: share x period / window."""
        return self.share * period / self.long


WORKBOOK = (
    Pair(PAGE, Decimal("0.02"), HOUR, 5 * MINUTE),
    Pair(PAGE, Decimal("0.05"), 6 * HOUR, 30 * MINUTE),
    Pair(TICKET, Decimal("0.10"), DAY, 2 * HOUR),
    Pair(TICKET, Decimal("0.10"), 3 * DAY, 6 * HOUR),
)


@dataclass(frozen=True, slots=True)
class Condition:
    """A pair for a certain SLO: its factor and the error ratio above which it fires.

    ``slice`` is how many seconds are judged as one (0: every event by itself).
    """

    pair: Pair
    factor: Decimal
    threshold: Decimal
    slice: int = 0

    @property
    def dead(self) -> str:
        """Why it must not be written: BELOW_ONE, UNFIRABLE, TOO_SHORT, or nothing.

        Below 1 it would fire on a service that keeps its objective. No ratio is above 1, so
        neither is a threshold of 1 or more ever exceeded. A window shorter than a slice mostly
        has no slice in it.
        """
        if self.factor < 1:
            return BELOW_ONE
        if self.threshold >= 1:
            return UNFIRABLE
        return TOO_SHORT if self.pair.short < self.slice else ""

    @property
    def needs(self) -> Decimal:
        """The objective above which it can fire."""
        return 1 - 1 / self.factor


def conditions(
    budget: Decimal, period: int, pairs: tuple[Pair, ...] = WORKBOOK, slice: int = 0
) -> list[Condition]:
    """The pairs with their factors for this period and thresholds for this budget."""
    return [
        Condition(pair, factor, factor * budget, slice)
        for pair in pairs
        for factor in [pair.factor(period)]
    ]


def detection(ratio: Decimal, threshold: Decimal, window: int) -> Decimal | None:
    """After so many seconds of this error ratio the window is at the threshold; None: never."""
    return threshold / ratio * window if ratio > threshold else None


def reset(ratio: Decimal, threshold: Decimal, window: int, lasted: int) -> Decimal:
    """So long is the window still above the threshold when errors that ``lasted`` are over."""
    if ratio * min(lasted, window) <= threshold * window:
        return Decimal(0)
    return window - threshold / ratio * window


def written(number: Decimal, digits: int = 15) -> str:
    """Without an exponent, without zeros at the end, rounded where it does not come out even."""
    return format(number.normalize(Context(prec=digits)), "f")
