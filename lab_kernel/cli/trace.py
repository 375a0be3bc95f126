"""``lab-kernel trace``: turn a trace or a recording into another tool's format."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from lab_kernel.cli.files import check_readable, write_text
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
    write_text("out", args.out, json.dumps(chrome, ensure_ascii=False, allow_nan=False) + "\n")
    if args.json:
        print_json({"file": args.out, "events": len(trace)})
    else:
        print(_("{path}: events: {count}").format(path=args.out, count=len(trace)))
    return 0


def _read(path: str, page_size: int) -> Trace:
    check_readable("FILE", path)
    try:
        return read_trace(path, page_size)
    except BadInput as error:
        named = "FILE" if error.argument == "trace" else error.argument
        raise BadInput(named, error.message) from None
