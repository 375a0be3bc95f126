"""Series of samples, and promtool's notation for them.

Times are whole seconds from the beginning. A missing sample is simply not there; promtool writes
it as an underscore. A run of equal steps is written short: ``0+60x3`` is 0 60 120 180.

Source: Prometheus documentation, "Unit testing for rules".
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, pairwise, product

from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.sre.alerts.promql import Matcher, Selector, quoted

Value = int | float


class Series:
    """One series: labels, ``__name__`` among them, and a value at each of its times."""

    __slots__ = ("fallen", "labels", "times", "values")

    def __init__(
        self, labels: Mapping[str, str], times: Sequence[int], values: Sequence[Value]
    ) -> None:
        self.labels = dict(labels)
        self.times = list(times)
        self.values = list(values)
        # How much a counter had lost by resets up to each sample.
        drops = (a if b < a else 0 for a, b in pairwise(values))
        self.fallen = [0, *accumulate(drops)] if values else []

    def last(self, time: int) -> int:
        """The number of samples up to this time."""
        return bisect_right(self.times, time)

    def __str__(self) -> str:
        labels = {name: value for name, value in self.labels.items() if name != "__name__"}
        inside = ",".join(f"{name}={quoted(value)}" for name, value in labels.items())
        return f"{self.labels['__name__']}{{{inside}}}" if inside else self.labels["__name__"]


def notation(series: Series, interval: int) -> str:
    """The values as promtool reads them, one every ``interval`` seconds from 0 on."""
    found = dict(zip(series.times, series.values, strict=True))
    end = series.times[-1] if series.times else -interval
    every = [found.get(time) for time in range(0, end + 1, interval)]
    return " ".join(_runs(every))


def _runs(values: Sequence[Value | None]) -> Iterator[str]:
    at = 0
    while at < len(values):
        first, end = values[at], at + 1
        if first is None:
            while end < len(values) and values[end] is None:
                end += 1
            yield "_" if end - at == 1 else f"_x{end - at}"
        else:
            second = values[end] if end < len(values) else None
            step = 0 if second is None else second - first
            while end < len(values) and _follows(values[end - 1], values[end], step):
                end += 1
            sign = "-" if step < 0 else "+"
            run = f"{_said(first)}{sign}{_said(abs(step))}x{end - at - 1}"
            yield run if end - at > 1 else _said(first)
        at = end


def _follows(before: Value | None, after: Value | None, step: Value) -> bool:
    return before is not None and after is not None and after - before == step


def _said(value: Value) -> str:
    return repr(value) if isinstance(value, float) and not value.is_integer() else str(int(value))


def labels_for(
    wanted: Selector, *others: Selector, unlike: Selector | None = None
) -> dict[str, str]:
    """Labels of a series that all of these select, and ``unlike`` does not.

    BadInput if none is found: the values that are tried come from the matchers themselves.
    """
    every = (wanted, *others, *((unlike,) if unlike else ()))
    tried: dict[str, list[str]] = {}
    for matcher in (m for each in every for m in each.matchers):
        tried.setdefault(matcher.label, []).extend(_values(matcher))
    for values in product(*(dict.fromkeys(each) for each in tried.values())):
        labels = {"__name__": wanted.name}
        labels |= {name: value for name, value in zip(tried, values, strict=True) if value}
        if all(each.matches(labels) for each in (wanted, *others)) and not (
            unlike and unlike.matches(labels)
        ):
            return labels
    message = _("no series can be made up for {selector}")
    raise BadInput("tests", message.format(selector=wanted))


def _values(matcher: Matcher) -> list[str]:
    """Values worth trying: one that a pattern may match, and some that it may not."""
    if not matcher.op.endswith("~"):
        return [matcher.value, "other", ""]
    words = [_simplest(word) for word in re.sub(r"[()^$]|\?:", "", matcher.value).split("|")]
    return [*words, "200", "404", "500", "other", ""]


def _simplest(pattern: str) -> str:
    """``5..`` as 500, ``GET|POST`` as GET, ``[45].+`` as 40."""
    text = re.sub(r"\[\^?(.)[^]]*\]", r"\1", pattern)
    text = re.sub(r"\\d|\.", "0", text.replace("\\.", "\0")).replace("\0", ".")
    text = re.sub(r"(.)(\{\d+(,\d*)?\}|[*+?])", r"\1", text)
    return text.replace("\\", "")
