"""What the door costs: the same bytes in many calls or in few."""

from __future__ import annotations

import re
from collections.abc import Generator
from functools import cache
from typing import Any

from lab_kernel import figures as fig
from lab_kernel import host
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.explore.kernel.syscalls import wording
from lab_kernel.kernel.machine import Costs, Machine
from lab_kernel.kernel.program import Compute
from lab_kernel.kernel.syscalls import Write
from lab_kernel.language import N_, _

BYTES = 1024
SIZES = (1, 4, 16, 64, 256, 1024)
A_TICK = 16  # bytes that the program makes in a tick


@cache
def ticks(size: int, door: int) -> tuple[int, int]:
    """(user, kernel) ticks to make 1,024 bytes and write them ``size`` at a time."""

    def program() -> Generator[Any, Any, None]:
        made = 0
        for _start in range(0, BYTES, size):
            made += size
            if made >= A_TICK:
                yield Compute(made // A_TICK)
                made %= A_TICK
            yield Write(1, bytes(size))

    machine = Machine(costs=Costs(call=door))
    process = machine.spawn(program)
    machine.run()
    return process.user_time, process.system_time


@cache
def seconds() -> dict[int, float]:
    """What dd took on a real machine for 1 MiB, by the bytes of a call."""
    taken = {}
    for name, entry in host.recording("syscalls").data.items():
        if name.startswith("dd "):
            match = re.search(r"copied, ([\d.e-]+) s", entry["output"])
            assert match is not None
            taken[int(name.removeprefix("dd "))] = float(match[1])
    return taken


@explorable(
    "kernel/syscalls/price",
    title=N_("The price of the door"),
    predict=N_(
        "A program writes 1,024 bytes, one byte a call. Then 64 bytes a call. What part of its time"
        " is left?"
    ),
    controls=(
        Choice(
            name="size",
            label=N_("Bytes in a call"),
            default="1",
            options=tuple((str(size), str(size)) for size in SIZES),
        ),
        Whole(name="door", label=N_("Ticks of one call"), low=1, high=8, default=2),
    ),
)
def price(size: str, door: int) -> View:
    """Ticks of a simulated program, and what dd took on a real machine."""
    found = {one: ticks(one, door) for one in SIZES}
    user, kernel = found[int(size)]
    best = sum(found[SIZES[-1]])
    taken = seconds()
    says = _(
        "{size} at a time: {calls}, {kernel} of {all} ticks in the kernel, {times} times the best."
        " Recorded: dd with 1 byte a call took {slow} milliseconds for 1 MiB, with"
        " 4,096 bytes {fast}."
    ).format(
        size=wording.bytes_(int(size)),
        calls=wording.calls(BYTES // int(size)),
        kernel=f"{kernel:,}",
        all=f"{user + kernel:,}",
        times=f"{(user + kernel) / best:.1f}",
        slow=f"{taken[1] * 1000:,.0f}",
        fast=f"{taken[4096] * 1000:.2f}",
    )
    simulated = fig.bars(
        [
            fig.Bar(
                wording.bytes_(one),
                [(_("program"), found[one][0]), (_("kernel"), found[one][1])],
            )
            for one in SIZES
        ],
        title=_("Ticks for 1,024 bytes, by the bytes of a call"),
        description=", ".join(
            _("{size} at a time: {user} ticks in the program, {kernel} in the kernel").format(
                size=wording.bytes_(one), user=found[one][0], kernel=found[one][1]
            )
            for one in SIZES
        )
        + ".",
    )
    real = fig.bars(
        [
            fig.Bar(
                wording.bytes_(one),
                [(_("milliseconds"), taken[one] * 1000)],
            )
            for one in sorted(taken)
        ],
        title=_("Milliseconds of a real dd for 1 MiB, by the bytes of a call"),
        description=", ".join(f"{one}: {taken[one] * 1000:.2f}" for one in sorted(taken))
        + f". {host.recording('syscalls').source}.",
        total=lambda ms: f"{ms:,.2f}",
    )
    return View((simulated, real), says)
