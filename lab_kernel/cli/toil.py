"""``lab-kernel toil``: a team's time log against the cap on operational work."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from lab_kernel.cli.files import read_text, write_text
from lab_kernel.cli.output import columns, print_json
from lab_kernel.cli.parsing import Parser
from lab_kernel.errors import BadInput
from lab_kernel.figures import Figure, Series, line_chart
from lab_kernel.language import N_, _
from lab_kernel.sre.toil import cap, examples
from lab_kernel.sre.toil.criteria import Class
from lab_kernel.sre.toil.time_log import Log, read_log, week_name

summary = N_("Toil: a time log, its share of operational work, and the cap (over it: exit code 1).")
example = "toil team --cap 50"


def arguments(parser: Parser, words: Sequence[str]) -> None:
    parser.add_argument(
        "file",
        metavar="LOG.csv",
        help=_("columns week, person, hours, what, tags; or the example: {names}").format(
            names=", ".join(examples.names())
        ),
    )
    parser.add_argument(
        "--cap",
        metavar="PERCENT",
        default="50",
        help=_(
            "the ceiling of operational work, per cent of the hours; 0 allows none (default: 50)"
        ),
    )
    parser.add_argument(
        "--without-overhead",
        action="store_true",
        help=_("take the share of the hours without overhead instead of all"),
    )
    parser.add_argument("--chart", metavar="FILE.svg", help=_("draw the shares, too"))


def run(args: argparse.Namespace) -> int:
    ceiling = cap.read_cap(args.cap)
    log = _read(args.file)
    weeks = cap.watch(log, ceiling, of_work=args.without_overhead)
    if args.chart:
        write_text("chart", args.chart, chart(weeks).svg)
    if args.json:
        print_json(report(log, weeks))
    else:
        _print(log, weeks)
    return 1 if weeks[-1].alarm else 0


def _read(name: str) -> Log:
    built_in = name in examples.names() and not Path(name).exists()
    text = examples.example(name) if built_in else read_text("LOG.csv", name, examples.names())
    try:
        return read_log(text.splitlines(keepends=True))
    except BadInput as error:
        raise BadInput("LOG.csv", error.message) from None


def report(log: Log, weeks: Sequence[cap.Week]) -> dict[str, Any]:
    """As a JSON object; hours as numbers, shares from 0 to 1, null where there is none."""
    last = weeks[-1]
    return {
        "cap": float(last.cap),
        "over": last.alarm,
        "trailing": _number(last.trailing),
        "weeks": [
            {
                "week": week_name(week.week),
                "hours": {found.value: float(hours) for found, hours in week.hours.items()},
                "share": _number(week.share),
                "trailing": _number(week.trailing),
                "alarm": week.alarm,
            }
            for week in weeks
        ],
        "people": {person: _number(share) for person, share in cap.by_person(log).items()},
        "malformed": [vars(row) for row in log.malformed],
    }


def chart(weeks: Sequence[cap.Week]) -> Figure:
    """Share of the week, of the trailing quarter, and the cap."""
    lines: dict[str, list[Fraction | None]] = {
        _("each week"): [week.share for week in weeks],
        _("trailing quarter"): [week.trailing for week in weeks],
        _("the cap"): [week.cap for week in weeks],
    }
    return line_chart(
        [
            Series(
                name,
                [(n, float(100 * part)) for n, part in enumerate(parts, 1) if part is not None],
            )
            for name, parts in lines.items()
        ],
        title=_("Operational work, per cent of the hours"),
        description=_verdict(weeks),
        x_label=_("week of the log"),
        y_label="%",
    )


def _print(log: Log, weeks: Sequence[cap.Week]) -> None:
    head = (
        _("week"),
        _("toil"),
        _("other operations"),
        _("project work"),
        _("overhead"),
        _("operational share"),
        _("trailing quarter"),
        _("over the cap"),
    )
    rows = [
        (
            week_name(week.week),
            *(f"{float(week.hours[found]):.1f}" for found in Class),
            _percent(week.share),
            _percent(week.trailing),
            _("yes") if week.alarm else "",
        )
        for week in weeks
    ]
    print(columns([head, *rows], indent=""))
    print("\n" + _verdict(weeks))
    people = (f"{person} {_percent(share)}" for person, share in cap.by_person(log).items())
    print(_("Each one over the whole log: {people}").format(people=", ".join(people)))
    if log.malformed:
        print(
            "\n"
            + _("Rows that could not be read, and are counted nowhere: {count} of {all}").format(
                count=len(log.malformed), all=len(log.malformed) + len(log.entries)
            )
        )
        for row in log.malformed:
            print(_("  line {line}: {why}").format(line=row.line, why=row.why))


def _verdict(weeks: Sequence[cap.Week]) -> str:
    last = weeks[-1]
    if len(weeks) < cap.QUARTER:
        text = _("No verdict yet: a quarter has {quarter} weeks, and the log {weeks}.")
        return text.format(quarter=cap.QUARTER, weeks=len(weeks))
    if last.alarm:
        text = _(
            "Over the cap: {share} of the trailing quarter is operational work, {cap} is the"
            " ceiling."
        )
    else:
        text = _(
            "Within the cap: {share} of the trailing quarter is operational work, {cap} is the"
            " ceiling."
        )
    return text.format(share=_percent(last.trailing), cap=_percent(last.cap))


def _percent(part: Fraction | None) -> str:
    return "-" if part is None else f"{float(100 * part):.1f}%"


def _number(part: Fraction | None) -> float | None:
    return None if part is None else float(part)
