"""What the controls of this chapter read out of a line of text.

Each function gives the ``parse`` of a Words control: text in, checked value out, BadInput with
one sentence otherwise. What they return writes itself back (``str``) as a reader would type it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from lab_kernel.errors import BadInput
from lab_kernel.kernel.scheduler import Job, Periodic, parse_jobs, releases
from lab_kernel.language import _

LATEST = 60  # the last arrival, and the longest wait for I/O
LONGEST = 8  # characters of a name


@dataclass(frozen=True)
class Workload:
    """Jobs, and the line that they were written in."""

    text: str
    jobs: tuple[Job, ...]

    def __str__(self) -> str:
        return self.text


def jobs(most: int, ticks: int) -> Callable[[str], Workload]:
    """At most ``most`` jobs, no two of one name, that need ``ticks`` of CPU at most."""

    def parse(text: str) -> Workload:
        found = parse_jobs(text)
        if len(found) > most:
            raise BadInput(
                "jobs",
                _("{count} are too many for this picture; at most {most}").format(
                    count=len(found), most=most
                ),
            )
        needed = sum(job.burst for job in releases(found))
        if needed > ticks:
            raise BadInput(
                "jobs",
                _("{count} ticks of CPU are too many for this picture; at most {most}").format(
                    count=needed, most=ticks
                ),
            )
        for job in found:
            late = max(job.arrival, job.io[1] if job.io else 0)
            if late > LATEST or len(job.name) > LONGEST:
                raise BadInput(
                    "jobs",
                    _(
                        "job {job}: this picture takes names of {letters} letters, and arrivals and"
                        " I/O of {most} ticks at most"
                    ).format(job=job.name[:20], letters=LONGEST, most=LATEST),
                )
        return Workload(",".join(part.strip() for part in text.split(",")), tuple(found))

    return parse


@dataclass(frozen=True)
class Periods:
    """Periodic tasks: ``1/4,2/6`` is 1 tick in every 4, and 2 in every 6."""

    tasks: tuple[Periodic, ...]

    def __str__(self) -> str:
        return ",".join(f"{task.cost}/{task.period}" for task in self.tasks)


_TASK = re.compile(r"\s*([0-9]{1,3})\s*/\s*([0-9]{1,3})\s*")


def periods(most: int, longest: int) -> Callable[[str], Periods]:
    """At most ``most`` tasks as COST/PERIOD, no period above ``longest``."""

    def parse(text: str) -> Periods:
        tasks = []
        for word in text.split(","):
            match = _TASK.fullmatch(word)
            cost, period = (int(match[1]), int(match[2])) if match else (0, 0)
            if not 1 <= cost <= period <= longest:
                raise BadInput(
                    "tasks",
                    _("“{word}” is not COST/PERIOD, with 1 ≤ COST ≤ PERIOD ≤ {longest}").format(
                        word=word.strip()[:20], longest=longest
                    ),
                )
            tasks.append(Periodic(cost, period))
        if len(tasks) > most:
            raise BadInput(
                "tasks",
                _("{count} are too many for this picture; at most {most}").format(
                    count=len(tasks), most=most
                ),
            )
        return Periods(tuple(tasks))

    return parse
