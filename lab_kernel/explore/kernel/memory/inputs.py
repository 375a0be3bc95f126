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


_ADDRESS = re.compile(r"0[xX][0-9a-fA-F]{1,16}|[0-9]{1,20}")


def address(text: str) -> Hex:
    """``0x401d1c``, or the same number in decimal; at most 64 bits."""
    word = text.strip().replace("_", "")
    number = 1 << 64
    if _ADDRESS.fullmatch(word):
        number = int(word, 16 if word[:2] in ("0x", "0X") else 10)
    if number >= 1 << 64:
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
        numbers = []
        for word in _words(text, "sizes", example="4,8"):
            written = word.isascii() and word.isdigit() and len(word) <= 9
            numbers.append(int(word) if written else 0)
            if not 1 <= numbers[-1] <= high:
                raise BadInput(
                    "sizes",
                    _("“{value}” is not a whole number from {low} to {high}").format(
                        value=_short(word), low=1, high=high
                    ),
                )
        _few(len(numbers), most)
        return tuple(numbers)

    return parse


def _words(text: str, argument: str, example: str) -> list[str]:
    """What stands between commas or spaces: nothing (``4,,8``) is an empty word."""
    words = re.split(r"\s*,\s*|\s+", text.strip())
    if not any(words):
        raise BadInput(
            argument,
            _("there is nothing in it; write some, such as {example}").format(example=example),
        )
    return words


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
        ops = _words(text, "ops", example="+8,+4,-0")
        for op in ops:
            if not _OPERATION.fullmatch(op) or (op[0] == "+" and int(op[1:]) > high):
                raise BadInput(
                    "ops",
                    _("“{op}” is neither +n (n from 1 to {high}) nor -k").format(
                        op=_short(op), high=high
                    ),
                )
        _few(len(ops), most)
        return tuple(ops)

    return parse
