"""The part of PromQL that the rules are made of: as data, and as text.

A rule is kept as an expression, not as text, so that it can be written, changed and evaluated
without a parser for the whole language. Windows are in seconds.

Source: Prometheus documentation, "Querying basics", "Operators", "Functions".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from lab_kernel.sre.alerts.burn import written

_UNITS = (("y", 31_536_000), ("w", 604_800), ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))
_BINDS = {"or": 1, "and": 2, ">": 3, ">=": 3, "<": 3, "<=": 3, "+": 4, "-": 4, "*": 5, "/": 5}


def duration(seconds: int) -> str:
    """As Prometheus writes it: years and weeks only where nothing is left, so 90d, not 12w6d."""
    text = ""
    for unit, size in _UNITS:
        if seconds >= size and (unit not in "yw" or seconds % size == 0):
            text += f"{seconds // size}{unit}"
            seconds %= size
    return text or "0s"


def quoted(text: str) -> str:
    """A string in PromQL, and in YAML."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n") + '"'


@dataclass(frozen=True, slots=True)
class Matcher:
    """``label op value``; ``op`` is =, !=, =~ or !~, and a missing label counts as empty."""

    label: str
    op: str
    value: str

    def matches(self, labels: Mapping[str, str]) -> bool:
        found = labels.get(self.label, "")
        if self.op[1:] == "~":
            same = re.fullmatch(self.value, found, re.DOTALL) is not None
        else:
            same = found == self.value
        return same != self.op.startswith("!")

    def __str__(self) -> str:
        return f"{self.label}{self.op}{quoted(self.value)}"


@dataclass(frozen=True, slots=True)
class Selector:
    """The series of this name whose labels match."""

    name: str
    matchers: tuple[Matcher, ...] = ()

    def matches(self, labels: Mapping[str, str]) -> bool:
        """``labels`` hold the name, too, as ``__name__``."""
        return labels["__name__"] == self.name and all(m.matches(labels) for m in self.matchers)

    def __str__(self) -> str:
        inside = ",".join(map(str, self.matchers))
        return f"{self.name}{{{inside}}}" if inside else self.name


@dataclass(frozen=True, slots=True)
class Opaque:
    """PromQL that somebody else wrote: written as it stands, never evaluated here."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Number:
    value: Decimal

    def __str__(self) -> str:
        return "-Inf" if self.value == Decimal("-Infinity") else written(self.value)


@dataclass(frozen=True, slots=True)
class Rate:
    """How much a counter grows in a second, over the window."""

    of: Selector
    window: int

    def __str__(self) -> str:
        return f"rate({self.of}[{duration(self.window)}])"


@dataclass(frozen=True, slots=True)
class Average:
    """avg_over_time of a subquery: the mean of what ``of`` was, looked at every ``step``."""

    of: Expr
    window: int
    step: int

    def __str__(self) -> str:
        return f"avg_over_time(({self.of})[{duration(self.window)}:{duration(self.step)}])"


@dataclass(frozen=True, slots=True)
class Aggregate:
    """``op`` (sum, max, min, avg) over all series, whatever their labels."""

    op: str
    of: Expr

    def __str__(self) -> str:
        return f"{self.op}({self.of})"


@dataclass(frozen=True, slots=True)
class Binary:
    """A comparison keeps what it is true of, with ``bool`` it is 1 or 0 instead."""

    op: str
    left: Expr
    right: Expr
    bool: bool = False

    def __str__(self) -> str:
        left, right = self._side(self.left, 0), self._side(self.right, 1)
        return f"{left} {self.op}{' bool' if self.bool else ''} {right}"

    def _side(self, expr: Expr, after: int) -> str:
        """In brackets where it would be read differently without."""
        if isinstance(expr, Opaque):
            return f"({expr})"
        loose = isinstance(expr, Binary) and _BINDS[expr.op] < _BINDS[self.op] + after
        return f"({expr})" if loose else str(expr)


Expr = Selector | Opaque | Number | Rate | Average | Aggregate | Binary
_OPEN = ("or", "and", "/", "-")
_LONG = 96  # letters that still make one line


def pretty(expr: Expr) -> list[str]:
    """Lines of text: what joins large parts stands on a line of its own."""
    if not isinstance(expr, Binary) or expr.op not in _OPEN:
        return [str(expr)]
    return [*_part(expr, expr.left), expr.op, *_part(expr, expr.right)]


def _part(parent: Binary, expr: Expr) -> list[str]:
    if not isinstance(expr, Binary):
        return [str(expr)]
    if expr.op not in _OPEN or (parent.op in "/-" and len(str(expr)) < _LONG):
        loose = _BINDS[expr.op] < _BINDS[parent.op]
        return [f"({expr})" if loose else str(expr)]
    if expr.op == parent.op:
        return pretty(expr)
    return ["(", *(f"  {line}" for line in pretty(expr)), ")"]


def joined(op: str, parts: list[Expr]) -> Expr:
    """a op b op c ..."""
    whole = parts[0]
    for part in parts[1:]:
        whole = Binary(op, whole, part)
    return whole
