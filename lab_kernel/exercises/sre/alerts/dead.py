"""Which pairs of windows must not be written for an objective and a period."""

from __future__ import annotations

import random
import re
from decimal import Decimal
from typing import Any

from lab_kernel.errors import BadInput
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.sre.alerts.burn import BELOW_ONE, DAY, UNFIRABLE, conditions, written
from lab_kernel.sre.alerts.promql import duration

TARGETS = ("50", "60", "75", "80", "85", "90", "95", "97.5", "99", "99.5", "99.9")
PERIODS = (1, 3, 5, 7, 14, 20, 28, 30, 60, 90)
LETTERS, NONE = "ABCD", "none"


def letters(given: Any) -> str:
    """``AC``, in any order, however divided; ``none`` for no letter."""
    word = re.sub(r"[\s,]+", "", str(given)).upper()
    if word == "NONE":
        return NONE
    if not word or not set(word) <= set(LETTERS) or len(set(word)) != len(word):
        message = _("“{given}” is neither letters from A to D nor “none”").format(given=given)
        raise BadInput("answer", message)
    return "".join(sorted(word))


@exercise("sre/alerts/dead", title=N_("Rules that make no sense"))
def dead(rng: random.Random) -> Problem:
    """Some cannot fire, some would fire on a service that meets its SLO, most are fine."""
    target, days = Decimal(rng.choice(TARGETS)), rng.choice(PERIODS)
    found = conditions(1 - target / 100, days * DAY)
    fates = {letter: each.dead for letter, each in zip(LETTERS, found, strict=True)}
    answer = "".join(letter for letter, fate in fates.items() if fate) or NONE
    only = {
        reason: "".join(letter for letter, fate in fates.items() if fate == reason)
        for reason in (BELOW_ONE, UNFIRABLE)
    }
    listed = "\n".join(
        _("{letter}: {share}% of the budget in {window}").format(
            letter=letter,
            share=written(each.pair.share * 100),
            window=duration(each.pair.long),
        )
        for letter, each in zip(LETTERS, found, strict=True)
    )
    factors = "; ".join(
        f"{letter}: {written(each.factor, 4)}, {written(each.threshold * 100, 4)}%"
        for letter, each in zip(LETTERS, found, strict=True)
    )
    return Problem(
        prompt=_(
            "An SLO of {target}% over {days} days. Which of these alerts must not be written,"
            " because it could never fire or would fire on a service that meets the SLO?\n{list}"
        ).format(target=target, days=days, list=listed),
        expects=_("Letters such as AD, or “none”."),
        answer=answer,
        read=letters,
        explain=recognise(
            [
                *(
                    (only[reason], said)
                    for reason, said in (
                        (BELOW_ONE, _("Those with a factor below 1 are right; some cannot fire.")),
                        (UNFIRABLE, _("Those that cannot fire are right; others fire too early.")),
                    )
                    if only[reason] and only[reason] != answer
                ),
                (
                    "".join(letter for letter in LETTERS if not fates[letter]) or NONE,
                    _("Those are the ones that can be written."),
                ),
            ],
            _("Work out each factor, and the error ratio that it needs."),
        ),
        hints=(
            _("Factor = share × period / window; it needs an error ratio of factor × budget."),
            _("The budget is {budget}%.").format(budget=written(100 - target)),
            _("Factor and threshold of each: {factors}.").format(factors=factors),
        ),
        solution=_(
            "Factor and threshold are {factors}. Below 1 is too early, 100% is never exceeded:"
            " {answer}."
        ).format(factors=factors, answer=answer),
    )
