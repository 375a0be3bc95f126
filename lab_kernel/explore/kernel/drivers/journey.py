"""One read, all the way: program, driver, registers, device, interrupt, halves, wake-up."""

from __future__ import annotations

from typing import Any

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, Toggle, View, explorable
from lab_kernel.explore.kernel.drivers import shared
from lab_kernel.kernel.drivers.board import Board
from lab_kernel.kernel.drivers.hardware.disk import BLOCK
from lab_kernel.kernel.drivers.setup import plug, plug_disk
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.program import Compute
from lab_kernel.kernel.syscalls import Lseek, Open, Read
from lab_kernel.language import N_, _
from lab_kernel.trace import Trace

BEFORE, AFTER = 16, 48  # ticks around the interrupt in the second picture
PLACE, INTERVAL, OTHER = 60, 40, 700  # the block, ticks between two looks, of the other process


def reader() -> Any:
    """One block from the middle of the disk."""
    fd = yield Open("/dev/sda")
    yield Lseek(fd, PLACE * BLOCK)
    yield Read(fd, BLOCK)
    yield Compute(20)


def other() -> Any:
    """Somebody who only computes."""
    yield Compute(OTHER)


def run(model: str, way: str, alone: bool) -> tuple[Machine, Board]:
    """A machine with one CPU on which the read has happened."""
    machine = Machine(policy="rr", quantum=100)
    board = Board(machine, entry=15)
    polling = INTERVAL if way == "polling" else None
    plug(machine, plug_disk(board, "sda", model, polling=polling, content=shared.TEXT))
    machine.spawn(reader)
    if not alone:
        machine.spawn(other)
    machine.run()
    return machine, board


@explorable(
    "kernel/drivers/journey",
    title=N_("One read, from the program to the device and back"),
    predict=N_(
        "The reader asks for one block. What does the CPU do while the head moves, and whose time"
        " do the two halves take?"
    ),
    controls=(
        Choice(
            name="model",
            label=N_("Disk"),
            default="pio",
            options=tuple(shared.MODELS.items()),
        ),
        Choice(
            name="way",
            label=N_("How the driver waits"),
            default="interrupts",
            options=tuple(shared.WAYS.items()),
        ),
        Toggle(name="alone", label=N_("Nobody else computes"), default="off"),
    ),
)
def journey(model: str, way: str, alone: bool) -> View:
    """The trace of a machine in which one process reads a block and another computes."""
    machine, board = run(model, way, alone)
    (read,) = machine.trace.where(track="reader", kind="syscall", name="read")
    process = next(iter(machine.trace.where(track="reader", kind="blocked")), None)
    slept = process.duration if process else 0
    shown = shared.told(machine.trace, ("reader", "CPU 0", "sda"))
    says = _(
        "{disk}, {way}: the read took {ticks} ticks, of which the reader slept {slept}; the halves"
        " took {stolen} ticks of CPU."
    ).format(
        disk=_(shared.MODELS[model]),
        way=_(shared.WAYS[way]),
        ticks=read.duration,
        slept=slept,
        stolen=board.interrupts.stolen,
    )
    pictures = [_drawn(shown, _("The way of one read"))]
    if way == "interrupts":
        (raised,) = machine.trace.where(track="sda", kind="raise")
        near = shared.stretch(shown, raised.time - BEFORE, raised.time + AFTER)
        pictures.append(_drawn(near, _("The same, enlarged: around the interrupt")))
    return View(tuple(pictures), says)


def _drawn(shown: Trace, title: str) -> fig.Figure:
    return fig.timeline(
        shown,
        title=title,
        description=_("In order of time: {events}.").format(
            events="; ".join(
                f"{event.time} {event.track}: {event.kind}"
                for event in sorted(shown, key=lambda event: event.time)
            )
        ),
        x_label=_("ticks"),
        kinds=shared.kinds(),
    )
