"""The buddy allocator: blocks of 2**order frames, split in halves and joined again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from lab_kernel import figures as fig
from lab_kernel.errors import BadInput
from lab_kernel.explore import View, Words, explorable
from lab_kernel.explore.kernel.memory import inputs, wording
from lab_kernel.explore.wording import counted
from lab_kernel.kernel.buddy import Buddy
from lab_kernel.language import N_, _

ORDER = 4
FRAMES = 1 << ORDER


def order_for(frames: int) -> int:
    """The smallest order whose blocks hold so many frames."""
    return (frames - 1).bit_length()


@explorable(
    "kernel/memory/buddy",
    title=N_("Splitting and joining buddies"),
    predict=N_(
        "Of 16 free frames somebody wants 3, then 1, 5 and 2, and gives back the 1. Where is each,"
        " and which buddies are joined?"
    ),
    controls=(
        Words(
            name="ops",
            label=N_("Operations: +n allocates n frames, -k frees allocation k, from 0"),
            default="+3,+1,+5,+2,-1",
            parse=inputs.operations(10, FRAMES),
        ),
    ),
)
def buddy(ops: Sequence[str]) -> View:
    """16 frames: the blocks after every operation, and at the end the tree they make up."""
    allocator = Buddy(ORDER)
    given: list[int | None] = []  # the first frame of each allocation; None: failed or freed
    asked: dict[int, int] = {}  # first frame of each block in use: frames asked for
    strips = []
    refused = []
    for op in ops:
        number = int(op[1:])
        caption = op
        if op[0] == "+":
            pfn = allocator.allocate(order_for(number))
            given.append(pfn)
            if pfn is None:
                refused.append(op)
                caption = _("{op}: no room").format(op=op)
            else:
                asked[pfn] = number
        else:
            freed = given[number] if number < len(given) else None
            if freed is None:
                message = _("{op} frees an allocation that does not exist, failed or is free again")
                raise BadInput("ops", message.format(op=op))
            allocator.free(freed)
            given[number] = None
            del asked[freed]
        strips.append(fig.Strip(caption, [_block(*each, asked) for each in allocator.blocks()]))
    did = Counter(event.action for event in allocator.events)
    used, wanted = FRAMES - allocator.free_frames, sum(asked.values())
    says = _(
        "{splits} and {merges}; {used} handed out for {wanted} asked for: {wasted} wasted inside"
        " blocks{refused}."
    ).format(
        splits=counted(did["split"], N_("{n} split"), N_("{n} splits")),
        merges=counted(did["merge"], N_("{n} merge"), N_("{n} merges")),
        used=wording.frames(used),
        wanted=wanted,
        wasted=used - wanted,
        refused=_("; no room for {ops}").format(ops=", ".join(refused)) if refused else "",
    )
    states = [_("used"), _("free"), _("split")]
    history = fig.blocks(
        strips,
        title=_("The blocks after every operation, asked for/given"),
        description=wording.strips(strips, _said),
        states=states,
    )
    tree = _tree(allocator.blocks(), asked)
    end = fig.buddy_tree(
        tree,
        title=_("The tree at the end, asked for/given"),
        description=wording.strips(tree, _said),
        states=states,
    )
    return View((history, end), says)


def _block(pfn: int, order: int, used: bool, asked: Mapping[int, int]) -> fig.Block:
    size = 1 << order
    label = f"{asked[pfn]}/{size}" if used else str(size)
    return fig.Block(pfn, size, _("used") if used else _("free"), label)


def _tree(blocks: Sequence[tuple[int, int, bool]], asked: Mapping[int, int]) -> list[fig.Strip]:
    """A strip for each order: its blocks, and those of it that were split."""
    strips = []
    for order in range(ORDER, min(order for _pfn, order, _used in blocks) - 1, -1):
        row = [_block(*each, asked) for each in blocks if each[1] == order]
        split = {pfn >> order << order for pfn, below, _used in blocks if below < order}
        row += [fig.Block(pfn, 1 << order, _("split")) for pfn in sorted(split)]
        strips.append(fig.Strip(_("order {order}").format(order=order), row))
    return strips


def _said(block: fig.Block) -> str:
    return _("{first} to {last} {state}").format(
        first=block.address, last=block.address + block.size - 1, state=block.state
    )
