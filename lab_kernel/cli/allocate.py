"""``lab-kernel allocate``: a heap and its free list, operation by operation."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from lab_kernel.cli.output import columns, print_json
from lab_kernel.cli.parsing import Parser, whole
from lab_kernel.kernel.allocator import ORDERS, STRATEGIES, FreeList
from lab_kernel.language import N_, _

summary = N_("Heap allocation: where blocks go, and what becomes of the free list.")
example = (
    "allocate --strategy best --order address --size 100 --base 1000 --header 4 --align 4"
    " --coalesce --ops +10,-0,+20"
)

MOST = 1 << 62


def arguments(parser: Parser, words: Sequence[str]) -> None:
    parser.add_argument(
        "--strategy",
        choices=STRATEGIES,
        default="best",
        help=_("which free block is taken (default: best)"),
    )
    parser.add_argument(
        "--order",
        choices=ORDERS,
        default="address",
        help=_("order of the free list (default: address)"),
    )
    for name, least, default, meaning in (
        ("--size", 1, 100, _("bytes in the heap (default: 100)")),
        ("--base", 0, 0, _("address of the heap (default: 0)")),
        ("--header", 0, 0, _("bytes of the header in front of each block (default: 0)")),
        ("--align", 1, 1, _("requests are rounded up to a multiple of it (default: 1)")),
    ):
        parser.add_argument(
            name, type=whole(least, MOST), default=default, metavar="BYTES", help=meaning
        )
    parser.add_argument(
        "--coalesce", action="store_true", help=_("merge neighbouring free blocks when freeing")
    )
    parser.add_argument(
        "--ops",
        required=True,
        metavar="+10,-0,+20",
        help=_("+n allocates n bytes, -k frees the k-th allocation, counted from 0"),
    )


def run(args: argparse.Namespace) -> int:
    heap = FreeList(
        args.size,
        args.base,
        args.strategy,
        args.order,
        header=args.header,
        align=args.align,
        coalesce=args.coalesce,
    )
    results = heap.run(args.ops)
    if args.json:
        print_json(
            {
                "results": [
                    {"op": done.op, "address": done.address, "searched": done.searched}
                    for done in results
                ],
                "free_list": heap.free_list,
            }
        )
        return 0
    rows: list[tuple[object, ...]] = [(_("operation"), _("address"), _("searched"))]
    for done in results:
        failed = done.address is None
        rows.append((done.op, _("no room") if failed else done.address, done.searched))
    print(columns(rows, indent=""))
    free = [(_("free from"), _("size")), *heap.free_list]
    print("\n" + columns(free, indent="") if heap.free_list else "\n" + _("Nothing is free."))
    return 0
