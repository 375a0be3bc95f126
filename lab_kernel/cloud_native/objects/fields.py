"""What the value of a field may be.

The objects of this package are dataclasses, and their fields are the schema: ``manifest`` reads
YAML by them, so which fields exist is said once. A field is called as in Kubernetes, in Python's
spelling (``min_ready_seconds`` for ``minReadySeconds``). One without a default is required. One
that the cluster itself sets is made with ``kept`` and cannot be in a manifest.

Source of names, types and defaults: the Kubernetes API reference, version 1.37.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

MOST = 2**31 - 1  # int32


@dataclass(frozen=True, slots=True)
class Range:
    """The least and the greatest whole number that is allowed."""

    low: int
    high: int = MOST


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with a unit, ``500m`` or ``1Gi``, kept as a whole number of ``1 / parts``."""

    parts: int = 1


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a text must look like: ``what`` names it, ``regex`` decides, ``longest`` limits it."""

    what: str
    regex: str
    longest: int


@dataclass(frozen=True, slots=True)
class IntOrPercent:
    """A number of pods, or a share of them."""

    number: int
    percent: bool = False

    def of(self, replicas: int, *, round_up: bool) -> int:
        """How many pods that is."""
        if not self.percent:
            return self.number
        share = self.number * replicas
        return -(-share // 100) if round_up else share // 100

    def __str__(self) -> str:
        return f"{self.number}%" if self.percent else str(self.number)


_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"

Count = Annotated[int, Range(0)]
Positive = Annotated[int, Range(1)]
Port = Annotated[int, Range(1, 65535)]
#: RFC 1123: a name in the DNS, with dots; and one part of such a name.
Subdomain = Annotated[str, Pattern("name", rf"{_LABEL}(\.{_LABEL})*", 253)]
Label = Annotated[str, Pattern("name", _LABEL, 63)]
#: Thousandths: of a CPU, of a byte, of whatever a metric counts.
Thousandths = Annotated[int, Quantity(1000)]
#: ``cpu`` in thousandths of a CPU, ``memory`` in bytes, any other resource in whole pieces.
Quantities = Annotated[Mapping[str, int], Quantity()]


def kept(default: Any = dataclasses.MISSING, *, of: Callable[[], Any] | None = None) -> Any:
    """A field that the cluster keeps, not the person who writes the manifest."""
    if of is not None:
        return dataclasses.field(default_factory=of, metadata={"kept": True})
    return dataclasses.field(default=default, metadata={"kept": True})


def called(name: str, default: Any = dataclasses.MISSING) -> Any:
    """A field whose name in a manifest does not follow from its name here."""
    return dataclasses.field(default=default, metadata={"name": name})


def empty() -> Any:
    """A mapping that is empty unless it is given."""
    return dataclasses.field(default_factory=dict)
