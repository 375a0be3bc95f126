"""``lab-kernel paging``: how often a replacement policy misses."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from lab_kernel.cli.files import check_readable
from lab_kernel.cli.output import columns, print_json
from lab_kernel.cli.parsing import Parser, whole
from lab_kernel.errors import BadInput
from lab_kernel.host import PageRecording
from lab_kernel.host.lackey import read
from lab_kernel.kernel.replacement import POLICIES, curve, parse_references, simulate
from lab_kernel.language import N_, _

summary = N_("Page replacement: count the hits, faults and evictions of a policy.")
example = "paging --policy lru --frames 3 --refs 7,0,1,2,0,3,0,4 --curve"

MOST_FRAMES = 1_000_000  # 4 GB of pages of 4 KiB
PAGE_SIZE = 4096


def arguments(parser: Parser, words: Sequence[str]) -> None:
    parser.add_argument(
        "--policy",
        choices=list(POLICIES),
        default="lru",
        help=_("which page leaves (default: lru)"),
    )
    parser.add_argument(
        "--frames",
        type=whole(1, MOST_FRAMES),
        required=True,
        metavar="N",
        help=_("how many page frames there are"),
    )
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--refs", metavar="7,0,1", help=_("page numbers in the order of use"))
    source.add_argument(
        "--trace",
        metavar="FILE",
        help=_("valgrind lackey output, one address per line, or a recording; may be gzipped"),
    )
    parser.add_argument(
        "--page-size",
        type=whole(1, 1 << 40),
        metavar="BYTES",
        help=_("bytes in a page, for --trace (default: 4096)"),
    )
    parser.add_argument(
        "--curve", action="store_true", help=_("also the faults of every size from 1 to --frames")
    )
    parser.add_argument(
        "--seed",
        type=whole(0, 1 << 32),
        default=0,
        metavar="N",
        help=_("of the random policy (default: 0)"),
    )


def run(args: argparse.Namespace) -> int:
    references, collapsed = _references(args)
    result = simulate(args.policy, args.frames, references, seed=args.seed)
    report: dict[str, object] = {
        "policy": result.policy,
        "frames": result.frames,
        "references": result.references,
        "hits": result.hits,
        "faults": result.faults,
        "evictions": result.evictions,
        "hit_ratio": result.hit_ratio,
    }
    points = _curve(args.policy, references, args.frames, args.seed) if args.curve else []
    if args.json:
        print_json(report | ({"curve": points} if args.curve else {}))
        return 0
    print(
        columns(
            [
                (_("policy"), result.policy),
                (_("frames"), str(result.frames)),
                (_("references"), str(result.references)),
                (_("hits"), str(result.hits)),
                (_("faults"), str(result.faults)),
                (_("evictions"), str(result.evictions)),
                (_("hit ratio"), f"{result.hit_ratio:.4f}"),
            ],
            indent="",
        )
    )
    if collapsed:
        print(
            _(
                "A reference in this recording stands for a run of accesses to one page, so the"
                " hit ratio counts runs."
            )
        )
    if points:
        print("\n" + columns([(_("frames"), _("faults")), *points], indent=""))
    return 0


def _references(args: argparse.Namespace) -> tuple[list[int], bool]:
    """The page numbers, and whether each stands for a whole run of accesses to that page."""
    if args.trace is not None:
        check_readable("trace", args.trace)
        found = read(args.trace, PAGE_SIZE if args.page_size is None else args.page_size)
        return (found.pages, True) if isinstance(found, PageRecording) else (found, False)
    if args.page_size is not None:
        raise BadInput("page_size", _("goes with --trace; --refs are page numbers already"))
    return parse_references(args.refs), False


def _curve(policy: str, references: Sequence[int], frames: int, seed: int) -> list[tuple[int, int]]:
    """Every size up to ``frames``. Once all pages fit, only first uses fault: no need to run it."""
    distinct = len(set(references))
    points = curve(policy, references, range(1, min(frames, distinct) + 1), seed=seed)
    return points + [(size, distinct) for size in range(distinct + 1, frames + 1)]
