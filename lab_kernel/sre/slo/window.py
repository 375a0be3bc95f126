"""The compliance window: which stretch of time an objective is judged over.

A rolling window is always as long as it says and ends now. A calendar window begins where the
calendar says, in a time zone, and has as many days as the calendar gives it: at its boundary the
whole budget is there again, whatever happened the day before.

Times are seconds since 1970 (UTC), as a log and Prometheus have them; a span includes its begin
and not its end.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.sre.slo.spec import Calendar, Rolling, Window

# A browser has no time zone database. These have had one offset for decades.
FIXED = {"UTC": 0, "Etc/UTC": 0, "Asia/Seoul": 9, "Asia/Tokyo": 9}
_MONTHS = {"M": 1, "Q": 3, "Y": 12}


class Span(NamedTuple):
    """From ``begin`` until just before ``end``, in seconds since 1970."""

    begin: float
    end: float

    @property
    def seconds(self) -> float:
        return self.end - self.begin

    def overlap(self, begin: float, end: float) -> float:
        """How many seconds of another span lie in this one."""
        return max(0.0, min(self.end, end) - max(self.begin, begin))


def zone(name: str) -> tzinfo:
    """The time zone of this name; BadInput if there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, no such file name, no database
        if name in FIXED:
            return timezone(timedelta(hours=FIXED[name]), name)
    message = _("“{name}” is not in this machine's time zone database; write, for example, {some}")
    raise BadInput("timeZone", message.format(name=name, some=", ".join(FIXED)))


def span(window: Window, now: float) -> Span:
    """The window that ``now`` is judged in. A calendar window is the whole period, its end too.

    BadInput if it reaches beyond what a date can say.
    """
    try:
        found = _rolling(window, now) if isinstance(window, Rolling) else _calendar(window, now)
        for edge in found:
            datetime.fromtimestamp(edge, UTC)
    except (ValueError, OverflowError, OSError):  # before the year 1 or after 9999
        message = _("the window would leave the years from 1 to 9999")
        raise BadInput("timeWindow", message) from None
    return found


def _rolling(window: Rolling, now: float) -> Span:
    return Span(now - window.duration.seconds, now)


def _calendar(window: Calendar, now: float) -> Span:
    local = datetime.fromtimestamp(now, UTC).astimezone(zone(window.zone)).replace(tzinfo=None)
    # About how many periods have passed: months are not all as long as 30 days.
    count = int((local - window.start).total_seconds() // window.duration.seconds)
    while boundary(window, count) > now:
        count -= 1
    while boundary(window, count + 1) <= now:
        count += 1
    return Span(boundary(window, count), boundary(window, count + 1))


def boundary(window: Calendar, count: int) -> float:
    """Where period number ``count`` begins; period 0 begins at the window's start."""
    steps = count * window.duration.number
    if window.duration.unit in _MONTHS:
        local = _months_later(window.start, steps * _MONTHS[window.duration.unit])
    elif window.duration.unit in ("d", "w"):  # days of the calendar: 23 or 25 hours, twice a year
        local = window.start + timedelta(days=steps * (7 if window.duration.unit == "w" else 1))
    else:
        begin = window.start.replace(tzinfo=zone(window.zone)).timestamp()
        return begin + count * window.duration.seconds
    return local.replace(tzinfo=zone(window.zone)).timestamp()


def _months_later(start: datetime, months: int) -> datetime:
    """The same day of a later month, or its last one: from 31 January on, 28 February."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    day = min(start.day, monthrange(year, month + 1)[1])
    return start.replace(year=year, month=month + 1, day=day)
