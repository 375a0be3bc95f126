"""Answers that are a set of words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from lab_kernel.errors import BadInput
from lab_kernel.language import _

NOTHING = "none"


def written(words: Iterable[str], order: Iterable[str]) -> str:
    """The words in their order, or ``none``."""
    chosen = set(words)
    return " ".join(word for word in order if word in chosen) or NOTHING


def some_of(*allowed: str) -> Callable[[Any], str]:
    """Some of these words in any order, with commas if one likes; or none."""

    def read(given: Any) -> str:
        words = str(given).replace(",", " ").split()
        if len(words) == 1 and words[0].lower() in (NOTHING, _(NOTHING)):
            return NOTHING
        known = {word.lower(): word for word in allowed}
        chosen = []
        for word in words:
            found = known.get(word.lower()) or known.get(word.lower().strip("/"))
            if found is None:
                raise BadInput(
                    "answer",
                    _("“{given}” is not one of: {allowed}").format(
                        given=word, allowed=", ".join(allowed)
                    ),
                )
            chosen.append(found)
        return written(chosen, allowed)

    return read
