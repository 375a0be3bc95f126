"""After how many minutes of constant errors somebody is paged."""

from __future__ import annotations

import random
from decimal import Decimal

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.sre.alerts.burn import MINUTE, written
from lab_kernel.sre.alerts.demo import incident, ready

# Percent of errors: some so high that only the fast pair matters, some that only the slow one sees.
ERRORS = ("0.7", "0.8", "0.9", "1.2", "1.6", "1.8", "2", "2.4", "3", "4", "5", "6", "8", "10", "12",
          "16", "18", "20", "24", "25", "30")  # fmt: skip


CLEAR = Decimal("0.02")  # of a minute: so far from the threshold is every evaluation


@exercise("sre/alerts/detection", title=N_("When does the pager ring?"))
def detection(rng: random.Random) -> Problem:
    """The evaluator is asked; at the formula's whole minute it does not fire yet."""
    found = ready()
    fast, slow = found.conditions[:2]
    while True:
        ratio = (Decimal(rng.choice(ERRORS)) + Decimal(rng.randrange(10)) / 100) / 100
        condition = fast if ratio > fast.threshold else slow
        exact = condition.threshold / ratio * condition.pair.long / MINUTE
        if CLEAR < exact % 1 < 1 - CLEAR:
            break
    seen = incident(found, ratio, int(exact) + 2, before=slow.pair.long // MINUTE)
    answer = next(m for m in range(int(exact) - 1, 400) if seen.fires(condition, m))
    percent = written(ratio * 100)
    hours = condition.pair.long // 3600
    return Problem(
        prompt=_(
            "A service with an objective of 99.9% over 30 days has been without errors for days."
            " From now on {errors}% of its requests fail, and traffic is even. It has the book's"
            " two pages: 1h/5m above 14.4, 6h/30m above 6. After how many minutes does one of"
            " them fire for the first time? (Rules are evaluated every whole minute.)"
        ).format(errors=percent),
        expects=_("A whole number of minutes, such as 58."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (
                    answer - 1,
                    _("At that minute the window is at the threshold or below: it must be above."),
                ),
                (
                    int(slow.threshold / ratio * 360) + 1,
                    _("By then the pair of one hour has long been firing."),
                ),
                (
                    int(fast.threshold / ratio * 60) + 1,
                    _("A window of an hour never gets above 1.44% at this error rate."),
                ),
                (
                    int(fast.threshold / ratio * 5) + 1,
                    _("The short window is above by then, but the long one has to be, too."),
                ),
            ],
            _("Which windows get above their threshold at all, and which of them first?"),
        ),
        hints=(
            _("The thresholds are 1.44% in an hour and 0.6% in six hours."),
            _("After t minutes of errors, a window of W minutes has {errors}% × t / W.").format(
                errors=percent
            ),
            _("It is the window of {hours} h that decides: {exact} minutes.").format(
                hours=hours, exact=f"{exact:.1f}"
            ),
        ),
        solution=_(
            "{threshold}% / {errors}% × {window} min = {exact} min, so the evaluation after"
            " {answer} minutes is the first that sees it."
        ).format(
            threshold=written(condition.threshold * 100),
            errors=percent,
            window=condition.pair.long // 60,
            exact=f"{exact:.2f}",
            answer=answer,
        ),
    )
