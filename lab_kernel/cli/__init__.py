"""The command line: ``lab-kernel``, also ``python -m lab_kernel``.

One file per command; each declares its arguments and runs. Every command takes ``--json`` (one
object on standard output) and ``--lang ko|en`` (else the locale decides).

Exit codes: 0 done, 1 a wrong answer to a quiz, a missed objective or a time log over its cap, 2 bad
input (one line on standard error that names the argument), 130 interrupted, 141 the reader of our
output went away.
``container run`` ends with the code of the program that it ran.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Protocol

import lab_kernel
from lab_kernel.cli import (
    allocate,
    cluster,
    container,
    disk,
    explore,
    image,
    paging,
    quiz,
    schedule,
    sli,
    slo,
    spans,
    strace,
    sweep,
    toil,
    trace,
    translate,
)
from lab_kernel.cli.parsing import Parser, Refused, common, localised_argparse, text
from lab_kernel.errors import BadInput
from lab_kernel.host.reasons import reason
from lab_kernel.language import LANGUAGES, _, language

PROGRAM = "lab-kernel"


class Command(Protocol):
    """What a command's module offers. ``summary`` and ``example`` are source strings."""

    summary: str
    example: str

    def arguments(self, parser: Parser, words: Sequence[str]) -> None:
        """Declare the arguments; ``words`` is the command line, for a command that looks ahead."""

    def run(self, args: argparse.Namespace) -> int:
        """Do it, print it, return the exit code."""


COMMANDS: Mapping[str, Command] = {
    "paging": paging,
    "translate": translate,
    "allocate": allocate,
    "schedule": schedule,
    "disk": disk,
    "explore": explore,
    "sweep": sweep,
    "quiz": quiz,
    "strace": strace,
    "image": image,
    "trace": trace,
    "container": container,
    "cluster": cluster,
    "spans": spans,
    "toil": toil,
    "sli": sli,
    "slo": slo,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code; nothing is raised."""
    words = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):  # a terminal that lacks a letter gets an escape
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    with language(_language(words, os.environ)), localised_argparse():
        try:
            code = _run(words)
            if sys.stdout is not None:
                sys.stdout.flush()  # here, where a failure can still be reported
        except KeyboardInterrupt:
            return 130
        except BrokenPipeError:
            _silence_stdout()
            return 141
        except (BadInput, Refused) as error:
            return _refuse(str(error))
        except (MemoryError, RecursionError, OverflowError):
            return _refuse(_("the input is too large or nested too deeply"))
        except OSError as error:
            _silence_stdout()
            return _refuse(_("standard output: {why}").format(why=reason(error)))
    return code


def _run(words: list[str]) -> int:
    try:
        args = _parser(words).parse_args(words)
    except SystemExit as done:  # --help and --version
        return int(done.code or 0)
    if args.command is None:
        allowed = ", ".join(COMMANDS)
        raise BadInput("COMMAND", _("choose one of: {allowed}").format(allowed=allowed))
    try:
        return COMMANDS[args.command].run(args)
    except BadInput as error:
        raise BadInput(_as_typed(error.argument, args), error.message) from error


def _parser(words: Sequence[str]) -> Parser:
    parser = Parser(
        prog=PROGRAM,
        description=_("A small deterministic machine for learning how software runs."),
    )
    parser.add_argument(
        "--version",
        action="version",
        version=lab_kernel.__version__,
        help=_("show program's version number and exit"),
    )
    common(parser, language=None, json=False)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title=_("commands"))
    for name, command in COMMANDS.items():
        chosen = commands.add_parser(
            name,
            help=_(command.summary),
            description=_(command.summary),
            epilog=_("example:") + f"\n  {PROGRAM} {command.example}",
        )
        command.arguments(chosen, words if name in words else ())
        common(chosen, language=argparse.SUPPRESS, json=argparse.SUPPRESS)
    return parser


def _language(words: Sequence[str], environment: Mapping[str, str]) -> str:
    """The language asked for, which even --help and errors are to be in; else the locale's."""
    for word, following in zip_longest(words, words[1:], fillvalue=""):
        asked = following if word == "--lang" else word.removeprefix("--lang=")
        if word.startswith("--lang") and asked in LANGUAGES:
            return asked
    locales = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "ko" if next(filter(None, locales), "").startswith("ko") else "en"


def _as_typed(argument: str, args: argparse.Namespace) -> str:
    """``page size`` and ``page_size`` as the option that the person typed: ``--page-size``."""
    if argument in ("explorable", "exercise"):
        return "NAME"
    key = argument.replace(" ", "_").replace("-", "_")
    return "--" + key.replace("_", "-") if key in vars(args) else argument


def _refuse(message: str) -> int:
    print(f"{PROGRAM}: {text(message, 500)}", file=sys.stderr)
    return 2


def _silence_stdout() -> None:
    """Keep the interpreter's own flush at exit from failing again."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
