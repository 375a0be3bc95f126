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

_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.0*)?")
_WHOLE = re.compile(r"[+-]?[0-9]+\.0*")


def whole(given: Any) -> int:
    """A whole number, decimal (1000 or 1,000) or 0x hexadecimal; 1000.0 is one, too."""
    if isinstance(given, int) and not isinstance(given, bool):
        return given
    if isinstance(given, float) and given.is_integer():
        return int(given)
    text = str(given).strip().lower()
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    if _WHOLE.fullmatch(text):
        text = text.partition(".")[0]
    try:
        return int(text, 16 if text.startswith("0x") else 10)
    except ValueError:
        raise BadInput("answer", _("“{given}” is not a whole number").format(given=given)) from None


def line(given: Any) -> Any:
    """Several words or numbers, as a list, a tuple or a set, become the line that one would write.

    Anything else stays. BadInput for a list of other things.
    """
    if not isinstance(given, (list, tuple, set, frozenset)):
        return given
    if any(not isinstance(one, (str, int)) or isinstance(one, bool) for one in given):
        raise BadInput("answer", _("“{given}” is not made of words").format(given=given))
    if isinstance(given, (set, frozenset)):
        given = sorted(given, key=str)
    return " ".join(map(str, given))


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
