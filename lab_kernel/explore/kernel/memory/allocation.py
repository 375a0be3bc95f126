"""Who gets which piece: a heap's free list, and the buddy allocator."""

from __future__ import annotations

from collections.abc import Sequence

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, Toggle, View, Words, explorable
from lab_kernel.explore.kernel.memory import inputs, wording
from lab_kernel.explore.wording import counted, percent
from lab_kernel.kernel.allocator import FreeList
from lab_kernel.language import N_, _

HEAP = 100

STRATEGIES = {
    "first": N_("First fit"),
    "best": N_("Best fit"),
    "worst": N_("Worst fit"),
    "next": N_("Next fit"),
}
ORDERS = {
    "address": N_("By address"),
    "size-asc": N_("Smallest first"),
    "size-desc": N_("Largest first"),
}


@explorable(
    "kernel/memory/allocator",
    title=N_("Finding room in a heap"),
    predict=N_("After all this, 30 bytes are free. Is there room for the last request, 12 bytes?"),
    controls=(
        Choice(
            name="strategy", label=N_("Strategy"), default="best", options=tuple(STRATEGIES.items())
        ),
        Choice(
            name="order", label=N_("Free list"), default="address", options=tuple(ORDERS.items())
        ),
        Toggle(name="coalesce", label=N_("Merge free neighbours"), default="off"),
        Words(
            name="ops",
            label=N_("Operations: +n allocates n bytes, -k frees allocation k, from 0"),
            default="+20,+10,+30,+10,-0,-2,+15,+25,+30,-1,-3,+12",
            parse=inputs.operations(16, HEAP),
        ),
    ),
)
def allocator(strategy: str, order: str, coalesce: bool, ops: Sequence[str]) -> View:
    """A heap of 100 bytes after every operation, without headers or rounding."""

    def after(count: int) -> tuple[FreeList, bool, int]:
        """(the heap, whether the last operation succeeded, entries searched so far)."""
        heap = FreeList(HEAP, strategy=strategy, order=order, coalesce=coalesce)
        done = heap.run(",".join(ops[:count]))
        return heap, done[-1].address is not None, sum(each.searched for each in done)

    strips, failed = [], []
    for count, op in enumerate(ops, 1):
        heap, fine, searched = after(count)
        if not fine:
            failed.append(op)
        caption = op if fine else _("{op}: no room").format(op=op)
        row = [fig.Block(at, size, _("used")) for at, size in sorted(heap.blocks.items())]
        row += [fig.Block(at, size, _("free")) for at, size in heap.free_list]
        strips.append(fig.Strip(caption, row))
    says = _(
        "{strategy}: {entries} searched, {failed}; {unused} of {size} bytes free, {largest} in the"
        " largest block, so external fragmentation is {fragmentation}."
    ).format(
        strategy=_(STRATEGIES[strategy]),
        entries=counted(searched, N_("{n} free-list entry"), N_("{n} free-list entries")),
        failed=_("no room for {ops}").format(ops=", ".join(failed))
        if failed
        else _("every request fitted"),
        unused=heap.unused,
        size=HEAP,
        largest=heap.largest,
        fragmentation=percent(heap.external_fragmentation),
    )
    picture = fig.blocks(
        strips,
        title=_("The heap after every operation"),
        description=wording.strips(strips, _said),
        states=[_("used"), _("free")],
    )
    return View((picture,), says)


def _said(block: fig.Block) -> str:
    return _("{size} {state} at {address}").format(
        size=block.size, state=block.state, address=block.address
    )
