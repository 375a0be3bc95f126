"""What the sentences and pictures of this chapter share."""

from __future__ import annotations

from decimal import Decimal

from lab_kernel.sre.alerts.burn import MINUTE, Pair, written
from lab_kernel.sre.alerts.promql import duration

TARGETS = ("90", "95", "99", "99.9", "99.99")


def windows(pair: Pair) -> str:
    """``1h/5m``."""
    return f"{duration(pair.long)}/{duration(pair.short)}"


def lasting(minutes: float) -> str:
    """``1h30m``, as Prometheus writes it; whole minutes, ``0m`` for none."""
    return duration(round(minutes) * MINUTE) if round(minutes) else "0m"


def percent(share: Decimal | float, digits: int = 4) -> str:
    return written(100 * Decimal(share), digits) + "%"
