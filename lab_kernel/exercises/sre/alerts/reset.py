"""How long the alert goes on after errors are over."""

from __future__ import annotations

import random
from decimal import Decimal

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.sre.alerts.burn import MINUTE, reset, written
from lab_kernel.sre.alerts.demo import incident, ready

ERRORS = ("4", "5", "8", "9", "10", "12", "15", "20", "25", "30", "40", "50", "60")
CLEAR = Decimal("0.02")  # of a minute: so far from the threshold is every evaluation


@exercise("sre/alerts/reset", title=N_("How long does it go on?"))
def reset_(rng: random.Random) -> Problem:
    """One pair, with or without its short window; the evaluator says when it is off."""
    found = ready()
    while True:
        condition, with_short = found.conditions[rng.randrange(2)], rng.random() < 0.6
        errors = Decimal(rng.choice(ERRORS))
        ratio = errors / 100
        needed = int(condition.threshold / ratio * condition.pair.long / MINUTE)
        minutes = needed + rng.randrange(3, 20)
        window = condition.pair.short if with_short else condition.pair.long
        exact = reset(ratio, condition.threshold, window, minutes * MINUTE) / MINUTE
        if CLEAR < exact % 1 < 1 - CLEAR:
            break
    seen = incident(found, ratio, minutes, window // MINUTE, condition.pair.long // MINUTE)
    answer = next(
        m
        for m in range(int(exact), window // MINUTE + 1)
        if not seen.fires(condition, minutes + m, with_short)
    )
    other = condition.pair.long if with_short else condition.pair.short
    threshold = written(condition.threshold * 100)
    long, short = condition.pair.long // MINUTE, condition.pair.short // MINUTE
    rule = (
        _("Above {factor} times the budget in {long} minutes and in {short} minutes")
        if with_short
        else _("Above {factor} times the budget in {long} minutes")
    ).format(factor=written(condition.factor), long=long, short=short)
    return Problem(
        prompt=_(
            "{rule}: that is the whole condition of an alert; the objective is 99.9% over 30 days."
            " For {minutes} minutes {errors}% of the requests failed, which was enough to make it"
            " fire. Now nothing fails any more. After how many minutes is the alert off? (Traffic"
            " is even; rules are evaluated every whole minute.)"
        ).format(rule=rule, minutes=minutes, errors=written(errors)),
        expects=_("A whole number of minutes, such as 5."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (
                    window // MINUTE,
                    _("It is off before the last error has left the window."),
                )
                if answer != window // MINUTE
                else (None, ""),
                (
                    other // MINUTE,
                    _("Both windows have to be above: the one that is clean first decides.")
                    if with_short
                    else _("There is no short window here."),
                ),
                (0, _("A window looks back: errors are still in it when they are over.")),
                (answer - 1, _("At that minute there are still too many errors in the window.")),
            ],
            _("How many minutes of errors may be left in the window?"),
        ),
        hints=(
            _("Look at the window that is clean first: {window} minutes.").format(
                window=window // MINUTE
            ),
            _("The threshold is {threshold}%.").format(
                threshold=written(condition.threshold * 100)
            ),
            _("So many minutes of errors may be left in it: {left}.").format(
                left=f"{float(condition.threshold / ratio * window / MINUTE):.2f}"
            ),
        ),
        solution=_(
            "{window} − {threshold}% / {errors}% × {window} = {exact}: {answer} minutes."
        ).format(
            window=window // MINUTE,
            threshold=threshold,
            errors=written(errors),
            exact=f"{exact:.2f}",
            answer=answer,
        ),
    )
