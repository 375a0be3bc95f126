"""Which of four tests notices a mistake in the rules."""

from __future__ import annotations

import random
from functools import cache

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import one_of
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.sre.alerts.demo import ready, trials
from lab_kernel.sre.alerts.mutants import Mutant, mutants
from lab_kernel.sre.alerts.promtests import Failure
from lab_kernel.sre.alerts.scenarios import Scenario

LETTERS = "ABCD"


@cache
def every() -> list[Mutant]:
    return mutants(ready().group)


@cache
def verdicts(number: int) -> list[tuple[Scenario, Failure | None]]:
    """What each test says first against this mutant; None if it is content."""
    right, wrong = ready().group, every()[number].group
    return [(trial.scenario, next(iter(trial.failures(wrong, right)), None)) for trial in trials()]


@exercise("sre/alerts/mistake", title=N_("Which test notices the mistake?"))
def mistake(rng: random.Random) -> Problem:
    """One of the four does, three do not; the evaluator ran them all."""
    while True:
        number = rng.randrange(len(every()))
        red = [each for each in verdicts(number) if each[1]]
        green = [each for each in verdicts(number) if not each[1]]
        if red and len(green) >= 3:
            break
    mutant = every()[number]
    noticed = rng.choice(red)
    four = [noticed, *rng.sample(green, 3)]
    rng.shuffle(four)
    answer = LETTERS[four.index(noticed)]
    scenario, failure = noticed
    assert failure is not None
    listed = "\n".join(
        f"{letter}: {each.title}" for letter, (each, _f) in zip(LETTERS, four, strict=True)
    )
    minute = failure.time // 60
    wrong = _("at minute {minute} it wants {wanted}, and gets {got}").format(
        minute=minute, wanted=_(NOTHING) if failure.wanted == "-" else failure.wanted,
        got=_(NOTHING) if failure.got == "-" else failure.got,
    )  # fmt: skip
    return Problem(
        prompt=_(
            "The rules for 99.9% over 30 days (page: 1h/5m, 6h/30m; ticket: 1d/2h, 3d/6h) have one"
            " mistake: {kind} {where}. Which of these tests fails?\n{list}"
        )
        .format(kind=_(mutant.kind), where=mutant.where, list=listed)
        .replace(" .", "."),
        expects=_("One letter, such as B."),
        answer=answer,
        read=one_of(*LETTERS),
        explain=recognise(
            [
                (letter, _("The rules with the mistake do the same as the right ones there."))
                for letter in LETTERS
                if letter != answer
            ],
            "",
        ),
        hints=(
            _("In which of them would the wrong rules fire, or not fire, where the right ones do?"),
            _("Factors: 14.4 and 6 for the page, 3 and 1 for the ticket. 9.3x is a burn rate."),
            _("In that test, {wrong}.").format(wrong=wrong),
        ),
        solution=_("{letter}, {test}: {wrong}.").format(
            letter=answer, test=scenario.title, wrong=wrong
        ),
    )


NOTHING = N_("no alert")
