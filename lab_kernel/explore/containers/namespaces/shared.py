"""What a neighbour notices: beside one another, in containers, and in virtual machines."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from lab_kernel import figures as fig
from lab_kernel.clock import Clock
from lab_kernel.explore import Choice, View, explorable
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.namespaces.kinds import ALL_NEW, CLONE_NEWUSER
from lab_kernel.kernel.namespaces.net import IFF_UP, SIOCSIFFLAGS
from lab_kernel.kernel.program import Access, Compute, Store
from lab_kernel.kernel.syscalls import (
    Bind,
    Ioctl,
    Kill,
    Mmap,
    Mount,
    Nanosleep,
    Sethostname,
    Socket,
    Uname,
)
from lab_kernel.language import N_, _

PAGE, FRAMES, MINE = 4096, 64, 8  # a page's bytes, a machine's frames, the neighbour's pages
KINDS = ALL_NEW & ~CLONE_NEWUSER
HOMES = {
    "process": N_("process"),
    "container": N_("container"),
    "machine": N_("virtual machine"),
}
DEEDS = {
    "rename": N_("renames its host"),
    "kill": N_("kills every process that it can name"),
    "port": N_("takes port 80"),
    "cpu": N_("computes without end"),
    "memory": N_("fills its memory"),
    "kernel": N_("finds a bug in the kernel that stops it"),
}


@dataclass
class Noticed:
    """What the neighbour saw, and how long its own work took."""

    name: str = ""
    port: int = -1
    ticks: int = 0
    machine: Machine | None = None

    @property
    def alive(self) -> bool:
        return self.ticks > 0


def _neighbour(found: Noticed, clock: Clock) -> Any:
    memory = yield Mmap(0, MINE * PAGE)
    for page in range(MINE):
        yield Access(memory + page * PAGE, write=True)
    yield Nanosleep(200)
    found.name = (yield Uname()).node
    fd = yield Socket()
    yield Ioctl(fd, SIOCSIFFLAGS, IFF_UP)
    found.port = yield Bind(fd, "0.0.0.0", 80)
    start = clock.now
    for page in range(MINE):
        yield Access(memory + page * PAGE)
    yield Compute(40)
    found.ticks = clock.now - start


def _doer(deed: str) -> Any:
    yield Mount("proc", "/proc", "proc")
    yield Nanosleep(20)
    if deed == "rename":
        yield Sethostname("mine")
    elif deed == "port":
        yield Bind((yield Socket()), "0.0.0.0", 80)
    elif deed == "kill":
        for number in range(2, 9):
            if number != 3:
                yield Kill(number, 9)
    elif deed == "memory":
        start = yield Mmap(0, FRAMES * PAGE)
        for page in range(FRAMES):
            yield Access(start + page * PAGE, write=True)
    elif deed == "cpu":
        yield Compute(5000)
    yield Nanosleep(500)


def _bug() -> Any:
    """Code of the kernel that goes wrong."""
    yield Nanosleep(40)
    yield Store(0, 1)


@cache
def noticed(deed: str, home: str) -> Noticed:
    """One does its deed in this kind of home; what the other noticed."""
    clock, found = Clock(0), Noticed()
    first = Machine(clock=clock, frames=FRAMES)
    second = Machine(clock=clock, frames=FRAMES) if home == "machine" else first
    kinds = 0 if home == "process" else KINDS
    second.spawn(_neighbour, found, clock, uid=0, namespaces=kinds, name="neighbour")
    first.spawn(_doer, deed, uid=0, namespaces=kinds, name="doer")
    if deed == "kernel":
        first.spawn(_bug, kernel=True, name="driver")
    found.machine = second
    while clock.now < 3000 and not (second.panicked or found.alive):
        running = first if not first.panicked else second
        if not running.step() and not running.panicked:
            break
    return found


def verdict(deed: str, home: str) -> str:
    """In a word what became of the neighbour."""
    found = noticed(deed, home)
    if found.machine is not None and found.machine.panicked:
        return N_("stopped with the kernel")
    if not found.alive:
        return N_("killed")
    if found.name != "lab":
        return N_("has another name")
    if found.port != 0:
        return N_("port taken")
    return N_("slower") if found.ticks > MINE + 40 else N_("notices nothing")


NOTHING = "notices nothing"


@explorable(
    "containers/namespaces/shared",
    title=N_("What the neighbour notices"),
    predict=N_(
        "Of two neighbours one renames its host, kills whom it can, takes port 80, computes without"
        " end. Which of these does the other notice, if both are containers? And if both are"
        " virtual machines?"
    ),
    controls=(
        Choice(
            name="deed", label=N_("One of them"), default="kernel", options=tuple(DEEDS.items())
        ),
    ),
)
def shared(deed: str) -> View:
    """Six deeds in three kinds of home; the chosen one is framed."""
    harmed, unharmed = _("notices it"), _("notices nothing")
    rows = []
    for name, label in DEEDS.items():
        cells = []
        for home in HOMES:
            said = verdict(name, home)
            state = unharmed if said == NOTHING else harmed
            cells.append(fig.Cell(_(said), state, name == deed))
        rows.append(fig.Row(_(label), cells))
    outcomes = []
    for home, label in HOMES.items():
        said = verdict(deed, home)
        outcomes.append(f"{_(label)}: {_(said)}")
    says = _("One {deed}. The other: {outcomes}.").format(
        deed=_(DEEDS[deed]), outcomes="; ".join(outcomes)
    )
    picture = fig.table(
        tuple(_(label) for label in HOMES.values()),
        rows,
        title=_("What the neighbour notices"),
        description=" ".join(
            f"{row.head}: {', '.join(cell.words for cell in row.cells)}." for row in rows
        ),
        states=(harmed, unharmed),
        quiet=unharmed,
    )
    return View((picture,), says)
