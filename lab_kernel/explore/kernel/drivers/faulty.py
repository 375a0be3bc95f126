"""What a device that is gone costs, and what a faulty driver takes down."""

from __future__ import annotations

from typing import Any

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, Toggle, View, explorable
from lab_kernel.explore.kernel.drivers import shared
from lab_kernel.kernel.drivers.board import Board
from lab_kernel.kernel.drivers.faulty import FAULTS
from lab_kernel.kernel.drivers.setup import plug, plug_disk
from lab_kernel.kernel.errno import Errno
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.process import Process
from lab_kernel.kernel.program import Compute
from lab_kernel.kernel.syscalls import Open, Read
from lab_kernel.language import N_, _

TIMEOUT, UNPLUG, LOCKUP = 3_000, 250, 5_000

WHAT = {
    "none": N_("nothing is wrong"),
    "unplugged": N_("the disk is unplugged while it works"),
    "null-pointer": N_("follows a pointer that nobody has set"),
    "never-quiets": N_("never quiets the device"),
    "not-mine": N_("takes its interrupt for somebody else's"),
    "forgets": N_("forgets to finish the request"),
    "wild-address": N_("gives the disk a wrong address"),
}
assert set(FAULTS) < set(WHAT)
PANICS = {  # what the kernel's own words mean
    "null-pointer": N_("the top half has followed a pointer to nowhere"),
    "never-quiets": N_("the watchdog finds the CPU stuck in this disk's interrupts"),
    "wild-address": N_("the kernel's own memory has been overwritten"),
}


def run(what: str, timeout: bool, iommu: bool) -> tuple[Machine, Process, list[Any], Process]:
    """The machine, the reader, what its read returned, and a bystander."""
    machine = Machine(policy="rr", quantum=100)
    board = Board(machine, iommu=iommu, lockup=LOCKUP)
    driver = plug_disk(
        board,
        "sda",
        "pio",
        fault=what if what in FAULTS else None,
        timeout=TIMEOUT if timeout else None,
        content=shared.TEXT,
    )
    plug(machine, driver)
    if what == "unplugged":
        machine.clock.at(UNPLUG, driver.queue.disk.unplug)
    got: list[Any] = []

    def reader() -> Any:
        fd = yield Open("/dev/sda")
        got.append((yield Read(fd, 10)))

    def bystander() -> Any:
        yield Compute(1000)

    reading, other = machine.spawn(reader), machine.spawn(bystander)
    machine.run()
    return machine, reading, got, other


@explorable(
    "kernel/drivers/faulty",
    title=N_("What a faulty driver takes down"),
    predict=N_(
        "Which of these mistakes ends the whole machine, which stops only the process that reads,"
        " and which is no more than an error code?"
    ),
    controls=(
        Choice(
            name="what",
            label=N_("What is wrong"),
            default="unplugged",
            options=tuple(WHAT.items()),
        ),
        Toggle(name="timeout", label=N_("Requests time out"), default="off"),
        Toggle(name="iommu", label=N_("An IOMMU guards memory"), default="off"),
    ),
)
def faulty(what: str, timeout: bool, iommu: bool) -> View:
    """A reader and a bystander on a machine whose disk or driver fails."""
    machine, _reader, got, other = run(what, timeout, iommu)
    if machine.panicked:
        end = _("the machine panics ({reason}), and everybody's work is gone").format(
            reason=_(PANICS[what])
        )
    elif not got:
        end = _("the reader sleeps for ever, and no signal reaches it")
    elif isinstance(got[0], bytes):
        end = _("the reader gets its data")
    else:
        end = _("the reader gets {errno}, an error that it can handle").format(
            errno=Errno(-got[0]).name
        )
    finished = _("finishes its work") if not other.alive else _("never finishes")
    says = _("The driver or device: {what}. Result: {end}; the bystander {finished}.").format(
        what=_(WHAT[what]), end=end, finished=finished
    )
    picture = fig.timeline(
        shared.told(machine.trace, ("reader", "CPU 0", "sda", "kernel")),
        title=_("What happens, tick by tick"),
        description=says,
        x_label=_("ticks"),
        kinds=shared.kinds(),
    )
    return View((picture,), says)
