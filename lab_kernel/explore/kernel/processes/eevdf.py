"""EEVDF, decision by decision: who is owed, who may run, whose virtual deadline comes first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from lab_kernel import figures as fig
from lab_kernel.explore import View, Whole, Words, explorable
from lab_kernel.explore.kernel.processes import inputs, rows, wording
from lab_kernel.kernel.scheduler import Eevdf, Schedule, Task, schedule
from lab_kernel.kernel.scheduler.weight import TICK
from lab_kernel.language import N_, _
from lab_kernel.trace import Trace

JOBS = "short:0:24:slice=1,long:0:24:slice=4,nice5:0:8:nice=5"
UNIT = 100  # the virtual times of a picture are hundredths of a tick
STEPS = 40
LONG = 400  # ticks of the long run


@dataclass(frozen=True)
class Standing:
    """One ready task at a decision, in ticks."""

    name: str
    vruntime: float
    deadline: float
    lag: float

    @property
    def eligible(self) -> bool:
        return self.lag >= 0


@dataclass(frozen=True)
class Decision:
    """``average`` is V; ``picked`` runs next."""

    time: int
    average: float
    ready: tuple[Standing, ...]
    picked: str

    @property
    def eligible(self) -> list[Standing]:
        return [task for task in self.ready if task.eligible]


class Watched(Eevdf):
    """Notes how everybody stood at each decision."""

    def __init__(self, quantum: int) -> None:
        super().__init__(quantum)
        self.decisions: list[Decision] = []

    def pick(self, now: int) -> Task:
        average, ready = self.average, self.waiting()
        stood = tuple(
            Standing(
                task.name,
                task.entity.vruntime / TICK,
                task.entity.deadline / TICK,
                round(self.lag(task), 6),
            )
            for task in sorted(ready, key=lambda task: task.number)
        )
        task = super().pick(now)
        self.decisions.append(Decision(now, average / TICK, stood, task.name))
        return task


def run(jobs: inputs.Workload, quantum: int) -> tuple[Schedule, list[Decision]]:
    """The schedule, and every decision that made it."""
    made: list[Watched] = []

    class Kept(Watched):
        def __init__(self, **settings: Any) -> None:
            super().__init__(**settings)
            made.append(self)

    return schedule(jobs.jobs, Kept, quantum=quantum), made[0].decisions


def had(done: Schedule, names: Sequence[str], until: int) -> dict[str, int]:
    """The ticks of CPU of each, up to ``until``."""
    ticks = dict.fromkeys(names, 0)
    for each in done.segments:
        ticks[each.job] += max(0, min(each.end, until) - each.start)
    return ticks


@lru_cache(maxsize=8)
def long_run(jobs: inputs.Workload, quantum: int) -> dict[str, float]:
    """The part of LONG ticks that each gets, if all go on and nobody ends."""
    last = max(job.arrival for job in jobs.jobs) + LONG  # counted from when all are there
    busy = [replace(job, burst=last, period=None, deadline=None) for job in jobs.jobs]
    done, names = schedule(busy, "eevdf", quantum=quantum), [job.name for job in busy]
    before, after = had(done, names, last - LONG), had(done, names, last)
    return {name: (after[name] - before[name]) / LONG for name in names}


def first_of_several(decisions: Sequence[Decision]) -> Counter[str]:
    """How often each was picked while somebody else was eligible, too."""
    return Counter(each.picked for each in decisions if len(each.eligible) > 1)


@explorable(
    "kernel/processes/eevdf",
    title=N_("EEVDF, decision by decision"),
    predict=N_(
        "short and long have the same weight, but short asked for a shorter slice. Who goes first"
        " when both are eligible, and who gets more of the CPU?"
    ),
    controls=(
        Whole(name="step", label=N_("Decision"), low=1, high=STEPS, default=20),
        Whole(
            name="quantum", label=N_("Slice of those that ask for none"), low=1, high=8, default=2
        ),
        Words(
            name="jobs",
            label=N_("Jobs: name:arrival:burst, and if you like :nice=5, :slice=4, :io=2/6"),
            default=JOBS,
            parse=inputs.jobs(5, 60),
        ),
    ),
)
def eevdf(step: int, quantum: int, jobs: inputs.Workload) -> View:
    """Who has run so far, and how those that are ready stand in virtual time."""
    done, decisions = run(jobs, quantum)
    number = min(step, len(decisions))
    now = decisions[number - 1]
    picture = fig.timeline(
        rows.cut(rows.of_schedule(done), 0, now.time),
        title=_("Until now, tick {time}").format(time=now.time),
        description=_("On the CPU: {order}.").format(
            order=wording.order(s for s in done.segments if s.start < now.time)
        ),
        x_label=_("ticks"),
        kinds=rows.states(),
    )
    eligible = now.eligible
    chosen = next(task for task in now.ready if task.name == now.picked)
    parts = long_run(jobs, quantum)
    totals = had(done, list(dict.fromkeys(job.name for job in done.jobs)), now.time)
    first = first_of_several(decisions[:number])
    if eligible:
        why = _("of them {picked} has the earliest virtual deadline, {deadline}").format(
            picked=now.picked, deadline=f"{chosen.deadline:.2f}"
        )
    else:
        why = _("{picked} is the least far").format(picked=now.picked)
    says = _(
        "Decision {number} of {count}, tick {time}: V is {average}. Lag: {lags}. Eligible:"
        " {eligible}; {why}, and runs. Ticks so far: {had}. First of several eligible ones so far:"
        " {first}. In a long run: {shares}."
    ).format(
        number=number,
        count=len(decisions),
        time=now.time,
        average=f"{now.average:.2f}",
        lags=", ".join(f"{task.name} {task.lag:+.2f}" for task in now.ready),
        eligible=", ".join(task.name for task in eligible) or _("nobody"),
        why=why,
        had=", ".join(f"{name} {ticks}" for name, ticks in totals.items()),
        first=", ".join(f"{name} {first[name]}" for name in totals),
        shares=", ".join(f"{name} {part:.0%}" for name, part in parts.items()),
    )
    return View((picture, _virtual(now)), says)


def _virtual(now: Decision) -> fig.Figure:
    """A bar for each from its virtual runtime to its virtual deadline, and where V is."""
    runs, may, early, mean = _("runs now"), _("eligible"), _("not eligible"), _("V, the average")
    trace = Trace()
    for task in now.ready:
        kind = runs if task.name == now.picked else may if task.eligible else early
        start = round(task.vruntime * UNIT)
        trace.add(start, task.name, kind, task.name, round(task.deadline * UNIT) - start)
        trace.add(round(now.average * UNIT), task.name, mean, "V")
    return fig.timeline(
        trace,
        title=_("In virtual time: from what each has had to its virtual deadline"),
        description=" ".join(
            _("{name}: from {vruntime} to {deadline}.").format(
                name=task.name, vruntime=f"{task.vruntime:.2f}", deadline=f"{task.deadline:.2f}"
            )
            for task in now.ready
        ),
        x_label=_("virtual time, in ticks at nice 0"),
        kinds=[may, runs, early, mean],
        unit=UNIT,
    )
