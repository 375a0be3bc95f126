"""An incident as time goes: it begins, is noticed, somebody decides, it is mended, it is over.

    by_hand = respond(PAGER, by_hand=True)
    by_hand.minutes("mend"), by_hand.failed

Each phase takes its minutes. What fails meanwhile is counted in requests: of ``per_minute`` the
share ``impact`` fails from the beginning until it is mended. Five phases, in the field's terms:

    detect     from the first failed request to an alert
    respond    from the alert to somebody who looks
    diagnose   to knowing what to do
    mend       to having done it: rolled back, switched off, moved away
    recover    until what has piled up is gone

A runbook is a list of steps. By hand each takes its minutes and goes wrong with a chance of
``slip``, which is noticed after it and done again. As code it takes its seconds, does each step
in the same way every time, and stops with a message when a step's check fails.

Minutes are assumptions, and stand in ``RUNBOOK``. The terms: SRE book, chapters 13 and 14.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

from lab_kernel.errors import BadInput
from lab_kernel.language import N_, _

PHASES = ("detect", "respond", "diagnose", "mend", "recover")


@dataclass(frozen=True)
class Step:
    """``title`` is a source string; minutes by hand, and as code."""

    title: str
    by_hand: float
    as_code: float


RUNBOOK: tuple[Step, ...] = (
    Step(N_("find the service in the dashboard"), 2.0, 0.05),
    Step(N_("look which version is running"), 1.0, 0.05),
    Step(N_("compare errors before and after it"), 3.0, 0.1),
    Step(N_("tell the others"), 1.0, 0.05),
    Step(N_("stop the rollout"), 1.0, 0.1),
    Step(N_("go back to the version before"), 3.0, 0.5),
    Step(N_("check that errors are gone"), 2.0, 1.0),
)


@dataclass(frozen=True)
class Incident:
    """What an incident took. ``took`` in minutes by phase; ``slips`` are steps done again."""

    took: Mapping[str, float]
    per_minute: float
    impact: float
    slips: int

    @property
    def minutes(self) -> float:
        """From the first failure to the end."""
        return sum(self.took.values())

    @property
    def failed(self) -> float:
        """Requests that failed: until it was mended all of ``impact``, then falling evenly to none."""
        full = sum(self.took[phase] for phase in PHASES[:-1])
        return self.per_minute * self.impact * (full + self.took["recover"] / 2)

    def spent(self, objective: float, days: int = 30) -> float:
        """The share of the error budget of so many days of the same traffic."""
        if not 0 < objective < 1:
            message = _("{value} is not between {low} and {high}")
            raise BadInput("objective", message.format(value=objective, low=0, high=1))
        return self.failed / (self.per_minute * 1440 * days * (1 - objective))


def respond(
    *,
    detect: float = 5,
    answer: float = 5,
    recover: float = 2,
    by_hand: bool = True,
    slip: float = 0.1,
    per_minute: float = 600,
    impact: float = 0.2,
    seed: int = 0,
) -> Incident:
    """One incident with this runbook; ``answer`` is how long until somebody looks, which code does
    at once. BadInput: negative minutes, shares that are none."""
    for name, value, high in (
        ("detect", detect, 10_000), ("answer", answer, 10_000), ("recover", recover, 10_000),
        ("slip", slip, 0.9), ("impact", impact, 1), ("per_minute", per_minute, 10**9),
    ):  # fmt: skip
        if not 0 <= value <= high:
            message = _("{value} is not between {low} and {high}")
            raise BadInput(name, message.format(value=value, low=0, high=high))
    chance, slips = random.Random(f"response {seed}"), 0
    looking = mending = 0.0
    for number, step in enumerate(RUNBOOK):
        took = step.by_hand if by_hand else step.as_code
        while by_hand and chance.random() < slip:
            took, slips = took + step.by_hand, slips + 1
        if number < 4:
            looking += took
        else:
            mending += took
    took_by = {
        "detect": detect,
        "respond": answer if by_hand else 0.0,
        "diagnose": looking,
        "mend": mending,
        "recover": recover,
    }
    return Incident(took_by, per_minute, impact, slips)
