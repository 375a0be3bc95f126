"""What does the shell report of a process that a fault has ended?"""

from __future__ import annotations

import random

from lab_kernel import host
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.kernel.signals import Signum
from lab_kernel.language import N_, _

WHAT = {
    "divide": N_("divides a whole number by zero"),
    "null": N_("reads through a null pointer"),
    "kernel address": N_("reads an address of the kernel"),
    "hlt": N_("executes the privileged instruction hlt"),
    "out": N_("writes to an input/output port with out"),
    "wrmsr": N_("executes the privileged instruction wrmsr"),
    "ud2": N_("executes ud2, an opcode that means nothing"),
}
PROGRAMS = ("cat", "grep", "make", "python3", "sort", "tar")
SHELL = 128  # POSIX: more than 128; bash, dash and ksh add the signal's number


@exercise("kernel/modes/status", title=N_("How did it end?"))
def status(rng: random.Random) -> Problem:
    """The answer is what a real Linux did: the recording has it."""
    program = rng.choice(PROGRAMS)
    if rng.random() < 0.4:
        return _own_accord(program, rng.randrange(1, 700))
    signals = host.recording("modes").data["faults"]["signals"]
    number = rng.choice(sorted({signals[name] for name in WHAT}))
    name = rng.choice([name for name in WHAT if signals[name] == number])
    others = sorted(set(signals.values()) - {0, number})
    mistakes: list[Mistake] = [
        (number, _("That is the signal's number. The shell adds {n} to it.").format(n=SHELL)),
        (-number, _("That is how Python's subprocess says it, not the shell.")),
        (
            0,
            _("0 says that all went well, and this process did not end of its own accord."),
        ),
    ]
    mistakes += [
        (
            SHELL + other,
            _("That would be {name}. What did the processor object to here?").format(
                name=Signum(other).name
            ),
        )
        for other in others
    ]
    told = _("{name} is signal {number}: {shell} + {number} = {answer}.").format(
        name=Signum(number).name, number=number, shell=SHELL, answer=SHELL + number
    )
    return Problem(
        prompt=_(
            "On Linux for x86-64 {program} {does}, and does not catch the signal. Which status does"
            " the shell show with echo $? afterwards?"
        ).format(program=program, does=_(WHAT[name])),
        expects=_("A whole number: the status."),
        answer=SHELL + number,
        read=whole,
        explain=recognise(mistakes, _("The status is {n} plus the signal.").format(n=SHELL)),
        hints=(
            _("Which signal does Linux send: SIGILL (4), SIGFPE (8) or SIGSEGV (11)?"),
            _(
                "SIGFPE is for arithmetic, whole numbers included; SIGILL for an opcode that does"
                " not exist; SIGSEGV for memory and for what user mode forbids."
            ),
            _("The signal is {name}; add {n}.").format(name=Signum(number).name, n=SHELL),
        ),
        solution=told,
    )


def _own_accord(program: str, code: int) -> Problem:
    """No signal at all: what the program said itself, as far as a status holds it."""
    answer = code & 0xFF
    return Problem(
        prompt=_(
            "On Linux {program} ends by calling exit({code}). Which status does the shell show with"
            " echo $? afterwards?"
        ).format(program=program, code=code),
        expects=_("A whole number: the status."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (SHELL + code, _("128 is added only for a signal. This program ended itself.")),
                (SHELL + answer, _("128 is added only for a signal. This program ended itself.")),
                (code, _("A status has 8 bits. What is left of the number in 8 bits?")),
            ],
            _("The status is the lowest 8 bits of what the program said."),
        ),
        hints=(
            _("Did a signal end it, or did it end of its own accord?"),
            _("exit keeps the lowest 8 bits: the remainder after division by 256."),
            _("{code} - 256 × {times}.").format(code=code, times=code // 256),
        ),
        solution=_("{code} in 8 bits: {code} - 256 × {times} = {answer}.").format(
            code=code, times=code // 256, answer=answer
        ),
    )
