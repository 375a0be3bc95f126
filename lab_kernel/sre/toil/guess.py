"""Classes by words: tickets and calendar entries that nobody has tagged.

Nobody wants to tag each hour, so a monitor of time reads what is there already: the queue of
tickets and the calendar. The words of a title say which class it probably is. Probably: how often
it is wrong is measured on titles that a person has classed, and a wrong class moves the share.

This measures what people's time goes into, not people. Titles and classes in
``examples/labelled.csv`` are made, and classed by hand.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from lab_kernel.sre.toil.criteria import Class

# The first line that has a word of the title decides.
RULES: tuple[tuple[Class, tuple[str, ...]], ...] = (
    (Class.OVERHEAD, ("meeting", "interview", "1:1", "training", "review of goals", "standup")),
    (Class.ENGINEERING, ("design", "build", "automate", "refactor", "project", "write a")),
    (Class.TOIL, ("restart", "quota", "rotate", "renew", "rerun", "copy", "clean", "reset")),
)


@dataclass(frozen=True)
class Labelled:
    """A title, and what it is."""

    title: str
    found: Class


def guess(title: str) -> Class:
    """The first rule that fits; operational work that is not toil when none does."""
    words = title.lower()
    return next((found for found, marks in RULES if any(m in words for m in marks)), Class.OTHER)


def read_labelled(text: str) -> list[Labelled]:
    return [
        Labelled(row["title"], Class(row["class"])) for row in csv.DictReader(text.splitlines())
    ]


def confusion(cases: Iterable[Labelled]) -> dict[tuple[Class, Class], int]:
    """How many there are of (what it is, what was guessed)."""
    counts = dict.fromkeys(((a, b) for a in Class for b in Class), 0)
    for case in cases:
        counts[case.found, guess(case.title)] += 1
    return counts


def precision(cases: Sequence[Labelled], found: Class) -> Fraction | None:
    """Of those guessed to be ``found``, the part that is; None if none was."""
    guessed = [case for case in cases if guess(case.title) is found]
    right = sum(case.found is found for case in guessed)
    return Fraction(right, len(guessed)) if guessed else None


def recall(cases: Sequence[Labelled], found: Class) -> Fraction | None:
    """Of those that are ``found``, the part that was guessed to be; None if there are none."""
    real = [case for case in cases if case.found is found]
    right = sum(guess(case.title) is found for case in real)
    return Fraction(right, len(real)) if real else None
