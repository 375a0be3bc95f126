"""Which page leaves when memory is full: one run, every size."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, Whole, Words, explorable
from lab_kernel.explore.kernel.memory import inputs, wording
from lab_kernel.explore.kernel.memory.wording import POLICY_LABELS
from lab_kernel.kernel.replacement import curve, simulate, steps
from lab_kernel.language import N_, _

# Silberschatz, Galvin and Gagne, "Operating System Concepts", chapter on virtual memory.
SILBERSCHATZ = "7,0,1,2,0,3,0,4,2,3,0,3,2,1,2,0,1,7,0,1"
# Belady, Nelson and Shedler, "An anomaly in space-time characteristics of certain programs
# running in a paging machine", Communications of the ACM 12(6), 1969.
BELADY = "1,2,3,4,1,2,5,1,2,3,4,5"

_REFERENCES = Words(
    name="references",
    label=N_("Pages, in the order of use"),
    default=SILBERSCHATZ,
    parse=inputs.pages(40),
)


@explorable(
    "kernel/memory/replacement",
    title=N_("Which page leaves?"),
    predict=N_("How many of the references below fault? Which page is thrown out first?"),
    controls=(
        Choice(
            name="policy", label=N_("Policy"), default="lru", options=tuple(POLICY_LABELS.items())
        ),
        Whole(name="frames", label=N_("Frames"), default=3, low=1, high=8),
        _REFERENCES,
    ),
)
def replacement(policy: str, frames: int, references: Sequence[int]) -> View:
    """The textbook table for one policy, with OPT's count as the bound."""
    result = simulate(policy, frames, references)
    best = simulate("opt", frames, references).faults
    columns = [
        fig.Column(
            str(step.reference),
            [None if page is None else str(page) for page in step.resident],
            step.hit,
            step.resident.index(step.reference),
            None if step.evicted is None else str(step.evicted),
        )
        for step in steps(policy, frames, references)
    ]
    label = _(POLICY_LABELS[policy])
    if policy == "opt":
        bound = _("no policy can have fewer")
    elif result.faults == best:
        bound = _("OPT, which knows the future, has no fewer")
    else:
        bound = _("OPT, which knows the future, has {best}").format(best=best)
    says = _("{policy} with {frames}: {faults} and {hits} on {references}; {bound}.").format(
        policy=label,
        frames=wording.frames(frames),
        faults=wording.faults(result.faults),
        hits=wording.hits(result.hits),
        references=wording.references(len(references)),
        bound=bound,
    )
    picture = fig.frame_grid(
        columns,
        title=_("{policy}, {frames}: memory after every reference").format(
            policy=label, frames=wording.frames(frames)
        ),
        description=_(
            "One column per reference, one row per frame. Faults at the references: {faulting}."
        ).format(
            faulting=", ".join(
                f"{n} ({c.reference})" for n, c in enumerate(columns, 1) if not c.hit
            )
        ),
    )
    return View((picture,), says, {"faults": result.faults, "hits": result.hits})


@explorable(
    "kernel/memory/miss-curve",
    title=N_("Does more memory always help?"),
    predict=N_("Going from 3 frames to 4, does FIFO fault less often, as often, or more often?"),
    controls=(
        Words(
            name="references",
            label=N_("Pages, in the order of use"),
            default=BELADY,
            parse=inputs.pages(40),
        ),
    ),
)
def miss_curve(references: Sequence[int]) -> View:
    """Faults of four policies for every number of frames up to the number of pages."""
    sizes = range(1, len(set(references)) + 1)
    lines: dict[tuple[tuple[int, int], ...], list[str]] = {}  # those that coincide are one line
    for name in ("fifo", "clock", "lru", "opt"):
        points = tuple(curve(name, references, sizes))
        lines.setdefault(points, []).append(_(POLICY_LABELS[name]))
    named = [(", ".join(policies), points) for points, policies in lines.items()]
    rises = [
        _("{fewer} with {few} but {more} with {many} ({policy})").format(
            policy=policy,
            fewer=wording.faults(less[1]),
            few=wording.frames(less[0]),
            more=more[1],
            many=more[0],
        )
        for policy, points in named
        for less, more in pairwise(points)
        if more[1] > less[1]
    ]
    if rises:
        says = _(
            "Belady's anomaly: {rises}; LRU and OPT never fault more with more frames."
        ).format(rises="; ".join(rises))
    else:
        _policies, fifo = named[0]
        says = _(
            "No anomaly on these references: from 1 frame to {most}, FIFO goes from {first} to"
            " {last} and no policy ever rises."
        ).format(most=len(fifo), first=wording.faults(fifo[0][1]), last=fifo[-1][1])
    picture = fig.line_chart(
        [fig.Series(policy, points) for policy, points in named],
        title=_("Faults by the number of frames"),
        description=" ".join(
            _("{policy}: {counts}.").format(
                policy=policy, counts=", ".join(str(faults) for _n, faults in points)
            )
            for policy, points in named
        ),
        x_label=_("frames"),
        y_label=_("page faults"),
    )
    return View((picture,), says)
