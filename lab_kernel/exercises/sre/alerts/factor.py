"""The burn rate of a pair of windows, for a share of the budget and a period."""

from __future__ import annotations

import random
import re
from decimal import Decimal
from typing import Any

from lab_kernel.errors import BadInput
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.sre.alerts.burn import DAY, HOUR, PAGE, Pair, written

SHARES = ("1", "2", "5", "10")
WINDOWS = (1, 2, 3, 4, 6, 8, 12)
PERIODS = (7, 14, 21, 28, 30, 60, 90)


def decimal(given: Any) -> Decimal:
    """A number with a point: 14.4, also 14.40."""
    text = str(given).strip()
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,20})?", text):
        raise BadInput("answer", _("“{given}” is no number such as 14.4").format(given=given))
    return Decimal(text)


@exercise("sre/alerts/factor", title=N_("The factor"))
def factor(rng: random.Random) -> Problem:
    """Drawn until the factor comes out even with at most two decimals, and above 1."""
    while True:
        share, hours, days = rng.choice(SHARES), rng.choice(WINDOWS), rng.choice(PERIODS)
        found = Pair(PAGE, Decimal(share) / 100, hours * HOUR, HOUR).factor(days * DAY)
        if found > 1 and found == round(found, 2):
            break
    periods = days * 24 / Decimal(hours)
    return Problem(
        prompt=_(
            "An alert is to fire when {share}% of the error budget is spent within {hours} hours."
            " The SLO's period is {days} days. Above which burn rate does it fire?"
        ).format(share=share, hours=hours, days=days),
        expects=_("A number, such as 14.4."),
        answer=Decimal(written(found)),
        read=decimal,
        explain=recognise(
            [
                (found * 100, _("A share of {share}% is not {share}.").format(share=share)),
                (
                    (Decimal(share) / 100 * 720 / hours).normalize(),
                    _("That is for 30 days; here the period is {days}.").format(days=days),
                ),
                (
                    (found / 24).normalize(),
                    _("The window is in hours and the period in days: take one unit."),
                ),
                (
                    (Decimal(share) / 100 * hours).normalize(),
                    _("A longer window makes the factor smaller, not larger."),
                ),
            ],
            _("At a burn rate of 1, how much of the budget goes in the window?"),
        ),
        hints=(
            _("A burn rate of 1 spends 100% in the period."),
            _("The window fits {times} times into the period.").format(times=written(periods, 6)),
            _("Factor = share × period / window, the share as a number below 1."),
        ),
        solution=_("{share}% × {days} × 24 h / {hours} h = {factor}.").format(
            share=share, days=days, hours=hours, factor=written(found)
        ),
    )
