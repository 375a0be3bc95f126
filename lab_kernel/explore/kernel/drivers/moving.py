"""Who moves the data: the CPU, word by word, or the device itself."""

from __future__ import annotations

from typing import Any

from lab_kernel import figures as fig
from lab_kernel.explore import View, Whole, explorable
from lab_kernel.explore.kernel.drivers import shared
from lab_kernel.kernel.drivers.board import Board
from lab_kernel.kernel.drivers.hardware.disk import BLOCK
from lab_kernel.kernel.drivers.setup import plug, plug_disk
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.syscalls import Open, Read
from lab_kernel.language import N_, _


def reader(blocks: int) -> Any:
    """So many blocks, one at a time."""
    fd = yield Open("/dev/sda")
    for _n in range(blocks):
        yield Read(fd, BLOCK)


def spent(model: str, blocks: int, access: int, entry: int) -> tuple[int, int, int]:
    """Ticks of CPU for (giving orders and looking, getting in and out of halves, moving data)."""
    machine = Machine()
    board = Board(machine, access=access, entry=entry)
    driver = plug_disk(board, "sda", model)
    plug(machine, driver)
    process = machine.spawn(reader, blocks)
    machine.run()
    data = sum(
        event.details["times"]
        for event in machine.trace.where(kind="register")
        if event.details["register"] == "data"
    )
    halves = sum(1 for _event in machine.trace.where(kind="interrupt")) * entry
    sleeps = len(machine.trace.where(kind="blocked"))
    calls = 1 + blocks + sleeps  # a tick each: open, the reads, and going on after a sleep
    in_all = process.system_time - calls + board.interrupts.stolen
    return in_all - data * access - halves, halves, data * access


@explorable(
    "kernel/drivers/dma",
    title=N_("PIO against DMA"),
    predict=N_(
        "A block has 512 bytes, a data register 16 bits. How many ticks of CPU does a block cost if"
        " an access to a register takes one tick, and how many if the disk moves the data itself?"
    ),
    controls=(
        Whole(name="blocks", label=N_("Blocks read"), default=4, low=1, high=16),
        Whole(name="access", label=N_("Ticks for a register"), default=1, low=1, high=10),
        Whole(name="entry", label=N_("Ticks to enter and leave a half"), default=2, low=1, high=20),
    ),
)
def dma(blocks: int, access: int, entry: int) -> View:
    """CPU time of the same reads with both disks, by what it went into."""
    found = {model: spent(model, blocks, access, entry) for model in shared.MODELS}
    names = [_("orders and looking"), _("in and out of halves"), _("moving data")]
    totals = {model: sum(parts) for model, parts in found.items()}
    says = _(
        "{blocks} blocks: the PIO disk takes {pio} ticks of CPU, {data} of them for moving data;"
        " the DMA disk takes {dma}. That is {times} to 1."
    ).format(
        blocks=blocks,
        pio=f"{totals['pio']:,}",
        data=f"{found['pio'][2]:,}",
        dma=f"{totals['dma']:,}",
        times=round(totals["pio"] / totals["dma"]),
    )
    picture = fig.bars(
        [
            fig.Bar(_(label), list(zip(names, found[model], strict=True)))
            for model, label in shared.MODELS.items()
        ],
        title=_("CPU time for {blocks} blocks, ticks").format(blocks=blocks),
        description=says,
        kinds=names,
    )
    return View((picture,), says)
