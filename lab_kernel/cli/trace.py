"""``lab-kernel trace``: turn a trace or a recording into another tool's format."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from lab_kernel.cli.files import check_readable, read_text, write_text
from lab_kernel.cli.output import print_json
from lab_kernel.cli.parsing import Parser, whole
from lab_kernel.errors import BadInput
from lab_kernel.host import read_trace
from lab_kernel.language import N_, _
from lab_kernel.trace import Trace

summary = N_("Traces: export events for Chrome's trace viewer and ui.perfetto.dev.")
example = "trace events.jsonl --to chrome --out events.json"


def arguments(parser: Parser, words: Sequence[str]) -> None:
    parser.add_argument(
        "file",
        metavar="FILE",
        help=_("a trace (JSON lines), valgrind lackey output, addresses or a recording"),
    )
    parser.add_argument("--to", choices=["chrome"], required=True, help=_("the format to write"))
    parser.add_argument(
        "--out", metavar="FILE.json", help=_("where it goes (default: standard output)")
    )
    parser.add_argument(
        "--page-size",
        type=whole(1, 1 << 40),
        default=4096,
        metavar="BYTES",
        help=_("bytes in a page, where addresses are read (default: 4096)"),
    )


def run(args: argparse.Namespace) -> int:
    trace = _read(args.file, args.page_size)
    chrome = trace.to_chrome()
    if args.out is None:
        print_json(chrome)
        return 0
    write_text("out", args.out, json.dumps(chrome, ensure_ascii=False) + "\n")
    if args.json:
        print_json({"file": args.out, "events": len(trace)})
    else:
        print(_("{path}: events: {count}").format(path=args.out, count=len(trace)))
    return 0


def _read(path: str, page_size: int) -> Trace:
    check_readable("FILE", path)
    if not _is_trace(path):
        try:
            return read_trace(path, page_size)
        except BadInput as error:
            named = "FILE" if error.argument == "trace" else error.argument
            raise BadInput(named, error.message) from None
    trace = Trace()
    for number, line in enumerate(read_text("FILE", path).splitlines(), 1):
        try:
            trace.events += Trace.from_json_lines(line)
        except (ValueError, OverflowError, RecursionError):
            message = _("line {number} is not an event").format(number=number)
            raise BadInput("FILE", message) from None
    return trace


def _is_trace(path: str) -> bool:
    """Each line of a trace is a JSON array. A pipe cannot be looked into and read again."""
    if not Path(path).is_file():
        return False
    with Path(path).open("rb") as file:
        return file.read(1) == b"["
