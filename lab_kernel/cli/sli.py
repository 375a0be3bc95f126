"""``lab-kernel sli``: service level indicators of an access log."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from lab_kernel.cli.files import read_lines
from lab_kernel.cli.output import columns, print_json
from lab_kernel.cli.parsing import Parser, text, whole
from lab_kernel.errors import BadInput
from lab_kernel.language import N_, _
from lab_kernel.sre.sli import recorded
from lab_kernel.sre.sli.access_log import AccessLog
from lab_kernel.sre.sli.condition import GOOD, VALID, condition
from lab_kernel.sre.sli.histogram import ERROR
from lab_kernel.sre.sli.indicator import Measured, Tally, measure
from lab_kernel.sre.sli.windows import UNITS, duration

summary = N_("Service level indicators: availability, latency and throughput of an access log.")
example = "sli access.log.gz --window 5m --good 'status<500 and seconds<0.3'"

MOST_WINDOWS = 10_000
QUANTILES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}


def arguments(parser: Parser, words: Sequence[str]) -> None:
    parser.add_argument(
        "log",
        metavar="LOG",
        help=_(
            "lines of nginx's combined form with $request_time at the end, plain or gzipped;"
            " - is standard input; or a recording: {names}"
        ).format(names=", ".join(recorded.NAMES)),
    )
    parser.add_argument("--window", metavar="5m", help=_("a row for each window, too (s, m, h, d)"))
    parser.add_argument(
        "--good",
        metavar="CONDITION",
        default=GOOD,
        help=_("which valid requests were good (default: {default})").format(default=GOOD),
    )
    parser.add_argument(
        "--valid",
        metavar="CONDITION",
        default=VALID,
        help=_("which requests count at all (default, without health checks: {default})").format(
            default=VALID
        ),
    )
    parser.add_argument(
        "--capacity",
        type=whole(1, 1_000_000),
        metavar="N",
        help=_("how many requests can be served at once, for the saturation"),
    )


def run(args: argparse.Namespace) -> int:
    good, valid = condition(args.good, "good"), condition(args.valid, "valid")
    seconds = duration(args.window, "window") if args.window else UNITS["w"]
    log = AccessLog(log_lines("LOG", args.log))
    done = measure(log, seconds, good=good, valid=valid)
    rows = []
    for window in done.windows:
        if args.window:  # figures alone: a histogram for each window would add up
            counted = _counted(window.tally) if window.tally else None
            rows.append(_Row(window.start, window.end, counted))
        if len(rows) > MOST_WINDOWS:
            message = _("more than {most} windows; take a longer one")
            raise BadInput("window", message.format(most=f"{MOST_WINDOWS:,}"))
    if done.first is None:
        why = str(log.examples[0]) if log.examples else _("it is empty")
        raise BadInput("LOG", _("no line could be read: {why}").format(why=why))
    if args.json:
        print_json(_report(args, log, done, rows))
    else:
        _print(args, log, done, rows)
    return 0


def log_lines(argument: str, name: str) -> Iterator[str]:
    """The lines of a log, plain or gzip, of standard input, or of a recording by its name."""
    if name in recorded.NAMES and not Path(name).exists():
        return recorded.lines(name)
    return read_lines(argument, name, recorded.NAMES)


class _Row(NamedTuple):
    """A window; ``counted`` is None for a gap."""

    start: int
    end: int
    counted: dict[str, Any] | None


def _counted(tally: Tally) -> dict[str, Any]:
    """Times in seconds; None where there is nothing to divide by."""
    return {
        "valid": tally.valid,
        "good": tally.good,
        "bad": tally.bad,
        "ratio": tally.ratio,
        "error_rate": tally.error_rate,
        "mean": tally.latency.mean,
        **{name: tally.latency.quantile(q) for name, q in QUANTILES.items()},
        "max": tally.latency.most,
        "served": tally.latency.total,
    }


def _rates(counted: dict[str, Any], seconds: float, capacity: int | None) -> dict[str, Any]:
    """The figures with those that need to know in how many seconds it was."""
    busy = counted["served"] / seconds if seconds else 0.0
    rates = {
        "throughput": counted["valid"] / seconds if seconds else 0.0,
        "concurrency": busy,
        "saturation": busy / capacity if capacity else None,
    }
    return {name: figure for name, figure in counted.items() if name != "served"} | rates


def _report(
    args: argparse.Namespace, log: AccessLog, done: Measured, rows: list[_Row]
) -> dict[str, Any]:
    """The log as a JSON object; moments in Unix seconds."""
    return {
        "lines": log.lines,
        "empty": log.empty,
        "malformed": log.malformed,
        "examples": [
            {"line": each.number, "column": each.column, "expected": _(each.expected),
             "text": text(each.text, 200)}
            for each in log.examples
        ],
        "good_if": args.good,
        "valid_if": args.valid,
        "excluded": done.excluded,
        "late": done.late,
        "start": done.first,
        "end": None if done.last is None else done.last + 1,
        "silence": done.silence,
        "quantile_error": ERROR,
        "whole": _rates(_counted(done.whole), done.seconds, args.capacity),
        "windows": [
            {"start": row.start, "end": row.end}
            | (_rates(row.counted, _length(row, done), args.capacity) if row.counted else {})
            for row in rows
        ],
    }  # fmt: skip


def _print(args: argparse.Namespace, log: AccessLog, done: Measured, rows: list[_Row]) -> None:
    told = _rates(_counted(done.whole), done.seconds, args.capacity)
    span = _("{first} to {last} UTC, {minutes} minutes").format(
        first=f"{_moment(done.first):%Y-%m-%d %H:%M:%S}",
        last=f"{_moment(done.last):%Y-%m-%d %H:%M:%S}",
        minutes=f"{done.seconds / 60:,.1f}",
    )
    print(span)
    print(
        columns(
            [
                (_("lines"), f"{log.lines:,}", ""),
                (_("malformed"), f"{log.malformed:,}", ""),
                (_("not valid"), f"{done.excluded:,}", _("not: {text}").format(text=args.valid)),
                (_("valid"), f"{told['valid']:,}", args.valid),
                (_("good"), f"{told['good']:,}", args.good),
            ],
            indent="",
        )
    )
    for each in log.examples:
        print(f"  {each}: {text(each.text, 60)}")
    if not told["valid"]:
        print("\n" + _("No request was valid, so there is no ratio."))
        return
    print("\n" + columns(_whole(told, done, args.capacity), indent=""))
    if rows:
        print("\n" + columns(_table(rows, done, args.capacity), indent="", right=True))
    if done.late:
        late = _("too late for their window, so in the whole alone: {n}")
        print(late.format(n=f"{done.late:,}"))


def _whole(told: dict[str, Any], done: Measured, capacity: int | None) -> list[Sequence[str]]:
    error = _("each percentile is right to {error} of itself").format(error=f"±{ERROR:.0%}")
    rows: list[Sequence[str]] = [
        (_("good / valid"), _share(told["ratio"]), _("availability, or whatever good means")),
        (_("bad / valid"), _share(told["error_rate"]), _("error rate: 1 - good / valid")),
        (_("throughput"), f"{told['throughput']:.2f}/s", _("valid requests a second")),
        (_("concurrency"), f"{told['concurrency']:.2f}", _("rate × mean time (Little's law)")),
    ]
    if capacity:
        rows.append((_("saturation"), _share(told["saturation"]), _("concurrency / capacity")))
    rows.append((_("mean time"), _ms(told["mean"]), _("exact")))
    for n, name in enumerate(QUANTILES):
        rows.append((name, _ms(told[name]), "" if n else error))
    rows.append((_("slowest"), _ms(told["max"]), _("exact")))
    rows.append((_("silence"), f"{done.silence:.0f} s", _("the longest time without a line")))
    return rows


def _table(rows: list[_Row], done: Measured, capacity: int | None) -> list[Sequence[str]]:
    days = {_moment(row.start).date() for row in rows}
    form = "%H:%M:%S" if len(days) == 1 else "%Y-%m-%d %H:%M:%S"
    head = [_("window"), _("valid"), _("good / valid"), _("per second"), _("concurrency")]
    if capacity:
        head.append(_("saturation"))
    table: list[Sequence[str]] = [(*head, *QUANTILES)]
    for row in rows:
        start = f"{_moment(row.start):{form}}"
        if row.counted is None:
            until = f"{_moment(row.end):{form}}"
            gap = (f"{start}–{until}", "0", _("no requests"))
            table.append((*gap, *("-" for _cell in table[0][3:])))
            continue
        told = _rates(row.counted, _length(row, done), capacity)
        cells = [start, f"{told['valid']:,}", _share(told["ratio"])]
        cells += [f"{told['throughput']:.2f}", f"{told['concurrency']:.2f}"]
        if capacity:
            cells.append(_share(told["saturation"]))
        table.append((*cells, *(_ms(told[name]) for name in QUANTILES)))
    return table


def _length(row: _Row, done: Measured) -> float:
    """Seconds of a window; of the first and the last one, those that the log has."""
    return min(row.end, (done.last or 0) + 1) - max(row.start, done.first or 0)


def _moment(seconds: float | None) -> datetime:
    return datetime.fromtimestamp(seconds or 0, UTC)


def _share(part: float | None) -> str:
    return "-" if part is None else f"{100 * part:.3f}%"


def _ms(seconds: float | None) -> str:
    return "-" if seconds is None else f"{1000 * seconds:,.0f} ms"
