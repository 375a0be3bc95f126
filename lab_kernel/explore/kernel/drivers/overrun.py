"""A small buffer in the device, and what happens when the kernel is busy elsewhere."""

from __future__ import annotations

from lab_kernel import figures as fig
from lab_kernel.explore import View, Whole, explorable
from lab_kernel.kernel.drivers.board import Board
from lab_kernel.kernel.drivers.hardware.serial import Serial
from lab_kernel.kernel.drivers.line_driver import LineDriver
from lab_kernel.kernel.machine import Machine
from lab_kernel.language import N_, _

BYTES, START = 40, 20


def fill(fifo: int, gap: int, delay: int) -> tuple[list[tuple[int, int]], int, int]:
    """(time, bytes in the FIFO) after each change, bytes read, bytes lost.

    Bytes come every ``gap`` ticks; from tick START on the CPU is in somebody else's half for
    ``delay`` ticks.
    """
    machine = Machine()
    board = Board(machine, lockup=None)
    device = Serial("ttyS0", machine.clock, machine.trace, fifo=fifo)
    driver = LineDriver(board, device)
    levels = [(0, 0)]

    def note() -> None:
        levels.append((machine.clock.now, device.waiting))

    def drain() -> int:
        taken = LineDriver.drain(driver)
        note()
        return taken

    driver.drain = drain  # type: ignore[method-assign]
    for n in range(BYTES):
        machine.clock.at(n * gap, lambda: device.receive(0x2E), 2)
        machine.clock.at(n * gap, note, 2)
    if delay:
        machine.clock.at(
            START, lambda: board.interrupts.defer("disk", lambda: board.bus.work(delay))
        )
    machine.run()
    levels.append((machine.clock.now, device.waiting))
    return levels, device.arrived - device.lost, device.lost


@explorable(
    "kernel/drivers/overrun",
    title=N_("A FIFO that nobody empties in time"),
    predict=N_(
        "The FIFO holds 16 bytes and one comes every 10 ticks. For how many ticks may the kernel be"
        " busy elsewhere before a byte is lost?"
    ),
    controls=(
        Whole(name="fifo", label=N_("Bytes that the FIFO holds"), default=16, low=1, high=64),
        Whole(name="gap", label=N_("Ticks between two bytes"), default=10, low=5, high=50),
        Whole(
            name="delay",
            label=N_("Ticks that another half takes"),
            default=200,
            low=0,
            high=600,
        ),
    ),
)
def overrun(fifo: int, gap: int, delay: int) -> View:
    """How full the FIFO is while another device's half holds the CPU."""
    levels, read, lost = fill(fifo, gap, delay)
    says = _(
        "A byte every {gap} ticks, a FIFO of {fifo}, the CPU away for {delay} ticks: {read} of"
        " {all} bytes read, {lost} lost."
    ).format(gap=gap, fifo=fifo, delay=delay, read=read, all=BYTES, lost=lost)
    end = levels[-1][0]
    picture = fig.step_chart(
        [
            fig.Series(_("bytes waiting"), levels),
            fig.Series(_("room"), [(0, fifo), (end, fifo)]),
        ],
        title=_("How full the FIFO is"),
        description=says
        + " "
        + _("Most at once: {most}.").format(most=max(level for _time, level in levels)),
        x_label=_("ticks"),
        y_label=_("bytes"),
    )
    return View((picture,), says)
