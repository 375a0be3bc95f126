"""memory.high slows down, memory.max kills."""

from __future__ import annotations

from functools import cache

from lab_kernel import figures as fig
from lab_kernel.containers.cgroups import Meal, eat
from lab_kernel.containers.cgroups.appetite import FRAMES
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.language import N_, _

NO_SWAP, SWAP = "none", "100"
LIMITS = {"none": N_("no limit"), "high": "memory.high", "max": "memory.max"}
_ROOM = 80  # points of a line that a reader can tell apart


@cache
def meal(wanted: int, limit: int, which: str, swap: str) -> Meal:
    limits = {"high": {"high": limit}, "max": {"most": limit}}.get(which, {})
    return eat(wanted, swap=0 if swap == NO_SWAP else int(swap), **limits)


@explorable(
    "containers/cgroups/appetite",
    title=N_("At the limit"),
    predict=N_(
        "A process wants 80 pages; its group's limit is 60, and there is no swap. More than half"
        " of the machine's memory is unused. What becomes of it with memory.max, what with"
        " memory.high?"
    ),
    controls=(
        Whole(name="wanted", label=N_("Pages that it wants"), low=10, high=120, default=80),
        Whole(name="limit", label=N_("Limit in pages"), low=10, high=120, default=60),
        Choice(
            name="swap",
            label=N_("Swap"),
            default=NO_SWAP,
            options=((NO_SWAP, N_("none")), (SWAP, N_("100 pages"))),
        ),
    ),
)
def view(wanted: int, limit: int, swap: str) -> View:
    """The group's memory over time, three times; how each ended."""
    meals = {which: meal(wanted, limit, which, swap) for which in LIMITS}
    series = [
        fig.Series(_(LIMITS[which]), [(t / 1000, pages) for t, pages in _thinned(one.held)])
        for which, one in meals.items()
    ]
    told = [f"{_(LIMITS[which])}: {_ended(one)}" for which, one in meals.items()]
    says = " ".join(f"{each}." for each in told)
    chart = fig.step_chart(
        series,
        title=_("Memory of the group"),
        description=says,
        x_label=_("seconds"),
        y_label=_("pages"),
    )
    events = ("high", "max", "oom", "oom_kill")
    rows = []
    for which in ("high", "max"):
        memory = meals[which].group.memory
        assert memory is not None
        counts = [memory.events[event] for event in events]
        rows.append(fig.Row(_(LIMITS[which]), [fig.Cell(f"{count:,}") for count in counts]))
    table = fig.table(
        events,
        rows,
        title=_("memory.events of the group"),
        description=" ".join(
            f"{row.head}: "
            + ", ".join(f"{e} {c.words}" for e, c in zip(events, row.cells, strict=True))
            + "."
            for row in rows
        ),
    )
    return View((chart, table), says)


def _ended(one: Meal) -> str:
    if one.ended is None:
        return _("still on its way after a minute")
    took = f"{one.ended:,}"
    if one.killed:
        return _(
            "killed after {took} ms, exit code 137, while {free} of the machine's {frames} frames"
            " were unused"
        ).format(took=took, free=one.free, frames=FRAMES)
    if one.swapped:
        return _("done after {took} ms, with {pages} pages in swap").format(
            took=took, pages=one.swapped
        )
    return _("done after {took} ms").format(took=took)


def _thinned(points: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    every = max(1, len(points) // _ROOM)
    return [*points[:-2:every], *points[-2:]]
