"""The error rate of two hours, from that of each."""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _
from lab_kernel.sre.sli.event import Event
from lab_kernel.sre.sli.indicator import Tally


def tally(valid: int, bad: int) -> Tally:
    """So many valid events, so many of them bad."""
    counted = Tally(lambda event: event.status < 500)
    for n in range(valid):
        counted.add(Event(0, status=500 if n < bad else 200))
    return counted


@exercise("sre/sli/average", title=N_("Two hours together"))
def average(rng: random.Random) -> Problem:
    """A quiet hour and a busy one, whose rates differ; all rates are whole per cents."""
    while True:
        quiet, busy = 100 * rng.randrange(1, 6), 100 * rng.randrange(7, 40)
        rates = rng.sample(range(0, 21), 2)
        bads = [quiet * rates[0] // 100, busy * rates[1] // 100]
        percent = 100 * sum(bads) / (quiet + busy)
        mean = sum(rates) / 2
        if percent == int(percent) and mean == int(mean) and abs(percent - mean) > 1:
            break
    both = tally(quiet, bads[0])
    both.merge(tally(busy, bads[1]))
    answer = round(100 * (both.error_rate or 0))
    mistakes: list[Mistake] = [
        (
            int(mean),
            _("The mean of both rates: it lets {quiet} requests weigh as much as {busy}.").format(
                quiet=quiet, busy=f"{busy:,}"
            ),
        ),
        (sum(rates), _("Rates are not added; counts are.")),
        (sum(bads), _("So many requests are bad. Which share of all is that?")),
        (100 - answer, _("That is the share of good ones.")),
    ]
    return Problem(
        prompt=_(
            "From 3 to 4 o'clock {quiet} requests, {first}% of them bad. From 4 to 5 o'clock {busy}"
            " requests, {second}% of them bad. What per cent is bad from 3 to 5?"
        ).format(quiet=quiet, first=rates[0], busy=f"{busy:,}", second=rates[1]),
        expects=_("A whole number, in per cent."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("Go back to the counts: bad ones and all, in both hours.")),
        hints=(
            _("A ratio can be computed again only from what was counted."),
            _("{first} bad ones in the first hour, {second} in the second.").format(
                first=bads[0], second=bads[1]
            ),
            _("{bad} of {all}.").format(bad=sum(bads), all=f"{quiet + busy:,}"),
        ),
        solution=_("({first} + {second}) / ({quiet} + {busy}) = {answer}%.").format(
            first=bads[0], second=bads[1], quiet=quiet, busy=f"{busy:,}", answer=answer
        ),
    )
