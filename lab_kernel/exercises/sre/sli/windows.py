"""Good minutes instead of good requests, one of them empty."""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.exercises.sre.sli.pair import pair
from lab_kernel.language import N_, _
from lab_kernel.sre.sli.event import Event
from lab_kernel.sre.sli.indicator import good_windows, measure

LEAST = (90, 95, 99)


def events(minutes: list[tuple[int, int]]) -> list[Event]:
    """So many (valid, good) requests in each minute."""
    return [
        Event(60 * minute + 59 * n // max(valid, 1), status=200 if n < good else 500)
        for minute, (valid, good) in enumerate(minutes)
        for n in range(valid)
    ]


@exercise("sre/sli/windows", title=N_("Good minutes"))
def windows(rng: random.Random) -> Problem:
    """An empty minute among them, and one exactly at the threshold."""
    least = rng.choice(LEAST)
    while True:
        minutes = [(0, 0), (100, least)]
        for _n in range(rng.randrange(3, 6)):
            valid = rng.choice((20, 40, 60, 80, 100, 120, 200))
            bad = rng.choice((0, 0, 1, 2, valid // 10, valid // 2))
            minutes.append((valid, valid - bad))
        rng.shuffle(minutes)
        if 0 < minutes.index((0, 0)) < len(minutes) - 1:
            done = measure(events(minutes), 60, good=lambda event: event.status < 500)
            good, asked = good_windows(done.windows, least / 100)
            if 1 < good < asked:
                break
    every = len(minutes)
    strict = sum(well * 100 > least * valid for valid, well in minutes)
    mistakes: list[Mistake] = [
        (f"{good + 1}/{every}", _("The empty minute is not good: 0/0 is no figure, so it is out.")),
        (f"{good}/{every}", _("The empty minute has no ratio, so it is not among the windows.")),
        (f"{strict}/{asked}", _("At least {least}% includes {least}%.").format(least=least)),
        (f"{asked - good}/{asked}", _("Those are the bad minutes.")),
        (
            f"{done.whole.good}/{done.whole.valid}",
            _("Those are requests. Here the windows are counted, each the same."),
        ),
    ]
    listed = "\n".join(
        _("minute {n}: {good} good of {valid}").format(n=n, good=well, valid=valid)
        for n, (valid, well) in enumerate(minutes)
    )
    return Problem(
        prompt=_(
            "{listed}\nA minute is good when at least {least}% of its valid requests are good. How"
            " many minutes are good, of how many that count?"
        ).format(listed=listed, least=least),
        expects=_("Two counts, good minutes and minutes that count, such as 4/6."),
        answer=f"{good}/{asked}",
        read=pair,
        explain=recognise(
            mistakes, _("Write each minute's ratio down, and leave out what has none.")
        ),
        hints=(
            _("Each minute weighs the same, however many requests it had."),
            _("One minute has no ratio at all."),
            _("{n} minutes count.").format(n=asked),
        ),
        solution=_(
            "{answer} minutes. Of the requests {share} were good: another indicator, another"
            " figure."
        ).format(answer=f"{good}/{asked}", share=f"{100 * (done.whole.ratio or 0):.2f}%"),
    )
