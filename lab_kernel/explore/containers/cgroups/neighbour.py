"""A noisy neighbour, and what helps against it."""

from __future__ import annotations

from functools import cache

from lab_kernel import figures as fig
from lab_kernel.containers.cgroups import ARRANGEMENTS, Service, serve
from lab_kernel.containers.cgroups.neighbours import NEEDS
from lab_kernel.explore import View, Whole, explorable
from lab_kernel.language import N_, _

SHORT = {
    "none": N_("no groups"),
    "groups": N_("two groups"),
    "weight": N_("weights 900 and 100"),
    "jobs": N_("cpu.max on the jobs"),
    "server": N_("cpu.max on the server"),
}


@cache
def served(arrangement: str, jobs: int) -> Service:
    return serve(arrangement, jobs)


@explorable(
    "containers/cgroups/neighbour",
    title=N_("A noisy neighbour"),
    predict=N_(
        "A request needs 10 ms, and four batch jobs compute without end on the same CPU. Which"
        " arrangement answers fastest? Which one wastes the CPU?"
    ),
    controls=(Whole(name="jobs", label=N_("Batch jobs"), low=0, high=12, default=4),),
)
def view(jobs: int) -> View:
    """Five arrangements: how long a request takes, and what is left for the jobs."""
    found = {name: served(name, jobs) for name in ARRANGEMENTS}
    waits = fig.bars(
        [
            fig.Bar(_(SHORT[name]), [(_("work"), NEEDS), (_("waiting"), one.worst - NEEDS)])
            for name, one in found.items()
        ],
        title=_("The slowest of forty requests, in ms"),
        description=_said(found, lambda one: f"{one.worst} ms"),
        kinds=(_("work"), _("waiting")),
    )
    idle = fig.bars(
        [
            fig.Bar(_(SHORT[name]), [(_("jobs"), one.batch), (_("idle"), one.idle)])
            for name, one in found.items()
        ],
        title=_("Where the rest of the four seconds went, in ms"),
        description=_said(found, lambda one: _("idle {ms} ms").format(ms=one.idle)),
        kinds=(_("jobs"), _("idle")),
    )
    best = min(found, key=lambda name: (found[name].worst, list(found).index(name)))
    says = _(
        "With {jobs} busy jobs the slowest request takes {none} ms without groups, {groups} ms in"
        " two groups, {weight} ms with weights, and {server} ms with a quota of its own. Fastest:"
        " {best}."
    ).format(
        jobs=jobs, none=found["none"].worst, groups=found["groups"].worst,
        weight=found["weight"].worst, server=found["server"].worst, best=_(SHORT[best]),
    )  # fmt: skip
    return View((waits, idle), says)


def _said(found: dict[str, Service], shown: object) -> str:
    assert callable(shown)
    return " ".join(f"{_(SHORT[name])}: {shown(one)}." for name, one in found.items())
