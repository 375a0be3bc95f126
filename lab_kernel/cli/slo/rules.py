"""``lab-kernel slo rules``: Prometheus rules for an OpenSLO file, and unit tests for them."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from lab_kernel.cli.files import write_text
from lab_kernel.cli.output import print_json
from lab_kernel.cli.slo.check import spec_argument, specs
from lab_kernel.errors import BadInput
from lab_kernel.language import N_, _
from lab_kernel.sre.alerts import promtests
from lab_kernel.sre.alerts.burn import BELOW_ONE, UNFIRABLE, Condition, written
from lab_kernel.sre.alerts.promql import duration
from lab_kernel.sre.alerts.rules import Rules, all_rules, text
from lab_kernel.sre.alerts.scenarios import Scenario, scenarios

summary = N_("Prometheus rules for an OpenSLO file: burn-rate alerts, and unit tests for promtool.")
example = "slo rules slo.yaml --out rules.yml --tests tests.yml"


def arguments(parser: argparse.ArgumentParser) -> None:
    spec_argument(parser)
    parser.add_argument(
        "--out", metavar="RULES.yml", help=_("where the rules go (default: standard output)")
    )
    parser.add_argument(
        "--tests",
        metavar="TESTS.yml",
        help=_("write unit tests for promtool, too; they name the file of --out"),
    )


def run(args: argparse.Namespace) -> int:
    if args.tests and not args.out:
        raise BadInput("tests", _("the tests need the name of the rules: give --out, too"))
    made = all_rules(specs(args.spec))
    tests = [(each, scenarios(each.measured, each.conditions)) for each in made if args.tests]
    for each in made:
        for condition in each.dropped:
            print(f"{each.group.name}: {why(condition)}", file=sys.stderr)
    rules = text([each.group for each in made])
    if args.out:
        write_text("out", args.out, rules)
    if args.tests:
        named = [(each.group, asked) for each, asked in tests]
        write_text("tests", args.tests, promtests.text(named, _beside(args.out, args.tests)))
    if args.json:
        print_json({"groups": [_report(each) for each in made], "tests": _count(tests)})
    elif args.out:
        for each in made:
            print(_said(each))
        if args.tests:
            print(_("{count} tests; run: promtool test rules {file}").format(
                count=_count(tests), file=args.tests
            ))  # fmt: skip
    else:
        print(rules, end="")
    return 0


def why(condition: Condition) -> str:
    """Why the condition was not written, in one sentence."""
    windows = {
        "long": duration(condition.pair.long),
        "short": duration(condition.pair.short),
        "factor": written(condition.factor, 4),
    }
    if condition.dead == BELOW_ONE:
        message = _(
            "{long}/{short} is not written: a burn rate of {factor} is below 1, so it would fire"
            " on a service that keeps its objective"
        )
    elif condition.dead == UNFIRABLE:
        message = _(
            "{long}/{short} is not written: a burn rate of {factor} can never be exceeded, since"
            " not more than all can fail; it needs an objective above {needs}%"
        )
        windows["needs"] = written(100 * condition.needs, 4)
    else:
        message = _(
            "{long}/{short} is not written: {short} is shorter than a slice of {slice}, so most"
            " of the time nothing is in it"
        )
        windows["slice"] = duration(condition.slice)
    return message.format(**windows)


def _beside(rules: str, tests: str) -> str:
    """How the tests call the rules: promtool looks from where the tests are."""
    return os.path.relpath(rules, Path(tests).parent).replace(os.sep, "/")


def _count(tests: list[tuple[Rules, list[Scenario]]]) -> int:
    return sum(len(asked) for _rules, asked in tests)


def _said(rules: Rules) -> str:
    message = _("{group}: {recordings} recordings, {alerts} alerts, burn rates above {factors}")
    return message.format(
        group=rules.group.name,
        recordings=len(rules.group.recordings),
        alerts=len(rules.group.alerts),
        factors=", ".join(written(each.factor, 4) for each in rules.conditions),
    )


def _report(rules: Rules) -> dict[str, Any]:
    return {
        "name": rules.group.name,
        "recordings": [each.record for each in rules.group.recordings],
        "alerts": [
            {
                "severity": each.pair.severity,
                "long": duration(each.pair.long),
                "short": duration(each.pair.short),
                "factor": float(each.factor),
                "threshold": float(each.threshold),
                "dropped": each.dead or None,
            }
            for each in (*rules.conditions, *rules.dropped)
        ],
    }
