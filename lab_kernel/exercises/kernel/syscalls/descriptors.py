"""Which number does the call return?"""

from __future__ import annotations

import random
from collections.abc import Generator
from typing import Any

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.syscalls import Call, Close, Dup, Dup2, Open, Pipe
from lab_kernel.language import N_, _

FIRST = 3  # 0, 1 and 2 are open from the start
_ASKED = 'open("/etc/hostname")'


def returned(calls: list[Call]) -> list[Any]:
    """What a machine answers to these calls of one process."""
    answers: list[Any] = []

    def program() -> Generator[Any, Any, None]:
        for call in calls:
            answers.append((yield call))

    machine = Machine()
    machine.spawn(program)
    machine.run()
    return answers


def _draw(rng: random.Random) -> tuple[list[str], list[Call], set[int]]:
    """Five or six calls that succeed; their text; the descriptors in use after them."""
    used, said, calls = {0, 1, 2}, [], list[Call]()
    for _n in range(rng.choice((5, 6))):
        own = sorted(used - {0, 1, 2})
        kind = rng.choice(("open", "open", "dup", "dup2", "pipe", "close", "close"))
        lowest = [n for n in range(20) if n not in used]
        if kind == "close" and own:
            fd = 0 if 0 in used and rng.random() < 0.15 else rng.choice(own)
            used.remove(fd)
            said.append(f"close({fd})")
            calls.append(Close(fd))
        elif kind == "dup" and own:
            fd = rng.choice(own)
            used.add(lowest[0])
            said.append(f"dup({fd})")
            calls.append(Dup(fd))
        elif kind == "dup2" and own:
            fd, new = rng.choice(own), rng.randrange(3, 9)
            used.add(new)
            said.append(f"dup2({fd}, {new})")
            calls.append(Dup2(fd, new))
        elif kind == "pipe":
            used.update(lowest[:2])
            said.append("pipe()")
            calls.append(Pipe())
        else:
            used.add(lowest[0])
            said.append(_ASKED)
            calls.append(Open("/etc/hostname"))
    return said, calls, used


@exercise("kernel/syscalls/descriptors", title=N_("Which descriptor?"))
def descriptors(rng: random.Random) -> Problem:
    """The lowest number that is free, which is not the one after the highest."""
    while True:
        said, _calls, used = _draw(rng)
        answer = min(n for n in range(20) if n not in used)
        if answer != max(used) + 1 and any(text.startswith("close") for text in said):
            break
    opened = FIRST + sum(2 if text == "pipe()" else text[0] in "od" for text in said)
    mistakes: list[Mistake] = [
        (max(used) + 1, _("Numbers are not used up: a lower one is free again.")),
        (opened, _("You have counted what was opened, not what is open now.")),
        (
            min(n for n in range(FIRST, 20) if n not in used),
            _("0, 1 and 2 are descriptors like any other, and one of them has been closed."),
        ),
        (0, _("0 is still open: nobody has closed it.")),
    ]
    listed = "\n".join(said)
    return Problem(
        prompt=_(
            "A process starts with descriptors 0, 1 and 2 open. It makes these calls, and all"
            " succeed:\n{listed}\nWhat does it get from one more {asked}?"
        ).format(listed=listed, asked=_ASKED),
        expects=_("A whole number."),
        answer=answer,
        read=whole,
        explain=recognise(
            mistakes,
            _("Note after each call which numbers are in use. The lowest free one is given out."),
        ),
        hints=(
            _("open, dup and pipe give out the lowest numbers that are free."),
            _("Go through the calls and keep a list of the numbers in use. dup2 chooses its own."),
            _("At the end these are in use: {used}.").format(
                used=", ".join(map(str, sorted(used)))
            ),
        ),
        solution=_("In use are {used}; the lowest free number is {answer}.").format(
            used=", ".join(map(str, sorted(used))), answer=answer
        ),
    )
