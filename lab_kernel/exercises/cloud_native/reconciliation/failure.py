"""When is a pod of a dead node replaced?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _

HEARTBEAT, LOOK = 10, 5


def missed(last: int, grace: int, look: int) -> int:
    """The first look of the node controller (every 5 s, from ``look`` on) at which the last
    heartbeat is at least ``grace`` seconds old."""
    due = last + grace
    return due + (look - due) % LOOK


@exercise("cloud-native/reconciliation/failure", title=N_("When is the pod replaced?"))
def failure(rng: random.Random) -> Problem:
    """Heartbeat, grace period, the next look, toleration."""
    while True:
        beat, look = rng.randrange(HEARTBEAT), rng.randrange(LOOK)
        grace, bears = rng.choice((20, 30, 40, 50)), rng.choice((0, 30, 60, 120, 300))
        fails = rng.randrange(60, 120)
        last = fails - (fails - beat) % HEARTBEAT
        found = missed(last, grace, look)
        answer = found + bears
        wrong = (fails + grace + bears, last + grace + bears, fails + bears)
        if answer not in wrong and last != fails:
            break
    mistakes: list[Mistake] = [
        (
            wrong[0],
            _("Nobody sees the failure itself: the grace period runs from the last heartbeat."),
        ),
        (wrong[1], _("The node controller notices only when it looks, every 5 s.")),
        (
            answer - bears,
            _("That is when the node counts as lost. Its pods bear that for a while."),
        ),
        (wrong[2], _("First the node has to count as lost.")),
        (answer + grace, _("The grace period counts once.")),
    ]
    return Problem(
        prompt=_(
            "A kubelet renews its lease every 10 s, in the seconds that end in {beat}. The node"
            " controller looks every 5 s, in the seconds that leave {look} when divided by 5, and"
            " counts a node as lost whose last heartbeat is {grace} s old or older. Its pods bear"
            " the taint for {bears} s. The power of the node fails in second {fails}. In which"
            " second are its pods deleted and replaced?"
        ).format(beat=beat, look=look, grace=grace, bears=bears, fails=fails),
        expects=_("A whole number of seconds."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("Four times follow each other. Which are they?")),
        hints=(
            _("When was the last heartbeat?"),
            _("Last heartbeat, plus the grace period, then the next look, then the toleration."),
            _("The node counts as lost in second {second}.").format(second=found),
        ),
        solution=_(
            "Last heartbeat in second {last}; {grace} s old in second {due}; the next look is in"
            " second {found}; {bears} s later, in second {answer}, the pods go."
        ).format(last=last, grace=grace, due=last + grace, found=found, bears=bears, answer=answer),
    )
