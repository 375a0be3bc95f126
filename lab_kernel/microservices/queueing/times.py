"""How times by chance are drawn; each has a ``mean`` and a ``variation``.

``variation`` is the squared coefficient of variation: variance by mean squared. All of them can be
the work of a ``Service``, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Protocol

from lab_kernel.microservices.service import Exponential

__all__ = ["Constant", "Exponential", "Times", "Uneven"]


class Times(Protocol):
    @property
    def mean(self) -> float: ...

    @property
    def variation(self) -> float: ...

    def __call__(self, chance: Random) -> float: ...


@dataclass(frozen=True)
class Constant:
    """Always the same."""

    mean: float
    variation: float = 0.0

    def __call__(self, chance: Random) -> float:
        return self.mean


@dataclass(frozen=True)
class Uneven:
    """Nine short ones, and one that takes 21 times as long: a cache that misses now and then."""

    mean: float
    variation: float = 4.0

    def __call__(self, chance: Random) -> float:
        return 7 * self.mean if chance.random() < 0.1 else self.mean / 3
