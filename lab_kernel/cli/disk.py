"""``lab-kernel disk``: in which order the head goes to the requests, and how far."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from lab_kernel.cli.output import columns, print_json
from lab_kernel.cli.parsing import Parser, whole
from lab_kernel.kernel.disk import MOST_CYLINDERS, MOST_TICKS, Run, parse_requests, serve
from lab_kernel.kernel.elevator import ELEVATORS
from lab_kernel.language import N_, _

summary = N_("Disk scheduling: serve requests under a policy and say how far the head went.")
example = 'disk --policy look --requests "98,183,37,122,14,124,65,67" --head 53 --direction down'


def arguments(parser: Parser, words: Sequence[str]) -> None:
    parser.add_argument(
        "--requests",
        required=True,
        metavar="CYLINDER[w][@ARRIVAL],...",
        help=_("the cylinders to go to, in order of arrival; w for a write"),
    )
    parser.add_argument(
        "--policy",
        choices=list(ELEVATORS),
        default="fcfs",
        help=_("which request is next (default: fcfs)"),
    )
    parser.add_argument(
        "--head",
        type=whole(0, MOST_CYLINDERS - 1),
        default=53,
        metavar="N",
        help=_("where the head stands at first (default: 53)"),
    )
    parser.add_argument(
        "--cylinders",
        type=whole(1, MOST_CYLINDERS),
        default=200,
        metavar="N",
        help=_("cylinders of the disk (default: 200)"),
    )
    parser.add_argument(
        "--direction",
        choices=["up", "down"],
        default="up",
        help=_("which way an elevator goes first (default: up)"),
    )
    parser.add_argument(
        "--seek",
        type=whole(0, MOST_TICKS),
        default=1,
        metavar="N",
        help=_("ticks for each cylinder that the head crosses (default: 1)"),
    )
    parser.add_argument(
        "--service",
        type=whole(0, MOST_TICKS),
        default=0,
        metavar="N",
        help=_("ticks for each transfer (default: 0)"),
    )


def run(args: argparse.Namespace) -> int:
    done = serve(
        parse_requests(args.requests),
        args.policy,
        head=args.head,
        cylinders=args.cylinders,
        rising=args.direction == "up",
        seek=args.seek,
        service=args.service,
    )
    if args.json:
        print_json(report(done))
    else:
        _print(done)
    return 0


def report(done: Run) -> dict[str, object]:
    """The run as a JSON object, the requests in the order in which they were served."""
    return {
        "policy": done.policy,
        "requests": [
            {
                "cylinder": one.request.cylinder,
                "write": one.request.write,
                "arrival": one.request.arrival,
                "begun": one.begun,
                "finish": one.finish,
                "distance": one.distance,
                "waiting": one.waiting,
            }
            for one in done.served
        ],
        "path": done.path,
        "distance": done.distance,
        "finish": done.served[-1].finish,
        "mean_waiting": done.mean_waiting,
    }


def _print(done: Run) -> None:
    head = (_("cylinder"), "", _("arrival"), _("begun"), _("finish"), _("distance"), _("waiting"))
    rows: list[Sequence[object]] = [head]
    for one in done.served:
        kind = _("write") if one.request.write else _("read")
        times = (one.request.arrival, one.begun, one.finish)
        rows.append((one.request.cylinder, kind, *times, one.distance, one.waiting))
    print(columns(rows, indent=""))
    print("\n" + _("path") + ": " + " → ".join(map(str, done.path)))
    print(
        _("distance {distance}, mean waiting {waiting}").format(
            distance=done.distance, waiting=f"{done.mean_waiting:.2f}"
        )
    )
