"""How much data one interrupt stands for on a real Linux."""

from __future__ import annotations

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, explorable
from lab_kernel.host import devices, proc
from lab_kernel.language import N_, _

STEPS = {"written": N_("written to a file, with fsync"), "read": N_("read back from the disk")}


@explorable(
    "kernel/drivers/recorded",
    title=N_("A real disk: how often it interrupted"),
    predict=N_(
        "32 MiB are 65,536 sectors. How many requests does a real kernel make of them, and how many"
        " interrupts come?"
    ),
    controls=(
        Choice(
            name="step", label=N_("What was done"), default="read", options=tuple(STEPS.items())
        ),
    ),
)
def recorded(step: str) -> View:
    """The recording shipped with the package, on every machine."""
    work = devices.recorded_work()
    sectors, requests = max(work.sectors(step)), max(work.requests(step))
    line, interrupts = next(work.grown(step))
    about = work.counts[step].interrupts[line].about.split()[-1]
    says = _(
        "{size} MiB {step}: {sectors} sectors in {requests} requests and {interrupts} interrupts"
        " of {about} (line {line}); {kib} KiB for each interrupt ({source})."
    ).format(
        size=work.size >> 20,
        step=_(STEPS[step]),
        sectors=f"{sectors:,}",
        requests=requests,
        interrupts=interrupts,
        about=about,
        line=line,
        kib=f"{sectors / 2 / interrupts:,.0f}",
        source=proc.snapshot(devices.RECORDING).source,
    )
    picture = fig.bars(
        [
            fig.Bar(_("requests finished"), [(_("how often"), requests)]),
            fig.Bar(_("interrupts of the disk"), [(_("how often"), interrupts)]),
            fig.Bar(_("softirqs of kind BLOCK"), [(_("how often"), work.softirqs("BLOCK", step))]),
        ],
        title=_("{sectors} sectors moved: how often the CPU had to care").format(
            sectors=f"{sectors:,}"
        ),
        description=says,
    )
    return View((picture,), says)
