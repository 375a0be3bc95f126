"""Jobs through a policy: when did each run, and how long did it wait?

    schedule([Job("A", 0, 10), Job("B", 5, 3)], "srtf").mean.turnaround

Modelled: CPU bursts with I/O between them, periodic release, nice, priorities, tickets, several
CPUs, the cost of a switch. I/O of different jobs does not queue: each has a device of its own
(the disk's queue is in ``disk``). A tick has no length; sources measure in ms.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from inspect import signature
from math import lcm
from typing import Any, NamedTuple

from lab_kernel.clock import Clock
from lab_kernel.errors import BadInput
from lab_kernel.kernel.scheduler.cfs import Cfs
from lab_kernel.kernel.scheduler.classic import Fcfs, Priority, RoundRobin, Sjf, Srtf
from lab_kernel.kernel.scheduler.dispatch import ARRIVE, WAKE, Dispatcher
from lab_kernel.kernel.scheduler.eevdf import Eevdf
from lab_kernel.kernel.scheduler.feedback import Mlfq
from lab_kernel.kernel.scheduler.policy import NEW, WOKEN, Policy, Task
from lab_kernel.kernel.scheduler.queues import OneQueue, QueuePerCpu
from lab_kernel.kernel.scheduler.realtime import Edf, RateMonotonic
from lab_kernel.kernel.scheduler.share import Lottery, Stride
from lab_kernel.language import _
from lab_kernel.registry import unknown
from lab_kernel.trace import Trace

_CLASSES: tuple[type[Policy], ...] = (
    *(Fcfs, Sjf, Srtf, RoundRobin, Priority, Mlfq, Lottery, Stride, Cfs, Eevdf, Edf, RateMonotonic),
)
POLICIES: Mapping[str, type[Policy]] = {policy.name: policy for policy in _CLASSES}
MOST_RELEASES = 100_000


@dataclass(frozen=True, slots=True)
class Job:
    """``burst`` ticks of CPU from ``arrival`` on; after each ``io[0]`` of them ``io[1]`` of I/O.

    No I/O follows the last tick. A job with a ``period`` is released again and again, until the
    least common multiple of all periods has passed; ``deadline`` counts from the release and is
    the period unless given. The other fields are Task's.
    """

    name: str
    arrival: int
    burst: int
    nice: int = 0
    priority: int = 0
    tickets: int = 100
    period: int | None = None
    deadline: int | None = None
    io: tuple[int, int] | None = None
    slice: int | None = None
    cpu: int | None = None


class Done(NamedTuple):
    """How one job (or one release of a periodic one) went. ``waiting`` is the time it was ready
    and did not run: turnaround less CPU and I/O. ``due`` is the absolute deadline, if any."""

    name: str
    arrival: int
    burst: int
    first_run: int
    finish: int
    io: int
    due: int | None

    @property
    def response(self) -> int:
        return self.first_run - self.arrival

    @property
    def turnaround(self) -> int:
        return self.finish - self.arrival

    @property
    def waiting(self) -> int:
        return self.turnaround - self.burst - self.io


class Mean(NamedTuple):
    """Over all jobs."""

    response: float
    turnaround: float
    waiting: float


class Segment(NamedTuple):
    """A job on a CPU without interruption; the same job going on is one segment."""

    cpu: int
    job: str
    start: int
    end: int


@dataclass(frozen=True)
class Schedule:
    """One run. ``context_switches`` counts each change of a CPU from one job to another."""

    policy: str
    jobs: tuple[Done, ...]
    makespan: int
    context_switches: int
    segments: tuple[Segment, ...]
    trace: Trace

    @property
    def mean(self) -> Mean:
        count = len(self.jobs)
        sums = (sum(getattr(job, field) for job in self.jobs) for field in Mean._fields)
        return Mean(*(total / count for total in sums))


class _Run:
    """What is known of a job on its way: its task and how far it is."""

    __slots__ = ("io", "job", "left", "task")

    def __init__(self, job: Job, number: int) -> None:
        self.job = job
        self.left = job.burst  # after the present burst
        self.io = 0
        due = job.arrival + job.deadline if job.deadline is not None else None
        self.task = Task(
            job.name,
            number,
            nice=job.nice,
            priority=job.priority,
            tickets=job.tickets,
            period=job.period,
            deadline=job.deadline,
            due=due,
            slice=job.slice,
            cpu=job.cpu,
        )

    def next_burst(self) -> int:
        burst = min(self.left, self.job.io[0]) if self.job.io else self.left
        self.left -= burst
        return burst


def new_policy(name: str | type[Policy], *, seed: int = 0, **settings: Any) -> Policy:
    """The policy by this name, with those settings it has (``quantum``, ``boost`` ...).

    A policy of one's own is given as its class. BadInput names a setting that a policy has not.
    """
    if not isinstance(name, str):
        return name(**settings)
    if name not in POLICIES:
        raise unknown("policy", name, POLICIES)
    allowed = [each for each in signature(POLICIES[name]).parameters if each != "seed"]
    for setting in settings:
        if setting not in allowed:
            message = _("{policy} has no such setting; it has: {allowed}")
            listed = ", ".join(allowed) or _("none")
            raise BadInput(setting, message.format(policy=name, allowed=listed))
    if name == "lottery":
        settings["seed"] = seed
    return POLICIES[name](**settings)


def schedule(
    jobs: Sequence[Job],
    policy: str | type[Policy],
    *,
    cpus: int = 1,
    per_cpu: bool = False,
    switch_cost: int = 0,
    seed: int = 0,
    **settings: Any,
) -> Schedule:
    """Run the jobs to the end under the policy: the name of one, or a class of your own.

    ``per_cpu`` gives each CPU a queue of its own, with stealing; ``settings`` go to the policy.
    BadInput names a job or a setting that cannot be.
    """
    _check_affinity(jobs, cpus if per_cpu else 0)
    released = releases(jobs)
    clock, trace = Clock(seed), Trace()
    runs: dict[Task, _Run] = {}
    finish: dict[Task, int] = {}

    def finished(task: Task) -> int | None:
        run = runs[task]
        if run.left == 0:
            finish[task] = clock.now
        elif run.job.io:
            length = run.job.io[1]
            run.io += length
            trace.add(clock.now, task.name, "io", "", length)
            clock.after(length, lambda: wake(run), WAKE)
        return None

    def wake(run: _Run) -> None:
        run.task.remaining = run.next_burst()
        dispatcher.ready(run.task, WOKEN)

    def arrive(run: _Run) -> None:
        run.task.remaining = run.next_burst()
        dispatcher.ready(run.task, NEW)

    queues = (QueuePerCpu if per_cpu else OneQueue)(
        lambda: new_policy(policy, seed=seed, **settings), cpus
    )
    dispatcher = Dispatcher(
        clock,
        queues,
        finished,
        finish.__contains__,
        cpus=cpus,
        switch_cost=switch_cost,
        trace=trace,
    )
    order = sorted(range(len(released)), key=lambda place: released[place].arrival)
    numbers = {place: number for number, place in enumerate(order)}
    for place, job in enumerate(released):
        run = _Run(job, numbers[place])
        runs[run.task] = run
        clock.at(job.arrival, lambda run=run: arrive(run), ARRIVE)  # type: ignore[misc]
    clock.run()
    segments = _segments(trace)
    first: dict[str, int] = {}
    for segment in segments:
        first.setdefault(segment.job, segment.start)
    done = tuple(
        Done(
            task.name,
            run.job.arrival,
            run.job.burst,
            first[task.name],
            finish[task],
            run.io,
            task.due,
        )
        for task, run in runs.items()
    )
    name = policy if isinstance(policy, str) else policy.name
    return Schedule(name, done, max(finish.values()), dispatcher.switches, segments, trace)


def _check_affinity(jobs: Sequence[Job], cpus: int) -> None:
    for job in jobs:
        if job.cpu is None or job.cpu < cpus:
            continue
        if not cpus:
            message = _("job {job}: cpu= needs a queue for each CPU").format(job=job.name)
        else:
            message = _("job {job}: cpu={cpu}, but the CPUs are 0 to {last}").format(
                job=job.name, cpu=job.cpu, last=cpus - 1
            )
        raise BadInput("jobs", message)


def releases(jobs: Sequence[Job]) -> list[Job]:
    """The jobs, each periodic one once for each of its periods: A, A#2, A#3 ..."""
    if not jobs:
        raise BadInput("jobs", _("there is no job"))
    horizon = lcm(*(job.period for job in jobs if job.period))
    count = sum(horizon // job.period if job.period else 1 for job in jobs)
    if count > MOST_RELEASES:
        raise BadInput(
            "jobs",
            _("the periods repeat together only after {ticks} ticks; choose rounder ones").format(
                ticks=horizon
            ),
        )
    released = []
    for job in jobs:
        if not job.period:
            released.append(job)
            continue
        own = replace(job, deadline=job.period if job.deadline is None else job.deadline)
        for n, start in enumerate(range(0, horizon, job.period), 1):
            name = job.name if n == 1 else f"{job.name}#{n}"
            released.append(replace(own, name=name, arrival=job.arrival + start))
    for name, count in Counter(job.name for job in released).items():
        if count > 1:
            message = _("there are {count} jobs {name}").format(count=count, name=name)
            raise BadInput("jobs", message)
    return released


def _segments(trace: Trace) -> tuple[Segment, ...]:
    segments: list[Segment] = []
    last: dict[str, int] = {}  # the place of each CPU's last segment
    for event in trace:
        if event.kind != "run":
            continue
        end = event.time + event.duration
        place = last.get(event.track)
        if place is not None:
            before = segments[place]
            if before.job == event.name and before.end == event.time:
                segments[place] = before._replace(end=end)
                continue
        last[event.track] = len(segments)
        segments.append(Segment(int(event.track.removeprefix("CPU ")), event.name, event.time, end))
    return tuple(sorted(segments, key=lambda s: (s.start, s.cpu)))
