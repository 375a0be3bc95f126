"""Who is on the CPU under MLFQ?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import one_of
from lab_kernel.exercises.kernel.processes import told
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.kernel.scheduler import Job, Schedule, schedule
from lab_kernel.language import N_, _

QUANTA = (2, 4, 8)
RULE = N_(
    "MLFQ with three levels, quanta 2, 4 and 8. A new job starts on top; one that has used up its"
    " quantum goes one level down, to the end of the queue. The highest level that is not empty"
    " runs, at once; who has to make room stays first in its queue and keeps the rest of its"
    " quantum. There is no boost."
)


def at(run: Schedule, tick: int) -> str | None:
    """Who runs from ``tick`` on."""
    return next((s.job for s in run.segments if s.start <= tick < s.end), None)


@exercise("kernel/processes/feedback", title=N_("Who runs under MLFQ?"))
def feedback(rng: random.Random) -> Problem:
    """A tick at which neither round robin nor the order of arrival gives the answer."""
    while True:
        arrivals = [0, *sorted(rng.sample(range(2, 12), 2))]
        bursts = [rng.randrange(5, 13) for _name in range(3)]
        jobs = list(map(Job, "ABC", arrivals, bursts))
        run = schedule(jobs, "mlfq", quantum=QUANTA, allotment=(1, 1, 1))
        tick = rng.randrange(arrivals[2] + 2, sum(bursts) - 2)
        answer = at(run, tick)
        robin = at(schedule(jobs, "rr", quantum=2), tick)
        first = at(schedule(jobs, "fcfs"), tick)
        if answer and robin != answer and first != answer:
            break
    mistakes: list[Mistake] = [
        (
            robin,
            _(
                "{job} would run if all were in one queue with a quantum of 2. Here who has used"
                " up a quantum goes down, and its next one is longer."
            ).format(job=robin),
        ),
        (
            first,
            _("{job} would run if the first to come kept the CPU.").format(job=first),
        ),
    ]
    done = {job.name: job.finish for job in run.jobs}
    mistakes += [
        (job, _("{job} is done at {finish}, before that.").format(job=job, finish=finish))
        for job, finish in done.items()
        if finish <= tick
    ]
    until = [s for s in run.segments if s.start <= tick]
    return Problem(
        prompt=_(
            "One CPU, switching costs nothing:\n{jobs}\n{rule}\nWho runs from tick {tick} on?"
        ).format(jobs=told.jobs(jobs), rule=_(RULE), tick=tick),
        expects=_("The name of a job: A, B or C."),
        answer=answer,
        read=one_of("A", "B", "C"),
        explain=recognise(
            mistakes,
            _("Keep three queues on paper, and beside each job what is left of its quantum."),
        ),
        hints=(
            _(
                "Ask two things at each moment: which level is the highest that is not empty, and"
                " who is first there?"
            ),
            _("A runs from 0 to 2 and goes down to the second level. There its quantum is 4."),
            _("Up to tick {tick} the CPU goes to: {order}.").format(
                tick=until[-1].start, order=", ".join(s.job for s in until[:-1])
            ),
        ),
        solution=_("On the CPU: {run}. From tick {tick} on it is {job}.").format(
            run=told.run(run), tick=tick, job=answer
        ),
    )
