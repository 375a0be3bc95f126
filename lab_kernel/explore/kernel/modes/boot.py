"""One program, and all four of the kernel's headline jobs in one Trace."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, explorable
from lab_kernel.kernel.machine import Costs, Machine
from lab_kernel.kernel.microkernel import DEVICE, MONOLITHIC, boot
from lab_kernel.kernel.program import Compute, Store
from lab_kernel.kernel.security import ROOT
from lab_kernel.kernel.subsystems import CALLS, DEVICES, JOBS, MEMORY, PROCESSES, by_job
from lab_kernel.kernel.syscalls import Mmap, Open, Read
from lab_kernel.language import N_, _
from lab_kernel.trace import Event, Trace

PAGE = 4096
SECRET = "/etc/shadow"
LABELS = {
    MEMORY: N_("memory management"),
    PROCESSES: N_("process management"),
    DEVICES: N_("device driver"),
    CALLS: N_("system calls and security"),
}
PARTS = {
    "memory": N_("without memory"),
    "device": N_("without the device"),
    "secret": N_("without the forbidden file"),
}


def tour(skip: str) -> Generator[Any, Any, None]:
    """Takes memory, computes, reads a device, and asks for what it may not have."""
    if skip != "memory":
        start = yield Mmap(length=2 * PAGE)
        yield Store(start, 1)
        yield Store(start + PAGE, 2)
    yield Compute(3)
    if skip != "device":
        fd = yield Open(DEVICE)
        yield Read(fd)
    if skip != "secret":
        yield Open(SECRET)
    yield Compute(2)


def started(skip: str = "") -> Machine:
    """A machine that has run the program, beside one other that only computes."""
    files = {SECRET: b"root:*:"}
    machine = boot(
        MONOLITHIC, files=files, policy="rr", quantum=3, costs=Costs(switch=1), frames=16
    )
    machine.files.chmod(SECRET, ROOT, 0o600)
    machine.spawn(tour, skip, name="tour")
    machine.spawn(_other, name="other")
    return machine.run()


def _other() -> Generator[Any, Any, None]:
    yield Compute(6)


@explorable(
    "kernel/modes/boot",
    title=N_("One program, four jobs"),
    predict=N_(
        "A program takes memory, computes, reads a thermometer and opens a file that it may not"
        " read. Which of the kernel's four jobs leave a trace?"
    ),
    controls=(
        Choice(
            name="skip",
            label=N_("The program"),
            default="",
            options=(("", N_("does all of it")), *PARTS.items()),
        ),
    ),
)
def four_jobs(skip: str) -> View:
    """The Trace of one boot, sorted by job. Left out: the kernel's other jobs."""
    parts = by_job(started(skip).trace)
    refused = sum("errno" in event.details for event in parts[CALLS])
    says = _("{counts}; refused: {refused}.").format(
        counts=", ".join(
            _("{job} {number}").format(job=_(LABELS[job]), number=len(parts[job])) for job in JOBS
        ),
        refused=refused,
    )
    shown = Trace()
    for job in JOBS:
        for event in parts[job]:
            kind = _("refused") if "errno" in event.details else _("done")
            shown.add(event.time, _(LABELS[job]), kind, _said(event), event.duration)
    lists = ". ".join(
        f"{_(LABELS[job])}: " + ", ".join(map(_said, parts[job])) for job in JOBS if parts[job]
    )
    picture = fig.timeline(
        shown,
        title=_("What the kernel did for it, by job"),
        description=f"{says} {lists}.",
        x_label=_("ticks"),
        kinds=[_("done"), _("refused")],
    )
    counts = fig.bars(
        [fig.Bar(_(LABELS[job]), [(_("events"), len(parts[job]))]) for job in JOBS],
        title=_("Events of each job"),
        description=says,
    )
    return View((picture, counts), says)


def _said(event: Event) -> str:
    """What a reader sees of it: a name where the kind does not say enough."""
    if event.kind == "syscall":
        return f"{event.name} {event.details.get('errno', '')}".strip()
    return event.name if event.kind in ("run", "device") else event.kind
