"""``lab-kernel slo budget``: how much may go wrong, for any target and period."""

from __future__ import annotations

import argparse
import re
from decimal import Decimal

from lab_kernel.cli.output import columns, print_json
from lab_kernel.cli.parsing import text, whole
from lab_kernel.errors import BadInput
from lab_kernel.language import N_, _
from lab_kernel.sre.slo.availability import DAYS, allowed, written
from lab_kernel.sre.slo.budget import decimal, share_of
from lab_kernel.sre.slo.spec import MINUTES, Duration

summary = N_("What a target allows: downtime for each period, and failed requests.")
example = "slo budget 99.9 --period 30d --requests 1000000"

DECIMALS = 7  # of a percentage; more would be printed as 100%


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "targets",
        metavar="PERCENT",
        nargs="+",
        help=_("a target in percent, such as 99.9; from 0, where all may fail, to below 100"),
    )
    parser.add_argument(
        "--period",
        metavar="PERIOD",
        action="append",
        help=_("such as 30d; units: m h d w, M is 30 days, Q 90, Y 365 (default: several)"),
    )
    parser.add_argument(
        "--requests",
        type=whole(0, 10**15),
        metavar="N",
        help=_("how many requests there are: say how many of them may fail, too"),
    )


def run(args: argparse.Namespace) -> int:
    periods = args.period or [f"{days}d" for days in DAYS]
    minutes = [_minutes(period) for period in periods]
    targets = [percent(word) for word in args.targets]
    found = [[allowed(target, each) for each in minutes] for target in targets]
    failures = [share_of(target) * (args.requests or 0) for target in targets]
    if args.json:
        rows = []
        for target, row, bad in zip(targets, found, failures, strict=True):
            downtime = {p: float(each) for p, each in zip(periods, row, strict=True)}
            rows.append({"target": float(target), "minutes": downtime})
            if args.requests is not None:
                rows[-1]["failures"] = float(bad)
        print_json({"budgets": rows})
        return 0
    head = [_("target"), *periods]
    table = [
        [f"{decimal(100 * target, DECIMALS)}%", *map(written, row)]
        for target, row in zip(targets, found, strict=True)
    ]
    if args.requests is not None:
        head.append(_("of {n} requests").format(n=f"{args.requests:,}"))
        table = [[*row, decimal(bad, 2)] for row, bad in zip(table, failures, strict=True)]
    print(columns([head, *table], indent=""))
    return 0


def percent(word: str) -> Decimal:
    """A target as people say it, 99.9 or 99.9%, as a share below 1."""
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]+)?%?", word):
        message = _("“{value}” is no share in percent, such as 99.9")
        raise BadInput("PERCENT", message.format(value=text(word)))
    if len(word.rstrip("%").partition(".")[2]) > DECIMALS:
        message = _("“{value}” has more than {most} decimals")
        raise BadInput("PERCENT", message.format(value=text(word), most=DECIMALS))
    target = Decimal(word.rstrip("%")) / 100
    try:
        share_of(target)
    except BadInput as error:
        if target == 1:
            message = _("100% leaves no error budget: nothing could be changed any more")
            raise BadInput("PERCENT", message) from error
        message = _("“{value}” is not below 100").format(value=text(word))
        raise BadInput("PERCENT", message) from error
    return target


def _minutes(period: str) -> int:
    found = Duration.read(period)
    if found is None and re.fullmatch(r"0*[1-9][0-9]*[mhdwMQY]", period):
        message = _("“{value}” is too long: the number may be up to {most}, without a 0 before it")
        raise BadInput("period", message.format(value=text(period), most="999,999"))
    if found is None:
        message = _("“{value}” is no duration: a number and one of {units}, such as 28d")
        words = {"value": text(period), "units": " ".join(MINUTES)}
        raise BadInput("period", message.format(**words))
    return found.minutes
