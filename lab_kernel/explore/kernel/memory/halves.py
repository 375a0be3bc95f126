"""One address space, two halves: each process's own, and the kernel's."""

from __future__ import annotations

from collections.abc import Iterable

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, Words, explorable
from lab_kernel.explore.kernel.memory import inputs
from lab_kernel.kernel.mmu import PageTable
from lab_kernel.language import N_, _

PAGE = 4096
RAM = 64  # frames of the machine on which A and B run

USER, HOLE, KERNEL = N_("own user half"), N_("not canonical"), N_("shared kernel half")
PROGRAM, STACK, STACK_END = 0x40_0000, 0x7FFF_FFFD_E000, 0x7FFF_FFFF_F000
DIRECT_MAP, KERNEL_TEXT = 0xFFFF_8880_0000_0000, 0xFFFF_FFFF_8000_0000
KERNEL_START = KERNEL_TEXT + 0x100_0000  # where Linux's own program begins

# (start, end, what is there, which half). The kernel's half as in Linux,
# Documentation/arch/x86/x86_64/mm.rst, four levels, no KASLR; its other areas are left out.
LAYOUT = (
    (PROGRAM, PROGRAM + PAGE, N_("program"), USER),
    (STACK, STACK_END, N_("stack"), USER),
    (1 << 47, (1 << 64) - (1 << 47), N_("no addresses"), HOLE),
    (DIRECT_MAP, DIRECT_MAP + (1 << 46), N_("all physical memory"), KERNEL),
    (KERNEL_TEXT, KERNEL_TEXT + (1 << 29), N_("the kernel's program"), KERNEL),
)

MODE = Choice(
    name="mode",
    label=N_("Mode"),
    default="user",
    options=(("user", N_("User mode")), ("kernel", N_("Kernel mode"))),
)


def two_processes() -> tuple[PageTable, PageTable]:
    """A and B, with one kernel half for both and a user half for each."""
    a, b = PageTable(), PageTable()
    b.share_kernel(a)
    _map(a, DIRECT_MAP, range(RAM))
    _map(a, KERNEL_START, range(8))
    for table, first in ((a, 16), (b, 32)):
        _map(table, PROGRAM, [first])
        _map(table, STACK_END - 2 * PAGE, [first + 1, first + 2])
    return a, b


def _map(table: PageTable, start: int, frames: Iterable[int]) -> None:
    first = table.page_of(start)
    assert first is not None
    for number, frame in enumerate(frames):
        table.map(first + number, frame)


@explorable(
    "kernel/memory/address-space",
    title=N_("One address space, two halves"),
    predict=N_(
        "A program reads 0xffffffff81000000, where the kernel's own program is. What happens?"
    ),
    controls=(
        Words(
            name="address",
            label=N_("Address"),
            default=hex(KERNEL_START),
            parse=inputs.address,
        ),
        MODE,
    ),
)
def address_space(address: int, mode: str) -> View:
    """Processes A and B read one address. Left out: SMAP, KPTI and address randomisation."""
    a, b = (table.walk(address, user=mode == "user") for table in two_processes())
    if a.fault is not None:
        outcome = _("refused; {fault}").format(fault=a.fault)
    elif a.entry == b.entry:
        outcome = _(
            "allowed, frame {frame} in A and in B alike: the kernel half (128 TiB) is one for all"
        ).format(frame=a.entry.frame if a.entry else None)
    else:
        outcome = _(
            "allowed, frame {a} in A but frame {b} in B:"
            " each process has a user half (128 TiB) of its own"
        ).format(a=a.entry and a.entry.frame, b=b.entry and b.entry.frame)
    says = _("{mode}, {address}: {outcome}.").format(
        address=inputs.Hex(address), mode=MODE.shown(mode), outcome=outcome
    )
    regions = _regions(address)
    picture = fig.memory_map(
        regions,
        title=_("The 64-bit addresses of one process"),
        description=" ".join(
            _("{start:#x} to {end:#x}: {label}, {half}.").format(
                start=region.start, end=region.end - 1, label=region.label, half=region.kind
            )
            for region in regions
        ),
        kinds=[_(half) for half in (USER, HOLE, KERNEL)],
    )
    return View((picture,), says)


def _regions(address: int) -> list[fig.Region]:
    """The layout, with an arrow to the address; an address in a gap gets a page of its own."""
    here = f" ← {address:#x}"
    regions = [
        fig.Region(
            start,
            end,
            _(label) + (here if start <= address < end else ""),
            _(half),
        )
        for start, end, label, half in LAYOUT
    ]
    if not any(start <= address < end for start, end, *_what in LAYOUT):
        page = address - address % PAGE
        half = USER if address < 1 << 47 else KERNEL
        regions.append(fig.Region(page, page + PAGE, _("nothing mapped") + here, _(half)))
    return regions
