"""The requests that an incident fails."""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.sre.incidents.response import PHASES, Incident

IMPACTS = (5, 10, 20, 25, 40, 50, 100)  # per cent


@exercise("sre/incidents/phases", title=N_("What did it cost?"))
def phases(rng: random.Random) -> Problem:
    """The formula is the simulator's; minutes are drawn so that it gives whole requests."""
    impact = rng.choice(IMPACTS)
    took = [rng.randrange(1, 16) for _phase in range(4)] + [2 * rng.randrange(1, 6)]
    minutes = {name: float(each) for name, each in zip(PHASES, took, strict=True)}
    incident = Incident(**minutes, per_minute=100 * rng.randrange(2, 41), impact=impact / 100)
    rate, full, recover = round(incident.per_minute), sum(took[:4]), took[4]
    answer = round(incident.failed)
    each = rate * impact // 100
    return Problem(
        prompt=_(
            "{rate} requests come each minute. An incident fails {impact}% of them until it is"
            " mended; while it recovers, that falls evenly to none. It took, in minutes:\n{rows}\n"
            "How many requests failed in all?"
        ).format(
            rate=f"{rate:,}",
            impact=impact,
            rows="\n".join(
                f"{_(title)}: {minutes}"
                for title, minutes in zip(PHASES.values(), took, strict=True)
            ),
        ),
        expects=_("A whole number, such as 1,000."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (each * (full + recover), _("While it recovers, half of that fail in the mean.")),
                (each * full, _("Requests fail while it recovers, too.")),
                (
                    each * (took[3] + recover // 2),
                    _("They fail from the beginning, not only while somebody mends it."),
                ),
                (
                    each * (full - took[0] + recover // 2),
                    _("They fail before the alert, too: nobody knows yet, but users do."),
                ),
                (rate * (full + recover // 2), _("Only {impact}% fail.").format(impact=impact)),
            ],
            _("Minutes until it is mended, plus half of the recovery, times what fails a minute."),
        ),
        hints=(
            _("First: how many fail in a minute at full impact? {rate} × {impact}%.").format(
                rate=f"{rate:,}", impact=impact
            ),
            _("Until it is mended {minutes} minutes pass, and nothing gets better.").format(
                minutes=full
            ),
            _("{recover} minutes in which it falls evenly count as {half} full ones.").format(
                recover=recover, half=recover // 2
            ),
        ),
        solution=_("{each} × ({full} + {recover} / 2) = {answer}.").format(
            each=f"{each:,}", full=full, recover=recover, answer=f"{answer:,}"
        ),
    )
