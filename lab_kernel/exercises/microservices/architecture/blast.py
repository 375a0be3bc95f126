"""How many requests fail after a bad version of one module?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.microservices.architecture.cuts import by_chance, told
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _
from lab_kernel.microservices.architecture.cut import OPERATIONS, PARTS
from lab_kernel.microservices.architecture.prices import blast_radius, needed


@exercise("microservices/architecture/blast", title=N_("How far does a bad version reach?"))
def blast(rng: random.Random) -> Problem:
    """All operations that need the unit in which the module is deployed."""
    cut, module = by_chance(rng, 2, 6), rng.choice(list(PARTS))
    unit = cut.unit(module)
    answer = round(100 * blast_radius(cut, unit))
    hit = [name for name in OPERATIONS if unit in set(needed(cut, name))]
    directly = sum(share for first, share in OPERATIONS.values() if first == module)
    shares = ", ".join(f"{module} {share}%" for module, share in OPERATIONS.values())
    mistakes: list[Mistake] = [
        (100, _("Which requests never come to this unit?")),
        (directly, _("Others come to it, too: because of who asks whom, or of its other modules.")),
        (100 - answer, _("That is how many do not fail.")),
        (
            round(100 * len(cut.groups[unit]) / len(PARTS)),
            _("That is its share of the modules, not of the requests."),
        ),
    ]
    return Problem(
        prompt=_(
            "{cut} Users ask: {shares}. Only mail may fail without harm. A bad {module} is"
            " deployed, and its whole unit answers nothing but errors. How many of 100 requests"
            " fail?"
        ).format(cut=told(cut), shares=shares, module=module),
        expects=_("A whole number from 0 to 100."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("Which requests need any module of this unit?")),
        hints=(
            _("Which modules are in its unit? They all fail."),
            _("They are {modules}. Who needs one of them?").format(
                modules=" ".join(cut.groups[unit])
            ),
            _("Requests that begin at: {first}.").format(
                first=", ".join(OPERATIONS[name][0] for name in hit) or "-"
            ),
        ),
        solution=_("The unit has {modules}; {answer} of 100 requests need it.").format(
            modules=" ".join(cut.groups[unit]), answer=answer
        ),
    )
