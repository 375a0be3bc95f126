"""The life of a container: operations, one after the other, and what each does."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lab_kernel import figures as fig
from lab_kernel.containers.runtime.lives import NONE, PROGRAMS, played
from lab_kernel.containers.runtime.runtime import OPERATIONS
from lab_kernel.errors import BadInput
from lab_kernel.explore import Choice, View, Words, explorable
from lab_kernel.language import N_, _
from lab_kernel.registry import unknown

MOST = 10
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


@dataclass(frozen=True, slots=True)
class Listed:
    """Operations, written with spaces."""

    words: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join(self.words)


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
def lifecycle(operations: Listed, program: str, signal: str) -> View:
    """A row for each operation, a column for each state."""
    rows = played(operations.words, program, signal)
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
