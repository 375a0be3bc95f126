"""How long a service may be down: the table behind every talk of nines.

It is the time-based reading of a budget, true for a service that is either up or down. One that is
always partly up has no downtime to measure; count its events instead (``budget``).

43.8 minutes a month, often seen for 99.9%, is a twelfth of a year of 365.25 days. A period has to
be said, so there is no "month" here, only days.

Sources: SRE book, appendix A (availability table); Google Cloud, "Available ... or not? That is
the question" (99.9% of 30 days is 43.2 minutes).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from lab_kernel.language import _
from lab_kernel.sre.slo.budget import Number, decimal, share_of

TARGETS = tuple(map(Decimal, ("0.99", "0.995", "0.999", "0.9995", "0.9999", "0.99999")))
DAYS = (1, 7, 28, 30, 90, 365)


def allowed(target: Number, minutes: Number) -> Fraction:
    """The minutes of a period that a service may be down."""
    return share_of(target) * Fraction(minutes)


def table(
    targets: Iterable[Number] = TARGETS, days: Iterable[int] = DAYS
) -> list[tuple[Number, list[Fraction]]]:
    """A row for each target: the minutes allowed in each period."""
    days = list(days)
    return [(target, [allowed(target, 1440 * each) for each in days]) for target in targets]


def nines(target: Number) -> int:
    """How many nines a target begins with: 99.95% has three."""
    count, left = 0, share_of(target)
    while left <= Fraction(1, 10):
        count, left = count + 1, left * 10
    return count


def written(minutes: Number) -> str:
    """A length of time in its two largest units, such as ``43 min 12 s``."""
    seconds = Fraction(minutes) * 60
    sign = "-" if seconds < 0 else ""
    seconds = abs(seconds)
    if 0 < seconds < Fraction(1, 200):  # which two decimals would show as none
        return sign + _("under {seconds} s").format(seconds=decimal(Fraction(1, 100), 2))
    if seconds < 60:
        return sign + _("{seconds} s").format(seconds=decimal(seconds, 1 if seconds >= 10 else 2))
    total = round(seconds)
    days, rest = divmod(total, 86_400)
    hours, rest = divmod(rest, 3_600)
    mins, secs = divmod(rest, 60)
    parts = [
        _("{days} d").format(days=days) if days else "",
        _("{hours} h").format(hours=hours) if hours else "",
        _("{minutes} min").format(minutes=mins) if mins else "",
        _("{seconds} s").format(seconds=secs) if secs else "",
    ]
    first = next(n for n, part in enumerate(parts) if part)
    return sign + " ".join(part for part in parts[first : first + 2] if part)
