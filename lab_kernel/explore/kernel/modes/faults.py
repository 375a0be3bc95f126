"""One mistake, made in either mode."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, explorable
from lab_kernel.explore.kernel.modes import wording
from lab_kernel.kernel.account import Account, held_by
from lab_kernel.kernel.crossings import KERNEL, USER, Watched
from lab_kernel.kernel.instructions import DIRECT_MAP
from lab_kernel.kernel.machine import Costs
from lab_kernel.kernel.process import Process
from lab_kernel.kernel.program import Access, Compute, Instruction, Store
from lab_kernel.kernel.signals import Signum
from lab_kernel.kernel.syscalls import Fork, Mmap, Open, Pipe
from lab_kernel.language import N_, _

PAGE = 4096
APP, CHILD, BYSTANDER = N_("app"), N_("its child"), N_("bystander")

# What it is called, and the wish, made where the program makes it.
FAULTS: dict[str, tuple[str, Callable[[], Any]]] = {
    "divide": (N_("Divide by zero"), lambda: Compute(1 // 0)),
    "null": (N_("Read address 0"), lambda: Access(0)),
    "kernel-address": (N_("Read a kernel address"), lambda: Access(DIRECT_MAP)),
    "hlt": (N_("hlt: stop the processor"), lambda: Instruction("hlt")),
    "cli": (N_("cli: switch interrupts off"), lambda: Instruction("cli")),
    "out": (N_("out: write to a device"), lambda: Instruction("out")),
}
MODE = Choice(
    name="mode",
    label=N_("Mode"),
    default="user",
    options=(("user", N_("User mode")), ("kernel", N_("Kernel mode"))),
)
Step = Generator[Any, Any, None]


def app(wish: Callable[[], Any], look: Callable[[], None]) -> Step:
    """Takes three frames, a file, a pipe and a child; then comes the instruction in question."""
    start = yield Mmap(length=3 * PAGE)
    for page in range(3):
        yield Store(start + page * PAGE, 1)
    yield Open("/etc/hostname")
    yield Pipe()
    yield Fork(busy, 8)
    yield Compute(1)
    look()
    yield wish()
    look()
    yield from busy(3)


def busy(ticks: int) -> Step:
    for _tick in range(ticks):
        yield Compute(1)


def run(fault: str, mode: str) -> tuple[Watched, Process, list[Account]]:
    """The machine at its end, app, and what app held before the instruction and after it."""
    looks: list[Account] = []
    machine = Watched(frames=16, policy="rr", quantum=2, costs=Costs(call=1, fault=1))
    process: Process = machine.spawn(
        app, FAULTS[fault][1], lambda: looks.append(held_by(machine, process)), name=APP
    )
    process.kernel = mode == "kernel"
    machine.spawn(busy, 18, name=BYSTANDER)
    machine.run()
    if len(looks) == 1:
        looks.append(held_by(machine, process))
    return machine, process, looks


@explorable(
    "kernel/modes/fault",
    title=N_("The same mistake in both modes"),
    predict=N_(
        "A program reads address 0 in user mode. What happens to it, to its child and to the"
        " bystander? And if the same program runs in kernel mode?"
    ),
    controls=(
        Choice(
            name="fault",
            label=N_("The program's next instruction"),
            default="null",
            options=tuple((name, label) for name, (label, _wish) in FAULTS.items()),
        ),
        MODE,
    ),
)
def fault(fault: str, mode: str) -> View:
    """App holds memory, files, a pipe and a child. Left out: what hlt, cli and out really do."""
    machine, process, (before, after) = run(fault, mode)
    end = max(event.time + event.duration for event in machine.modes)
    if machine.panicked:
        outcome = _(
            "the machine panics at tick {tick} ({reason}); nothing runs any more and nothing is"
            " given back"
        ).format(tick=machine.clock.now, reason=machine.panicked)
    elif process.signal:
        at = next(e.time for e in machine.trace.where(kind="exit", name=_name(process)))
        outcome = _(
            "{signal} ends app at tick {tick}, all that it held is given back, and the others go"
            " on to tick {end}"
        ).format(signal=_name(process), tick=at, end=end)
    else:
        outcome = _(
            "the processor does it, and app goes on; it keeps all that it holds until its own end"
        )
    says = _("{mode}, “{what}”: {outcome}.").format(
        mode=MODE.shown(mode), what=_(FAULTS[fault][0]), outcome=outcome
    )
    return View((_timeline(machine, says), _accounts(before, after)), says)


def _name(process: Process) -> str:
    return Signum(process.signal).name


def _timeline(machine: Watched, says: str) -> fig.Figure:
    child = next(e.name for e in machine.trace.where(kind="fork"))
    tracks = {APP: _(APP), child: _(CHILD), BYSTANDER: _(BYSTANDER)}
    shown = wording.pieces(machine.modes, tracks)
    for event in machine.trace:
        if event.kind in ("exit", "panic"):
            track = tracks.get(event.track, _(APP))
            kind = _("panic") if event.kind == "panic" else _("end")
            shown.add(event.time, track, kind, event.name)
    return fig.timeline(
        shown,
        title=_("Who runs, in which mode"),
        description=says
        + " "
        + " ".join(
            _("{track}: {ticks} in user mode, {kernel} in kernel mode.").format(
                track=_(name),
                ticks=sum(e.duration for e in machine.modes if (e.track, e.kind) == (own, USER)),
                kernel=sum(e.duration for e in machine.modes if (e.track, e.kind) == (own, KERNEL)),
            )
            for own, name in ((APP, APP), (child, CHILD), (BYSTANDER, BYSTANDER))
        ),
        x_label=_("ticks"),
        kinds=[_("user mode"), _("kernel mode"), _("end"), _("panic")],
    )


def _accounts(before: Account, after: Account) -> fig.Figure:
    rows = (
        (_("page frames"), before.frames, after.frames),
        (_("open files"), before.files, after.files),
        (_("pipe ends"), before.pipe_ends, after.pipe_ends),
        (_("children"), before.children, after.children),
    )
    return fig.bars(
        [
            bar
            for label, then, now in rows
            for bar in (
                fig.Bar(_("{what}, before").format(what=label), [(_("before it"), then)]),
                fig.Bar(_("{what}, after").format(what=label), [(_("after it"), now)]),
            )
        ],
        title=_("What app holds before the instruction and after it"),
        description=" ".join(
            _("{what}: {before} before, {after} after.").format(what=label, before=then, after=now)
            for label, then, now in rows
        ),
    )
