"""What is the worst response of a periodic task under rate-monotonic?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.kernel.scheduler import Periodic, response_times
from lab_kernel.language import N_, _


@exercise("kernel/processes/response", title=N_("The worst response of a periodic task"))
def response(rng: random.Random) -> Problem:
    """Three tasks; the last one is interrupted more than once, and still in time."""
    while True:
        periods = sorted(rng.sample((4, 5, 6, 8, 9, 10, 12, 15, 16, 20, 24), 3))
        tasks = [Periodic(rng.randrange(1, period // 2 + 1), period) for period in periods]
        used = sum(task.cost / task.period for task in tasks)
        answer = response_times(tasks)[2] if used < 1 else None
        together = sum(task.cost for task in tasks)
        if answer is not None and answer != together:
            break
    own = tasks[2]
    shares = own.cost / (1 - used + own.cost / own.period)
    mistakes: list[Mistake] = [
        (
            together,
            _(
                "That has each of the others run once. One with a short period comes back before"
                " that."
            ),
        ),
        (own.cost, _("That is its own time only. The other two go before it, again and again.")),
        (own.period, _("That is its period: by then it must be done. How soon is it surely done?")),
        (
            round(shares),
            _(
                "That takes the others as a steady share. They come in whole pieces: round up how"
                " often."
            ),
        ),
    ]
    listed = "\n".join(
        _("{task}: cost {cost}, period {period}").format(
            task=name, cost=task.cost, period=task.period
        )
        for name, task in zip("ABC", tasks, strict=True)
    )
    rows, guess = [], own.cost
    while True:
        again = own.cost + sum(-(-guess // task.period) * task.cost for task in tasks[:2])
        rows.append(f"{guess} → {again}")
        if again == guess:
            break
        guess = again
    return Problem(
        prompt=_(
            "Rate-monotonic on one CPU: the shorter the period, the higher the priority, with"
            " preemption.\n{tasks}\nAll are released together. How many ticks after its release is"
            " C done, at the latest?"
        ).format(tasks=listed),
        expects=_("A whole number of ticks."),
        answer=answer,
        read=whole,
        explain=recognise(
            mistakes,
            _("Draw it: first all of A, then B where A leaves room, then C where both do."),
        ),
        hints=(
            _("The worst that can happen to C is that all are released at once."),
            _(
                "R = {cost} + the time of each A and each B released before R. Start from R ="
                " {cost} and repeat until it does not change."
            ).format(cost=own.cost),
            _("The first steps: {rows}.").format(rows=", ".join(rows[:2])),
        ),
        solution=_("{rows}: C is done after {answer} ticks.").format(
            rows=", ".join(rows), answer=answer
        ),
    )
