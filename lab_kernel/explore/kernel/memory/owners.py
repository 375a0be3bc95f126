"""Who owns each frame: the kernel's account of physical memory, step by step."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

from lab_kernel import figures as fig
from lab_kernel.explore import View, Whole, explorable
from lab_kernel.explore.kernel.memory import wording
from lab_kernel.kernel.memory import KERNEL, FrameTable, FrameUse
from lab_kernel.language import N_, _

FRAMES, KERNELS = 16, 4


def _take(table: FrameTable, owner: str, frames: int) -> None:
    for _frame in range(frames):
        table.allocate(owner)


def _fork(table: FrameTable, parent: str, child: str) -> None:
    for frame in table.held_by(parent):
        table.share(frame, child)


def _copy(table: FrameTable, owner: str) -> None:
    """Copy-on-write: the owner leaves one shared frame for a frame of its own."""
    table.allocate(owner)
    table.free(table.held_by(owner)[0], owner)


def _exit(table: FrameTable, owner: str) -> None:
    for frame in table.held_by(owner):
        table.free(frame, owner)


# What happens to memory, in order; step 0 is the first line alone.
STORY: tuple[tuple[str, Callable[[FrameTable], None]], ...] = (
    (N_("The kernel has started"), lambda table: None),
    (N_("Process A takes 3 frames"), lambda table: _take(table, "A", 3)),
    (N_("Process B takes 2 frames"), lambda table: _take(table, "B", 2)),
    (N_("A forks C, which shares all that A has"), lambda table: _fork(table, "A", "C")),
    (N_("C writes to a page and gets a copy of it"), lambda table: _copy(table, "C")),
    (N_("B exits"), lambda table: _exit(table, "B")),
    (N_("A exits; C keeps what they shared"), lambda table: _exit(table, "A")),
)


@explorable(
    "kernel/memory/frames",
    title=N_("Who owns each frame?"),
    predict=N_("A owns 3 frames and forks C. How many more frames are in use then?"),
    controls=(Whole(name="step", label=N_("Step"), default=3, low=0, high=len(STORY) - 1),),
)
def frames(step: int) -> View:
    """16 frames, 4 of them the kernel's, and three processes that come and go."""
    table = FrameTable(FRAMES, KERNELS)
    for _text, happens in STORY[: step + 1]:
        happens(table)
    shared = sum(len(use.owners) > 1 for use in table.map())
    says = _(
        "{step}: {used} used (by the kernel {kernel}, shared {shared}) and {unused} unused,"
        " {total} in all."
    ).format(
        step=_(STORY[step][0]),
        used=wording.frames(table.used),
        kernel=len(table.held_by(KERNEL)),
        shared=shared,
        unused=table.unused,
        total=table.used + table.unused,
    )
    regions = [
        fig.Region(run[0].frame, run[-1].frame + 1, label, kind)
        for (label, kind), run in (
            (look, list(uses)) for look, uses in groupby(table.map(), key=_look)
        )
    ]
    picture = fig.memory_map(
        regions,
        title=_("Physical memory after step {step}").format(step=step),
        description=" ".join(
            _("Frames {first} to {last}: {label}.").format(
                first=region.start, last=region.end - 1, label=region.label
            )
            for region in regions
        ),
        kinds=[_("kernel"), _("own"), _("shared"), _("unused")],
        address=str,
        size=wording.frames,
        high_on_top=False,
    )
    return View((picture,), says)


def _look(use: FrameUse) -> tuple[str, str]:
    """(label, kind) of a frame in the picture; neighbours alike are drawn as one."""
    if not use.owners:
        return _("nobody"), _("unused")
    if use.owners == (KERNEL,):
        return _("the kernel"), _("kernel")
    if len(use.owners) == 1:
        return use.owners[0], _("own")
    return _("{first} and {second}").format(first=use.owners[0], second=use.owners[1]), _("shared")
