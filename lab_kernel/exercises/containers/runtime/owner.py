"""Whose is the file, on the other side of a user namespace?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.kernel.namespaces.user import INITIAL, OVERFLOW, Line, UserNamespace
from lab_kernel.language import N_, _


@exercise("containers/runtime/owner", title=N_("Whose is the file?"))
def owner(rng: random.Random) -> Problem:
    """The kernel's own map is asked, from inside out or from outside in."""
    first = rng.choice([10_000, 100_000, 165_536, 231_072])
    count = rng.choice([1, 1000, 65_536])
    own = rng.choice([1000, 1001, 1500])
    lines = (Line(0, own, 1), *((Line(1, first, count),) if count > 1 else ()))
    inside = UserNamespace(1, INITIAL, own, 1, lines, lines)
    told = "\n".join(f"{line.inside:>8} {line.outside:>8} {line.length:>8}" for line in lines)
    if rng.random() < 0.5:
        uid = rng.choice([0, 0, 33, 999]) if count > 1 else 0
        answer = inside.kernel_id(uid)
        question = _("In the container user {uid} makes a file. Who owns it, as the host sees it?")
    else:
        uid = rng.choice([own, 0, first + rng.randrange(min(count, 900)), own + 1])
        answer = inside.shown(uid)
        question = _(
            "A directory of the host's is mounted in the container, with a file of the host's user"
            " {uid}. Who owns it, as a process in the container sees it?"
        )
    assert answer is not None
    return Problem(
        prompt=_("/proc/self/uid_map of a container says\n{map}\n{question}").format(
            map=told, question=question.format(uid=uid)
        ),
        expects=_("A whole number, a user ID."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (uid, _("The number is translated: inside and outside it is not the same.")),
                (
                    OVERFLOW,
                    _("65534 stands for whoever has no line in the map. This user has one."),
                ),
                (first + uid, _("The second line begins with user 1, not with user 0.")),
                (0, _("Only one user outside is user 0 inside.")),
            ],
            _("Find the line that holds the user, and keep the distance from its beginning."),
        ),
        hints=(
            _("A line is: first user inside, first user outside, how many."),
            _(
                "In the same line, the distance from the beginning is the same inside and outside."
                " Who is in no line is seen as 65534."
            ),
            _("User 0 inside is {own} outside.").format(own=own),
        ),
        solution=_("{answer}. {why}").format(
            answer=answer,
            why=_("No line holds user {uid}, and so it is shown as nobody.").format(uid=uid)
            if answer == OVERFLOW
            else _("The distance from the line's beginning stays the same."),
        ),
    )
