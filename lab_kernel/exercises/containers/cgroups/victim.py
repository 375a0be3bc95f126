"""Whom does the OOM killer take, when it is a group that is full?"""

from __future__ import annotations

import random
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import one_of
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.paging import PAGE_SIZE
from lab_kernel.kernel.program import Store
from lab_kernel.kernel.syscalls import Mmap, Pause
from lab_kernel.language import N_, _

NAMES = ("cache", "worker", "proxy", "batch", "logger", "db")
FRAMES = 512


@dataclass(frozen=True, slots=True)
class Holding:
    """A process: its group, and the pages that it holds."""

    name: str
    group: str
    pages: int


def killed(holdings: list[Holding], limits: dict[str, int], asking: str) -> str:
    """What the simulated machine does when this one touches pages until its group is full."""
    machine = Machine(frames=FRAMES, swap=0)
    groups = {
        name: machine.cgroups.make(name, memory_max=pages * PAGE_SIZE)
        for name, pages in limits.items()
    }
    for one in holdings:
        machine.spawn(_hold, one.pages, name=one.name, cgroup=groups[one.group])
    machine.run()
    process = next(p for p in machine.processes.values() if p.name == asking)
    room = limits[next(one.group for one in holdings if one.name == asking)]
    assert process.space is not None
    for page in range(room + 1):
        process.space.map(0x1000 + page, 1)
        outcome = process.space.access((0x1000 + page) * PAGE_SIZE, write=True)
        if outcome.killed:
            return outcome.killed[0]
    raise AssertionError("the group was never full")


def _hold(pages: int) -> Generator[Any, Any, None]:
    start = yield Mmap(length=pages * PAGE_SIZE)
    for page in range(pages):
        yield Store(start + page * PAGE_SIZE, 1)
    yield Pause()


@exercise("containers/cgroups/victim", title=N_("Who is killed?"))
def victim(rng: random.Random) -> Problem:
    """The largest of the machine is in the other group; the one that asks is often not the one."""
    while True:
        names = rng.sample(NAMES, 5)
        holdings = [
            Holding(name, "web" if n < 3 else "jobs", rng.randrange(4, 30))
            for n, name in enumerate(names)
        ]
        inside = [one for one in holdings if one.group == "web"]
        outside = [one for one in holdings if one.group == "jobs"]
        sizes = sorted((one.pages for one in inside), reverse=True)
        largest = max(outside, key=lambda one: one.pages)
        asking = min(inside, key=lambda one: (one.pages, one.name))
        if sizes[0] - sizes[1] > 5 and largest.pages > sizes[0] + 2 and sizes[1] > sizes[2] + 4:
            break
    room = sum(sizes)  # it is full: the next page is one too many
    answer = killed(holdings, {"web": room, "jobs": 200}, asking.name)
    mistakes: list[Mistake] = [
        (
            one.name,
            _("{name} is in another group. The limit of web never kills outside web.").format(
                name=one.name
            ),
        )
        for one in outside
    ]
    mistakes += [
        (
            asking.name,
            _("{name} only asked last. The killer looks at who holds most.").format(
                name=asking.name
            ),
        ),
        ("nobody", _("There is no swap, and nothing to reclaim: somebody has to go.")),
    ]
    mistakes += [(one.name, _("Another process of the group holds more.")) for one in inside]
    listed = "\n".join(
        _("{name} in {group}: {pages} pages").format(
            name=one.name, group=one.group, pages=one.pages
        )
        for one in rng.sample(holdings, len(holdings))
    )
    return Problem(
        prompt=_(
            "A machine has {frames} frames and no swap. memory.max of the group web is {room}"
            " pages, of jobs 200.\n{listed}\n{asking} touches one page more. All pages are"
            " anonymous and dirty, and nobody has an oom_score_adj. Which process is killed, or"
            " nobody?"
        ).format(frames=FRAMES, room=room, listed=listed, asking=asking.name),
        expects=_("The name of a process, or nobody."),
        answer=answer,
        read=one_of(*sorted(names), "nobody"),
        explain=recognise(mistakes, _("Look at the group that is full.")),
        hints=(
            _("How much does web hold, and how much may it?"),
            _("Without swap nothing of it can leave. Who may be killed: whom does web hold?"),
            _("One of: {names}.").format(names=", ".join(sorted(one.name for one in inside))),
        ),
        solution=_(
            "web is full at {room} pages, with {free} of the machine's frames unused. Inside web"
            " {name} holds most."
        ).format(room=room, free=FRAMES - sum(one.pages for one in holdings), name=answer),
    )
