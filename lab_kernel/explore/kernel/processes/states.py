"""A parent and its child on the machine: who runs, who waits, and who is a zombie."""

from __future__ import annotations

from typing import Any

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, Toggle, View, Whole, explorable
from lab_kernel.explore.kernel.processes import rows, wording
from lab_kernel.explore.kernel.processes.rows import Stay
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.program import Compute
from lab_kernel.kernel.signals import Signum
from lab_kernel.kernel.syscalls import Execve, Exit, Fork, Kill, Nanosleep, Wait4
from lab_kernel.language import N_, _

PARENTS = {
    "waits": N_("Waits at once"),
    "late": N_("Waits late"),
    "never": N_("Never waits"),
    "first": N_("Ends first"),
}
WORK = 12  # ticks that the parent computes when it has something better to do than to wait


def child(ticks: int) -> Any:
    """What the forked process does: it becomes another program, which computes and reads a disk."""
    yield Execve("/bin/job", ticks)


def job(ticks: int) -> Any:
    yield Compute(ticks - ticks // 2)
    yield Nanosleep(3)  # waits for a device
    yield Compute(ticks // 2)
    yield Exit(7)


def parent(how: str, ticks: int, kill: bool) -> Any:
    pid = yield Fork(child, ticks)
    if kill:
        yield Kill(pid, Signum.SIGKILL)
    if how == "first":
        return
    if how in ("late", "never"):
        yield Compute(WORK)
    if how != "never":
        yield Wait4(pid)
    yield Compute(2)


def run(how: str, ticks: int, kill: bool) -> Machine:
    """Booted, and run to the end."""
    machine = Machine(policy="rr", quantum=2, files={"/bin/job": job})
    machine.spawn(parent, how, ticks, kill, name="parent")
    return machine.run()


@explorable(
    "kernel/processes/states",
    title=N_("A process's life, to the last entry"),
    predict=N_("The child ends before its parent asks. What is left of it, and until when?"),
    controls=(
        Choice(
            name="parent", label=N_("The parent"), default="late", options=tuple(PARENTS.items())
        ),
        Whole(name="ticks", label=N_("Ticks that the child computes"), low=2, high=20, default=4),
        Toggle(name="kill", label=N_("The parent kills the child at once"), default="off"),
    ),
)
def states(parent: str, ticks: int, kill: bool) -> View:
    """Rows for the two, to the moment at which the kernel has forgotten each."""
    machine = run(parent, ticks, kill)
    running: dict[str, list[Stay]] = {}
    for event in machine.trace.where(kind="run"):
        running.setdefault(event.name, []).append(Stay(event.time, event.time + event.duration))
    blocked: dict[str, list[Stay]] = {}
    for event in machine.trace.where(kind="blocked"):
        blocked.setdefault(event.track, []).append(Stay(event.time, event.time + event.duration))
    ends = {event.track: event for event in machine.trace.where(kind="exit")}
    born = next(event for event in machine.trace if event.kind == "fork")
    its = born.name
    mine, gone = ends["parent"].time, ends[its].time
    waited = [e for e in machine.trace.where(track="parent", kind="syscall") if e.name == "wait4"]
    read = max(gone, waited[-1].time + waited[-1].duration) if waited else max(gone, mine)
    read = gone if mine < gone else read  # its parent is init then, which reads at once
    called = {"parent": _("parent"), its: _("child")}  # the machine's names, and the reader's
    picture = fig.timeline(
        rows.by_job(
            {called["parent"]: Stay(0, mine), called[its]: Stay(born.time, read)},
            {called[name]: stays for name, stays in running.items() if name in called},
            {called[name]: stays for name, stays in blocked.items() if name in called},
            {called[its]: [Stay(gone, read)]} if read > gone else {},
        ),
        title=_("Parent and child"),
        description=_(
            "The child begins at {born} and ends at {gone}; its entry is gone at {read}. The parent"
            " ends at {mine}."
        ).format(born=born.time, gone=gone, read=read, mine=mine),
        x_label=_("ticks"),
        kinds=rows.states(),
    )
    how = ends[its].name
    ended = (
        _("with {code}").format(code=how) if how.isdigit() else _("by {signal}").format(signal=how)
    )
    if mine < gone:
        last = _("Its parent had ended, so init took it over and read at once: no zombie.")
    elif parent == "waits":
        last = _("Its parent was waiting, and read it {ticks} later.").format(
            ticks=wording.ticks(read - gone)
        )
    elif parent == "never":
        last = _("Nobody asked: a zombie for {ticks}, until the parent ended, too.").format(
            ticks=wording.ticks(read - gone)
        )
    else:
        last = _("A zombie for {ticks}, until its parent asked.").format(
            ticks=wording.ticks(read - gone)
        )
    says = _("The child ended {how} at tick {gone}. {last}").format(how=ended, gone=gone, last=last)
    return View((picture,), says)
