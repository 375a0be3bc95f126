"""``lab-kernel strace``: the system calls that a real program made."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from lab_kernel.cli.files import check_readable, write_text
from lab_kernel.cli.output import columns, print_json
from lab_kernel.cli.parsing import Parser
from lab_kernel.errors import BadInput
from lab_kernel.figures import timeline
from lab_kernel.host.lackey import LONGEST
from lab_kernel.host.reasons import reason
from lab_kernel.host.strace import Count, Strace, counts, read_strace
from lab_kernel.language import N_, _

summary = N_("System calls of a real program: read what strace wrote, count and time its calls.")
example = "strace ls.txt --timeline ls.svg"


def arguments(parser: Parser, words: Sequence[str]) -> None:
    parser.add_argument(
        "file", metavar="FILE", help=_("what strace -f -ttt -T -o FILE has written")
    )
    parser.add_argument("--timeline", metavar="FILE.svg", help=_("draw the calls over time, too"))
    parser.add_argument(
        "--chrome", metavar="FILE.json", help=_("write them for ui.perfetto.dev, too")
    )


def run(args: argparse.Namespace) -> int:
    check_readable("FILE", args.file)
    try:
        read = read_strace(_lines(args.file))
    except BadInput as error:
        raise BadInput("FILE", error.message) from None
    except OSError as error:
        raise BadInput("FILE", f"{args.file}: {reason(error)}") from None
    rows = counts(read.trace)
    if args.timeline:
        picture = timeline(
            read.trace,
            title=_("System calls"),
            description=_told(read, rows),
            x_label=_("microseconds"),
            kinds=("call", "error", "signal", "exit"),
        )
        write_text("timeline", args.timeline, picture.svg)
    if args.chrome:
        written = json.dumps(read.trace.to_chrome(), ensure_ascii=False, allow_nan=False)
        write_text("chrome", args.chrome, written + "\n")
    if args.json:
        print_json(report(read, rows))
    else:
        _print(read, rows)
    return 0


def report(read: Strace, rows: Sequence[Count]) -> dict[str, object]:
    """The file as a JSON object; times in microseconds."""
    return {
        "calls": [
            {"name": row.name, "calls": row.calls, "errors": row.errors, "time": row.time}
            for row in rows
        ],
        "processes": len(read.trace.tracks()),
        "unfinished": read.unfinished,
        "unread": read.unread,
    }


def _lines(path: str) -> Iterator[str]:
    with Path(path).open(encoding="utf-8", errors="replace") as file:
        while line := file.readline(LONGEST):
            if len(line) == LONGEST:
                raise BadInput("FILE", _("there is no system call in it, as strace writes them"))
            yield line


def _told(read: Strace, rows: Sequence[Count]) -> str:
    return _(
        "{calls} calls of {kinds} kinds, {errors} of them failed, in {processes} processes"
    ).format(
        calls=sum(row.calls for row in rows),
        kinds=len(rows),
        errors=sum(row.errors for row in rows),
        processes=len(read.trace.tracks()),
    )


def _print(read: Strace, rows: Sequence[Count]) -> None:
    head = (_("call"), _("calls"), _("errors"), _("microseconds"))
    table = [(row.name, row.calls, row.errors, row.time) for row in rows]
    print(columns([head, *table], indent=""))
    print("\n" + _told(read, rows))
    if read.unfinished:
        print(_("calls without an end: {count}").format(count=read.unfinished))
    if read.unread:
        print(_("lines that were not understood: {count}").format(count=read.unread))
