"""argparse that refuses in one line, in the reader's language."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from lab_kernel.errors import one_line
from lab_kernel.language import LANGUAGES, N_, _

# argparse translates its own words with the `_` of its module. These are the ones a person may
# see, listed so that the catalogue has them.
ARGPARSE_WORDS = (
    N_("usage: "),
    N_("positional arguments"),
    N_("options"),
    N_("show this help message and exit"),
    N_("expected one argument"),
    N_("expected at least one argument"),
    N_("the following arguments are required: %s"),
    N_("one of the arguments %s is required"),
    N_("not allowed with argument %s"),
    N_("unrecognized arguments: %s"),
    N_("ignored explicit argument %r"),
    N_("unknown parser %(parser_name)r (choices: %(choices)s)"),
)


class Refused(Exception):
    """A command line that argparse did not accept; the text is one line."""


class Parser(argparse.ArgumentParser):
    """Knows no abbreviations, keeps line breaks in its help, raises Refused."""

    def __init__(self, **settings: Any) -> None:
        settings.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(allow_abbrev=False, **settings)

    def error(self, message: str) -> NoReturn:
        raise Refused(message)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """In the words and quotation marks of the other refusals; argparse shows Python's."""
        if action.choices is not None and value not in action.choices:
            message = _("“{value}” is not one of: {allowed}")
            allowed = ", ".join(map(str, action.choices))
            raise argparse.ArgumentError(action, message.format(value=text(value), allowed=allowed))


def common(parser: argparse.ArgumentParser, language: str | None, json: bool | str) -> None:
    """What every command takes, before its name or after it."""
    parser.add_argument(
        "--json", action="store_true", default=json, help=_("print one JSON object")
    )
    parser.add_argument(
        "--lang",
        choices=LANGUAGES,
        default=language,
        help=_("language of the output (default: the locale's)"),
    )


@contextmanager
def localised_argparse() -> Iterator[None]:
    """Let argparse speak through our catalogue, and name an argument as BadInput does."""

    def translate(message: str) -> str:
        if message == "argument %(argument_name)s: %(message)s":
            return "%(argument_name)s: %(message)s"
        return _(message)

    before = getattr(argparse, "_", None)
    setattr(argparse, "_", translate)  # noqa: B010  (not an attribute that type checkers know)
    try:
        yield
    finally:
        setattr(argparse, "_", before)  # noqa: B010


def text(value: object, limit: int = 40) -> str:
    """A value for a message: on one line, without control characters, not too long."""
    line = one_line(str(value))
    return line if len(line) <= limit else line[: limit - 1] + "…"


def whole(least: int, most: int) -> Callable[[str], int]:
    """Reads a whole number in a range, decimal or 0x hexadecimal."""

    def read(word: str) -> int:
        if re.fullmatch(r"0[xX][0-9a-fA-F]{1,16}|[0-9]{1,20}", word):
            number = int(word, 16 if word[:2] in ("0x", "0X") else 10)
            if least <= number <= most:
                return number
        raise argparse.ArgumentTypeError(
            _("“{value}” is not a whole number from {low} to {high}").format(
                value=text(word), low=least, high=most
            )
        )

    return read
