"""How long a request takes when one service gets quicker."""

from __future__ import annotations

import random
from dataclasses import replace

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.microservices.calls import drawing
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.microservices.bench import request
from lab_kernel.microservices.tracing.critical import critical_path
from lab_kernel.microservices.tracing.rows import picture


@exercise("microservices/calls/saving", title=N_("What does it save?"))
def saving(rng: random.Random) -> Problem:
    """A service that works for more than 10 ms; the run is repeated with less of it."""
    declared = drawing.services(rng, pair=True)
    before = request(declared)
    on_path = {each.service for each in critical_path(before) if each.what == "work"}
    long = [each for each in declared if not callable(each.work) and each.work > 10]
    chosen = rng.choice(long)
    assert not callable(chosen.work)
    less = rng.randrange(round(chosen.work) // 2, round(chosen.work))
    quicker = replace(chosen, work=chosen.work - less)
    after = request([quicker if each is chosen else each for each in declared])
    answer, was = round(after.duration), round(before.duration)
    if chosen.name not in on_path:
        why = _("{name} is not on the critical path: nothing is saved.")
    elif was - answer < less:
        why = _("{name} is on the critical path, until another call is the slower one.")
    else:
        why = _("{name} is on the critical path, and stays on it: all of it is saved.")
    return Problem(
        prompt=_(
            "A request takes {was} ms. No worker is busy, and the network takes 1 ms in each"
            " direction.\n{told}\n{name} gets quicker: {work} ms of work become {rest}. How many ms"
            " does the request take then?"
        ).format(
            was=was,
            told=drawing.told(declared),
            name=chosen.name,
            work=round(chosen.work),
            rest=round(chosen.work) - less,
        ),
        expects=_("A number of milliseconds, such as 84."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (
                    was - less,
                    _("That much is saved only if nothing beside it takes longer. Does it?"),
                ),
                (was, _("It was on the critical path, so something is saved.")),
            ],
            _("Work out both calls of the pair anew, and take the slower one."),
        ),
        hints=(
            _("Is it on the critical path? Go back from the end, to the call that ended last."),
            _("What is asked at the same moment as it, and how long does that take?"),
            _("{saved} ms are saved.").format(saved=was - answer),
        ),
        solution=why.format(name=chosen.name)
        + " "
        + _("{was} − {saved} = {answer} ms.").format(was=was, saved=was - answer, answer=answer),
        figures=(
            picture(
                before,
                _("The request as it is"),
                _("The request as it is: {told}").format(told=drawing.told(declared)),
                critical=False,
            ),
        ),
    )
