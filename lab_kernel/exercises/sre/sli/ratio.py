"""Good and valid, counted in lines of a log."""

from __future__ import annotations

import random
from functools import cache

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.exercises.sre.sli.pair import pair
from lab_kernel.language import N_, _
from lab_kernel.sre.sli.condition import VALID
from lab_kernel.sre.sli.condition import condition as read
from lab_kernel.sre.sli.event import Event

LIMITS = (0.1, 0.2, 0.3, 0.5)
PATHS = ("/", "/cart", "/checkout", "/products/7", "/search")


condition = cache(read)


def counted(events: list[Event], good: str, valid: str = VALID) -> str:
    """``good/valid`` as the conditions have it."""
    kept = [event for event in events if condition(valid)(event)]
    return f"{sum(map(condition(good), kept))}/{len(kept)}"


def line(event: Event) -> str:
    """The end of a log's line: request, status, time."""
    return f'"{event.method} {event.path} HTTP/1.1" {event.status} {event.seconds:.3f}'


@exercise("sre/sli/ratio", title=N_("Good of valid"))
def ratio(rng: random.Random) -> Problem:
    """One health check at least, one 4xx, one time at the limit, one that is bad twice."""
    limit = rng.choice(LIMITS)
    good = f"status<500 and seconds<{limit:g}"
    while True:
        events = [Event(0, rng.randrange(1, 4) / 1000, path="/healthz") for _n in range(2)]
        events.append(Event(0, 0.002, 404, path="/favicon.ico"))
        events.append(Event(0, limit, path=rng.choice(PATHS)))
        events.append(Event(0, limit + 1, 502, path=rng.choice(PATHS)))
        for _n in range(rng.randrange(3, 7)):
            seconds = rng.choice((0.4, 0.6, 0.9, 1.3, 2.4)) * limit
            status = rng.choice((200, 200, 200, 500))
            events.append(Event(0, round(seconds, 3), status, path=rng.choice(PATHS)))
        rng.shuffle(events)
        answer = counted(events, good)
        wrong = (
            counted(events, good, "status>=0"),
            counted(events, good.replace("seconds<", "seconds<=")),
            counted(events, good.replace("500", "400")),
            counted(events, "status<500"),
            counted(events, f"not ({good})"),
        )
        if len({answer, *wrong}) == 6:
            break
    said = (
        _("Health checks are no users: they do not count at all, neither as good nor as valid."),
        _("{limit} is not less than {limit}: the condition says <.").format(limit=f"{limit:g}"),
        _("A 404 is below 500: by this condition the service did what it was asked."),
        _("Both must hold: an answer that comes too late is bad."),
        _("Those are the bad ones: bad / valid is the error rate."),
    )
    mistakes: list[Mistake] = list(zip(wrong, said, strict=True))
    bad = [line(e) for e in events if condition(VALID)(e) and not condition(good)(e)]
    return Problem(
        prompt=_(
            "valid: {valid}\ngood: {good}\n{lines}\nHow many are good, of how many valid ones?"
        ).format(valid=VALID, good=good, lines="\n".join(map(line, events))),
        listing="\n".join(map(line, events)),
        expects=_("Two counts, good and valid, such as 5/7."),
        answer=answer,
        read=pair,
        explain=recognise(mistakes, _("Strike out what is not valid, then test each line left.")),
        hints=(
            _("First see which lines count at all."),
            _("{n} lines are valid.").format(n=answer.partition("/")[2]),
            _("{n} of them are bad: too slow, or 500 and up, or both.").format(n=len(bad)),
        ),
        solution=_("{answer}. The bad ones: {bad}").format(answer=answer, bad="; ".join(bad)),
    )
