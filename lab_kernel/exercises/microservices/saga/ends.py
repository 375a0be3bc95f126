"""What a saga does when one of its steps is refused."""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.microservices.saga.moves import listed, log_of, moves, numbered
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.microservices.saga.idempotency import DONE


@exercise("microservices/saga/ends", title=N_("There and back"))
def ends(rng: random.Random) -> Problem:
    """Asked of the orchestrator's own rule."""
    count = rng.randrange(4, 8)
    refused = rng.randrange(3, count + 1)
    idle = rng.randrange(1, refused)
    steps = numbered(count, [idle])
    done = [does for does, answer in log_of(steps, refused) if answer == DONE]
    forth = [f"T{n}" for n in range(1, refused)]
    back = [f"C{n}" for n in range(1, refused) if n != idle]
    answer = " ".join(done)
    return Problem(
        prompt=_(
            "A saga has the steps T1 to T{count}, and C1 to C{count} take them back. T{idle} only"
            " reads, so there is no C{idle}. The orchestrator asks for one step after another, and"
            " T{refused} is refused.\nWhich transactions are committed, in which order?"
        ).format(count=count, idle=idle, refused=refused),
        expects=_("A row of steps, such as T1 T2 C1."),
        answer=answer,
        read=moves,
        explain=recognise(
            [
                (
                    " ".join([*forth, *back]),
                    _("In this order a later step would still stand on one that is gone."),
                ),
                (
                    " ".join([*forth, f"T{refused}", f"C{refused}", *reversed(back)]),
                    _("T{refused} was refused: it changed nothing and needs nothing taken back.")
                    .format(refused=refused),
                ),
                (
                    " ".join([*forth, f"C{refused}", *reversed(back)]),
                    _("T{refused} was refused: it changed nothing and needs nothing taken back.")
                    .format(refused=refused),
                ),
                (
                    " ".join([*forth, *(f"C{n}" for n in range(refused - 1, 0, -1))]),
                    _("There is no C{idle}.").format(idle=idle),
                ),
                (" ".join(forth), _("What was committed is still there: it must be taken back.")),
                (" ".join(reversed(back)), _("The steps before were committed, too.")),
            ],
            _("First what was done, then what takes it back."),
        ),
        hints=(
            _("Each step is committed before the next is asked for."),
            _("Committed when T{refused} is refused: {forth}.").format(
                refused=refused, forth=listed(range(1, refused), "T")
            ),
            _("What was done last is taken back first; {n} steps have something to take back.")
            .format(n=len(back)),
        ),
        solution=_("{answer}: forth up to the refusal, and back in the opposite order.").format(
            answer=answer
        ),
    )  # fmt: skip
