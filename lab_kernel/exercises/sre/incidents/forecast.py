"""What forecasts score."""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.sre.incidents.game_day import brier

OF = 4


@exercise("sre/incidents/forecast", title=N_("How good was the forecast?"))
def forecast(rng: random.Random) -> Problem:
    """Chances in tenths, drawn until the mean is a whole number of hundredths."""
    while True:
        tenths = [rng.randrange(0, 11) for _round in range(OF)]
        held = [rng.random() < 0.5 for _round in range(OF)]
        off = [abs(said - 10 * did) for said, did in zip(tenths, held, strict=True)]
        if sum(each**2 for each in off) % OF == 0 and len(set(off)) > 1 and len(set(held)) > 1:
            break
    chances = [each / 10 for each in tenths]
    answer = round(100 * brier(chances, held))
    squares = [each**2 for each in off]
    rows = "\n".join(
        _("{chance}%: it held").format(chance=10 * said)
        if did
        else _("{chance}%: it did not hold").format(chance=10 * said)
        for said, did in zip(tenths, held, strict=True)
    )
    return Problem(
        prompt=_(
            "On a game day somebody said how likely each of four hypotheses was to hold:\n{rows}\n"
            "What is the Brier score, in hundredths (25 for 0.25)?"
        ).format(rows=rows),
        expects=_("A whole number of hundredths, such as 25."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (sum(squares), _("That is the sum. The score is the mean of the four.")),
                (sum(off) * 10 // OF, _("That is the mean of the differences. Square each first.")),
                (
                    sum(each**2 for each in tenths) // OF,
                    _("What held counts as 1: the difference to 1, not to 0."),
                ),
                (
                    round(100 * brier(chances, [not did for did in held])),
                    _("The other way round: what held is 1, what did not is 0."),
                ),
            ],
            _("The mean of the squared differences between what was said and 1 or 0."),
        ),
        hints=(
            _("What held is 1, what did not hold is 0; the chances are between them."),
            _("The differences are {off}.").format(off=", ".join(f"{each / 10:g}" for each in off)),
            _("Squared: {squares}. Now the mean of the four.").format(
                squares=", ".join(f"{each / 100:g}" for each in squares)
            ),
        ),
        solution=_("({squares}) / 4 = {score}, or {answer} hundredths.").format(
            squares=" + ".join(f"{each / 100:g}" for each in squares),
            score=f"{answer / 100:g}",
            answer=answer,
        ),
    )
