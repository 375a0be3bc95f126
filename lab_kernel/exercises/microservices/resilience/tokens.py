"""How many retries a throttle lets through."""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.microservices.resilience.retry_budget import Throttle

RATIOS = (0.1, 0.2, 0.25, 0.5)


def until_refused(throttle: Throttle) -> int:
    """Failures in a row until the first that may not be retried."""
    count = 0
    while True:
        throttle.ended(success=False)
        count += 1
        if not throttle.allows():
            return count


def until_allowed(throttle: Throttle) -> int:
    """Successes in a row until retries are allowed again."""
    count = 0
    while not throttle.allows():
        throttle.ended(success=True)
        count += 1
    return count


@exercise("microservices/resilience/tokens", title=N_("Tokens for retries"))
def tokens(rng: random.Random) -> Problem:
    """gRPC's throttle; asked is when it closes, or when it opens again."""
    most, ratio = rng.randrange(4, 25), rng.choice(RATIOS)
    throttle = Throttle(most, ratio)
    closes = until_refused(throttle)
    failures = closes + rng.randrange(0, most // 2 + 3)
    for _failure in range(failures - closes):
        throttle.ended(success=False)
    left = throttle.tokens
    opens = until_allowed(throttle)
    closing = rng.random() < 0.4
    answer = closes if closing else opens
    asked = (
        _("Now every try fails. After how many failures is the first retry refused?")
        if closing
        else _(
            "Then {failures} tries fail in a row, and after them all succeed. After how many"
            " successes would a retry be allowed again?"
        ).format(failures=failures)
    )
    missing = most / 2 - left
    return Problem(
        prompt=_(
            "A gRPC client has\nmaxTokens: {most}\ntokenRatio: {ratio}\nand its bucket is"
            " full. {asked}"
        ).format(most=most, ratio=f"{ratio:g}", asked=asked),
        expects=_("A whole number, such as 8."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (
                    most if closing else None,
                    _("Retries stop at half of the tokens already, not at none."),
                ),
                (
                    closes + 1 if closing else None,
                    _("At exactly half it is closed: there have to be more than half."),
                ),
                (
                    closes - 1 if closing else None,
                    _("After that one there are still more than half."),
                ),
                (
                    None if closing else opens - 1,
                    _("At exactly half it is closed: there have to be more than half."),
                ),
                (
                    None if closing else round(failures / ratio),
                    _("The bucket need not be full again, and it never holds less than none."),
                ),
                (
                    None if closing else failures,
                    _("A success gives back only a part of what a failure takes."),
                ),
            ],
            _("Keep the count: it begins at maxTokens, and the threshold is half of that."),
        ),
        hints=(
            _("A failure takes one token, a success gives tokenRatio of one back."),
            _("A retry is allowed while there are more than {half} tokens.").format(
                half=f"{most / 2:g}"
            ),
            _("Count down from {most}, one for each failure.").format(most=most)
            if closing
            else _("After the failures there are {left} tokens; {missing} are missing.").format(
                left=f"{left:g}", missing=f"{missing:g}"
            ),
        ),
        solution=_("{most} − {answer} = {left}, no more than {half}.").format(
            most=most, answer=answer, left=most - answer, half=f"{most / 2:g}"
        )
        if closing
        else _("{left} + {answer} × {ratio} is the first above {half}.").format(
            left=f"{left:g}", answer=answer, ratio=f"{ratio:g}", half=f"{most / 2:g}"
        ),
    )
