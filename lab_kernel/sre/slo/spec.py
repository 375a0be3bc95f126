"""What a service level objective says, as OpenSLO v1 has it.

Plain data: ``openslo`` reads it from YAML and has checked it; nothing here measures. Targets and
budgets are Decimals as they were written, so that 1 - 0.999 is 0.001 and not a neighbour of it.
Names are those of OpenSLO in Python's spelling.

OpenSLO leaves open how long M, Q and Y are. In a rolling window they are 30, 90 and 365 days here,
as in OpenSLO's own Go SDK; a calendar window has the days that the calendar gives it (``window``).

Source: OpenSLO v1, README "SLO", "Objectives", "SLI".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

GOOD, VALID = "lab-kernel/good", "lab-kernel/valid"
OCCURRENCES, TIMESLICES, RATIO_TIMESLICES = "Occurrences", "Timeslices", "RatioTimeslices"
METHODS = (OCCURRENCES, TIMESLICES, RATIO_TIMESLICES)
OPERATORS = ("lte", "gte", "lt", "gt")
MINUTES = {"m": 1, "h": 60, "d": 1440, "w": 10_080, "M": 43_200, "Q": 129_600, "Y": 525_600}


@dataclass(frozen=True, slots=True)
class Duration:
    """``number`` of ``unit``: m, h, d, w, M (months), Q (quarters) or Y."""

    number: int
    unit: str

    @classmethod
    def read(cls, text: str) -> Duration | None:
        """``28d`` and the like; None if it is no such text."""
        found = re.fullmatch(r"([1-9][0-9]{0,5})([mhdwMQY])", text)
        return cls(int(found[1]), found[2]) if found else None

    @property
    def minutes(self) -> int:
        """How long it is, a month counted as 30 days, a quarter as 90, a year as 365."""
        return self.number * MINUTES[self.unit]

    @property
    def seconds(self) -> int:
        return self.minutes * 60

    def __str__(self) -> str:
        return f"{self.number}{self.unit}"


@dataclass(frozen=True, slots=True)
class Rolling:
    """The time before now, as long as ``duration``: it moves on all the time."""

    duration: Duration


@dataclass(frozen=True, slots=True)
class Calendar:
    """Periods of ``duration`` one after the other from ``start`` on, a local time in ``zone``.

    ``start`` has no time zone of its own; ``zone`` is a name of the IANA database.
    """

    duration: Duration
    start: datetime
    zone: str


Window = Rolling | Calendar


@dataclass(frozen=True, slots=True)
class MetricSource:
    """Where a metric comes from; ``spec`` is whatever the source of this ``type`` wants."""

    type: str
    spec: Mapping[str, Any]
    ref: str = ""

    @property
    def query(self) -> str:
        """The query, for sources that have one, such as Prometheus; else empty."""
        found = self.spec.get("query", "")
        return found if isinstance(found, str) else ""


@dataclass(frozen=True, slots=True)
class RatioMetric:
    """``good`` or ``bad`` over ``total``, or a ``raw`` ratio that is stored as such.

    ``counter`` says that good, bad and total are counters that only grow. ``raw_type`` is
    ``success`` (good / total) or ``failure`` (bad / total), and empty without ``raw``.
    """

    good: MetricSource | None = None
    bad: MetricSource | None = None
    total: MetricSource | None = None
    counter: bool = False
    raw: MetricSource | None = None
    raw_type: str = ""


@dataclass(frozen=True, slots=True)
class ThresholdMetric:
    """A figure over time; an objective's ``op`` and ``value`` say which values are good."""

    metric: MetricSource


Indicator = RatioMetric | ThresholdMetric


@dataclass(frozen=True, slots=True)
class Objective:
    """``target`` is a share, 0 or more and below 1: at 1 nothing would be left to spend.

    ``op`` and ``value`` belong to a threshold metric; a slice is good when its ratio reaches
    ``time_slice_target`` (Timeslices only).
    """

    target: Decimal
    display_name: str = ""
    op: str = ""
    value: Decimal | None = None
    time_slice_target: Decimal | None = None
    time_slice_window: Duration | None = None

    @property
    def budget(self) -> Decimal:
        """The error budget as a share: 1 - target."""
        return 1 - self.target


@dataclass(frozen=True, slots=True)
class SLO:
    """One document of kind SLO, its references resolved. ``at`` is its file and line."""

    name: str
    service: str
    indicator: Indicator
    window: Window
    method: str
    objectives: tuple[Objective, ...]
    indicator_name: str = ""
    display_name: str = ""
    description: str = ""
    annotations: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    at: str = ""

    @property
    def objective(self) -> Objective:
        """The first; most SLOs have only this one."""
        return self.objectives[0]

    @property
    def good(self) -> str:
        """Which events of a log are good, as a condition; empty if it does not say."""
        return self.annotations.get(GOOD, "")

    @property
    def valid(self) -> str:
        """Which events of a log count at all; empty: every one."""
        return self.annotations.get(VALID, "")
