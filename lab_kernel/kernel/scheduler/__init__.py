"""Scheduling: which task gets the CPU, at what moment, and for how long?

In reading order:

    policy     the contract: add, pick, charge
    classic    FCFS, round robin, SJF, SRTF, priorities with aging
    feedback   MLFQ: levels, allotments, boosts
    share      lottery and stride: tickets
    weight     what nice means
    cfs        the least virtual runtime
    eevdf      lag, eligibility, virtual deadlines: Linux today
    realtime   earliest deadline, rate-monotonic, and who may be let in
    queues     one queue for all CPUs, or one each with stealing
    dispatch   gives the CPUs out and takes them back
    jobs       jobs through a policy, from arrival to the last finish
    parsing    jobs in a line of text

Time is in whole ticks of virtual time; a tick has no length of its own.
"""

from lab_kernel.kernel.scheduler.cfs import Cfs
from lab_kernel.kernel.scheduler.classic import Fcfs, Priority, RoundRobin, Sjf, Srtf
from lab_kernel.kernel.scheduler.eevdf import Eevdf
from lab_kernel.kernel.scheduler.feedback import Mlfq
from lab_kernel.kernel.scheduler.jobs import (
    POLICIES,
    Done,
    Job,
    Mean,
    Schedule,
    Segment,
    new_policy,
    releases,
    schedule,
)
from lab_kernel.kernel.scheduler.parsing import parse_jobs
from lab_kernel.kernel.scheduler.policy import Policy, Task, Why
from lab_kernel.kernel.scheduler.realtime import (
    Edf,
    Periodic,
    RateMonotonic,
    edf_admits,
    liu_layland_bound,
    response_times,
    utilization,
)
from lab_kernel.kernel.scheduler.share import Lottery, Stride
from lab_kernel.kernel.scheduler.weight import WEIGHTS

__all__ = [
    "POLICIES",
    "WEIGHTS",
    "Cfs",
    "Done",
    "Edf",
    "Eevdf",
    "Fcfs",
    "Job",
    "Lottery",
    "Mean",
    "Mlfq",
    "Periodic",
    "Policy",
    "Priority",
    "RateMonotonic",
    "RoundRobin",
    "Schedule",
    "Segment",
    "Sjf",
    "Srtf",
    "Stride",
    "Task",
    "Why",
    "edf_admits",
    "liu_layland_bound",
    "new_policy",
    "parse_jobs",
    "releases",
    "response_times",
    "schedule",
    "utilization",
]
