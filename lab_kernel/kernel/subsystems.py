"""The four headline jobs of a kernel, as its Trace shows them.

Each event of a machine belongs to one job. The list is for learning: events of file systems and
pipes are system calls here, and a kernel does more than these four.
"""

from __future__ import annotations

from lab_kernel.trace import Event, Trace

MEMORY, PROCESSES, DEVICES, CALLS = "memory", "processes", "devices", "system calls"
JOBS = (MEMORY, PROCESSES, DEVICES, CALLS)

_JOB_OF = {
    MEMORY: ("minor fault", "major fault", "swap out", "drop", "reclaim", "oom kill"),
    PROCESSES: ("run", "switch", "blocked", "fork", "exec", "exit", "signal", "throttled"),
    DEVICES: ("device", "interrupt"),
    CALLS: ("syscall", "audit"),
}
_BY_KIND = {kind: job for job, kinds in _JOB_OF.items() for kind in kinds}


def job_of(event: Event) -> str | None:
    """Which of the four had to do with it; None for a fault or a panic, which are nobody's job."""
    return _BY_KIND.get(event.kind)


def by_job(trace: Trace) -> dict[str, Trace]:
    """The trace in four parts."""
    return {job: trace.where(lambda event, job=job: job_of(event) == job) for job in JOBS}  # type: ignore[misc]
