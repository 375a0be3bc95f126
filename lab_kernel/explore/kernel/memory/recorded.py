"""Replacement on real programs, where the textbook's order does not always hold."""

from __future__ import annotations

from functools import cache

from lab_kernel import figures as fig
from lab_kernel import host
from lab_kernel.explore import Choice, View, explorable
from lab_kernel.explore.kernel.memory import wording
from lab_kernel.explore.kernel.memory.wording import POLICY_LABELS
from lab_kernel.kernel.replacement import curve
from lab_kernel.language import N_, _

# The order in which textbooks rank them, the best first; random is the yardstick.
RANKED = ("opt", "lru", "clock", "fifo", "random")
SIZES = (8, 16, 24, 32, 48, 64, 96)
KEPT = 40_000  # references from the start: five policies in about a second

PROGRAMS = {
    "join": N_("SQLite: a nested-loop join"),
    "sort": N_("sort: 150 lines of text"),
}


@cache
def curves(program: str) -> dict[str, list[tuple[int, int]]]:
    """(frames, faults) of every ranked policy on the start of a recording."""
    recording = host.recording(program)
    return {name: curve(name, recording.data[:KEPT], SIZES) for name in RANKED}


def out_of_order(program: str, frames: int) -> list[tuple[str, str]]:
    """Pairs (better, worse) of which the textbook says the opposite; OPT cannot be among them."""
    faults = {name: dict(points)[frames] for name, points in curves(program).items()}
    return [
        (later, earlier)
        for n, earlier in enumerate(RANKED)
        for later in RANKED[n + 1 :]
        if faults[later] < faults[earlier]
    ]


@explorable(
    "kernel/memory/recorded",
    title=N_("Replacement on a real program"),
    predict=N_(
        "Textbooks rank OPT, LRU, CLOCK, FIFO, and random choice last. Which pair changes places?"
    ),
    controls=(
        Choice(
            name="program",
            label=N_("Recorded program"),
            default="join",
            options=tuple(PROGRAMS.items()),
        ),
        Choice(
            name="frames",
            label=N_("Frames"),
            default="48",
            options=tuple((str(size), str(size)) for size in SIZES),
        ),
    ),
)
def recorded(program: str, frames: str) -> View:
    """Faults of five policies at every size, and side by side at one; random has seed 0."""
    found, size = curves(program), int(frames)
    faults = {name: dict(points)[size] for name, points in found.items()}
    swapped = out_of_order(program, size)
    broken = [str(each) for each in SIZES if out_of_order(program, each)]
    order = ", ".join(
        _("{policy} {faults}").format(policy=_(POLICY_LABELS[name]), faults=f"{faults[name]:,}")
        for name in sorted(RANKED, key=lambda name: faults[name])
    )
    if swapped:
        verdict = _("the textbook's order does not hold: {pairs}").format(
            pairs=", ".join(
                _("{better} before {worse}").format(
                    better=_(POLICY_LABELS[better]), worse=_(POLICY_LABELS[worse])
                )
                for better, worse in swapped
            )
        )
    else:
        verdict = _("the textbook's order holds here, but not with {sizes} frames").format(
            sizes=", ".join(broken)
        )
    says = _("{program}, {references}, {frames}: {order} faults; {verdict}.").format(
        program=_(PROGRAMS[program]),
        references=wording.references(KEPT),
        frames=wording.frames(size),
        order=order,
        verdict=verdict,
    )
    lines = fig.line_chart(
        [fig.Series(_(POLICY_LABELS[name]), points) for name, points in found.items()],
        title=_("Faults by the number of frames"),
        description=_("{program}, {source}.").format(
            program=_(PROGRAMS[program]), source=host.recording(program).source
        )
        + " "
        + " ".join(
            _("{policy}: {counts}.").format(
                policy=_(POLICY_LABELS[name]), counts=", ".join(str(f) for _n, f in points)
            )
            for name, points in found.items()
        ),
        x_label=_("frames"),
        y_label=_("page faults"),
    )
    ranking = fig.bars(
        [fig.Bar(_(POLICY_LABELS[name]), [(_("page faults"), faults[name])]) for name in RANKED],
        title=_("In the textbook's order, {frames}").format(frames=wording.frames(size)),
        description=_("Page faults: {order}.").format(order=order),
    )
    return View((lines, ranking), says)
