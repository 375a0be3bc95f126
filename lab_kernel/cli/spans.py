"""``lab-kernel spans``: what one request did in many services, and what it had to wait for."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lab_kernel.cli.files import check_picture, read_text, write_text
from lab_kernel.cli.output import columns, print_json
from lab_kernel.cli.parsing import Parser
from lab_kernel.errors import BadInput
from lab_kernel.language import N_, _
from lab_kernel.microservices.shop import ENTRY, shop
from lab_kernel.microservices.system import System
from lab_kernel.microservices.tracing.critical import (
    NETWORK,
    WAITING,
    Section,
    critical_path,
    spent,
)
from lab_kernel.microservices.tracing.otlp import from_otlp, to_otlp
from lab_kernel.microservices.tracing.rows import picture, text
from lab_kernel.microservices.tracing.tree import Node, trees
from lab_kernel.registry import unknown
from lab_kernel.trace import Trace

summary = N_("Spans of requests through services: waterfall, critical path, OpenTelemetry's JSON.")
example = "spans shop --waterfall checkout.svg --otlp checkout.json"

SIMULATED = "shop"
REQUESTS = 3  # of the simulated shop, at the same moment: the later ones find queues


def arguments(parser: Parser, words: Sequence[str]) -> None:
    parser.add_argument(
        "file",
        metavar="FILE",
        help=_(
            "OTLP in JSON, as any OpenTelemetry exporter writes it, a trace (JSON lines, in"
            " milliseconds), or {name}: three checkouts of the simulated shop"
        ).format(name=SIMULATED),
    )
    parser.add_argument(
        "--trace", metavar="ID", help=_("which request (default: the one that took longest)")
    )
    parser.add_argument("--waterfall", metavar="FILE.svg", help=_("draw it, too"))
    parser.add_argument(
        "--otlp", metavar="FILE.json", help=_("write all spans as the body of POST /v1/traces, too")
    )


def run(args: argparse.Namespace) -> int:
    if args.waterfall:
        check_picture("waterfall", args.waterfall)
    trace, per_ms, roots = _read(args.file)
    root = _chosen(roots, args.trace)
    path = critical_path(root)
    if args.waterfall:
        drawn = picture(root, _("One request, call by call"), _told(root, path))
        write_text("waterfall", args.waterfall, drawn.svg)
    if args.otlp:
        document = json.dumps(to_otlp(trace, per_ms), ensure_ascii=False, allow_nan=False)
        write_text("otlp", args.otlp, document + "\n")
    if args.json:
        print_json(report(roots, root, path))
    else:
        _print(roots, root, path)
    return 0


def _read(name: str) -> tuple[Trace, int, list[Node]]:
    """The Trace, how many of its ticks are a millisecond, and the requests in it."""
    if name == SIMULATED and not Path(name).exists():
        system = System(shop(workers=2))
        for _request in range(REQUESTS):
            system.ask(ENTRY)
        trace = system.run(system.now + 2).trace
        return trace, 1, trees(trace)
    content = read_text("FILE", name)
    per_ms = 1
    try:
        if content.lstrip().startswith("{"):
            trace, per_ms = from_otlp(json.loads(content)), 1000
        else:
            trace = _events(content)
        roots = trees(trace, per_ms)
    except json.JSONDecodeError as error:
        message = _("{path} is not JSON (line {line})").format(path=name, line=error.lineno)
        raise BadInput("FILE", message) from None
    except BadInput as error:
        raise BadInput("FILE", f"{name}: {error.message}") from None
    if not roots:
        raise BadInput("FILE", _("{path}: there is no span in it").format(path=name))
    return trace, per_ms, roots


def _events(content: str) -> Trace:
    try:
        return Trace.from_json_lines(content)
    except BadInput as error:
        message = _("neither OTLP in JSON nor a trace of spans ({reason})")
        raise BadInput("FILE", message.format(reason=error.message)) from None


def _chosen(roots: Sequence[Node], wanted: str | None) -> Node:
    if wanted is None:
        return max(roots, key=lambda root: root.duration)
    found = {root.trace: root for root in reversed(roots)}
    if wanted not in found:
        raise unknown("trace", wanted, found)
    return found[wanted]


def report(roots: Sequence[Node], root: Node, path: Sequence[Section]) -> dict[str, Any]:
    """The request as a JSON object; times in ms, from its beginning."""
    return {
        "traces": len({each.trace for each in roots}),
        "trace": root.trace,
        "duration": root.duration,
        "spans": sum(1 for _span in root.walk()),
        "failed": root.failed,
        "critical_path": [
            {
                "service": each.service,
                "what": each.what,
                "begin": each.begin - root.begin,
                "end": each.end - root.begin,
            }
            for each in path
        ],
    }


def _told(root: Node, path: Sequence[Section]) -> str:
    return _("{ms} ms, {spans} spans; on the critical path: {shares}").format(
        ms=f"{root.duration:g}",
        spans=sum(1 for _span in root.walk()),
        shares=", ".join(f"{name} {ms:g} ms" for name, ms in _shares(path)),
    )


def _shares(path: Sequence[Section]) -> list[tuple[str, float]]:
    return [
        (_("network") if what == NETWORK else _("queue of {service}").format(service=service)
         if what == WAITING else service, ms)
        for (service, what), ms in spent(path).items()
    ]  # fmt: skip


def _print(roots: Sequence[Node], root: Node, path: Sequence[Section]) -> None:
    print(_("Request {id}, one of {count}").format(id=root.trace, count=len(roots)), end="\n\n")
    rows = [(name, bar, float(ms)) for name, bar, ms in text(root)]
    print(columns([(_("CALL"), "", "ms"), *((a, b, f"{ms:g}") for a, b, ms in rows)], indent=""))
    print("\n" + _("= on the critical path, - under way, ! failed"), end="\n\n")
    table = [(name, f"{ms:g}") for name, ms in _shares(path)]
    print(columns([(_("CRITICAL PATH"), "ms"), *table], indent=""))
