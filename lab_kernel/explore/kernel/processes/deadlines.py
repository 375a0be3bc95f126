"""Real time: the earliest deadline first, or the shortest period first, and who may be let in."""

from __future__ import annotations

from math import lcm

from lab_kernel import figures as fig
from lab_kernel.errors import BadInput
from lab_kernel.explore import Choice, View, Words, explorable
from lab_kernel.explore.kernel.processes import inputs
from lab_kernel.kernel.scheduler import (
    Job,
    Schedule,
    edf_admits,
    liu_layland_bound,
    response_times,
    schedule,
    utilization,
)
from lab_kernel.language import N_, _
from lab_kernel.trace import Trace

TASKS = "25/50,35/80"  # Liu and Layland's point: below 1, above the bound
NAMES = "ABCDE"
MOST = 2000  # ticks until all periods repeat together
POLICIES = {"rm": N_("Rate-monotonic"), "edf": N_("EDF: earliest deadline first")}


@explorable(
    "kernel/processes/deadlines",
    title=N_("Will every deadline be met?"),
    predict=N_(
        "A needs 25 ticks in every 50, B needs 35 in every 80: 94% of the CPU. Who is late?"
    ),
    controls=(
        Choice(
            name="policy",
            label=N_("Scheduling policy"),
            default="rm",
            options=tuple(POLICIES.items()),
        ),
        Words(
            name="tasks",
            label=N_("Tasks: cost/period"),
            default=TASKS,
            parse=inputs.periods(len(NAMES), 400),
        ),
    ),
)
def deadlines(policy: str, tasks: inputs.Periods) -> View:
    """A row for each task until all periods repeat together."""
    span = lcm(*(task.period for task in tasks.tasks))
    if span > MOST:
        raise BadInput(
            "tasks",
            _("the periods repeat together only after {ticks} ticks; choose rounder ones").format(
                ticks=span
            ),
        )
    jobs = [
        Job(name, 0, task.cost, period=task.period)
        for name, task in zip(NAMES, tasks.tasks, strict=False)
    ]
    done = schedule(jobs, policy)
    late = [job for job in done.jobs if job.due is not None and job.finish > job.due]
    picture = fig.timeline(
        _rows(done),
        title=_("{policy}, until all periods repeat").format(policy=_(POLICIES[policy])),
        description=_("Deadlines missed: {missed}.").format(
            missed=", ".join(f"{job.name} {job.due}" for job in late) or _("none")
        ),
        x_label=_("ticks"),
        kinds=[_("running"), _("released"), _("deadline missed")],
    )
    used, count = utilization(tasks.tasks), len(tasks.tasks)
    bound = liu_layland_bound(count)
    worst = response_times(tasks.tasks)
    says = _(
        "The tasks need {used} of the CPU. EDF: {edf}. Rate-monotonic: the bound for {count} is"
        " {bound}, {rm}. In this run {missed}."
    ).format(
        used=f"{float(used):.1%}",
        edf=_("admitted, at most 100%") if edf_admits(tasks.tasks) else _("refused, over 100%"),
        count=count,
        bound=f"{bound:.1%}",
        rm=_by_analysis(worst) if used > bound else _("so they are surely admitted"),
        missed=_("every deadline is met")
        if not late
        else _("{count} of {all} releases are late").format(count=len(late), all=len(done.jobs)),
    )
    return View((picture,), says)


def _by_analysis(worst: list[int | None]) -> str:
    if None in worst:
        late = ", ".join(NAMES[n] for n, response in enumerate(worst) if response is None)
        return _("and response times say that {late} may be late").format(late=late)
    return _("but worst response times of {worst} say that all are in time").format(
        worst=", ".join(map(str, worst))
    )


def _rows(done: Schedule) -> Trace:
    """Every release of a task in the task's own row."""
    trace = Trace()
    for job in done.jobs:
        trace.add(job.arrival, _task(job.name), _("released"), job.name)
    for segment in done.segments:
        length = segment.end - segment.start
        trace.add(segment.start, _task(segment.job), _("running"), segment.job, length)
    for job in done.jobs:
        if job.due is not None and job.finish > job.due:
            trace.add(job.due, _task(job.name), _("deadline missed"), job.name)
    return trace


def _task(release: str) -> str:
    return release.partition("#")[0]
