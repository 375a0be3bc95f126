"""The life of a container: operations, one after the other, and what each does."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from lab_kernel import figures as fig
from lab_kernel.containers.runtime.config import Config
from lab_kernel.containers.runtime.runtime import OPERATIONS, Bundle, Runtime
from lab_kernel.errors import BadInput
from lab_kernel.explore import Choice, View, Words, explorable
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.program import Compute
from lab_kernel.kernel.signals import Action, Signum
from lab_kernel.kernel.syscalls import Nanosleep, Rt_sigaction
from lab_kernel.language import N_, _
from lab_kernel.registry import unknown

MOST = 10
NONE = "none"
STATES = {
    NONE: N_("does not exist"),
    "created": N_("created"),
    "running": N_("running"),
    "stopped": N_("stopped"),
}


def operations(text: str) -> tuple[str, ...]:
    """``create start kill delete``, at most ten; ``wait`` lets time pass."""
    words = tuple(word for word in re.split(r"[\s,]+", text.strip().lower()) if word)
    if not 1 <= len(words) <= MOST:
        message = _("write 1 to {most} operations, such as create start kill delete")
        raise BadInput("operations", message.format(most=MOST))
    for word in words:
        if word not in (*OPERATIONS, "wait"):
            raise unknown("operations", word[:20], (*OPERATIONS, "wait"))
    return words


class Listed(tuple[str, ...]):
    """Operations, written with spaces."""

    def __str__(self) -> str:
        return " ".join(self)


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


@explorable(
    "containers/runtime/lifecycle",
    title=N_("Create, start, kill, delete"),
    predict=N_(
        "A container is started twice, deleted while it runs, then killed and deleted. Which of the"
        " operations is refused, and is anything different after a refusal?"
    ),
    controls=(
        Words(
            name="operations",
            label=N_("Operations"),
            default="create start start delete kill delete",
            parse=lambda text: Listed(operations(text)),
        ),
        Choice(
            name="program",
            label=N_("Its program"),
            default="listens",
            options=tuple((name, label) for name, (label, _made) in PROGRAMS.items()),
        ),
        Choice(
            name="signal",
            label=N_("kill sends"),
            default="SIGTERM",
            options=(("SIGTERM", "SIGTERM"), ("SIGKILL", "SIGKILL")),
        ),
    ),
)
def lifecycle(operations: tuple[str, ...], program: str, signal: str) -> View:
    """A row for each operation, a column for each state."""
    rows = played(operations, program, signal)
    here, refused = _("the state after it"), _("refused: the state stays")
    drawn = [
        fig.Row(
            f"{number}. {word}",
            [
                fig.Cell(
                    ("●" if allowed else "✗") if now == state else "",
                    (here if allowed else refused) if now == state else "",
                    now == state,
                )
                for state in STATES
            ],
        )
        for number, (word, now, allowed) in enumerate(rows, 1)
    ]
    bad = [f"{number}. {word}" for number, (word, _now, ok) in enumerate(rows, 1) if not ok]
    last = _(STATES[rows[-1][1]])
    if bad:
        says = _("Refused: {bad}. At the end: {state}.").format(bad=", ".join(bad), state=last)
    else:
        says = _("Nothing is refused. At the end: {state}.").format(state=last)
    picture = fig.table(
        [_(label) for label in STATES.values()],
        drawn,
        title=_("The state after each operation"),
        description=says
        + " "
        + " ".join(
            f"{number}. {word}: {_(STATES[now])}."
            for number, (word, now, _ok) in enumerate(rows, 1)
        ),
        states=(here, refused),
    )
    return View((picture,), says)
