"""``lab-kernel slo check``: the SLOs of an OpenSLO file against an access log."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from lab_kernel.cli.files import read_text
from lab_kernel.cli.output import columns, print_json
from lab_kernel.cli.parsing import text
from lab_kernel.cli.sli import log_lines
from lab_kernel.errors import BadInput
from lab_kernel.language import N_, _
from lab_kernel.sre.sli import recorded
from lab_kernel.sre.sli.access_log import AccessLog
from lab_kernel.sre.sli.condition import VALID, Condition, condition
from lab_kernel.sre.slo import examples
from lab_kernel.sre.slo.availability import written
from lab_kernel.sre.slo.budget import decimal
from lab_kernel.sre.slo.judge import Counted, Judgement, judge
from lab_kernel.sre.slo.openslo import openslo
from lab_kernel.sre.slo.policy import Policy
from lab_kernel.sre.slo.spec import OCCURRENCES, SLO, Rolling

summary = N_("An OpenSLO file against an access log: met or missed, what is left, what follows.")
example = "slo check slo.yaml --log access.log"
MOST_CAUSES = 3


def spec_argument(parser: argparse.ArgumentParser) -> None:
    """What ``specs`` reads."""
    parser.add_argument(
        "spec",
        metavar="SPEC",
        help=_("OpenSLO v1 in YAML, or an example: {names}").format(
            names=", ".join(examples.names())
        ),
    )


def arguments(parser: argparse.ArgumentParser) -> None:
    spec_argument(parser)
    parser.add_argument(
        "--log",
        metavar="LOG",
        required=True,
        help=_(
            "an access log with the request time at the end of each line; - is standard input;"
            " or: {names}"
        ).format(names=", ".join(recorded.NAMES)),
    )
    parser.add_argument(
        "--good",
        metavar="CONDITION",
        help=_("which events are good (default: the annotation lab-kernel/good)"),
    )
    parser.add_argument(
        "--valid",
        metavar="CONDITION",
        help=_(
            "which events count (default: the annotation lab-kernel/valid, else {valid})"
        ).format(valid=VALID.replace("%", "%%")),
    )


def run(args: argparse.Namespace) -> int:
    slos = specs(args.spec)
    tests = [(slo, *_conditions(slo, args), Counted()) for slo in slos]
    log = AccessLog(log_lines("log", args.log))
    for event in log:
        for _slo, valid, good, counted in tests:
            if valid(event):
                counted.add(event.time, good(event))
    if log.examples and log.malformed + log.empty == log.lines:
        why = text(log.examples[0], 200)
        raise BadInput("log", _("no line could be read: {why}").format(why=why))
    judged = [
        (judgement, valid, good)
        for slo, valid, good, counted in tests
        for judgement in _judged(slo, counted)
    ]
    if args.json:
        found = [_report(judgement, valid, good) for judgement, valid, good in judged]
        print_json({"slos": found, "lines": log.lines, "malformed": log.malformed})
    else:
        print("\n\n".join(_told(judgement, valid, good) for judgement, valid, good in judged))
        if log.malformed:
            words = _("{count} of {lines} lines were not understood; the first is {where}")
            where = text(log.examples[0], 200)
            print("\n" + words.format(count=log.malformed, lines=log.lines, where=where))
    return 0 if all(judgement.met for judgement, _valid, _good in judged) else 1


def specs(name: str) -> list[SLO]:
    if name in examples.names() and not Path(name).exists():
        return openslo(examples.example(name), name)
    return openslo(read_text("SPEC", name, examples.names()), name)


def _conditions(slo: SLO, args: argparse.Namespace) -> tuple[Condition, Condition]:
    """Which events count, and which are good: from the command line, else from the document."""
    if not (args.good or slo.good):
        message = _("it has no annotation lab-kernel/good, so write --good CONDITION")
        raise BadInput(f"{slo.at} {slo.name}", message)
    good = condition(args.good or slo.good, "good" if args.good else f"{slo.at} lab-kernel/good")
    valid = condition(
        args.valid or slo.valid or VALID, "valid" if args.valid else f"{slo.at} lab-kernel/valid"
    )
    return valid, good


def _judged(slo: SLO, counted: Counted) -> list[Judgement]:
    try:
        return judge(slo, counted)
    except BadInput as error:
        raise BadInput("log", error.message) from error


def _told(found: Judgement, valid: Condition, good: Condition) -> str:
    slo, account = found.slo, found.budget
    over = written(Fraction(found.window.seconds) / 60)
    kind = _("rolling") if isinstance(slo.window, Rolling) else _("of the calendar")
    head = _("{name}: {target}% over {period} ({kind}), {method}").format(
        name=slo.name,
        target=decimal(100 * found.objective.target),
        period=over,
        kind=kind,
        method=slo.method,
    )
    rows = [(_("counted"), f"{valid.text} → {good.text}")]
    if found.coverage < 1:
        covers = _("{span} of {period}, {share}%: the verdict is about this part only")
        share = decimal(100 * found.coverage, 2 if found.coverage > 1 / 1000 else 6)
        span = written(Fraction(found.covered.seconds) / 60)
        rows.append((_("the log has"), covers.format(span=span, period=over, share=share)))
    events = _("{good} good of {total} events").format(
        good=f"{int(found.events.good):,}", total=f"{int(found.events.total):,}"
    )
    rows.append((_("MET") if found.met else _("MISSED"), events))
    unit = _("events") if slo.method == OCCURRENCES else _("slices of {width}")
    unit = unit.format(width=found.objective.time_slice_window)
    amounts = _("{allowed} {unit} allowed, {spent} spent, {left} left")
    numbers = {"allowed": account.allowed, "spent": account.spent, "left": account.remaining}
    words = {name: _figure(number) for name, number in numbers.items()}
    rows.append((_("error budget"), amounts.format(unit=unit, **words)))
    if account.burn_rate is not None:
        near = 0 < abs(account.burn_rate - 1) < Fraction(1, 200)  # 1.00 would hide a miss
        rows.append((_("burn rate"), decimal(account.burn_rate, 6 if near else 2)))
    if found.coverage < 1:
        share = _figure(100 * found.spent_of_window)
        message = _("{share}% of its budget is spent by this part, traffic being even")
        rows.append((_("whole window"), message.format(share=share)))
    following = found.consequences(Policy())[: 1 + MOST_CAUSES]
    labels = [_("policy"), *[""] * len(following)]
    rows += [(label, str(each)) for label, each in zip(labels, following, strict=False)]
    return head + "\n" + columns(rows)


def _figure(number: Fraction) -> str:
    """With two decimals, and more where that would be nothing."""
    return decimal(number, 2 if abs(number) >= 1 else 4)


def _report(found: Judgement, valid: Condition, good: Condition) -> dict[str, Any]:
    account = found.budget
    rate = account.burn_rate
    return {
        "name": found.slo.name,
        "service": found.slo.service,
        "target": float(found.objective.target),
        "method": found.slo.method,
        "valid": valid.text,
        "good": good.text,
        "window": {"begin": _moment(found.window.begin), "end": _moment(found.window.end)},
        "covered": {
            "begin": _moment(found.covered.begin),
            "end": _moment(found.covered.end),
            "share": float(found.coverage),
        },
        "events": {"good": int(found.events.good), "total": int(found.events.total)},
        "met": found.met,
        "allowed": float(account.allowed),
        "spent": float(account.spent),
        "remaining": float(account.remaining),
        "burn_rate": None if rate is None else float(rate),
        "spent_of_window": float(found.spent_of_window),
        "policy": [
            {"rule": each.rule, "what": each.what, "share": float(each.share), "says": str(each)}
            for each in found.consequences(Policy())
        ],
    }


def _moment(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).isoformat()
