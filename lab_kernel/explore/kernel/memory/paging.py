"""Demand paging: mapped is a promise, resident is a frame. Simulated, and on a real Linux."""

from __future__ import annotations

from collections.abc import Sequence

from lab_kernel import figures as fig
from lab_kernel import host
from lab_kernel.explore import View, Words, explorable
from lab_kernel.explore.kernel.memory import inputs, wording
from lab_kernel.explore.wording import counted
from lab_kernel.host.demand_paging import Step
from lab_kernel.kernel.paging import PAGE_SIZE, Pager
from lab_kernel.language import N_, _
from lab_kernel.trace import Trace

MAPPED, FIRST = 8, 0x400  # pages of the region, and where it begins

KINDS = {
    "hit": N_("hit"),
    "minor fault": N_("minor fault"),
    "segmentation fault": N_("segmentation fault"),
}


@explorable(
    "kernel/memory/demand-paging",
    title=N_("Mapped is not resident"),
    predict=N_(
        "A process maps 8 pages and touches pages 0, 1, 0, 5. How many frames does it take?"
    ),
    controls=(
        Words(
            name="touches",
            label=N_("Pages touched, in order"),
            default="0,1,0,5",
            parse=inputs.pages(24, below=16),
        ),
    ),
)
def demand_paging(touches: Sequence[int]) -> View:
    """8 pages mapped, 0 to 7; a touch is a write, and one outside them ends the process."""
    pager = Pager(frames=MAPPED)
    space = pager.space("A")
    space.map(FIRST, MAPPED)
    trace = Trace()
    resident = [(0, 0)]
    for n, page in enumerate(touches, 1):
        outcome = space.access((FIRST + page) * PAGE_SIZE, write=True)
        row = _("page {page}").format(page=page)
        trace.add(n - 1, row, _(KINDS[outcome.kind]), str(page), duration=1)
        if not outcome.fine:
            break
        resident.append((n, space.accounting().resident))
    counts = trace.counts()
    ended = _(KINDS["segmentation fault"]) in counts
    says = _(
        "{mapped} mapped ({promised}), {faults} and {hits}: {resident} resident ({taken}){end}."
    ).format(
        mapped=wording.pages(MAPPED),
        promised=_kib(MAPPED),
        faults=counted(counts[_("minor fault")], N_("{n} minor fault"), N_("{n} minor faults")),
        hits=wording.hits(counts[_("hit")]),
        resident=wording.pages(resident[-1][1]),
        taken=_kib(resident[-1][1]),
        end=_("; page {page} is not mapped: a segmentation fault ends the process").format(
            page=touches[len(trace) - 1]
        )
        if ended
        else "",
    )
    touched = fig.timeline(
        trace,
        title=_("Each touch"),
        description=", ".join(f"{e.track}: {e.kind}" for e in trace) + ".",
        x_label=_("touch"),
        kinds=[_(kind) for kind in KINDS.values()],
    )
    grown = fig.step_chart(
        [
            fig.Series(_("mapped"), [(0, MAPPED), (resident[-1][0], MAPPED)]),
            fig.Series(_("resident"), resident),
        ],
        title=_("Promised and given"),
        description=_(
            "Mapped {mapped} pages all the time; resident after each touch: {resident}."
        ).format(mapped=MAPPED, resident=", ".join(str(pages) for _n, pages in resident)),
        x_label=_("touches"),
        y_label=_("pages"),
    )
    return View((touched, grown), says)


def _kib(pages: int) -> str:
    return f"{pages * PAGE_SIZE // 1024} KiB"


@explorable(
    "kernel/memory/mapped-and-resident",
    title=N_("The same on a real Linux"),
    predict=N_(
        "A real process maps 64 MiB, then touches half of it, then all. When does its resident"
        " memory grow?"
    ),
)
def mapped_and_resident() -> View:
    """A measurement made once, with mmap, /proc/self/statm and getrusage."""
    recording = host.recording("memory-proc")
    entry = recording.data["demand paging"]
    steps = {each["name"]: Step(**each) for each in entry["steps"]}
    before, mapped, touched = (steps[name] for name in ("before", "mapped", "all touched"))
    says = _(
        "Real Linux ({source}): mapping {size} raised resident memory by {for_nothing};"
        " touching all of it took {faults}, one per {page}, and raised it by {given}."
    ).format(
        source=recording.source,
        size=_mib(entry["size"]),
        for_nothing=_mib(mapped.resident - before.resident),
        faults=counted(
            touched.minor_faults - mapped.minor_faults,
            N_("{n} minor fault"),
            N_("{n} minor faults"),
        ),
        page=f"{entry['page_size'] // 1024} KiB",
        given=_mib(touched.resident - mapped.resident),
    )
    parts = {
        step: [
            (_("resident"), step.resident / (1 << 20)),
            (_("mapped only"), (step.mapped - step.resident) / (1 << 20)),
        ]
        for step in steps.values()
    }
    picture = fig.bars(
        [fig.Bar(step.label, parts[step]) for step in steps.values()],
        title=_("Mapped and resident memory, MiB"),
        description=" ".join(
            _("{step}: mapped {mapped}, resident {resident}.").format(
                step=step.label, mapped=_mib(step.mapped), resident=_mib(step.resident)
            )
            for step in steps.values()
        ),
        total=lambda value: f"{value:.1f}",
    )
    return View((picture,), says)


def _mib(size: int) -> str:
    return f"{size / (1 << 20):.1f}".removesuffix(".0") + " MiB"
