"""``lab-kernel slo``: what an objective allows, and whether it was met.

One file for each action; each declares its arguments and runs. ``slo check`` ends with 0 if every
objective was met in what the log has of the window, 1 if one was missed there, 2 on bad input.
Whether to release is a question for the policy (``--json``: ``rule``), which is about all of it.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import Protocol

from lab_kernel.cli.parsing import Parser, common
from lab_kernel.cli.slo import budget, check, rules
from lab_kernel.errors import BadInput
from lab_kernel.language import N_, _

summary = N_("Service level objectives: error budgets, and OpenSLO specs against a log.")
example = "slo check slo.yaml --log access.log"


class Action(Protocol):
    """What an action's module offers. ``summary`` and ``example`` are source strings."""

    summary: str
    example: str

    def arguments(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, args: argparse.Namespace) -> int: ...


ACTIONS: Mapping[str, Action] = {
    "budget": budget,
    "check": check,
    "rules": rules,
}


def arguments(parser: Parser, words: Sequence[str]) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title=_("actions"))
    for name, action in ACTIONS.items():
        one = actions.add_parser(
            name,
            help=_(action.summary),
            description=_(action.summary),
            epilog=_("example:") + f"\n  lab-kernel {action.example}",
        )
        action.arguments(one)
        common(one, language=argparse.SUPPRESS, json=argparse.SUPPRESS)


def run(args: argparse.Namespace) -> int:
    if args.action is None:
        allowed = ", ".join(ACTIONS)
        raise BadInput("ACTION", _("choose one of: {allowed}").format(allowed=allowed))
    return ACTIONS[args.action].run(args)
