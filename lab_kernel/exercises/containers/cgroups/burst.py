"""How long does a request take under a quota?"""

from __future__ import annotations

import random

from lab_kernel.containers.cgroups import burst as simulated
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _


@exercise("containers/cgroups/burst", title=N_("When does the answer come?"))
def burst(rng: random.Random) -> Problem:
    """The request begins a period; sometimes several threads use the quota up together."""
    while True:
        period = rng.choice((50, 100, 100, 100))
        quota = rng.randrange(10, period, 5)
        threads = rng.choice((1, 1, 2, 4))
        work = threads * rng.randrange(10, 80)
        found = simulated(work, quota * (1 if threads == 1 else 2), period, threads=threads)
        quota = quota if threads == 1 else 2 * quota
        answer = found.took
        alone = work // threads
        spread = round(work * period / quota)
        if found.throttled and len({answer, alone, spread}) == 3 and quota < threads * period:
            break
    periods = len(found.throttled)
    left = work - periods * quota
    last = answer - periods * period
    mistakes: list[Mistake] = [
        (alone, _("That is without a limit. The quota is used up before the work is done.")),
        (
            spread,
            _(
                "That spreads the quota evenly. It is used up at once, and then the group stands"
                " still until the period ends."
            ),
        ),
        (
            (periods + 1) * period,
            _("The last period need not be waited for: the answer is there when the work is done."),
        ),
        (
            alone + periods * period,
            _("In each of those periods some of the work was done already."),
        ),
        (work, _("That is the CPU time of all threads together.")),
    ]
    return Problem(
        prompt=_(
            "A group has cpu.max “{quota} {period}”. A request begins together with a period. It"
            " needs {work} ms of CPU in all, in {threads}, each on a CPU of its own; nothing else"
            " runs. After how many ms is it done?"
        ).format(
            quota=quota * 1000, period=period * 1000, work=work,
            threads=_("one thread") if threads == 1 else _("{n} equal threads").format(n=threads),
        ),
        expects=_("A whole number of milliseconds."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("Go through it period by period.")),
        hints=(
            _("How much of the work is done in each period? cpu.max is in microseconds."),
            _("{n} periods are used up whole: {n} × {quota} ms of the work.").format(
                n=periods, quota=quota
            ),
            _("{left} ms of work are left for the last period, in {threads} at a time.").format(
                left=left, threads=threads
            ),
        ),
        solution=_(
            "{n} × {period} + {last} = {answer} ms: {n} periods of {quota} ms of work each, then"
            " the last {left} ms."
        ).format(n=periods, period=period, last=last, answer=answer, quota=quota, left=left),
    )  # fmt: skip
