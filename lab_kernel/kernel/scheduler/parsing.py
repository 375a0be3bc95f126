"""Jobs written in a line: ``A:0:10,B:5:3:nice=5``."""

from __future__ import annotations

import re
from typing import Any

from lab_kernel.errors import BadInput
from lab_kernel.kernel.scheduler.jobs import Job
from lab_kernel.language import _

MOST_TICKS = 1_000_000
MOST_JOBS = 10_000
#: What a job or a process can be given for the scheduler: the least and the most.
LIMITS = {
    "nice": (-20, 19),
    "priority": (0, 1_000),
    "tickets": (1, 10_000),
    "period": (1, MOST_TICKS),
    "deadline": (1, MOST_TICKS),
    "slice": (1, MOST_TICKS),
    "cpu": (0, 63),
}


def parse_jobs(line: str) -> list[Job]:
    """``NAME:ARRIVAL:BURST`` and any ``:KEY=VALUE``, separated by commas.

    The keys are Job's fields; ``io=AFTER/LENGTH``. BadInput names the job and what is wrong.
    """
    parts = [part.strip() for part in line.split(",")]
    if len(parts) > MOST_JOBS:
        raise BadInput(
            "jobs",
            _("{count} jobs; at most {most} are possible").format(count=len(parts), most=MOST_JOBS),
        )
    return [_job(part) for part in parts]


def _job(part: str) -> Job:
    words = part.split(":")
    if len(words) < 3 or not words[0].strip():
        raise BadInput("jobs", _("“{job}” is not NAME:ARRIVAL:BURST").format(job=part))
    name = words[0].strip()
    settings: dict[str, Any] = {}
    for word in words[3:]:
        key, equals, value = (piece.strip() for piece in word.partition("="))
        if key in settings or not equals or key not in (*LIMITS, "io"):
            raise BadInput(
                "jobs",
                _("job {job}: “{word}” is not one of these, each once: {allowed}").format(
                    job=name, word=word, allowed=", ".join(f"{key}=" for key in (*LIMITS, "io"))
                ),
            )
        if key == "io":
            after, _slash, length = value.partition("/")
            settings["io"] = (
                _number(name, "io", after, 1, MOST_TICKS),
                _number(name, "io", length, 1, MOST_TICKS),
            )
        else:
            settings[key] = _number(name, key, value, *LIMITS[key])
    arrival = _number(name, _("arrival"), words[1], 0, MOST_TICKS)
    burst = _number(name, _("burst"), words[2], 1, MOST_TICKS)
    return Job(name, arrival, burst, **settings)


def _number(job: str, what: str, word: str, least: int, most: int) -> int:
    if re.fullmatch(r"-?[0-9]{1,9}", word.strip()) and least <= int(word) <= most:
        return int(word)
    raise BadInput(
        "jobs",
        _("job {job}: {what} “{word}” is not a whole number from {low} to {high}").format(
            job=job, what=what, word=word.strip(), low=least, high=most
        ),
    )
