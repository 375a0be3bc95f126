"""``lab-kernel strace``: the system calls that a real program made, and a filter before them."""

from __future__ import annotations

import argparse
import gzip
import io
import json
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from lab_kernel.cli.files import check_readable, write_text
from lab_kernel.cli.output import columns, print_json
from lab_kernel.cli.parsing import Parser
from lab_kernel.errors import BadInput
from lab_kernel.figures import timeline
from lab_kernel.host import straced
from lab_kernel.host.lackey import LONGEST
from lab_kernel.host.reasons import reason
from lab_kernel.host.strace import Count, Strace, counts, read_strace
from lab_kernel.kernel.errno import Errno
from lab_kernel.kernel.security.profiles import PROFILES, allowing, denying, profile
from lab_kernel.kernel.security.replay import Refusal, Replay, replay
from lab_kernel.kernel.security.seccomp import Action, Filter
from lab_kernel.kernel.syscalls.numbers import NUMBERS
from lab_kernel.language import N_, _

summary = N_("System calls of a real program: what strace wrote, counted and put before a filter.")
example = "strace ls.txt --timeline ls.svg --deny socket,mount:ENOSYS"


def arguments(parser: Parser, words: Sequence[str]) -> None:
    parser.add_argument(
        "file",
        metavar="FILE",
        help=_("what strace -f -ttt -T -o FILE has written, or a recording: {names}").format(
            names=", ".join(straced.names())
        ),
    )
    parser.add_argument(
        "--allow",
        metavar="CALLS",
        action="append",
        default=[],
        help=_("replay under a filter: only these (read,write), any other fails with EPERM"),
    )
    parser.add_argument(
        "--deny",
        metavar="CALLS",
        action="append",
        default=[],
        help=_("all but these (ptrace,mount:ENOSYS,kill:kill_process)"),
    )
    parser.add_argument(
        "--profile",
        metavar="NAME",
        action="append",
        default=[],
        help=_("a filter that is ready made: {names}").format(names=", ".join(PROFILES)),
    )
    parser.add_argument("--timeline", metavar="FILE.svg", help=_("draw the calls over time, too"))
    parser.add_argument(
        "--chrome", metavar="FILE.json", help=_("write them for ui.perfetto.dev, too")
    )


def run(args: argparse.Namespace) -> int:
    filters = _filters(args)
    read = _read(args.file)
    rows = counts(read.trace)
    replayed = replay(read.trace, filters) if filters else None
    if args.timeline:
        picture = timeline(
            replayed.trace if replayed else read.trace,
            title=_("System calls"),
            description=_told(read, rows),
            x_label=_("microseconds"),
            kinds=("call", "refused" if replayed else "error", "signal", "exit", "killed"),
        )
        write_text("timeline", args.timeline, picture.svg)
    if args.chrome:
        written = json.dumps(read.trace.to_chrome(), ensure_ascii=False, allow_nan=False)
        write_text("chrome", args.chrome, written + "\n")
    if args.json:
        print_json(report(read, rows) | ({"replay": told(replayed)} if replayed else {}))
    elif replayed:
        _print_replay(replayed)
    else:
        _print(read, rows)
    return 0


def _filters(args: argparse.Namespace) -> list[Filter]:
    """All that were asked for; of several the most restrictive answer wins."""
    made = [*map(allowing, args.allow), *map(denying, args.deny)]
    return [*made, *map(profile, args.profile)]


def _read(name: str) -> Strace:
    if name in straced.names() and not Path(name).exists():
        return read_strace(straced.text(name).splitlines())
    check_readable("FILE", name)
    try:
        return read_strace(_lines(name))
    except BadInput as error:
        raise BadInput("FILE", error.message) from None
    except (gzip.BadGzipFile, zlib.error, EOFError):
        raise BadInput("FILE", _("a damaged gzip file")) from None
    except OSError as error:
        raise BadInput("FILE", f"{name}: {reason(error)}") from None


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


def told(replayed: Replay) -> dict[str, object]:
    """What the filters would have done; ``first`` is null if they let every call pass."""
    first = replayed.first
    return {
        "calls": replayed.calls,
        "refused": [
            {"name": name, "number": NUMBERS.get(name), "calls": count}
            for name, count in replayed.by_name()
        ],
        "after_kill": replayed.spared,
        "first": first and _one(first),
    }


def _one(refusal: Refusal) -> dict[str, Any]:
    event, verdict = refusal.event, refusal.verdict
    return {
        "time": event.time,
        "process": event.track,
        "name": event.name,
        "args": event.details["args"],
        "action": verdict.action.name,
        "errno": _errno(verdict.errno) if verdict.action is Action.ERRNO else None,
        "filter": verdict.by,
    }


def _errno(number: int) -> str | int:
    return Errno(number).name if number in list(Errno) else number


def _lines(path: str) -> Iterator[str]:
    with Path(path).open("rb") as raw:
        packed = raw.peek(1)[:1] == b"\x1f"  # no text begins with that byte
        plain = gzip.GzipFile(fileobj=raw) if packed else raw
        file = io.TextIOWrapper(plain, encoding="utf-8", errors="replace")
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


def _print_replay(replayed: Replay) -> None:
    first = replayed.first
    if first is None:
        print(_("All {calls} calls pass.").format(calls=replayed.calls))
        return
    one = _one(first)
    print(
        _("First refused: {name}({args}), {what}, after {time} microseconds").format(
            name=one["name"],
            args=one["args"],
            what=one["errno"] or one["action"],
            time=f"{one['time']:,}",
        )
    )
    print("\n" + columns([(_("refused call"), _("calls")), *replayed.by_name()], indent=""))
    print(
        "\n"
        + _("{refused} of {calls} calls refused").format(
            refused=len(replayed.refusals), calls=replayed.calls
        )
    )
    if replayed.spared:
        print(
            _("calls of processes that were killed or never made: {count}").format(
                count=replayed.spared
            )
        )
