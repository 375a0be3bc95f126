"""What becomes of this attempt, with these walls?"""

from __future__ import annotations

import random

from lab_kernel.containers.runtime.attack import ATTEMPTS, WALLS, attack, walls_against
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import one_of
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _

SUCCESS = "OK"
NAMES = tuple(name for name in ATTEMPTS if name != "host process")
ANSWERS = (SUCCESS, "EPERM", "EACCES", "EROFS", "EAGAIN", "EINVAL", "ESRCH")


@exercise("containers/runtime/wall", title=N_("Does the attempt succeed?"))
def wall(rng: random.Random) -> Problem:
    """The simulated kernel is asked; success and failure are about as likely."""
    succeeds = rng.random() < 0.4
    while True:
        chosen = rng.sample(list(WALLS), 3)
        walls = tuple(each for each in WALLS if each in chosen)
        attempt = rng.choice(NAMES)
        answer = attack(walls, attempt).errno or SUCCESS
        if (answer == SUCCESS) == succeeds:
            break
    against = [each for each in walls_against(attempt) if each in walls]
    listed = ", ".join(_(WALLS[each]) for each in walls)
    mistakes: list[Mistake] = []
    if answer == SUCCESS:
        mistakes += [
            (wrong, _("None of the walls that stand is about this."))
            for wrong in ANSWERS
            if wrong != SUCCESS
        ]
    else:
        mistakes += [
            (SUCCESS, _("One of the walls is about this very thing: {wall}.").format(
                wall=_(WALLS[against[0]])
            )),
            ("EPERM", _("EPERM is a missing capability's, or the filter's. Here it is another.")),
            ("EACCES", _("EACCES is about permission bits and priorities.")),
        ]  # fmt: skip
    return Problem(
        prompt=_(
            "A container has namespaces of its own and besides: {walls}. A directory of the host's"
            " is mounted at /data; its file belongs to the host's root, with mode 600. The limit of"
            " processes, where there is one, is 8.\nSomebody who is root inside tries to:"
            " {attempt}.\nWhat is the outcome: OK, or which errno?"
        ).format(walls=listed, attempt=_(ATTEMPTS[attempt][0])),
        expects=_("One of: {allowed}.").format(allowed=", ".join(ANSWERS)),
        answer=answer,
        read=one_of(*ANSWERS),
        explain=recognise(mistakes, _("Which wall refuses, and which errno is its own?")),
        hints=(
            _("Which of the walls is about this attempt at all?"),
            _(
                "Capabilities and filters refuse with EPERM, bits and priorities with EACCES, a"
                " read-only mount with EROFS, a limit of processes with EAGAIN, and a user that a"
                " user namespace does not know is EINVAL."
            ),
            _("Walls that would stop it alone: {walls}.").format(
                walls=", ".join(_(WALLS[each]) for each in walls_against(attempt))
            ),
        ),
        solution=_("{answer}. {why}").format(
            answer=answer,
            why=_("It is stopped by: {walls}.").format(
                walls=", ".join(_(WALLS[each]) for each in against)
            )
            if against
            else _("None of these walls is about it."),
        ),
    )
