"""Small experiments with control groups on the simulated machine, for pictures and problems.

    shares       busy groups of different weights: what each gets, and what it was promised
    burst        a piece of work under a quota: how long it takes, and when it is throttled
    appetite     a process that takes more and more memory, at memory.high and at memory.max
    neighbours   a server beside batch jobs, with and without limits
    kubernetes   what requests and limits of a container become

The groups themselves are in ``kernel/cgroup``: control groups belong to the kernel. A tick is 1 ms.
"""

from lab_kernel.containers.cgroups.appetite import Meal, eat
from lab_kernel.containers.cgroups.burst import Burst, burst
from lab_kernel.containers.cgroups.kubernetes import cpu_max, cpu_shares, cpu_weight, group_files
from lab_kernel.containers.cgroups.neighbours import ARRANGEMENTS, Service, serve
from lab_kernel.containers.cgroups.shares import Wanted, promised, shares

__all__ = [
    "ARRANGEMENTS",
    "Burst",
    "Meal",
    "Service",
    "Wanted",
    "burst",
    "cpu_max",
    "cpu_shares",
    "cpu_weight",
    "eat",
    "group_files",
    "promised",
    "serve",
    "shares",
]
