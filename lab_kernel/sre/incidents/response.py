"""An incident as time goes: it begins, is noticed, somebody looks, it is mended, it is over.

    incident = of_runbook(respond(by_hand=True), answer=5)
    incident.minutes, incident.failed, incident.spent(Fraction(999, 1000))

Five phases, each in minutes:

    detect     from the first failed request to an alert
    answer     from the alert to somebody who looks
    diagnose   to knowing what to do
    mend       to having done it: rolled back, switched off, moved away
    recover    until everything is served again

Until it is mended the share ``impact`` of the requests fails; while it recovers, that falls
evenly to none. How long the steps of a runbook take, by hand and as code, comes from the runbook
of ``practice``, which runs on the cluster. Left out: what is done wrong and makes it worse.

Source: SRE book, chapters 13 and 14; the phases are those of mean time to repair, cut finer.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from fractions import Fraction

from lab_kernel.errors import BadInput
from lab_kernel.language import N_, _
from lab_kernel.sre.practice import runbook
from lab_kernel.sre.slo.budget import Budget, Number, Tally, share_of

FOUR_WEEKS = 28 * 24 * 60  # minutes
LONGEST = 10_000
PHASES = {
    "detect": N_("until the alert"),
    "answer": N_("until somebody looks"),
    "diagnose": N_("until it is known what to do"),
    "mend": N_("until it is done"),
    "recover": N_("until all is served again"),
}
RECOVER = 0.1  # minutes after the old release is back: its pods have to start
_DIAGNOSE = 3  # steps of the runbook until it is known what to do; the next one does it


@dataclass(frozen=True)
class Incident:
    """Minutes by phase, requests a minute, and which share of them fails. BadInput names what is
    negative, too long, or no share."""

    detect: float = 5
    answer: float = 5
    diagnose: float = 10
    mend: float = 5
    recover: float = 2
    per_minute: float = 600
    impact: float = 1

    def __post_init__(self) -> None:
        high = {"per_minute": 10**9, "impact": 1}
        for name, value in asdict(self).items():
            most = high.get(name, LONGEST)
            if not 0 <= value <= most:
                message = _("{value} is not between {low} and {high}")
                raise BadInput(name, message.format(value=value, low=0, high=most))

    @property
    def took(self) -> dict[str, float]:
        """Minutes of each phase."""
        return {name: getattr(self, name) for name in PHASES}

    @property
    def minutes(self) -> float:
        """From the first failed request to the end."""
        return sum(self.took.values())

    @property
    def failed(self) -> float:
        """Requests that failed in all."""
        full = self.minutes - self.recover
        return self.per_minute * self.impact * (full + self.recover / 2)

    def spent(self, target: Number, minutes: int = FOUR_WEEKS) -> Fraction:
        """The share that this took of the error budget of so many minutes of the same traffic."""
        requests = Fraction(self.per_minute) * minutes
        budget = Budget(share_of(target), Tally(Fraction(self.failed), requests))
        return budget.consumed or Fraction(0)


def of_runbook(done: runbook.Response, answer: float = 0) -> Incident:
    """The incident that was ended by this runbook; somebody looks ``answer`` minutes after the
    alert. All requests fail in it. What a person still does when it is over costs no requests."""
    took = [seconds / 60 for _step, seconds in done.took]
    return Incident(
        detect=(runbook.ALERT - runbook.BAD) / 60,
        answer=answer,
        diagnose=sum(took[:_DIAGNOSE]),
        mend=took[_DIAGNOSE],
        recover=RECOVER,
        per_minute=60 * runbook.RATE,
    )
