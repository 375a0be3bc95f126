"""How long does a copy take with such a buffer?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _


@exercise("kernel/modes/buffering", title=N_("What does a buffer save?"))
def buffering(rng: random.Random) -> Problem:
    """A read and a write for every buffer, and the bytes themselves on top."""
    kib = rng.choice((64, 128, 256, 512, 1024))
    buffer = rng.choice((1, 4, 16, 64))  # KiB
    call = rng.choice((200, 250, 400, 500))  # ns
    per_kib = rng.choice((50, 100, 200))  # ns, both copies together
    blocks = kib // buffer
    calls, moved = 2 * blocks * call, kib * per_kib
    if calls == 2 * moved:  # two mistakes would give the same
        per_kib *= 2
        moved *= 2
    answer = calls + moved
    return Problem(
        prompt=_(
            "A program copies a file of {kib} KiB with a buffer of {buffer} KiB: read, write, read,"
            " write, until all is copied. A system call costs {call} ns, whatever it moves, and"
            " {per} ns more for each KiB of the file, for both copies together. How many"
            " nanoseconds in all? (Leave the last read, which finds the end of the file, aside.)"
        ).format(kib=kib, buffer=buffer, call=call, per=per_kib),
        expects=_("A whole number of nanoseconds."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (calls, _("The bytes have their price too, however few the calls.")),
                (
                    blocks * call + moved,
                    _("Each buffer is read and written: two system calls."),
                ),
                (moved, _("And the system calls?")),
                (
                    2 * kib * call + moved,
                    _("That would be a call for each KiB. The buffer holds {buffer}.").format(
                        buffer=buffer
                    ),
                ),
                (
                    calls + moved * blocks,
                    _("Each KiB of the file is paid for once, not in every call."),
                ),
            ],
            _("Calls × price of a call + KiB × price of a KiB."),
        ),
        hints=(
            _("How often is the buffer filled, and how many system calls is that?"),
            _("Two calls for each buffer; then the bytes, which no buffer makes cheaper."),
            _("{calls} calls × {call} ns + {kib} KiB × {per} ns.").format(
                calls=2 * blocks, call=call, kib=kib, per=per_kib
            ),
        ),
        solution=_(
            "{blocks} buffers, {n} calls × {call} ns = {calls} ns; {kib} × {per} ns = {moved} ns;"
            " together {answer} ns."
        ).format(
            blocks=blocks, n=2 * blocks, call=call, calls=calls, kib=kib, per=per_kib,
            moved=moved, answer=answer,
        ),
    )  # fmt: skip
