"""What a target leaves, in seconds or in requests."""

from __future__ import annotations

import random
from decimal import Decimal

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.sre.slo.availability import allowed as minutes_allowed
from lab_kernel.sre.slo.budget import decimal, share_of

TARGETS = ("99", "99.5", "99.8", "99.9", "99.95", "99.99")
DAYS = range(1, 91)


@exercise("sre/slo/allowed", title=N_("How much may go wrong?"))
def allowed(rng: random.Random) -> Problem:
    """Seconds of a full outage, or failures among so many requests; always a whole number."""
    percent = rng.choice(TARGETS)
    target = Decimal(percent) / 100
    in_time = rng.random() < 0.5
    if in_time:
        days = rng.choice([each for each in DAYS if share_of(target) * each * 86_400 % 1 == 0])
        total, answer = days * 86_400, int(minutes_allowed(target, days * 1440) * 60)
        prompt = _(
            "A service promises {target}% over {days} days. For how many seconds may it be down"
            " altogether?"
        ).format(target=percent, days=days)
        expects = _("Whole seconds, such as 864.")
    else:
        total = rng.randrange(2, 400) * 50_000
        answer = int(share_of(target) * total)
        prompt = _(
            "A service promises {target}% and gets {total} requests in its window. How many of them"
            " may fail?"
        ).format(target=percent, total=f"{total:,}")
        expects = _("A whole number, such as 1,000.")
    return Problem(
        prompt=prompt,
        expects=expects,
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (total - answer, _("That is what has to go well; the budget is the rest.")),
                (answer * 10, _("Ten times too much: count the nines again.")),
                (answer // 10, _("A tenth of it: count the nines again.")),
                (answer * 100, _("A percentage is a hundredth: {target}% is {share}.").format(
                    target=percent, share=decimal(target))),
                (
                    answer // 60 if in_time else None,
                    _("That would be minutes; seconds are asked for."),
                ),
            ],
            _("Budget = 1 − target, times all there is in the window."),
        ),
        hints=(
            _("The error budget is 1 − SLO: what is not promised."),
            _("1 − {target} = {share}.").format(
                target=decimal(target), share=decimal(share_of(target))
            ),
            _("There are {total} in the window. Multiply.").format(
                total=_("{count} seconds").format(count=f"{total:,}")
                if in_time
                else _("{count} requests").format(count=f"{total:,}")
            ),
        ),
        solution=_("{share} × {total} = {answer}.").format(
            share=decimal(share_of(target)), total=f"{total:,}", answer=f"{answer:,}"
        ),
    )  # fmt: skip
