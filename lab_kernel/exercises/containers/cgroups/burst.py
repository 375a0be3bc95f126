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
        quota *= min(threads, 2)
        found = simulated(work, quota, period, threads=threads)
        answer = found.took
        alone = work // threads
        spread = round(work * period / quota)
        periods = len(found.throttled)
        left, last = work - periods * quota, answer - periods * period
        if periods and len({answer, alone, spread}) == 3 and last * threads == left:
            break
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
    how = (
        _("in one thread")
        if threads == 1
        else _("in {n} equal threads, each on a CPU of its own").format(n=threads)
    )
    return Problem(
        prompt=_(
            "A group has cpu.max “{quota} {period}”. A request begins together with a period, and"
            " nothing else runs. It needs {work} ms of CPU in all, {how}. After how many ms is it"
            " done?"
        ).format(quota=quota * 1000, period=period * 1000, work=work, how=how),
        expects=_("A whole number of milliseconds."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("Go through it period by period.")),
        hints=(
            _("How much of the work is done in each period? cpu.max is in microseconds."),
            _("Periods whose quota is used up: {n}. Work done in them: {n} × {quota} ms.").format(
                n=periods, quota=quota
            ),
            _("Work that is left for the last period: {left} ms, {how}.").format(
                left=left, how=how
            ),
        ),
        solution=_(
            "{n} × {period} + {last} = {answer} ms. Work of the whole periods: {n} × {quota} ms;"
            " of the last one: {left} ms."
        ).format(n=periods, period=period, last=last, answer=answer, quota=quota, left=left),
    )
