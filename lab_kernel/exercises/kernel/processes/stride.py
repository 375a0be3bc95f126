"""In which order does stride scheduling serve tickets?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.kernel.processes import told
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.kernel.scheduler import Job, schedule
from lab_kernel.kernel.scheduler.share import LARGE
from lab_kernel.language import N_, _

TURNS = 6
TICKETS = (50, 100, 125, 200, 250, 400, 500)  # their strides are whole: 10,000 / tickets


def tied(strides: list[int]) -> bool:
    """Whether two stand last together once all have run: the rule for ties would decide."""
    passes = [0, 0, 0]
    for _turn in range(TURNS):
        least = min(passes)
        if least and passes.count(least) > 1:
            return True
        which = passes.index(least)
        passes[which] += strides[which]
    return False


def served(tickets: list[int]) -> str:
    """Who gets each of the first quanta."""
    jobs = [Job(n, 0, TURNS, tickets=t) for n, t in zip("ABC", tickets, strict=True)]
    order = ""
    for segment in schedule(jobs, "stride", quantum=1).segments:
        order += segment.job * (segment.end - segment.start)
    return order[:TURNS]


@exercise("kernel/processes/stride", title=N_("In which order are tickets served?"))
def stride(rng: random.Random) -> Problem:
    """Three jobs; no two ever stand last together but at the start."""
    while True:
        tickets = rng.sample(TICKETS, 3)
        strides = [LARGE // t for t in tickets]
        if not tied(strides) and served(tickets) != "ABC" * 2:
            break
    answer = served(tickets)
    upside_down = served([LARGE // t for t in tickets])
    by_tickets = "".join(sorted("ABC", key=lambda name: -tickets["ABC".index(name)]))
    mistakes: list[Mistake] = [
        (
            upside_down,
            _(
                "There many tickets make long strides. It is the other way round: {large} /"
                " tickets."
            ).format(large=f"{LARGE:,}"),
        ),
        (
            "ABC" * 2,
            _("That is round robin. Few tickets make long strides, and whoever is ahead waits."),
        ),
        (
            by_tickets * 2,
            _("At the start all stand at 0, and ties go to the first in the alphabet."),
        ),
    ]
    listed = ", ".join(f"{name} {count}" for name, count in zip("ABC", tickets, strict=True))
    own = ", ".join(f"{name} {step}" for name, step in zip("ABC", strides, strict=True))
    return Problem(
        prompt=_(
            "Stride scheduling: a job's stride is {large} / tickets. Whoever stands at the smallest"
            " pass runs for a quantum, and its pass grows by its stride. All start at 0; ties go to"
            " the first in the alphabet. Tickets: {tickets}. Who gets the first {turns} quanta, in"
            " order?"
        ).format(large=f"{LARGE:,}", tickets=listed, turns=TURNS),
        expects=_("{turns} letters, such as ABCABC.").format(turns=TURNS),
        answer=answer,
        read=told.letters(TURNS, "ABC"),
        explain=recognise(
            mistakes,
            _("Write the three passes below each other, and after each quantum only one changes."),
        ),
        hints=(
            _("Who has many tickets makes small strides, and so is soon the last one again."),
            _("The strides are {strides}.").format(strides=own),
            _("It begins {start}.").format(start=answer[:4]),
        ),
        solution=_("Strides: {strides}. The order is {order}.").format(strides=own, order=answer),
    )
