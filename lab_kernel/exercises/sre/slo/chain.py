"""What dependencies leave of a budget."""

from __future__ import annotations

import random
from decimal import Decimal

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.sre.slo.budget import decimal, share_of
from lab_kernel.sre.slo.composition import left_for

OF = 1_000_000
TARGETS = ("99", "99.5", "99.9")
DEPENDENCIES = ("99.9", "99.95", "99.99", "99.995", "99.999")


@exercise("sre/slo/chain", title=N_("What do the others leave?"))
def chain(rng: random.Random) -> Problem:
    """Two kinds of dependency, all of them needed; failures of a million requests."""
    percent = rng.choice(TARGETS)
    target = Decimal(percent) / 100
    first, second = rng.sample(DEPENDENCIES, 2)
    counts = rng.randrange(1, 6), rng.randrange(1, 6)
    shares = [Decimal(word) / 100 for word in (first, second)]
    needed = [shares[0]] * counts[0] + [shares[1]] * counts[1]
    answer = int(left_for(target, needed) * OF)
    allowed = int(share_of(target) * OF)
    each = [int(share_of(share) * OF) for share in shares]
    return Problem(
        prompt=_(
            "A service promises {target}%. Every request needs all of its dependencies, which"
            " promise {n} × {first}% and {m} × {second}%. Of a million requests, how many may fail"
            " through its own fault, if no two failures coincide? (Below 0: it promises too much.)"
        ).format(target=percent, n=counts[0], first=first, m=counts[1], second=second),
        expects=_("A whole number, such as 350 or -200."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (allowed, _("That is the whole budget; the dependencies take their part first.")),
                (allowed - each[0] - each[1], _("There are several of each kind.")),
                (allowed - answer, _("That is what the dependencies take.")),
                (-answer, _("The other way round: what is allowed, less what the others take.")),
            ],
            _("Add up the budgets of all dependencies and take them off."),
        ),
        hints=(
            _("At worst no two failures coincide: then the budgets simply add up."),
            _("{target}% leaves {allowed} of a million.").format(target=percent, allowed=allowed),
            _("The dependencies take {n} × {first} + {m} × {second}.").format(
                n=counts[0], first=each[0], m=counts[1], second=each[1]
            ),
        ),
        solution=_("{allowed} − {n} × {first} − {m} × {second} = {answer}.").format(
            allowed=decimal(allowed),
            n=counts[0],
            first=each[0],
            m=counts[1],
            second=each[1],
            answer=decimal(answer),
        ),
    )
