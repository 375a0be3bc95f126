"""What several problems of this chapter say: jobs, and a run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lab_kernel.errors import BadInput
from lab_kernel.kernel.scheduler import Job, Schedule
from lab_kernel.language import _


def jobs(shown: Sequence[Job]) -> str:
    """A line for each."""
    return "\n".join(
        _("{job}: arrives at {arrival}, needs {burst} ticks").format(
            job=job.name, arrival=job.arrival, burst=job.burst
        )
        for job in shown
    )


def run(done: Schedule) -> str:
    """``A 0–2, B 2–4``."""
    return ", ".join(f"{each.job} {each.start}–{each.end}" for each in done.segments)


def letters(count: int, allowed: str) -> Any:
    """Reads ``count`` letters, whatever stands between them."""

    def read(given: Any) -> str:
        word = "".join(str(given).upper().replace(",", " ").split())
        if len(word) != count or set(word) - set(allowed):
            message = _("“{given}” is not {count} letters of {allowed}")
            raise BadInput(
                "answer", message.format(given=given, count=count, allowed=", ".join(allowed))
            )
        return word

    return read
