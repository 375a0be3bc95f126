"""Several CPUs: one queue for all of them, or one each."""

from __future__ import annotations

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, Toggle, View, Whole, Words, explorable
from lab_kernel.explore.kernel.processes import inputs, wording
from lab_kernel.explore.kernel.processes.wording import POLICY_LABELS
from lab_kernel.explore.wording import counted
from lab_kernel.kernel.scheduler import Schedule, schedule
from lab_kernel.language import N_, _
from lab_kernel.trace import Trace

JOBS = "A:0:9,B:0:9,C:0:6,D:0:3,E:2:6"


@explorable(
    "kernel/processes/cpus",
    title=N_("Several CPUs: one queue, or one each"),
    predict=N_("With a queue for each CPU, how often does a job go on on another CPU?"),
    controls=(
        Whole(name="cpus", label=N_("CPUs"), low=1, high=4, default=2),
        Toggle(name="queues", label=N_("A queue for each CPU, with stealing"), default="off"),
        Choice(
            name="policy",
            label=N_("Scheduling policy"),
            default="rr",
            options=tuple(POLICY_LABELS.items()),
        ),
        Words(
            name="jobs",
            label=N_("Jobs: name:arrival:burst; with a queue each also :cpu=0"),
            default=JOBS,
            parse=inputs.jobs(8, 80),
        ),
    ),
)
def cpus(cpus: int, queues: bool, policy: str, jobs: inputs.Workload) -> View:
    """A row for each CPU, coloured by job."""
    done = schedule(jobs.jobs, policy, cpus=cpus, per_cpu=queues, **wording.settings(policy, 3))
    trace = Trace()
    for segment in sorted(done.segments, key=lambda segment: segment.cpu):
        length = segment.end - segment.start
        trace.add(segment.start, f"CPU {segment.cpu}", segment.job, segment.job, length)
    ran = sum(segment.end - segment.start for segment in done.segments)
    says = _(
        "{queues}: all is done at tick {makespan}, mean turnaround {turnaround}. The CPUs are busy"
        " {busy} of the time, and {moves}."
    ).format(
        queues=_("A queue for each CPU") if queues else _("One queue"),
        makespan=done.makespan,
        turnaround=f"{done.mean.turnaround:.2f}",
        busy=f"{ran / (cpus * done.makespan):.0%}",
        moves=counted(
            migrations(done),
            N_("{n} time a job goes on on another CPU"),
            N_("{n} times a job goes on on another CPU"),
        ),
    )
    picture = fig.timeline(
        trace,
        title=_("Which CPU runs which job"),
        description=" ".join(
            f"CPU {cpu}: {wording.order(s for s in done.segments if s.cpu == cpu) or '-'}."
            for cpu in range(cpus)
        ),
        x_label=_("ticks"),
        kinds=[job.name for job in done.jobs],
    )
    return View((picture,), says)


def migrations(done: Schedule) -> int:
    """How often a job goes on on another CPU than it ran on before."""
    last: dict[str, int] = {}
    moved = 0
    for segment in done.segments:  # by time
        moved += last.get(segment.job, segment.cpu) != segment.cpu
        last[segment.job] = segment.cpu
    return moved
