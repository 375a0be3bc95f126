"""One driver in two kernels: what its crash takes down, and what the wall costs."""

from __future__ import annotations

from collections.abc import Generator
from functools import cache
from typing import Any

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.explore.kernel.modes import wording
from lab_kernel.kernel.crossings import Watched, calls, switches
from lab_kernel.kernel.machine import Costs
from lab_kernel.kernel.microkernel import AVERAGE, DEVICE, MICROKERNEL, MONOLITHIC, boot
from lab_kernel.kernel.syscalls import Ioctl, Open, Read, Write
from lab_kernel.language import N_, _

READS = 3
START = 8  # when the client begins: the server waits by then
KINDS = {MONOLITHIC: N_("Monolithic"), MICROKERNEL: N_("Microkernel")}


def client(average: int, got: list[bytes | int]) -> Generator[Any, Any, None]:
    """Three values, each the mean of so many readings, copied to the console."""
    fd = yield Open(DEVICE)
    yield Ioctl(fd, AVERAGE, average)
    for _read in range(READS):
        value = yield Read(fd)
        got.append(value)
        if isinstance(value, bytes):
            yield Write(1, value)


@cache
def run(kind: str, average: int) -> tuple[Watched, tuple[bytes | int, ...]]:
    """The machine at its end, and what the client's reads returned."""
    got: list[bytes | int] = []
    machine = boot(kind, Watched, policy="fcfs", costs=Costs(switch=1))
    machine.spawn(client, average, got, name="client", at=START)
    machine.run()
    return machine, tuple(got)


@explorable(
    "kernel/modes/microkernel",
    title=N_("One driver, two kernels"),
    predict=N_(
        "The driver divides by the number of readings that the client has set. The client sets 0"
        " and reads three times. What happens in a monolithic kernel, and what in a microkernel?"
    ),
    controls=(
        Choice(
            name="kernel", label=N_("Kernel"), default=MICROKERNEL, options=tuple(KINDS.items())
        ),
        Whole(name="average", label=N_("Readings for one value"), default=1, low=0, high=4),
    ),
)
def microkernel(kernel: str, average: int) -> View:
    """A context switch costs a tick. Left out: what copying a message costs."""
    machine, got = run(kernel, average)
    values = ", ".join("EIO" if isinstance(one, int) else one.decode().strip() for one in got)
    crashes = len(machine.trace.where(kind="exit", name="SIGFPE"))
    if machine.panicked:
        outcome = _("the kernel panics ({reason}), and the client gets nothing").format(
            reason=machine.panicked
        )
    elif crashes:
        outcome = _(
            "the server crashes, the supervisor starts another one, and the client's reads return"
            " {values}"
        ).format(values=values)
    else:
        outcome = _("the client's reads return {values}").format(values=values)
    says = _("{kernel}: {outcome}; {calls}, {switches}, {ticks}.").format(
        kernel=_(KINDS[kernel]),
        outcome=outcome,
        calls=wording.calls(calls(machine)),
        switches=wording.switches(switches(machine)),
        ticks=wording.ticks(machine.clock.now - START),
    )
    servers = [event.name for event in machine.trace.where(kind="fork")]
    tracks = {"supervisor": _("supervisor"), "client": _("client")}
    tracks |= {name: _("server {n}").format(n=n) for n, name in enumerate(servers, 1)}
    shown = wording.pieces(machine.modes, tracks)
    for event in machine.trace:
        if event.kind == "panic" or event.name == "SIGFPE":
            kind = _("panic") if event.kind == "panic" else _("crash")
            shown.add(event.time, tracks.get(event.track, _("client")), kind, event.name)
    picture = fig.timeline(
        shown,
        title=_("Who works for the client, in which mode"),
        description=says,
        x_label=_("ticks"),
        kinds=[_("user mode"), _("kernel mode"), _("crash"), _("panic")],
    )
    return View((picture, _counts(average)), says)


def _counts(average: int) -> fig.Figure:
    rows = []
    for kind, label in KINDS.items():
        machine, _got = run(kind, average)
        rows += [
            (_("{kernel}: system calls").format(kernel=_(label)), calls(machine)),
            (_("{kernel}: context switches").format(kernel=_(label)), switches(machine)),
            (_("{kernel}: ticks").format(kernel=_(label)), machine.clock.now - START),
        ]
    return fig.bars(
        [fig.Bar(label, [(_("number"), number)]) for label, number in rows],
        title=_("What both cost"),
        description=" ".join(f"{label} {number}." for label, number in rows),
    )
