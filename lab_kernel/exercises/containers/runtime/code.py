"""With which code does ``container run`` end?"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from lab_kernel.containers.runtime.config import Config, Limits
from lab_kernel.containers.runtime.runtime import Bundle, Runtime, Status
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.program import Access, Compute, Load, Signal
from lab_kernel.kernel.signals import Action, Signum
from lab_kernel.kernel.syscalls import Mmap, Nanosleep, Rt_sigaction
from lab_kernel.language import N_, _

PAGE = 4096
PAGES = 64
CODES = (1, 2, 3, 5, 7, 13, 42, 77, 100, 111, 200, 255)


@dataclass(frozen=True, slots=True)
class Case:
    """What the program does; ``signal`` is sent to it from outside, after a while."""

    told: str
    program: Any
    signal: str = ""
    memory: int | None = None

    def code(self) -> int:
        """How it ends in a container of the simulated kernel."""
        machine = Machine(files={"/srv/box/bin/app": self.program})
        runtime = Runtime(machine)
        limits = Limits(memory=self.memory)
        one = runtime.create("box", Bundle("/srv/box", Config(args=("/bin/app",), limits=limits)))
        runtime.start("box")
        machine.run(machine.clock.now + 20)
        if self.signal and one.status is Status.RUNNING:
            runtime.kill("box", self.signal)
        machine.run(machine.clock.now + 2000)
        return one.code


def _ends(code: int) -> Any:
    def program() -> Any:
        yield Compute(5)
        return code

    return program


def _faults() -> Any:
    yield Compute(2)
    yield Load(0)


def _for_ever() -> Any:
    while True:
        yield Nanosleep(50)


def _tidies(code: int) -> Any:
    def program() -> Any:
        yield Rt_sigaction(Signum.SIGTERM, Action.CATCH.value)
        try:
            while True:
                yield Nanosleep(50)
        except Signal:
            return code

    return program


def _eats() -> Any:
    at = yield Mmap(0, PAGES * PAGE)
    for page in range(PAGES):
        yield Access(at + page * PAGE, write=True)


def _cases(rng: random.Random) -> Case:
    code = rng.choice(CODES)
    kind = rng.randrange(5)
    if kind == 0:
        said = _("The program computes a little and ends by itself with code {code}.")
        return Case(said.format(code=code), _ends(code))
    if kind == 1:
        return Case(_("The program reads through a null pointer (SIGSEGV is 11)."), _faults)
    if kind == 2:
        said = _("The program waits for ever. Somebody sends it SIGKILL, which is 9.")
        return Case(said, _for_ever, "SIGKILL")
    if kind == 3:
        said = _(
            "The program catches SIGTERM, tidies up and then returns {code}. Somebody sends it"
            " SIGTERM, which is 15."
        )
        return Case(said.format(code=code), _tidies(code), "SIGTERM")
    said = _(
        "The program writes to {pages} pages of memory, with a limit of {limit} pages and no swap"
        " for it. The OOM killer sends SIGKILL, which is 9."
    )
    limit = rng.choice([8, 12, 16, 20, 24, 32])
    return Case(said.format(pages=PAGES, limit=limit), _eats, memory=limit * PAGE)


@exercise("containers/runtime/code", title=N_("With which code does it end?"))
def code(rng: random.Random) -> Problem:
    """The container is run in the simulated kernel."""
    case = _cases(rng)
    answer = case.code()
    mistakes: list[Mistake] = [
        (0, _("0 says that all went well.")),
        (9, _("That is the signal's own number; a shell adds something to it.")),
        (11, _("That is the signal's own number; a shell adds something to it.")),
        (15, _("That is the signal's own number; a shell adds something to it.")),
        (143, _("128 + 15 would be: ended by SIGTERM. Was it?")),
        (1, _("1 would be the program's own answer. Did it give one?")),
    ]
    signal = answer - 128 if answer in (137, 139) else 0
    why = (
        _("signal {signal} ended it, and 128 + {signal} = {code}").format(
            signal=signal, code=answer
        )
        if signal
        else _("the program's own code is passed through")
    )
    return Problem(
        prompt=_("{story}\nWhich exit code does the runtime pass on?").format(story=case.told),
        expects=_("A whole number from 0 to 255."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("Is it the program that decides the code, or a signal?")),
        hints=(
            _("Does the program come to its own end?"),
            _("A program's own code is passed through. For a signal n it is 128 + n."),
            _("Here: {why}.").format(
                why=_("a signal ends it")
                if signal
                else _("the program returns a value, and that is the code")
            ),
        ),
        solution=_("{code}: {why}.").format(code=answer, why=why),
    )
