"""A virtual address, taken apart and followed through the tables."""

from __future__ import annotations

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, Words, explorable
from lab_kernel.explore.kernel.memory import inputs
from lab_kernel.explore.kernel.memory.halves import MODE
from lab_kernel.explore.wording import counted
from lab_kernel.kernel.mmu import Entry, PageTable, Step
from lab_kernel.language import N_, _

# What is mapped, whatever the levels: (page, frame or None for swapped out, writable).
PAGES = ((0x400, 0x2A, False), (0x401, 0x2B, True), (0x402, None, True))

# The tables' names from the root down: Intel SDM, volume 3A, chapter "Paging".
SHAPES = {
    "10-10-12": ("PD", "PT"),
    "9-9-9-9-12": ("PML4", "PDPT", "PD", "PT"),
}


def sample(levels: str) -> PageTable:
    """The table that the picture walks: a program of three pages and one page of the kernel."""
    *index_bits, offset_bits = map(int, levels.split("-"))
    table = PageTable(index_bits, offset_bits)
    for page, frame, writable in PAGES:
        table.map(page, frame, writable=writable, slot=0 if frame is None else None)
    table.map(table.pages - 0x400, 0x7)  # the kernel's: 0xffc00000, or 0xffffffffffc00000
    return table


@explorable(
    "kernel/memory/page-walk",
    title=N_("From virtual to physical"),
    predict=N_(
        "Page 0x401 is in frame 0x2b. Which physical address is 0x401d1c? How many tables are read?"
    ),
    controls=(
        Words(name="address", label=N_("Address"), default="0x401d1c", parse=inputs.address),
        Choice(
            name="levels",
            label=N_("Bits of each level and of the offset"),
            default="9-9-9-9-12",
            options=(
                ("10-10-12", N_("10-10-12: two levels, 32 bits")),
                ("9-9-9-9-12", N_("9-9-9-9-12: four levels, x86-64")),
            ),
        ),
        Choice(
            name="access",
            label=N_("Access"),
            default="read",
            options=(("read", N_("Read")), ("write", N_("Write"))),
        ),
        MODE,
    ),
)
def page_walk(address: int, levels: str, access: str, mode: str) -> View:
    """One translation, level by level: the physical address, or the fault and its error code."""
    table = sample(levels)
    walk = table.walk(address, write=access == "write", user=mode == "user")
    reads = counted(len(walk.steps), N_("{n} table read"), N_("{n} table reads"))
    if walk.physical is None:
        result = str(walk.fault)
        says = _("{address}: {fault}, after {reads}.").format(
            address=inputs.Hex(address), fault=walk.fault, reads=reads
        )
    else:
        result = _("physical address {address:#x}").format(address=walk.physical)
        says = _(
            "{address} is page {page:#x}, offset {offset:#x}; {reads} lead to frame {frame:#x}:"
            " physical address {physical:#x}."
        ).format(
            address=inputs.Hex(address),
            page=table.page_of(address),
            offset=table.offset_of(address),
            reads=reads,
            frame=walk.physical >> table.offset_bits,
            physical=walk.physical,
        )
    fields = _fields(table, address, SHAPES[levels])
    picture = fig.table_walk(
        f"{address:#x}",
        fields,
        [_table(table, step, SHAPES[levels][-step.level], address) for step in walk.steps],
        result,
        title=_("The walk of {address}").format(address=inputs.Hex(address)),
        description=" ".join([f"{field.name} {field.value}." for field in fields] + [f"{result}."]),
        fault=walk.fault is not None,
    )
    return View((picture,), says)


def _fields(table: PageTable, address: int, names: tuple[str, ...]) -> list[fig.Field]:
    fields, top = [], table.address_bits
    for name, bits in zip(
        (*names, _("offset")), (*table.index_bits, table.offset_bits), strict=True
    ):
        top -= bits
        value = address >> top & (1 << bits) - 1
        fields.append(fig.Field(name, f"{top + bits - 1}–{top}", f"{value:#x}"))
    return fields


def _table(table: PageTable, step: Step, name: str, address: int) -> fig.Table:
    """The row that was picked; at the last level its neighbours too."""
    title = _("{name} (table {number})").format(name=name, number=step.table)
    if step.level > 1:
        entry = (
            _("not present")
            if step.next_table is None
            else _("table {number}").format(number=step.next_table)
        )
        return fig.Table(title, [(f"{step.index:#x}", entry)])
    page = table.page_of(address)
    assert page is not None
    near = [n for n in (-1, 0, 1) if 0 <= step.index + n < 1 << table.index_bits[-1]]
    rows = [(f"{step.index + n:#x}", _said(table.entry(page + n))) for n in near]
    return fig.Table(title, rows, near.index(0))


def _said(entry: Entry | None) -> str:
    if entry is None:
        return _("not present")
    if entry.frame is None:
        return _("not present; in swap slot {slot}").format(slot=entry.slot)
    return _("frame {frame:#x}, {flags}").format(frame=entry.frame, flags=entry.flags)
