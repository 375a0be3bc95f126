"""Reading what a learner gives as an answer.

Each reader takes a Python value or a line of text and returns a value to compare, or raises
BadInput that says what an answer looks like. Spelling is forgiven where meaning is clear.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lab_kernel.errors import BadInput
from lab_kernel.language import _


def whole(given: Any) -> int:
    """A whole number, decimal or 0x hexadecimal."""
    if isinstance(given, int) and not isinstance(given, bool):
        return given
    text = str(given).strip().replace(",", "").lower()
    try:
        return int(text, 16 if text.startswith("0x") else 10)
    except ValueError:
        raise BadInput("answer", _("“{given}” is not a whole number").format(given=given)) from None


def one_of(*options: str) -> Callable[[Any], str]:
    """One of these words, in any case."""

    def read(given: Any) -> str:
        word = str(given).strip().lower()
        for option in options:
            if word == option.lower():
                return option
        raise BadInput(
            "answer",
            _("“{given}” is not one of: {allowed}").format(given=given, allowed=", ".join(options)),
        )

    return read


def wholes(given: Any) -> tuple[int, ...]:
    """Whole numbers, as a list or a line with commas."""
    parts = given if isinstance(given, (list, tuple)) else str(given).strip("[]() ").split(",")
    try:
        return tuple(whole(part) for part in parts)
    except BadInput:
        raise BadInput(
            "answer", _("“{given}” is not whole numbers with commas between").format(given=given)
        ) from None
