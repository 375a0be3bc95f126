"""Every way into kernel mode has a reason, an entry in a table, and a way back."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, explorable
from lab_kernel.explore.kernel.modes import wording
from lab_kernel.kernel.crossings import KERNEL, USER, Watched
from lab_kernel.kernel.machine import Costs
from lab_kernel.kernel.program import Access, Compute, Instruction
from lab_kernel.kernel.syscalls import Getppid, Mmap
from lab_kernel.language import N_, _
from lab_kernel.trace import Trace

BEFORE, AFTER, INSIDE = 4, 4, 2  # ticks


@dataclass(frozen=True, slots=True)
class Cause:
    """``vector``: the entry of the interrupt descriptor table; None for SYSCALL, which has none."""

    label: str
    vector: int | None
    wish: Callable[[int], Any] | None
    back: str


REPEATED = N_("the same instruction is executed again, and now it works")
NEXT = N_("the program goes on with the next instruction, and finds the result in rax")
INTERRUPTED = N_("the program goes on where it was interrupted, and has noticed nothing")
NEVER = N_("the program does not come back: a signal ends it")
# Vectors: Intel SDM, volume 3, "Protected-Mode Exceptions and Interrupts"; the timer's is Linux's
# LOCAL_TIMER_VECTOR, arch/x86/include/asm/irq_vectors.h.
CAUSES = {
    "syscall": Cause(N_("A system call"), None, lambda _page: Getppid(), NEXT),
    "page-fault": Cause(N_("The first touch of a page"), 14, lambda page: Access(page), REPEATED),
    "timer": Cause(N_("The timer's interrupt"), 0xEC, None, INTERRUPTED),
    "divide": Cause(N_("A division by zero"), 0, lambda _page: Compute(1 // 0), NEVER),
    "hlt": Cause(N_("A privileged instruction (hlt)"), 13, lambda _page: Instruction("hlt"), NEVER),
}


def program(cause: Cause) -> Generator[Any, Any, None]:
    page = yield Mmap()
    if cause.wish is None:
        yield Compute(BEFORE + AFTER)
        return
    yield Compute(BEFORE)
    yield cause.wish(page)
    yield Compute(AFTER)


def run(name: str) -> tuple[Trace, bool]:
    """The time in each mode from the program's computing on, and whether the program survived."""
    machine = Watched(policy="fcfs", costs=Costs(call=INSIDE, fault=INSIDE))
    process = machine.spawn(program, CAUSES[name], name="app")
    if name == "timer":
        at = INSIDE + BEFORE
        machine.clock.at(at, lambda: machine.dispatcher.interrupt(0, INSIDE, "timer"))
    machine.run()
    modes = Trace()
    for event in machine.trace.where(kind="interrupt"):
        after, end = event.time + event.duration, machine.clock.now
        modes.add(0, "app", USER, "", event.time - INSIDE)
        modes.add(event.time - INSIDE, "app", KERNEL, "", event.duration)
        modes.add(after - INSIDE, "app", USER, "", end - after)
    if not modes:
        for event in machine.modes.events[1:]:  # the first is mmap's
            modes.add(event.time - INSIDE, "app", event.kind, "", event.duration)
    return wording.pieces(modes, {}), not process.signal


@explorable(
    "kernel/modes/entry",
    title=N_("Five ways into kernel mode"),
    predict=N_(
        "The processor enters kernel mode. After which of the causes is the same instruction"
        " executed again, and after which the next one?"
    ),
    controls=(
        Choice(
            name="cause",
            label=N_("Cause"),
            default="syscall",
            options=tuple((name, cause.label) for name, cause in CAUSES.items()),
        ),
    ),
)
def entry(cause: str) -> View:
    """One program, one entry into the kernel. Left out: NMIs, and what the handlers do."""
    told, (modes, survived) = CAUSES[cause], run(cause)
    ring = {False: _("ring 3: user mode"), True: _("ring 0: kernel mode")}
    door = (
        _("SYSCALL jumps to the address in the register IA32_LSTAR")
        if told.vector is None
        else _("the processor takes entry {vector} of the interrupt descriptor table").format(
            vector=told.vector
        )
    )
    says = _("{cause}: {door}; afterwards {back}.").format(
        cause=_(told.label), door=door, back=_(told.back)
    )
    shown = Trace()
    for event in modes:
        inside = event.kind == _(wording.MODES[KERNEL])
        kind = _("the kernel's code") if inside else _("the program's code")
        shown.add(event.time, ring[inside], kind, "", event.duration)
    last = max(event.time + event.duration for event in modes)
    if not survived:
        shown.add(last, ring[True], _("signal"), _("signal"))
    return View(
        (
            fig.timeline(
                shown,
                title=_("The current privilege level over time"),
                description=says
                + " "
                + " ".join(
                    _("{start} to {end}: {ring}.").format(
                        start=event.time, end=event.time + event.duration, ring=event.track
                    )
                    for event in shown
                    if event.duration
                ),
                x_label=_("ticks"),
                kinds=[_("the program's code"), _("the kernel's code"), _("signal")],
            ),
        ),
        says,
    )
