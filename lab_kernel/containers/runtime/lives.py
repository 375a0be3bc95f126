"""Lives of containers: operations of a runtime, one after the other, and the state after each."""

from __future__ import annotations

from functools import cache
from typing import Any

from lab_kernel.containers.runtime.config import Config
from lab_kernel.containers.runtime.runtime import Bundle, Runtime
from lab_kernel.errors import BadInput
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.program import Compute
from lab_kernel.kernel.signals import Action, Signum
from lab_kernel.kernel.syscalls import Nanosleep, Rt_sigaction
from lab_kernel.language import N_

NONE = "none"


def _deaf() -> Any:
    while True:
        yield Nanosleep(50)


def _listening() -> Any:
    """Catches SIGTERM, which raises it at the ``yield``, and lets it end the program."""
    yield Rt_sigaction(Signum.SIGTERM, Action.CATCH.value)
    while True:
        yield Nanosleep(50)


def _quick() -> Any:
    yield Compute(30)


PROGRAMS = {
    "listens": (N_("waits, and catches SIGTERM"), _listening),
    "deaf": (N_("waits, and catches nothing"), _deaf),
    "quick": (N_("ends after 30 ticks"), _quick),
}


@cache
def played(words: tuple[str, ...], program: str, signal: str) -> tuple[tuple[str, str, bool], ...]:
    """Each operation with the state after it, and whether it was allowed."""
    machine = Machine(files={"/srv/box/bin/app": PROGRAMS[program][1]})
    runtime = Runtime(machine)
    bundle = Bundle("/srv/box", Config(args=("/bin/app",)))
    rows = []
    for word in words:
        allowed = True
        try:
            if word == "wait":
                machine.run(machine.clock.now + 100)
            elif word == "create":
                runtime.create("box", bundle)
            elif word == "kill":
                runtime.kill("box", signal)
            else:
                getattr(runtime, word)("box")
            machine.run(machine.clock.now + 10)  # nobody types faster
        except BadInput:
            allowed = False
        now = runtime.state("box")["status"] if "box" in runtime.containers else NONE
        rows.append((word, now, allowed))
    return tuple(rows)
