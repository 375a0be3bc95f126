"""How often is the border crossed when the driver is a process?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _


@exercise("kernel/modes/messages", title=N_("The price of the wall"))
def messages(rng: random.Random) -> Problem:
    """Requests, each with so many readings of a register."""
    requests, readings = rng.randrange(2, 9), rng.randrange(1, 7)
    each = 1 + 1 + readings + 1
    answer = 2 * requests * each
    return Problem(
        prompt=_(
            "A driver is a server process of a microkernel. For each request the client makes one"
            " system call and sleeps; the server makes one to receive the request, one for each"
            " reading of the device's register, and one to answer, which wakes the client. A"
            " client makes {requests} requests, and for each the driver reads the register"
            " {readings} times. How often is the border between the modes crossed, into the kernel"
            " and out of it counted separately?"
        ).format(requests=requests, readings=readings),
        expects=_("A whole number of crossings."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (
                    requests * each,
                    _("That is the number of system calls. Each goes in and comes out again."),
                ),
                (
                    2 * requests,
                    _("That is the price in a monolithic kernel. What does the server do?"),
                ),
                (
                    2 * requests * 3,
                    _("The server may not touch the device itself: each reading is a call too."),
                ),
                (
                    2 * requests * (each - 1),
                    _("Receiving and answering are a call each, and the client's call counts too."),
                ),
                (
                    2 * requests * (readings + 1),
                    _("The messages cost calls as well: one to receive, one to answer."),
                ),
                (2 * each, _("That is for one request.")),
            ],
            _("Count the system calls of client and server for one request first."),
        ),
        hints=(
            _("How many system calls does one request take, in both processes together?"),
            _("1 of the client, 1 to receive, {n} readings, 1 to answer.").format(n=readings),
            _("{each} calls for a request; each crosses twice.").format(each=each),
        ),
        solution=_(
            "1 + 1 + {readings} + 1 = {each} calls for a request; {requests} × {each} × 2 ="
            " {answer}. A monolithic kernel needs {mono}."
        ).format(readings=readings, each=each, requests=requests, answer=answer, mono=2 * requests),
    )
