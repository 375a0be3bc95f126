"""Nested pid namespaces: who is called what, and whom one can kill."""

from __future__ import annotations

from functools import cache
from typing import Any

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, explorable
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.namespaces.kinds import CLONE_NEWPID
from lab_kernel.kernel.process import Process
from lab_kernel.kernel.signals import Signum
from lab_kernel.kernel.syscalls import Clone, Fork, Kill, Nanosleep, Pause
from lab_kernel.language import N_, _

#: Each process, its parent, and whether it begins a pid namespace.
TREE = {
    "shell": ("", False),
    "A init": ("shell", True),
    "A worker": ("A init", False),
    "B init": ("A init", True),
    "B job": ("B init", False),
}
NAMES = tuple(TREE)


class Family:
    """The five processes on a machine of their own; one may send one signal."""

    def __init__(self, sender: str = "", number: int = 0, signal: int = 0) -> None:
        self.sender, self.number, self.signal = sender, number, signal
        self.answer: Any = None
        self.by_name: dict[str, Process] = {}
        self.machine = Machine()
        self.machine.spawn(self.program, "shell", name="shell", uid=0)
        born = 0
        while self.machine.step():
            if len(self.machine.processes) > born:  # the youngest has just been made
                born = len(self.machine.processes)
                self.by_name[NAMES[born - 1]] = list(self.machine.processes.values())[-1]
            if self.machine.clock.now > 300:
                break

    def program(self, name: str) -> Any:
        for child, (parent, begins) in TREE.items():
            if parent == name:
                yield (
                    Clone(CLONE_NEWPID, self.program, child)
                    if begins
                    else Fork(self.program, child)
                )
                yield Nanosleep(20)  # so that they are born in the order of the list
        if name == self.sender:
            yield Nanosleep(100)
            self.answer = yield Kill(self.number, self.signal)
        while True:
            yield Pause()

    def numbers(self, name: str) -> list[int | None]:
        """What it is called on the host, in A and in B; None: it has no number there."""
        spaces = [self.by_name[one].namespaces.pid for one in ("shell", "A init", "B init")]
        return [self.by_name[name].numbers.get(space) for space in spaces]

    def number_for(self, sender: str, target: str) -> int | None:
        """What ``sender`` calls ``target``."""
        return self.by_name[target].numbers.get(self.by_name[sender].namespaces.pid)


@cache
def attempt(sender: str, target: str, signal: int) -> tuple[bool, tuple[str, ...]]:
    """Whether the sender has a number for the target, and who is gone after the signal."""
    number = Family().number_for(sender, target)
    if number is None:
        return False, ()
    after = Family(sender, number, signal)
    return True, tuple(name for name in NAMES if not after.by_name[name].alive)


SIGNALS = {"SIGTERM": Signum.SIGTERM, "SIGKILL": Signum.SIGKILL}


@explorable(
    "containers/namespaces/pids",
    title=N_("One process, several numbers"),
    predict=N_(
        "A worker in container A sends SIGKILL to number 1 of its own namespace. Who dies? And who,"
        " if the shell of the host sends it?"
    ),
    controls=(
        Choice(
            name="sender",
            label=N_("Who sends"),
            default="A worker",
            options=tuple((name, name) for name in NAMES),
        ),
        Choice(
            name="signal",
            label=N_("Signal"),
            default="SIGKILL",
            options=tuple((name, name) for name in SIGNALS),
        ),
    ),
)
def pids(sender: str, signal: str) -> View:
    """The numbers of five processes in three namespaces, and what one of them can do to each."""
    family = Family()
    dies, lives, none = _("dies"), _("does not hear it"), _("has no number for it")
    rows = []
    for name in NAMES:
        named, gone = attempt(sender, name, SIGNALS[signal])
        state = none if not named else dies if name in gone else lives
        others = len(gone) - 1
        words = state if others < 1 else _("dies, and {n} with it").format(n=others)
        cells = [fig.Cell("-" if n is None else str(n)) for n in family.numbers(name)]
        rows.append(fig.Row(name, [*cells, fig.Cell(words, state)]))
    reached = [row.head for row in rows if row.cells[3].state != none]
    says = _(
        "{sender} has a number for {count} of 5 processes. With {signal} it ends: {ended}."
    ).format(
        sender=sender,
        count=len(reached),
        signal=signal,
        ended=", ".join(row.head for row in rows if row.cells[3].state == dies) or _("none"),
    )
    picture = fig.table(
        (_("host"), "A", "B", _("{signal} from {sender}").format(signal=signal, sender=sender)),
        rows,
        title=_("Numbers of five processes"),
        description=" ".join(
            f"{row.head}: {', '.join(cell.words for cell in row.cells)}." for row in rows
        ),
        states=(dies, lives, none),
        quiet=none,
    )
    return View((picture,), says)
