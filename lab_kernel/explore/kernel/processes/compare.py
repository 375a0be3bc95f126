"""One workload under every policy."""

from __future__ import annotations

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, Whole, Words, explorable
from lab_kernel.explore.kernel.processes import inputs, wording
from lab_kernel.explore.kernel.processes.wording import MEASURES, POLICY_LABELS
from lab_kernel.kernel.scheduler import schedule
from lab_kernel.language import N_, _

# A long job, two short ones beside it, and one that waits for its disk again and again.
JOBS = "long:0:24,a:0:6,b:0:8,disk:0:6:io=1/4"


@explorable(
    "kernel/processes/compare",
    title=N_("One workload, every policy"),
    predict=N_("Which policy has the best mean response, and which the best mean turnaround?"),
    controls=(
        Choice(
            name="measure", label=N_("Mean"), default="response", options=tuple(MEASURES.items())
        ),
        Whole(name="quantum", label=N_("Quantum, in ticks"), low=1, high=12, default=2),
        Words(
            name="jobs",
            label=N_("Jobs: name:arrival:burst, and if you like :nice=5, :io=2/6, :priority=1"),
            default=JOBS,
            parse=inputs.jobs(8, 120),
        ),
    ),
)
def compare(measure: str, quantum: int, jobs: inputs.Workload) -> View:
    """The mean of one measure; the sentence has the best of all three."""
    found = {
        name: schedule(jobs.jobs, name, **wording.settings(name, quantum)).mean._asdict()
        for name in POLICY_LABELS
    }
    best = []
    for name, label in MEASURES.items():
        least = min(means[name] for means in found.values())
        winners = [policy for policy, means in found.items() if means[name] == least]
        best.append(
            _("{measure} {least} ({policies})").format(
                measure=_(label).lower(),
                least=f"{least:.2f}",
                policies=", ".join(map(wording.short, winners)),
            )
        )
    says = _("Best on average: {best}. No policy is best at everything.")
    if set.intersection(*(_winners(found, name) for name in MEASURES)):
        says = _("Best on average: {best}. On these jobs one policy is best at everything.")
    picture = fig.bars(
        [
            fig.Bar(wording.short(name), [(_(MEASURES[measure]), means[measure])])
            for name, means in found.items()
        ],
        title=_("{measure}: the mean of all jobs, in ticks").format(measure=_(MEASURES[measure])),
        description=", ".join(
            f"{wording.short(name)} {means[measure]:.2f}" for name, means in found.items()
        ),
        total=lambda value: f"{value:.2f}",
    )
    return View((picture,), says.format(best=", ".join(best)))


def _winners(found: dict[str, dict[str, float]], measure: str) -> set[str]:
    least = min(means[measure] for means in found.values())
    return {policy for policy, means in found.items() if means[measure] == least}
