"""Splitting a line of a Containerfile into words, as the format does: quotes, escapes, variables.

``$NAME``, ``${NAME}``, ``${NAME:-word}`` and ``${NAME:+word}`` stand for the image's environment,
but not inside single quotes. An unknown name is nothing. Source: Dockerfile reference, section on
replacing environment variables.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from lab_kernel.errors import BadInput
from lab_kernel.language import _

_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)(?::([-+])([^{}]*))?\})", re.ASCII)


def split(text: str, env: Mapping[str, str], where: str) -> list[str]:
    """The words of ``text``; BadInput names ``where`` if a quotation mark is not closed."""
    words: list[str] = []
    word: list[str] | None = None  # None between two words
    quote = ""
    at = 0
    while at < len(text):
        letter = text[at]
        at += 1
        if letter.isspace() and not quote:
            if word is not None:
                words.append("".join(word))
            word = None
            continue
        word = [] if word is None else word
        if letter == quote:
            quote = ""
        elif letter in "\"'" and not quote:
            quote = letter
        elif letter == "\\" and quote != "'" and at < len(text):
            if quote and text[at] not in '"$\\':
                word.append(letter)
            word.append(text[at])
            at += 1
        elif letter == "$" and quote != "'":
            found = _VARIABLE.match(text, at - 1)
            if found is None and text[at : at + 1] == "{":
                message = _("“{text}” is no variable that is understood here")
                raise BadInput(where, message.format(text=text[at - 1 : at + 30]))
            word.append(_value(found, env) if found else letter)
            at = found.end() if found else at
        else:
            word.append(letter)
    if quote:
        raise BadInput(where, _("a quotation mark is not closed"))
    return words if word is None else [*words, "".join(word)]


def _value(found: re.Match[str], env: Mapping[str, str]) -> str:
    short, long, how, other = found.groups()
    value = env.get(short or long, "")
    if how == "-":
        return value or other
    if how == "+":
        return other if value else ""
    return value
