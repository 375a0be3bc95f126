"""Quantities: 500m, 1Gi, 2, 1e3.

Source: Kubernetes, apimachinery/pkg/api/resource/quantity.go, its grammar in the comment of
``Quantity``: a signed decimal, then a suffix: n u m, k M G T P E, Ki Mi Gi Ti Pi Ei, or an
exponent. What is finer than the unit that is counted in is rounded up, as there.
"""

from __future__ import annotations

import re
from fractions import Fraction

_SUFFIXES: dict[str, Fraction | int] = {
    "n": Fraction(1, 10**9),
    "u": Fraction(1, 10**6),
    "m": Fraction(1, 1000),
    "": 1,
}
_SUFFIXES |= {letter: 1000**power for power, letter in enumerate("kMGTPE", 1)}
_SUFFIXES |= {f"{letter}i": 1024**power for power, letter in enumerate("KMGTPE", 1)}
_GRAMMAR = re.compile(
    r"([+-]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30}))"
    r"(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?[0-9]{1,2}))?"
)
MOST = 2**63 - 1


def quantity(word: str, parts: int = 1) -> int | None:
    """How many ``1 / parts`` it is, rounded up; None if it is no quantity."""
    found = _GRAMMAR.fullmatch(word)
    if not found:
        return None
    number, suffix, exponent = found.groups()
    scale = Fraction(10) ** int(exponent) if exponent else Fraction(_SUFFIXES[suffix or ""])
    amount = Fraction(number) * scale * parts
    return min(-(-amount.numerator // amount.denominator), MOST)


def written(amount: int, parts: int = 1) -> str:
    """The shortest way to write so many ``1 / parts``: 500m, 2, 1Gi, 1536Mi."""
    if parts == 1000 and amount % 1000:
        return f"{amount}m"
    whole = amount // parts
    for power, letter in reversed(list(enumerate("KMGTPE", 1))):
        if whole and whole % 1024**power == 0:
            return f"{whole // 1024**power}{letter}i"
    return str(whole)
