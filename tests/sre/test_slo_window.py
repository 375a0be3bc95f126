"""Windows: which stretch of time is judged, and what the same incidents mean in either kind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction as F
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_kernel.errors import BadInput
from lab_kernel.sre.slo import window as windows
from lab_kernel.sre.slo.ledger import Incident, account, ledger
from lab_kernel.sre.slo.spec import Calendar, Duration, Rolling, Window
from lab_kernel.sre.slo.window import Span, boundary, span, zone

DAY = 86_400
SEOUL = "Asia/Seoul"


def at(text: str, name: str = "UTC") -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(name)).timestamp()


def calendar(duration: str, start: str = "2026-01-01", name: str = "UTC") -> Calendar:
    read = Duration.read(duration)
    assert read
    return Calendar(read, datetime.fromisoformat(start), name)


def test_a_rolling_window_ends_now() -> None:
    found = span(Rolling(Duration(28, "d")), at("2026-03-10 12:00"))
    assert found == (at("2026-02-10 12:00"), at("2026-03-10 12:00"))


@pytest.mark.parametrize(
    ("window", "now", "begin", "days"),
    [
        (calendar("1M"), "2026-02-14 09:00", "2026-02-01", 28),
        (calendar("1M"), "2028-02-29 23:59", "2028-02-01", 29),
        (calendar("1M"), "2026-04-30 23:59", "2026-04-01", 30),
        (calendar("1M"), "2026-05-01 00:00", "2026-05-01", 31),
        (calendar("1M"), "2026-03-01 00:00", "2026-03-01", 31),
        (calendar("1M"), "2025-12-31 12:00", "2025-12-01", 31),
        (calendar("1Q"), "2026-02-14", "2026-01-01", 90),
        (calendar("1Q"), "2026-08-14", "2026-07-01", 92),
        (calendar("1Y"), "2028-08-14", "2028-01-01", 366),
        (calendar("1w", "2026-01-05"), "2026-03-11", "2026-03-09", 7),
        (calendar("2M"), "2026-04-30", "2026-03-01", 61),
        (calendar("1M", "2026-01-31"), "2026-03-01", "2026-02-28", 31),
    ],
)
def test_a_calendar_window_has_the_calendar_s_days(
    window: Window, now: str, begin: str, days: int
) -> None:
    """February has 28 days or 29, a quarter 90 to 92: the budget of a month is no constant."""
    found = span(window, at(now))
    assert (found.begin, found.seconds) == (at(begin), days * DAY)


def test_a_month_begins_where_its_time_zone_is() -> None:
    """Midnight in Seoul is 15:00 of the day before in UTC."""
    found = span(calendar("1M", name=SEOUL), at("2026-01-31 15:00"))
    assert found.begin == at("2026-02-01", SEOUL) == at("2026-01-31 15:00")
    assert span(calendar("1M", name=SEOUL), at("2026-01-31 14:59")).end == found.begin


def test_the_day_on_which_the_clocks_change() -> None:
    """New York, 8 March 2026: at 2:00 it is 3:00. The day has 23 hours."""
    window = calendar("1d", name="America/New_York")
    assert span(window, at("2026-03-08 12:00", "America/New_York")).seconds == 23 * 3600
    assert span(window, at("2026-11-01 12:00", "America/New_York")).seconds == 25 * 3600
    hours = calendar("12h", name="America/New_York")
    assert span(hours, at("2026-03-08 12:00", "America/New_York")).seconds == 12 * 3600


def test_a_machine_without_time_zones(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a browser there is no database: a few zones are known all the same."""

    def none(_name: str) -> ZoneInfo:
        raise KeyError

    monkeypatch.setattr(windows, "ZoneInfo", none)
    moment = datetime(2026, 5, 1)
    for name in windows.FIXED:
        assert zone(name).utcoffset(moment) == ZoneInfo(name).utcoffset(moment)
    with pytest.raises(BadInput, match="Asia/Seoul"):
        zone("Europe/Berlin")


units = st.sampled_from(["6h", "1d", "3d", "1w", "1M", "2M", "1Q", "1Y"])
zones = st.sampled_from(["UTC", SEOUL, "America/New_York", "Australia/Lord_Howe"])
moments = st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1)).map(
    lambda moment: moment.replace(tzinfo=UTC).timestamp()
)


@given(units, zones, moments, st.dates(datetime(2010, 1, 1).date(), datetime(2030, 1, 1).date()))
def test_calendar_windows_have_no_gaps(unit: str, name: str, now: float, start: object) -> None:
    """Now lies in its window, and the next one begins where this one ends."""
    window = calendar(unit, f"{start}", name)
    found = span(window, now)
    assert found.begin <= now < found.end
    assert span(window, found.end).begin == found.end
    assert span(window, found.begin) == found
    assert boundary(window, 0) == at(f"{start}", name)


SLO = Decimal("0.999")
OUTAGE = Incident(at("2026-01-30 10:00"), at("2026-01-30 10:40"))  # 40 minutes
LATER = Incident(at("2026-02-03 10:00"), at("2026-02-03 10:20"))  # 20 more


def test_the_same_incidents_and_two_verdicts() -> None:
    """60 minutes within five days, of 43.2: over the edge of a month nothing is missed."""
    both = [OUTAGE, LATER]
    now = at("2026-02-04")
    rolling = account(SLO, Rolling(Duration(30, "d")), both, now)
    assert (rolling.allowed, rolling.spent) == (F("43.2"), 60)
    january, february = (
        account(SLO, calendar("1M"), both, when) for when in (at("2026-01-31 23:59"), now)
    )
    assert (january.allowed, january.spent) == (F("44.64"), 40)
    assert (february.allowed, february.spent) == (F("40.32"), 20)
    assert rolling.remaining < 0 < min(january.remaining, february.remaining)


def test_when_each_window_gives_back() -> None:
    rolling = ledger(
        SLO,
        Rolling(Duration(30, "d")),
        [OUTAGE],
        [at("2026-02-28"), at("2026-03-01 10:20"), at("2026-03-02")],
    )
    assert [entry.spent for entry in rolling] == [40, 20, 0]
    month = ledger(SLO, calendar("1M"), [OUTAGE], [at("2026-01-31 23:00"), at("2026-02-01")])
    assert [entry.spent for entry in month] == [40, 0]


def test_a_partial_incident_spends_its_share() -> None:
    """A tenth of the requests fail for an hour: six minutes."""
    begin = at("2026-02-02")
    partial = Incident(begin, begin + 3600, F(1, 10))
    assert account(SLO, calendar("1M"), [partial], begin + 2 * 3600).spent == 6
    assert account(SLO, calendar("1M"), [partial], begin + 1800).spent == 3


def test_overlap() -> None:
    assert Span(0, 10).overlap(5, 20) == 5
    assert Span(0, 10).overlap(10, 20) == 0
    assert timedelta(seconds=Span(0, 10).seconds) == timedelta(seconds=10)
