"""Who is who, by uid_map?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.kernel.namespaces.idmap import write_map
from lab_kernel.kernel.namespaces.user import INITIAL, OVERFLOW, UserNamespace
from lab_kernel.kernel.security import ROOT
from lab_kernel.language import N_, _


@exercise("containers/namespaces/users", title=N_("Who owns the file?"))
def users(rng: random.Random) -> Problem:
    """A map of two lines, read in one direction or the other."""
    first = rng.choice((100_000, 165_536, 231_072))
    second = rng.randrange(1000, 1100)
    split = rng.choice((1, 10, 100, 1000))
    length = rng.choice((1000, 5000, 20_000))
    lines = [(0, first, split), (split, second, 1), (split + 1, first + split, length)]
    made = UserNamespace(1, INITIAL, uid=second, level=1)
    write_map(made, ROOT, "\n".join(" ".join(map(str, line)) for line in lines))
    inwards = rng.random() < 0.5
    kind = rng.choice(("early", "middle", "late", "late"))
    inside = {"early": rng.randrange(split), "middle": split}.get(
        kind, split + 1 + rng.randrange(2, length)
    )
    outside = made.kernel_id(inside)
    assert outside is not None
    stranger = rng.random() < 0.25 and inwards
    if stranger:
        outside = rng.choice((0, 5, 1200, first + split + length + 7))
    answer = made.shown(outside) if inwards else outside
    mistakes: list[Mistake] = [
        (OVERFLOW, _("This user is on one of the lines.")),
        (outside - first, _("That is counted from the first line. Which line holds this user?")),
        (first + inside, _("That is counted from the first line. Which line holds this user?")),
        (outside, _("That is the user on the host. How is it seen inside?")),
        (inside, _("That is the user inside. Who is it on the host?")),
        (answer + 1, _("The first user of a line is its start itself: begin to count at 0.")),
        (answer - 1, _("The first user of a line is its start itself: begin to count at 0.")),
    ]
    table = "\n".join("{:>8}{:>10}{:>8}".format(*line) for line in lines)
    asked = (
        _("On the host a file belongs to user {uid}. To whom does it belong for a process inside?")
        if inwards
        else _("A process inside, user {uid}, makes a file. To whom does it belong on the host?")
    ).format(uid=outside if inwards else inside)
    return Problem(
        prompt=_("/proc/PID/uid_map of a user namespace says:\n{table}\n{asked}").format(
            table=table, asked=asked
        ),
        expects=_("A whole number."),
        answer=answer,
        read=whole,
        explain=recognise(
            mistakes if not stranger else [], _("Find the line first. No line: nobody, 65534.")
        ),
        hints=(
            _("The columns: first user inside, first user on the host, how many."),
            _("Find the line whose range holds this user, and add the distance from its start."),
            _("Is the user on line {line}?").format(
                line=_line(lines, outside) or _("none (then it is 65534)")
            ),
        ),
        solution=_("Inside {inside}, on the host {outside}: the answer is {answer}.").format(
            inside=made.shown(outside), outside=outside, answer=answer
        ),
    )


def _line(lines: list[tuple[int, int, int]], outside: int) -> int:
    """On which line a user of the host is; 0: on none."""
    return next(
        (n for n, (_in, out, length) in enumerate(lines, 1) if out <= outside < out + length), 0
    )
