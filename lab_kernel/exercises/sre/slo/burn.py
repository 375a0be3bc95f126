"""How fast a budget goes, and when it is gone."""

from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.sre.slo.budget import Slice, budget, decimal, lasts, share_of

TARGETS = ("99", "99.5", "99.8", "99.9")
RATES = (2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 24, 30)


@exercise("sre/slo/burn", title=N_("How fast does it go?"))
def burn(rng: random.Random) -> Problem:
    """From errors and requests to a burn rate, or on to the hours until all is spent."""
    percent, rate = rng.choice(TARGETS), rng.choice(RATES)
    target = Decimal(percent) / 100
    total = rng.randrange(1, 50) * 10_000
    bad = int(share_of(target) * rate * total)
    found = budget(target, [Slice(total - bad, total)])
    days = rng.choice((7, 28, 30, 90))
    hours = lasts(rate, days * 24)
    exact = hours is not None and hours.denominator == 1 and rng.random() < 0.6
    prompt = _(
        "{target}% over {days} days is promised. In the last hour {bad} of {total} requests failed."
    ).format(target=percent, days=days, bad=f"{bad:,}", total=f"{total:,}")
    ratio = Fraction(bad, total)
    if exact and hours is not None:
        answer = int(hours)
        prompt += "\n" + _("If it goes on so, a full budget is spent after how many hours?")
        expects = _("Whole hours, such as 72.")
        mistakes = [
            (rate, _("That is the burn rate. How long does a budget last that goes so fast?")),
            (int(days * 24 * rate), _("Faster burning ends sooner: divide, do not multiply.")),
            (days // rate, _("That would be days.")),
        ]
        way = _("burn rate {rate}, {days} days are {hours} h: {hours} / {rate} = {answer} h")
    else:
        answer = int(found.burn_rate or 0)
        prompt += "\n" + _("What is the burn rate?")
        expects = _("A whole number, such as 6.")
        mistakes = [
            (bad, _("That is the number of errors. What share of all requests is it?")),
            (int(ratio * 100), _("That is the error ratio in percent; how much was allowed?")),
            (int(ratio * 1000), _("That is not measured against this budget.")),
        ]
        way = _("error ratio {ratio} / budget {share} = {answer}")
    return Problem(
        prompt=prompt,
        expects=expects,
        answer=answer,
        read=whole,
        explain=recognise(
            [each for each in mistakes if each[0] != answer],
            _("Burn rate = error ratio / error budget, both as shares."),
        ),
        hints=(
            _("Burn rate 1 spends the budget exactly in the window."),
            _("The error ratio is {bad} / {total} = {ratio}, the budget 1 − {target} = {share}.")
            .format(
                bad=f"{bad:,}",
                total=f"{total:,}",
                ratio=decimal(ratio),
                target=decimal(target),
                share=decimal(share_of(target)),
            ),
            _("The burn rate is {rate}; the window has {hours} hours.").format(
                rate=rate, hours=days * 24
            )
            if exact
            else _("Divide {ratio} by {share}.").format(
                ratio=decimal(ratio), share=decimal(share_of(target))
            ),
        ),
        solution=way.format(
            rate=rate,
            days=days,
            hours=days * 24,
            answer=answer,
            ratio=decimal(ratio),
            share=decimal(share_of(target)),
        )
        + ".",
    )  # fmt: skip
