"""Who runs when under one policy, and what each job waited."""

from __future__ import annotations

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, Whole, Words, explorable
from lab_kernel.explore.kernel.processes import inputs, rows, wording
from lab_kernel.explore.kernel.processes.wording import POLICY_LABELS
from lab_kernel.kernel.scheduler import schedule
from lab_kernel.language import N_, _

JOBS = "A:0:8,B:1:4,C:2:9,D:3:5"  # Silberschatz, Galvin and Gagne, 5.3.2


@explorable(
    "kernel/processes/gantt",
    title=N_("Who runs when?"),
    predict=N_("Which job is done first, and which one waits longest?"),
    controls=(
        Choice(
            name="policy",
            label=N_("Scheduling policy"),
            default="rr",
            options=tuple(POLICY_LABELS.items()),
        ),
        Whole(name="quantum", label=N_("Quantum, in ticks"), low=1, high=12, default=2),
        Whole(name="cost", label=N_("Cost of a switch, in ticks"), low=0, high=4, default=0),
        Words(
            name="jobs",
            label=N_("Jobs: name:arrival:burst, and if you like :nice=5, :io=2/6, :priority=1"),
            default=JOBS,
            parse=inputs.jobs(6, 60),
        ),
        Whole(name="seed", label=N_("Seed of the lottery"), low=0, high=99, default=0),
    ),
)
def gantt(policy: str, quantum: int, cost: int, jobs: inputs.Workload, seed: int) -> View:
    """A row for each job, and its turnaround in parts."""
    done = schedule(
        jobs.jobs,
        policy,
        switch_cost=cost,
        seed=seed,
        **wording.settings(policy, quantum),
    )
    picture = fig.timeline(
        rows.of_schedule(done),
        title=_("{policy}: who runs when").format(policy=wording.short(policy)),
        description=_("On the CPU: {order}.").format(order=wording.order(done.segments)),
        x_label=_("ticks"),
        kinds=rows.states(),
    )
    parts = fig.bars(
        [
            fig.Bar(
                job.name,
                [
                    (_(rows.READY), job.waiting),
                    (_(rows.RUNNING), job.burst),
                    (_(rows.BLOCKED), job.io),
                ],
            )
            for job in done.jobs
        ],
        title=_("Turnaround: what each job's time went into"),
        description=" ".join(
            _("{job}: response {response}, turnaround {turnaround}, waiting {waiting}.").format(
                job=job.name,
                response=job.response,
                turnaround=job.turnaround,
                waiting=job.waiting,
            )
            for job in done.jobs
        ),
        kinds=rows.states(),
    )
    says = _("{policy}: on average {means}; {switches}, all is done at tick {makespan}.").format(
        policy=wording.short(policy),
        means=wording.means(done),
        switches=wording.switches(done.context_switches),
        makespan=done.makespan,
    )
    return View((picture, parts), says)
