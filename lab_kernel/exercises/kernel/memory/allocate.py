"""At which address does a block come to lie?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.kernel.allocator import FreeList
from lab_kernel.language import N_, _

HEADER, ALIGN = 4, 4
RULES = {
    "first": N_("First fit: the first free block in the list that is large enough."),
    "best": N_("Best fit: the smallest free block that is large enough."),
    "worst": N_("Worst fit: the largest free block."),
}
Free = list[tuple[int, int]]


def _heap(strategy: str, free: Free, header: int = HEADER, align: int = ALIGN) -> FreeList:
    """A heap whose free list is this one; what is in use between does not matter here."""
    heap = FreeList(1000, 1000, strategy, header=header, align=align)
    heap.free_list = list(free)
    return heap


def _second(heap: FreeList, first: int, second: int) -> int | None:
    heap.allocate(first)
    return heap.allocate(second).address


def _said(free: Free) -> str:
    return ", ".join(
        _("{address} ({size} bytes)").format(address=address, size=size) for address, size in free
    )


@exercise("kernel/memory/allocate", title=N_("Where does the block lie?"))
def allocate(rng: random.Random) -> Problem:
    """Two requests to a free list of four blocks; the second one is asked for."""
    strategy = rng.choice(tuple(RULES))
    while True:
        sizes = [4 * n for n in rng.sample(range(4, 16), 4)]
        free = [(1000 + 100 * n, size) for n, size in enumerate(sizes)]
        first, second = (rng.choice([n for n in range(7, 34) if n % 4]) for _request in "ab")
        heap = _heap(strategy, free)
        before = heap.allocate(first).address
        between = list(heap.free_list)
        own = heap.allocate(second).address
        others = {name: _second(_heap(name, free), first, second) for name in RULES}
        tie = len({size for _address, size in between}) < len(between)
        if own is None or before is None or tie:
            continue
        if len(set(others.values())) == 3 and None not in others.values():
            break
    size = heap.block_size(second)
    taken = next(place for place in between if place[0] == own)
    mistakes: list[Mistake] = [
        (before, _("That is the block of the first request.")),
        (
            own + HEADER,
            _(
                "That is behind the header. The block begins {header} bytes earlier, with its"
                " header."
            ).format(header=HEADER),
        ),
        (
            own + taken[1] - size,
            _(
                "The right free block, but its far end. The low end is handed out, the rest stays"
                " free."
            ),
        ),
        *(
            (
                address,
                _("That follows another rule. {other} Read yours again. {rule}").format(
                    other=_(RULES[name]), rule=_(RULES[strategy])
                ),
            )
            for name, address in others.items()
            if name != strategy
        ),
        (
            _heap(strategy, free).allocate(second).address,
            _("That is so as long as the first request has not come. It changed the free list."),
        ),
        (
            _second(_heap(strategy, free, header=0), first, second),
            _("That leaves out the headers. Every block has {header} bytes more.").format(
                header=HEADER
            ),
        ),
        (
            _second(_heap(strategy, free, align=1), first, second),
            _("That leaves out the rounding up to a multiple of {align}.").format(align=ALIGN),
        ),
    ]
    return Problem(
        prompt=_(
            "A heap's free list, in order of address: {free}. A block is the request rounded up"
            " to a"
            " multiple of {align}, plus a header of {header} bytes in front. It is cut from the"
            " low end of"
            " a free block, and the rest stays on the list in its place. Two requests come, for"
            " {first}"
            " bytes and then for {second} bytes. At which address does the second block begin,"
            " header"
            " included?\n{rule}"
        ).format(
            free=_said(free),
            align=ALIGN,
            header=HEADER,
            first=first,
            second=second,
            rule=_(RULES[strategy]),
        ),
        expects=_("An address: a whole number."),
        answer=own,
        read=whole,
        explain=recognise(
            mistakes,
            _("Do the first request on paper, write down the new free list, then the second."),
        ),
        hints=(
            _("How large are the two blocks really? Round up first, then add the header."),
            _("The blocks take {first} and {second} bytes. {rule}").format(
                first=heap.block_size(first), second=size, rule=_(RULES[strategy])
            ),
            _("After the first request the free list is: {free}.").format(free=_said(between)),
        ),
        solution=_(
            "The blocks take {first} and {second} bytes. The first one goes to {before} and"
            " leaves the"
            " free list {free}. {rule} So the second one begins at {own}."
        ).format(
            first=heap.block_size(first),
            second=size,
            before=before,
            free=_said(between),
            rule=_(RULES[strategy]),
            own=own,
        ),
    )
