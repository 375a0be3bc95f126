"""The driver's point: one program, two disks that speak different languages, the same output."""

from __future__ import annotations

from typing import Any

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, explorable
from lab_kernel.explore.kernel.drivers import shared
from lab_kernel.kernel.drivers.board import Board
from lab_kernel.kernel.drivers.hardware.disk import BLOCK
from lab_kernel.kernel.drivers.setup import plug, plug_disk
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.open_file import O_RDWR
from lab_kernel.kernel.syscalls import Lseek, Open, Read, Write
from lab_kernel.language import N_, _


def show() -> Any:
    """Print two blocks of the disk."""
    fd = yield Open("/dev/sda")
    for _n in range(2):
        yield Write(1, (yield Read(fd, BLOCK)))


def change() -> Any:
    """Write a word into the middle of a block, and print what is there then."""
    fd = yield Open("/dev/sda", O_RDWR)
    yield Lseek(fd, 700)
    yield Write(fd, b" HELLO ")
    yield Lseek(fd, 690)
    yield Write(1, (yield Read(fd, 30)))


PROGRAMS = {"show": show, "change": change}
LABELS = {
    "show": N_("reads two blocks and prints them"),
    "change": N_("writes a word and reads it back"),
}


def run(program: str, model: str) -> tuple[Machine, str]:
    """The machine after the program has run, and what the program printed."""
    machine = Machine()
    plug(machine, plug_disk(Board(machine), "sda", model, content=shared.TEXT))
    machine.spawn(PROGRAMS[program])
    machine.run()
    return machine, machine.console.text


@explorable(
    "kernel/drivers/mediator",
    title=N_("One program, two disks"),
    predict=N_(
        "The program is not changed. What differs on the second disk: its output, the registers"
        " that are used, or both?"
    ),
    controls=(
        Choice(
            name="program",
            label=N_("The program"),
            default="show",
            options=tuple(LABELS.items()),
        ),
    ),
)
def mediator(program: str) -> View:
    """What each disk's registers heard, and whether the outputs are the same."""
    outputs, pictures, heard = [], [], []
    for model, label in shared.MODELS.items():
        machine, output = run(program, model)
        outputs.append(output)
        registers = machine.trace.where(track="sda", kind="register")
        uses: dict[str, int] = {}
        for event in registers:
            uses[event.details["register"]] = (
                uses.get(event.details["register"], 0) + event.details["times"]
            )
        said = ", ".join(f"{name} {times}" for name, times in uses.items())
        heard.append(
            _("{disk}: {times} uses of registers ({registers})").format(
                disk=_(label), times=sum(uses.values()), registers=said
            )
        )
        pictures.append(
            fig.bars(
                [fig.Bar(name, [(_("uses"), times)]) for name, times in uses.items()],
                title=_("{disk}: how often each register was used").format(disk=_(label)),
                description=_("In order: {transcript}.").format(
                    transcript="; ".join(event.name for event in registers)
                ),
            )
        )
    same = _("byte for byte the same") if outputs[0] == outputs[1] else _("different")
    says = _("Output of the program: {same}, {count} bytes. {heard}.").format(
        same=same, count=len(outputs[0]), heard="; ".join(heard)
    )
    return View(tuple(pictures), says)
