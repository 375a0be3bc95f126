"""How long does a job wait?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.kernel.processes import told
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.kernel.scheduler import Job, schedule
from lab_kernel.language import N_, _

RULES = {
    "fcfs": N_("FCFS: whoever came first runs to the end."),
    "sjf": N_("SJF: the shortest burst of those that are there runs, to the end."),
    "srtf": N_("SRTF: whoever has least left runs, and makes room at once for one with less."),
    "rr": N_(
        "Round robin, quantum 2: after 2 ticks a job goes to the end of the queue. One whose"
        " quantum ends just when another arrives queues before it."
    ),
}


@exercise("kernel/processes/waiting", title=N_("How long does it wait?"))
def waiting(rng: random.Random) -> Problem:
    """Four jobs, one of four policies that differ for the job asked about."""
    policy = rng.choice(tuple(RULES))
    while True:
        arrivals = [0, *sorted(rng.sample(range(1, 8), 3))]
        bursts = rng.sample(range(2, 10), 4)
        jobs = list(map(Job, "ABCD", arrivals, bursts))
        runs = {name: schedule(jobs, name) for name in RULES}  # the quantum is 2 unless given
        run = runs.pop(policy)
        asked = rng.randrange(1, 4)
        done = run.jobs[asked]
        waits = {name: other.jobs[asked].waiting for name, other in runs.items()}
        if done.waiting and list(waits.values()).count(done.waiting) <= 1:
            break
    mistakes: list[Mistake] = [
        (
            done.turnaround,
            _("That is the turnaround. The {burst} ticks in which it runs are not waiting.").format(
                burst=done.burst
            ),
        ),
        (
            done.finish,
            _("That is when it is done. Count from its arrival, and leave out its own ticks."),
        ),
        (
            done.finish - done.burst,
            _("That counts from tick 0. Before its arrival, at {arrival}, nobody waits.").format(
                arrival=done.arrival
            ),
        ),
        (
            done.response,
            _("That is the response, until it first runs. It waits again after that."),
        ),
    ]
    mistakes += [
        (
            waits[name],
            _("That is what {other} gives. Read the rule again: {rule}").format(
                other=name.upper(), rule=_(RULES[policy])
            ),
        )
        for name in waits
    ]
    first = run.segments[0]
    return Problem(
        prompt=_(
            "One CPU, switching costs nothing:\n{jobs}\n{rule}\nHow long does {job} wait?"
        ).format(jobs=told.jobs(jobs), rule=_(RULES[policy]), job=done.name),
        expects=_("A whole number of ticks: all of its time in the ready queue."),
        answer=done.waiting,
        read=whole,
        explain=recognise(
            mistakes,
            _("Draw the CPU as a row of ticks, and write into each who has it."),
        ),
        hints=(
            _("A job waits while it is there, is not done, and does not run."),
            _("Find when {job} is done. Waiting is that, less its arrival, less its burst.").format(
                job=done.name
            ),
            _(
                "It begins with {first} from {start} to {end}, and {job} is done at {finish}."
            ).format(
                first=first.job, start=first.start, end=first.end, job=done.name, finish=done.finish
            ),
        ),
        solution=_(
            "On the CPU: {run}. {job} is done at {finish}: {finish} - {arrival} - {burst} ="
            " {waiting}."
        ).format(
            run=told.run(run),
            job=done.name,
            finish=done.finish,
            arrival=done.arrival,
            burst=done.burst,
            waiting=done.waiting,
        ),
    )
