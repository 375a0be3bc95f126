"""How many namespaces are there?"""

from __future__ import annotations

import random
from typing import Any

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.namespaces.kinds import FLAGS
from lab_kernel.kernel.namespaces.view import numbers
from lab_kernel.kernel.syscalls import Clone, Nanosleep, Pause, Unshare
from lab_kernel.language import N_, _

KINDS = ("uts", "net", "mnt")
Call = tuple[int, tuple[str, ...], int]  # who, which kinds, and the child (0: unshare)


def _draw(rng: random.Random) -> list[Call]:
    calls: list[Call] = []
    born = 1
    for _n in range(6):
        who = rng.randrange(born)
        kinds = tuple(kind for kind in KINDS if rng.random() < 0.45)
        if rng.random() < 0.4 and kinds:
            calls.append((who, kinds, 0))
        else:
            calls.append((who, kinds, born))
            born += 1
    return calls


def _flags(kinds: tuple[str, ...]) -> int:
    return sum(FLAGS[kind] for kind in kinds)


def count(calls: list[Call], kind: str) -> int:
    """On a machine: how many namespaces of the kind its processes are in at the end."""
    turn = 40

    def program(own: int, start: int) -> Any:
        for n, (who, kinds, child) in enumerate(calls[start:], start):
            yield Nanosleep(turn)
            if who == own:
                flags = _flags(kinds)
                yield Clone(flags, program, child, n + 1) if child else Unshare(flags)
        while True:
            yield Pause()

    machine = Machine()
    machine.spawn(program, 0, 0, uid=0)
    machine.run()
    return len({numbers(process)[kind] for process in machine.processes.values()})


def _named(kinds: tuple[str, ...]) -> str:
    return " | ".join(f"CLONE_NEW{kind.replace('mnt', 'ns').upper()}" for kind in kinds) or "0"


def told(calls: list[Call]) -> str:
    """A line for each call."""
    return "\n".join(
        f"p{who}: clone({_named(kinds)}) -> p{child}"
        if child
        else f"p{who}: unshare({_named(kinds)})"
        for who, kinds, child in calls
    )


@exercise("containers/namespaces/same", title=N_("How many namespaces?"))
def same(rng: random.Random) -> Problem:
    """What is not asked for anew is shared, and what everybody has left is gone."""
    while True:
        calls, kind = _draw(rng), rng.choice(KINDS)
        answer, named = count(calls, kind), sum(kind in kinds for _who, kinds, _child in calls)
        processes = 1 + sum(child > 0 for _who, _kinds, child in calls)
        if answer > 1 and processes > 3 and answer not in (processes, len(calls)):
            break
    mistakes: list[Mistake] = [
        (processes, _("A process does not get a new one unless a flag asks for it.")),
        (named + 1, _("Somebody has left a namespace that had nobody else in it.")),
        (named, _("And the first one, of the machine? See who is still in it.")),
        (answer - 1, _("The namespace of the machine counts, if somebody is in it.")),
        (len(calls), _("Not every call names this kind.")),
    ]
    return Problem(
        prompt=_(
            "p0 is a process of the host. These calls are made in this order:\n{calls}\nNobody has"
            " ended. In how many different {kind} namespaces are these processes now?"
        ).format(calls=told(calls), kind=kind),
        expects=_("A whole number."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("Write the namespace of this kind beside each process.")),
        hints=(
            _("Look only at the calls with {flag}.").format(flag=_named((kind,))),
            _("clone gives the new one to the child, unshare to the caller itself."),
            _("There are {processes} processes, and {named} calls name this kind.").format(
                processes=processes, named=named
            ),
        ),
        solution=_("{named} new ones were made; at the end the processes are in {answer}.").format(
            named=named, answer=answer
        ),
    )
