"""``lab-kernel translate``: from a virtual address to a physical one, or to a fault."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from lab_kernel.cli.files import read_text
from lab_kernel.cli.output import columns, print_json
from lab_kernel.cli.parsing import Parser, whole
from lab_kernel.errors import BadInput
from lab_kernel.kernel.mmu import TLB, Mmu, PageTable, Step, Translation, read_page_table
from lab_kernel.language import N_, _

summary = N_("Address translation: walk a page table level by level, through a TLB.")
example = "translate --page-table '10,10,12 0x1=0x2a:rwu 0x2=swap' --va 0x1d1c 0x1000 0x2000"


def arguments(parser: Parser, words: Sequence[str]) -> None:
    parser.add_argument(
        "--page-table",
        required=True,
        metavar="SPEC",
        help=_(
            "index bits of every level and offset bits, then page=frame[:rwxu] or page=swap for"
            " each page (flags default to rwu); @FILE reads it from a file"
        ),
    )
    parser.add_argument(
        "--va",
        required=True,
        nargs="+",
        action="extend",
        type=whole(0, (1 << 64) - 1),
        metavar="0x1d1c",
        help=_("virtual addresses, translated in this order through one TLB"),
    )
    parser.add_argument(
        "--tlb",
        type=whole(0, 4096),
        default=4,
        metavar="N",
        help=_("entries of the TLB (default: 4)"),
    )
    access = parser.add_mutually_exclusive_group()
    access.add_argument("--write", action="store_true", help=_("write (default: read)"))
    access.add_argument("--execute", action="store_true", help=_("fetch an instruction"))
    parser.add_argument(
        "--kernel", action="store_true", help=_("access in kernel mode (default: user mode)")
    )


def run(args: argparse.Namespace) -> int:
    spec = args.page_table
    table = read_page_table(read_text("page_table", spec[1:]) if spec[:1] == "@" else spec)
    mmu = Mmu(table, TLB(args.tlb))
    try:
        done = [mmu.translate(va, args.write, not args.kernel, args.execute) for va in args.va]
    except BadInput as error:
        raise BadInput("va", error.message) from None
    if args.json:
        print_json(
            {
                "index_bits": table.index_bits,
                "offset_bits": table.offset_bits,
                "translations": [_as_json(table, one) for one in done],
                "tlb": {"entries": args.tlb, "hits": mmu.tlb.hits, "misses": mmu.tlb.misses},
            }
        )
        return 0
    for one in done:
        print(_as_text(table, one) + "\n")
    print(_("TLB: hits {hits}, misses {misses}").format(hits=mmu.tlb.hits, misses=mmu.tlb.misses))
    return 0


def _as_json(table: PageTable, one: Translation) -> dict[str, Any]:
    return {
        "va": one.address,
        "page": table.page_of(one.address),
        "offset": table.offset_of(one.address),
        "tlb": "hit" if one.tlb_hit else "miss",
        "walk": [
            {
                "level": step.level,
                "table": step.table,
                "index": step.index,
                "entry": _entry_as_json(step),
            }
            for step in (one.walk.steps if one.walk else ())
        ],
        "pa": one.physical,
        "fault": one.fault
        and {
            "kind": one.fault.kind,
            "error_code": one.fault.error_code,
            "message": str(one.fault),
        },
    }


def _entry_as_json(step: Step) -> dict[str, Any] | None:
    if step.next_table is not None:
        return {"table": step.next_table}
    if step.entry is None:
        return None
    if step.entry.present:
        return {"frame": step.entry.frame, "flags": step.entry.flags}
    return {"swap": step.entry.slot}


def _as_text(table: PageTable, one: Translation) -> str:
    page, offset = table.page_of(one.address), table.offset_of(one.address)
    lines = [f"{one.address:#x}"]
    if page is not None:
        where = _("page {page:#x}, offset {offset:#x}").format(page=page, offset=offset)
        lines = [f"{lines[0]}: {where}", "  " + (_("TLB hit") if one.tlb_hit else _("TLB miss"))]
    if one.walk and one.walk.steps:
        rows = [
            (
                _("level {level}").format(level=step.level),
                _("table {number}").format(number=step.table),
                _("index {index:#x}").format(index=step.index),
                "-> " + _entry_as_text(step),
            )
            for step in one.walk.steps
        ]
        lines.append(columns(rows))
    if one.physical is not None:
        lines.append("  " + _("physical address {address:#x}").format(address=one.physical))
    return "\n".join(lines + ([f"  {one.fault}"] if one.fault else []))


def _entry_as_text(step: Step) -> str:
    if step.next_table is not None:
        return _("table {number}").format(number=step.next_table)
    if step.entry is None:
        return _("no entry")
    if step.entry.frame is None:
        return _("not in memory: in swap")
    return _("frame {frame:#x} {flags}").format(frame=step.entry.frame, flags=step.entry.flags)
