"""One morning, counted in three ways."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from lab_kernel import figures as fig
from lab_kernel.errors import BadInput
from lab_kernel.exercises import Problem, exercise
from lab_kernel.language import N_, _
from lab_kernel.sre.slo.budget import Slice, budget, decimal
from lab_kernel.sre.slo.spec import METHODS, OCCURRENCES, RATIO_TIMESLICES, TIMESLICES

TARGET = Decimal("0.9")


def met(given: Any) -> str:
    """Three letters for the three ways, + where it is met and - where it is missed."""
    word = str(given).strip().replace(" ", "").replace(",", "").replace("−", "-")
    if len(word) != 3 or set(word) - {"+", "-"}:
        message = _("“{given}” is not three signs such as ++- or -+-")
        raise BadInput("answer", message.format(given=given))
    return word


def verdicts(slices: list[Slice]) -> str:
    found = (budget(TARGET, slices, method, TARGET).met for method in METHODS)
    return "".join("+" if each else "-" for each in found)


@exercise("sre/slo/slices", title=N_("Three ways to count"))
def slices(rng: random.Random) -> Problem:
    """Ten slices, some busy, some bad; drawn until the ways disagree, mostly."""
    while True:
        drawn = []
        for _each in range(10):
            total = rng.choice((10, 20, 20, 50, 100, 200))
            worst = rng.choice((0, 0, 0, 0, 1, 2, 8, 10))
            drawn.append(Slice(total - total * worst // 10, total))
        answer = verdicts(drawn)
        if answer not in ("+++", "---") or rng.random() < 0.1:
            break
    found = {method: budget(TARGET, drawn, method, TARGET) for method in METHODS}
    told = {name: (decimal(one.spent, 2), decimal(one.allowed, 2)) for name, one in found.items()}
    rows = [
        fig.Row(
            str(n), [fig.Cell(f"{each.total:,}"), fig.Cell(f"{int(each.total) - int(each.good):,}")]
        )
        for n, each in enumerate(drawn, 1)
    ]
    listed = "; ".join(
        _("{n}: {bad} of {total}").format(n=n, bad=int(e.total) - int(e.good), total=int(e.total))
        for n, e in enumerate(drawn, 1)
    )
    return Problem(
        prompt=_(
            "A window has ten slices. Failed requests of all requests in each:\n{listed}.\nThe"
            " target is 90%, and a slice is good if at least 90% of it is. Is the target met by"
            " Occurrences, by Timeslices, by RatioTimeslices? Write + or - for each, in this order."
        ).format(listed=listed),
        expects=_("Three signs, such as ++-."),
        answer=answer,
        read=met,
        explain=_explain(answer),
        hints=(
            _("All requests together; bad slices of ten; the mean of ten shares of failures."),
            _("Allowed are {events} requests, 1 slice of 10, a mean of 10%.").format(
                events=told[OCCURRENCES][1]
            ),
            _("{events} requests failed, and {slices} slices are bad.").format(
                events=told[OCCURRENCES][0], slices=told[TIMESLICES][0]
            ),
        ),
        solution=_(
            "{answer}: {bad} of {allowed} requests, {slices} of 1 slice, {ratio} of 1 in shares of"
            " slices are spent."
        ).format(
            answer=answer,
            bad=told[OCCURRENCES][0],
            allowed=told[OCCURRENCES][1],
            slices=told[TIMESLICES][0],
            ratio=told[RATIO_TIMESLICES][0],
        ),
        figures=(
            fig.table(
                [_("requests in it"), _("failed in it")],
                rows,
                title=_("Ten slices of time"),
                description=listed + ".",
            ),
        ),
    )


def _explain(answer: str) -> Callable[[str], str]:
    """Which of the three is wrong, the first of them."""
    names = {
        0: _("Occurrences: every request weighs the same. Add them all up."),
        1: _("Timeslices: a slice is good or bad as a whole. Count the bad ones."),
        2: _("RatioTimeslices: every slice weighs the same. Take the mean of their shares."),
    }

    def explain(wrong: str) -> str:
        first = next(n for n in range(3) if wrong[n] != answer[n])
        return names[first]

    return explain
