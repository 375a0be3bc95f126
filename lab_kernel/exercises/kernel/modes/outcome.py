"""What does an instruction end: nothing, the process, or the machine?"""

from __future__ import annotations

import random
from collections.abc import Callable, Generator
from typing import Any

from lab_kernel.errors import BadInput
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.kernel.instructions import DIRECT_MAP
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.program import Access, Compute, Instruction, Signal
from lab_kernel.kernel.syscalls import Read
from lab_kernel.language import N_, _

NOTHING, PROCESS, MACHINE = "nothing", "process", "machine"
_SAID = {
    NOTHING: ("nothing", "아무것도", "없음"),
    PROCESS: ("process", "the process", "프로세스"),
    MACHINE: ("machine", "the machine", "머신"),
}
# What it is called, the wish, and whether it is wrong in any mode.
WISHES: dict[str, tuple[str, Callable[[], Any], bool]] = {
    "null": (N_("reads address 0, where nothing is mapped"), lambda: Access(0), True),
    "divide": (N_("divides by zero"), lambda: Compute(1 // 0), True),
    "kernel": (N_("reads the kernel's own memory"), lambda: Access(DIRECT_MAP), False),
    "hlt": (N_("executes hlt"), lambda: Instruction("hlt"), False),
    "cli": (N_("executes cli, which switches interrupts off"), lambda: Instruction("cli"), False),
    "pointer": (
        N_("hands read() a pointer into memory that is not mapped"),
        lambda: Read(0, 8, 0x10),
        False,
    ),
}


PROGRAMS = ("bash", "cat", "nginx", "python3", "sqlite3", "sshd")


def happens(name: str, mode: str, catches: bool) -> str:
    """Tried on a machine."""

    def program() -> Generator[Any, Any, None]:
        try:
            yield WISHES[name][1]()
        except (Signal, ZeroDivisionError):
            if not catches:
                raise

    machine = Machine(frames=8)
    process = machine.spawn(program)
    process.kernel = mode == "kernel"
    machine.run()
    return MACHINE if machine.panicked else PROCESS if process.signal else NOTHING


def _answer(given: Any) -> str:
    word = str(given).strip().lower()
    for option, words in _SAID.items():
        if word in words:
            return option
    raise BadInput(
        "answer",
        _("“{given}” is not one of: {allowed}").format(given=given, allowed=", ".join(_SAID)),
    )


@exercise("kernel/modes/outcome", title=N_("What does it end?"))
def outcome(rng: random.Random) -> Problem:
    """One instruction, one mode; sometimes the program catches the signal."""
    mode = rng.choice(("user", "kernel"))
    name = rng.choice([name for name in WISHES if mode == "user" or name != "pointer"])
    said, _wish, always = WISHES[name]
    catches = mode == "user" and name != "pointer" and rng.random() < 0.3
    answer = happens(name, mode, catches)
    if name == "pointer":
        why = _("The kernel checks the pointer itself and answers EFAULT. Nobody has faulted.")
    elif mode == "kernel":
        why = (
            _("In kernel mode there is nobody above who could clean up: the kernel panics.")
            if always
            else _("That is allowed in kernel mode: it is what kernel mode is for.")
        )
    elif catches:
        why = _("The fault becomes a signal, and this program has said that it catches it.")
    else:
        why = _("In user mode the processor refuses, and the kernel ends that process alone.")
    beliefs = {
        NOTHING: _("Something does end here. {why}"),
        PROCESS: _("Not the process alone, or not even that. {why}"),
        MACHINE: _("The machine goes on. {why}"),
    }
    return Problem(
        prompt=_("{program} runs in {mode} and {does}.{catches} What does that end?").format(
            program=rng.choice(PROGRAMS),
            mode=_("user mode") if mode == "user" else _("kernel mode"),
            does=_(said),
            catches=_(" It catches the signal that this brings.") if catches else "",
        ),
        expects=_("nothing, process or machine"),
        answer=answer,
        read=_answer,
        explain=recognise([(wrong, told.format(why=why)) for wrong, told in beliefs.items()], why),
        hints=(
            _("Is it wrong in any mode, or only forbidden in user mode?"),
            _(
                "What is wrong ends the process in user mode and the machine in kernel mode. What"
                " is only forbidden is no mistake in kernel mode."
            ),
            why,
        ),
        solution=why,
    )
