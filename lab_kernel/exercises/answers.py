"""Reading what a learner gives as an answer.

Each reader takes a Python value or a line of text and returns a value to compare, or raises
BadInput that says what an answer looks like. Spelling is forgiven where meaning is clear.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from lab_kernel.errors import BadInput
from lab_kernel.language import _

_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+")


def whole(given: Any) -> int:
    """A whole number, decimal (1000 or 1,000) or 0x hexadecimal."""
    if isinstance(given, int) and not isinstance(given, bool):
        return given
    text = str(given).strip().lower()
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
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
