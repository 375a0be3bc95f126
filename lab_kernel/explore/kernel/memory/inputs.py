"""What the controls of this chapter read out of a line of text.

Each function here is the ``parse`` of a Words control: text in, checked value out, BadInput with
one sentence otherwise. What they return writes itself back (``str``) as a reader would type it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from lab_kernel.errors import BadInput
from lab_kernel.kernel.replacement import parse_references
from lab_kernel.language import _


class Hex(int):
    """A whole number that is written in hexadecimal: an address."""

    def __str__(self) -> str:
        return f"{self:#x}"


def address(text: str) -> Hex:
    """``0x401d1c``, or the same number in decimal; at most 64 bits."""
    word = text.strip().replace("_", "")
    try:
        number = int(word, 0) if word.isascii() else -1
    except ValueError:
        number = -1
    if not 0 <= number < 1 << 64:
        raise BadInput(
            "address",
            _("“{text}” is not an address; write one such as 0x401d1c").format(text=_short(text)),
        )
    return Hex(number)


def pages(most: int, below: int = 1000) -> Callable[[str], tuple[int, ...]]:
    """At most ``most`` page numbers, each less than ``below``: what fits into a picture."""

    def parse(text: str) -> tuple[int, ...]:
        numbers = parse_references(text)
        _few(len(numbers), most)
        for number in numbers:
            if number >= below:
                raise BadInput(
                    "pages",
                    _("page {page} is too large for this picture; the last one is {last}").format(
                        page=number, last=below - 1
                    ),
                )
        return tuple(numbers)

    return parse


def sizes(most: int, high: int) -> Callable[[str], tuple[int, ...]]:
    """At most ``most`` whole numbers from 1 to ``high``."""

    def parse(text: str) -> tuple[int, ...]:
        words = text.replace(",", " ").split()
        for word in words:
            if not (word.isascii() and word.isdigit() and 1 <= int(word[:9]) <= high):
                raise BadInput(
                    "sizes",
                    _("“{value}” is not a whole number from {low} to {high}").format(
                        value=_short(word), low=1, high=high
                    ),
                )
        if not words:
            raise BadInput(
                "sizes",
                _("there is nothing in it; write some, such as {example}").format(example="4,8"),
            )
        _few(len(words), most)
        return tuple(int(word) for word in words)

    return parse


def _few(count: int, most: int) -> None:
    if count > most:
        raise BadInput(
            "count",
            _("{count} are too many for this picture; at most {most}").format(
                count=count, most=most
            ),
        )


def _short(text: str) -> str:
    text = text.strip()
    return text if len(text) <= 30 else f"{text[:29]}…"


_OPERATION = re.compile(r"\+0*[1-9][0-9]{0,5}|-[0-9]{1,6}")


def operations(most: int, high: int) -> Callable[[str], tuple[str, ...]]:
    """At most ``most`` operations: +n allocates, n from 1 to ``high``; -k frees the k-th."""

    def parse(text: str) -> tuple[str, ...]:
        ops = text.replace(",", " ").split()
        for op in ops:
            if not _OPERATION.fullmatch(op) or (op[0] == "+" and int(op[1:]) > high):
                raise BadInput(
                    "ops",
                    _("“{op}” is neither +n (n from 1 to {high}) nor -k").format(
                        op=_short(op), high=high
                    ),
                )
        if not ops:
            raise BadInput(
                "ops",
                _("there is nothing in it; write some, such as {example}").format(
                    example="+8,+4,-0"
                ),
            )
        _few(len(ops), most)
        return tuple(ops)

    return parse
