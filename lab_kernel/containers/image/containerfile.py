"""Reading a Containerfile: its instructions, with their line numbers.

The part that is understood: FROM, COPY, ENV, WORKDIR, USER, ENTRYPOINT, CMD, LABEL. Everything else
is refused by name. Source: Dockerfile reference; comments, continuation lines and the two forms of
a command are its.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lab_kernel.errors import BadInput
from lab_kernel.language import N_, _

FILES = ("Containerfile", "Dockerfile")  # the usual names, in the order of looking
ALLOWED = ("FROM", "COPY", "ENV", "WORKDIR", "USER", "ENTRYPOINT", "CMD", "LABEL")
_INSTEAD = {
    "RUN": N_(
        "RUN would start a container to build with, which this builder does not; make the files"
        " yourself and COPY them"
    ),
    "ADD": N_("ADD is not understood here; use COPY"),
    "ARG": N_("ARG is not understood here; use ENV"),
    "MAINTAINER": N_("MAINTAINER is not understood here; use LABEL"),
}
_SHELL = ("/bin/sh", "-c")


@dataclass(frozen=True, slots=True)
class Instruction:
    """``line`` is where it begins; ``text`` all after the name, on one line."""

    line: int
    name: str
    text: str
    file: str = "Containerfile"

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}"

    def refuse(self, why: str) -> BadInput:
        return BadInput(self.where, why)


def parse(text: str, name: str = "Containerfile") -> list[Instruction]:
    """The instructions in order. BadInput, with file and line, for what is not understood."""
    found = [_instruction(start, line, name) for start, line in _lines(text, name)]
    if not found:
        raise BadInput(name, _("there is no instruction in it; the first is FROM"))
    if found[0].name != "FROM":
        raise found[0].refuse(_("the first instruction is FROM"))
    for again in found[1:]:
        if again.name == "FROM":
            raise again.refuse(
                _("only one FROM: building in several stages is not understood here")
            )
    return found


def _lines(text: str, name: str) -> Iterator[tuple[int, str]]:
    """Each instruction on one line, and where it begins. Comments may stand inside one."""
    start, pieces = 0, list[str]()
    first = True
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        stripped = line.strip()
        if first and re.fullmatch(r"#\s*escape\s*=\s*[^\\]", stripped, re.IGNORECASE):
            raise BadInput(f"{name}:{number}", _("another escape than \\ is not understood here"))
        if stripped.startswith("#") or not stripped:
            continue
        first = False
        start = start if pieces else number
        pieces.append(line.rstrip().removesuffix("\\"))
        if not stripped.endswith("\\"):
            yield start, "".join(pieces)
            pieces = []
    if "".join(pieces).strip():
        yield start, "".join(pieces)


def _instruction(line: int, text: str, file: str) -> Instruction:
    word, *rest = text.split(maxsplit=1)
    one = Instruction(line, word.upper(), rest[0].strip() if rest else "", file)
    if one.name not in ALLOWED:
        allowed = ", ".join(ALLOWED)
        if one.name in _INSTEAD:
            said = _(_INSTEAD[one.name])
        else:
            said = _("{name} is not understood here").format(name=word[:40])
        raise one.refuse(_("{said}; allowed: {allowed}").format(said=said, allowed=allowed))
    if not one.text:
        raise one.refuse(_("{name} needs an argument").format(name=one.name))
    return one


def command(one: Instruction) -> tuple[str, ...]:
    """The argument list of ENTRYPOINT or CMD.

    The exec form is a JSON list, started as it is. Anything else is the shell form, which becomes
    ``/bin/sh -c``. What begins as a list and is none is refused, not handed to a shell.
    """
    listed = json_list(one)
    if listed is None:
        return (*_SHELL, one.text)
    return listed


def json_list(one: Instruction) -> tuple[str, ...] | None:
    """The exec form; None if the text is not in it."""
    if not one.text.startswith("["):
        return None
    try:
        value = json.loads(one.text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, list) or not value or not all(isinstance(v, str) for v in value):
        raise one.refuse(
            _('begins as a list and is none; write ["program", "argument"], in double quotes')
        )
    return tuple(value)
