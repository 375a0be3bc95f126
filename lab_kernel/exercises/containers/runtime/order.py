"""Which of these operations are refused?"""

from __future__ import annotations

import random

from lab_kernel.containers.runtime.lives import played
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _

LENGTH = 7
WORDS = ("create", "start", "kill", "delete")


def _draw(rng: random.Random) -> tuple[str, ...]:
    return ("create", *(rng.choice(WORDS) for _n in range(LENGTH - 1)))


@exercise("containers/runtime/order", title=N_("How many operations are refused?"))
def order(rng: random.Random) -> Problem:
    """The runtime itself is asked; between two and five of seven are refused."""
    words = _draw(rng)
    while not 2 <= sum(not ok for _word, _now, ok in played(words, "deaf", "SIGKILL")) <= 5:
        words = _draw(rng)
    rows = played(words, "deaf", "SIGKILL")
    answer = sum(not ok for _word, _now, ok in rows)
    states = ["none", *(now for _word, now, _ok in rows[:-1])]
    repeated = sum(
        now == "none" and word == "create" for word, now in zip(words, states, strict=True)
    )
    moves = sum(before != now for before, (_word, now, _ok) in zip(states, rows, strict=True))
    told = "; ".join(
        f"{n}. {word} {'✓' if ok else '✗'}" for n, (word, _now, ok) in enumerate(rows, 1)
    )
    return Problem(
        prompt=_(
            "A runtime gets these operations for one container, one after the other:\n{words}\n"
            "kill sends SIGKILL, and the program would run for ever. How many of the operations are"
            " refused with an error?"
        ).format(words=" ".join(words)),
        expects=_("A whole number from 0 to {most}.").format(most=LENGTH),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (moves, _("So many are carried out. The question is how many are refused.")),
                (
                    LENGTH - repeated,
                    _("A create is not the only thing that can be allowed. Follow the state."),
                ),
                (0, _("Each operation is for certain states only. In others it is an error.")),
            ],
            _("Write the state after each operation; a refused one leaves it as it was."),
        ),
        hints=(
            _("Which states are there, and which operation leads from one to the next?"),
            _(
                "create: only if there is no such container. start: created. kill: created or"
                " running. delete: stopped."
            ),
            _("The states after each operation: {states}.").format(
                states=", ".join(now for _word, now, _ok in rows)
            ),
        ),
        solution=_("{answer} of them are refused. {told}").format(answer=answer, told=told),
    )
