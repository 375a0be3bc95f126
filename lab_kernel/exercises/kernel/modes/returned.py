"""A process dies. How many frames come back, and how many does its child still hold?"""

from __future__ import annotations

import random
from collections.abc import Generator
from typing import Any

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.program import Access, Compute, Store
from lab_kernel.kernel.syscalls import Fork, Mmap
from lab_kernel.language import N_, _

PAGE = 4096


def used_after(pages: int, written: int, own: int) -> tuple[int, int]:
    """(frames in use before the parent's fault, and after it), on a machine."""
    used: list[int] = []

    def child(start: int) -> Generator[Any, Any, None]:
        for page in range(written):
            yield Store(start + page * PAGE, 2)
        more = yield Mmap(length=own * PAGE)
        for page in range(own):
            yield Store(more + page * PAGE, 3)
        used.append(machine.pager.frames.used)
        yield Compute(500)
        used.append(machine.pager.frames.used)

    def parent() -> Generator[Any, Any, None]:
        start = yield Mmap(length=pages * PAGE)
        for page in range(pages):
            yield Store(start + page * PAGE, 1)
        yield Fork(child, start)
        yield Compute(200)
        yield Access(0)

    machine = Machine(frames=64, policy="rr", quantum=20)
    machine.spawn(parent)
    machine.run()
    return used[0], used[1]


@exercise("kernel/modes/returned", title=N_("What comes back?"))
def returned(rng: random.Random) -> Problem:
    """A fork, some pages written by the child, and then the parent's mistake."""
    pages = rng.randrange(5, 13)
    written, own = rng.randrange(1, pages - 2), rng.randrange(1, 5)
    while written + own == pages:  # the mistakes below are to be told apart
        own = rng.randrange(1, 5)
    before, after = used_after(pages, written, own)
    return Problem(
        prompt=_(
            "A process has written to {pages} pages. It forks; the child then writes to {written}"
            " of them and to {own} pages of its own. Now the parent reads address 0 in user mode"
            " and is ended. The child goes on. How many frames are in use for the child?"
        ).format(pages=pages, written=written, own=own),
        expects=_("A whole number of frames."),
        answer=after,
        read=whole,
        explain=recognise(
            [
                (
                    before,
                    _("That is what was in use before. The parent's own copies come back."),
                ),
                (
                    own + written,
                    _(
                        "The pages that the child never wrote are shared, and the child still"
                        " holds them: a shared frame is freed when its last owner lets go."
                    ),
                ),
                (own, _("The child shares its parent's pages since the fork, and keeps them.")),
                (0, _("The parent is ended, the child is not. It is init's child now.")),
                (
                    pages,
                    _("And the pages that the child took for itself?"),
                ),
            ],
            _("Count the frames that the child can still reach, each page once."),
        ),
        hints=(
            _("A frame comes back when nobody holds it any more. Who holds a shared one?"),
            _(
                "The child reaches every page that its parent had at the fork, as shared frames or"
                " as copies of its own."
            ),
            _("{pages} pages from the fork, and {own} of its own.").format(pages=pages, own=own),
        ),
        solution=_(
            "Before: {pages} + {written} copies + {own} = {before}. The parent's {written} old"
            " versions come back; the child keeps {pages} + {own} = {after}."
        ).format(pages=pages, written=written, own=own, before=before, after=after),
    )
