"""What crossings cost: many small system calls against few large ones."""

from __future__ import annotations

from collections.abc import Generator
from functools import cache
from typing import Any

from lab_kernel import figures as fig
from lab_kernel import host
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.explore.kernel.modes import wording
from lab_kernel.kernel.crossings import calls
from lab_kernel.kernel.drivers.pseudo import Zero
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.syscalls import Read, Write
from lab_kernel.language import N_, _

SIMULATED = 4096  # bytes that the simulated program copies; dd copied 1 MiB
SIZES = (1, 16, 256, 4096)


def dd(size: int, total: int) -> Generator[Any, Any, None]:
    """Copy so many bytes with a buffer of that size, as dd does: read, write, read, write."""
    for _block in range(total // size):
        data = yield Read(0, size)
        yield Write(1, data)


@cache
def calls_of(size: int) -> int:
    """How many system calls the program makes for 4,096 bytes: counted in a machine's trace."""
    machine = Machine(devices={"/dev/console": Zero("zero")}, policy="fcfs")
    machine.spawn(dd, size, SIMULATED)
    return calls(machine.run())


def simulated(size: int, call: int) -> tuple[int, int]:
    """(system calls, ticks) for 4,096 bytes; each call costs the same, whatever it copies."""
    return calls_of(size), calls_of(size) * call


@explorable(
    "kernel/modes/crossings",
    title=N_("Many small calls, few large ones"),
    predict=N_(
        "dd copies 1 MiB, once byte by byte and once with a buffer of 4,096 bytes. By what factor"
        " do the times differ?"
    ),
    controls=(
        Choice(
            name="buffer",
            label=N_("Buffer, bytes"),
            default="16",
            options=tuple((str(size), f"{size:,}") for size in SIZES),
        ),
        Whole(name="call", label=N_("Ticks of a system call"), default=1, low=1, high=20),
    ),
)
def crossings(buffer: str, call: int) -> View:
    """The simulated calls cost the same whatever they copy; a real one pays for its bytes too."""
    recording = host.recording("modes")
    entry, cost = recording.data["copies"], recording.data["crossing"]["system_call"]
    rows = {row["buffer"]: round(row["cpu"] * 1e6) for row in entry["rows"]}
    made, took = simulated(int(buffer), call)
    scale = entry["total"] // SIMULATED
    says = _(
        "Buffer of {buffer} bytes: simulated {calls} and {ticks} for {bytes} bytes; dd recorded:"
        " {real} µs of CPU time for 1 MiB, with {times} times as many calls. That many calls that"
        " do nothing take {empty} µs."
    ).format(
        buffer=f"{int(buffer):,}",
        calls=wording.calls(made),
        ticks=wording.ticks(took),
        bytes=f"{SIMULATED:,}",
        real=f"{rows[int(buffer)]:,}",
        times=scale,
        empty=f"{made * scale * cost / 1e3:,.0f}",
    )
    ticks = {size: simulated(size, call)[1] for size in SIZES}
    label = _("buffer {size}")
    machine = fig.bars(
        [
            fig.Bar(label.format(size=f"{size:,}"), [(_("ticks"), took)])
            for size, took in ticks.items()
        ],
        title=_("Simulated: ticks for {bytes} bytes").format(bytes=f"{SIMULATED:,}"),
        description=" ".join(
            _("Buffer {size}: {ticks}.").format(size=f"{size:,}", ticks=wording.ticks(took))
            for size, took in ticks.items()
        ),
    )
    real = fig.bars(
        [
            fig.Bar(label.format(size=f"{size:,}"), [(_("microseconds"), microseconds)])
            for size, microseconds in rows.items()
        ],
        title=_("Recorded: dd, 1 MiB, microseconds of CPU time"),
        description=_("{source}.").format(source=recording.source)
        + " "
        + " ".join(
            _("Buffer {size}: {n} µs.").format(size=f"{size:,}", n=f"{microseconds:,}")
            for size, microseconds in rows.items()
        ),
    )
    return View((machine, real), says)
