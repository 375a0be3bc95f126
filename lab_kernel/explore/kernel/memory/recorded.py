"""Replacement on real programs, where the textbook's order does not always hold."""

from __future__ import annotations

from functools import cache

from lab_kernel import figures as fig
from lab_kernel import host
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.explore.kernel.memory import wording
from lab_kernel.explore.kernel.memory.wording import POLICY_LABELS
from lab_kernel.kernel.replacement import simulate
from lab_kernel.language import N_, _

# The order in which textbooks rank them, the best first; random is the yardstick.
RANKED = ("opt", "lru", "clock", "fifo", "random")
KEPT = 60_000  # references from the start: five policies at ten sizes in under a second

PROGRAMS = {
    "bzip2": N_("bzip2: compressing"),
    "join": N_("SQLite: a nested-loop join"),
    "sort": N_("sort: 150 lines of text"),
}
# Where the curves are sampled: closely where they bend.
SIZES = {
    "bzip2": (8, 24, 40, 56, 62, 64, 65, 66, 67, 68),
    "join": (8, 16, 24, 32, 48, 52, 53, 64, 80, 96),
    "sort": (8, 16, 24, 32, 48, 64, 77, 78, 96),
}


@cache
def faults_with(program: str, frames: int) -> dict[str, int]:
    """The faults of every ranked policy on the start of a recording; random has seed 0."""
    references = host.recording(program).data[:KEPT]
    return {name: simulate(name, frames, references).faults for name in RANKED}


def out_of_order(program: str, frames: int) -> list[tuple[str, str]]:
    """Pairs (better, worse) of which the textbook says the opposite; OPT cannot be among them."""
    faults = faults_with(program, frames)
    return [
        (later, earlier)
        for n, earlier in enumerate(RANKED)
        for later in RANKED[n + 1 :]
        if faults[later] < faults[earlier]
    ]


def _verdict(program: str, frames: int) -> str:
    """Whether the textbook's order holds, and whether one more frame would make FIFO worse."""
    swapped = out_of_order(program, frames)
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
        broken = (str(size) for size in SIZES[program] if out_of_order(program, size))
        verdict = _("the textbook's order holds here, but not with {sizes} frames").format(
            sizes=", ".join(broken)
        )
    now, then = (faults_with(program, size)["fifo"] for size in (frames, frames + 1))
    if then > now:
        verdict += _("; with one frame more FIFO has {then} faults, Belady's anomaly").format(
            then=f"{then:,}"
        )
    return verdict


@explorable(
    "kernel/memory/recorded",
    title=N_("Replacement on a real program"),
    predict=N_(
        "Textbooks rank OPT, LRU, CLOCK, FIFO, and random choice last. Which policies change"
        " places?"
    ),
    controls=(
        Choice(
            name="program",
            label=N_("Recorded program"),
            default="bzip2",
            options=tuple(PROGRAMS.items()),
        ),
        Whole(name="frames", label=N_("Frames"), low=4, high=128, default=65),
    ),
)
def recorded(program: str, frames: int) -> View:
    """Faults of five policies at every sampled size, and side by side at one."""
    found = {
        name: [(size, faults_with(program, size)[name]) for size in SIZES[program]]
        for name in RANKED
    }
    faults = faults_with(program, frames)
    order = ", ".join(
        _("{policy} {faults}").format(policy=_(POLICY_LABELS[name]), faults=f"{faults[name]:,}")
        for name in sorted(RANKED, key=lambda name: faults[name])
    )
    says = _("{program}, first {references}, {frames}: {order} faults; {verdict}.").format(
        program=_(PROGRAMS[program]),
        references=wording.references(KEPT),
        frames=wording.frames(frames),
        order=order,
        verdict=_verdict(program, frames),
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
        title=_("Faults, listed in the textbook's order, {frames}").format(
            frames=wording.frames(frames)
        ),
        description=_("Page faults: {order}.").format(order=order),
    )
    return View((lines, ranking), says)
