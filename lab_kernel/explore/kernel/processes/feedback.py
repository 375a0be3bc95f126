"""MLFQ: which level a job runs on, and how one can cheat its way to the top."""

from __future__ import annotations

from typing import Any

from lab_kernel import figures as fig
from lab_kernel.explore import Toggle, View, Whole, Words, explorable
from lab_kernel.explore.kernel.processes import inputs, wording
from lab_kernel.kernel.scheduler import Mlfq, Schedule, Task, schedule
from lab_kernel.language import N_, _
from lab_kernel.trace import Trace

LEVELS = 3
# OSTEP, chapter 8: a job that gives the CPU away just before its quantum ends
JOBS = "work:0:30,gamer:0:24:io=3/1"


class Watched(Mlfq):
    """Notes on which level each stay on the CPU is."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.runs: list[tuple[int, int, int, str]] = []  # level, start, end, job

    def charge(self, task: Task, ran: int, now: int) -> None:
        self.runs.append((self.level(task), now - ran, now, task.name))
        super().charge(task, ran, now)


def run(jobs: inputs.Workload, **settings: Any) -> tuple[Schedule, Watched]:
    """The schedule, and the policy that made it."""
    made: list[Watched] = []

    class Kept(Watched):
        def __init__(self, **given: Any) -> None:
            super().__init__(**given)
            made.append(self)

    return schedule(jobs.jobs, Kept, **settings), made[0]


@explorable(
    "kernel/processes/feedback",
    title=N_("MLFQ: learning from what a job did"),
    predict=N_(
        "The gamer gives the CPU away one tick before its quantum ends. Which level does it end on,"
        " and what is left for the worker?"
    ),
    controls=(
        Whole(name="quantum", label=N_("Quantum, in ticks"), low=1, high=10, default=4),
        Whole(
            name="allotment",
            label=N_("Allotment: quanta before a job goes down"),
            low=1,
            high=4,
            default=1,
        ),
        Whole(
            name="boost",
            label=N_("All to the top every so many ticks; 0: never"),
            low=0,
            high=60,
            default=0,
        ),
        Toggle(name="stay", label=N_("Back from I/O, everything is forgiven"), default="on"),
        Words(
            name="jobs",
            label=N_("Jobs: name:arrival:burst, and :io=AFTER/LENGTH"),
            default=JOBS,
            parse=inputs.jobs(4, 80),
        ),
    ),
)
def feedback(quantum: int, allotment: int, boost: int, stay: bool, jobs: inputs.Workload) -> View:
    """A row for each level, coloured by job."""
    done, policy = run(
        jobs,
        quantum=(quantum,) * LEVELS,
        allotment=(allotment,) * LEVELS,
        boost=boost,
        stay=stay,
    )
    trace = Trace()
    for level, start, end, job in sorted(_joined(policy.runs)):
        trace.add(start, _level(level), job, job, end - start)
    half = done.makespan // 2
    early = {job.name: 0 for job in done.jobs}
    for segment in done.segments:
        early[segment.job] += max(0, min(segment.end, half) - segment.start)
    lowest = {job: max(run[0] for run in policy.runs if run[3] == job) for job in early}
    picture = fig.timeline(
        trace,
        title=_("The level of whoever runs"),
        description=" ".join(
            _("{level}: {order}.").format(
                level=track,
                order=", ".join(
                    f"{e.name} {e.time}–{e.time + e.duration}" for e in trace.where(track=track)
                ),
            )
            for track in trace.tracks()
        ),
        x_label=_("ticks"),
        kinds=[job.name for job in done.jobs],
    )
    says = _("Of the first {half}: {shares}. Lowest level reached: {levels}.").format(
        half=wording.ticks(half),
        shares=", ".join(f"{job} {ticks}" for job, ticks in early.items()),
        levels=", ".join(f"{job} {level + 1}" for job, level in lowest.items()),
    )
    return View((picture,), says)


def _level(number: int) -> str:
    return _("level {number}").format(number=number + 1)


def _joined(runs: list[tuple[int, int, int, str]]) -> list[tuple[int, int, int, str]]:
    """Stays that follow each other on one level are one."""
    joined: list[tuple[int, int, int, str]] = []
    for level, start, end, job in runs:
        if joined and (joined[-1][0], joined[-1][2], joined[-1][3]) == (level, start, job):
            start = joined.pop()[1]
        joined.append((level, start, end, job))
    return joined
