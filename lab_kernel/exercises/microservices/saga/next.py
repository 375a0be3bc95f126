"""What an orchestrator sends when it has read its log."""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.microservices.saga.moves import END, log_of, move, numbered
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.microservices.saga.idempotency import REFUSED
from lab_kernel.microservices.saga.saga import next_move

WORDS = {"done": N_("done"), "refused": N_("refused")}


@exercise("microservices/saga/next", title=N_("After the crash"))
def next_one(rng: random.Random) -> Problem:
    """The log of a saga, cut off somewhere."""
    count = rng.randrange(4, 8)
    refused = rng.choice([None, *range(2, count + 1), *range(2, count + 1)])
    steps = numbered(count, [count])
    whole = log_of(steps, refused)
    log = whole[: rng.randrange(2, len(whole) + 1)]
    answer = next_move(steps, log) or END
    back = any(said == REFUSED for _does, said in log)
    last = log[-1][0]
    number = int(last[1:])
    again = f"T{refused}" if back else last
    return Problem(
        prompt=_(
            "A saga has the steps T1 to T{count}; C1 to C{most} take back all but the last. The"
            " orchestrator dies, is started again, and finds in its log\n{log}\nWhat does it send"
            " next?"
        ).format(
            count=count,
            most=count - 1,
            log="\n".join(f"{does} {_(WORDS[said])}" for does, said in log),
        ),
        expects=_("A step, such as T3 or C2, or “end” if it is over."),
        answer=answer,
        read=move,
        explain=recognise(
            [
                (again, _("That is in the log already: the answer came before the crash.")),
                (last, _("That is in the log already: the answer came before the crash.")),
                (f"T{number + 1}", _("A step was refused: from there on it goes back.")),
                (f"C{refused}", _("The refused step has changed nothing.")),
                ("C1", _("What was done last is taken back first.")),
                ("T1", _("The log says how far it has come; it does not begin anew.")),
                (END, _("Look again: something is still to be done or taken back.")),
            ],
            _("Is there a refusal in the log? Then find the last step not yet taken back."),
        ),
        hints=(
            _("The log alone decides: the first thing to look for is a refusal."),
            _("There is one: it goes back.") if back else _("There is none: it goes on."),
            _("The last line is about step {n}.").format(n=number),
        ),
        solution=_("{answer}: nothing else is needed than the log, which is why it survives.")
        .format(answer=answer),
    )  # fmt: skip
