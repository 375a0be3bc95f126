"""What requests and limits of a container become in its control group.

    request, CPU      -> cpu.weight      a part when there is not enough for everybody
    limit, CPU        -> cpu.max         never more, however idle the machine is
    limit, memory     -> memory.max      an OOM kill when it is not enough
    request, memory   -> nothing         only a scheduler reads it (but see memory.min below)

A request of CPU goes two steps. Kubernetes turns thousandths of a CPU into the cpu.shares of
version 1 (MilliCPUToShares, and MilliCPUToQuota for the limit: pkg/kubelet/cm/helpers_linux.go).
The runtime turns shares into the weight of version 2. Until runc 1.3.1 and crun 1.22 that was a
straight line, in which the default of 1024 shares became 39 where 100 is the default; since then it
is a curve through (2, 1), (1024, 100) and (262144, 10000): opencontainers/cgroups, utils.go,
ConvertCPUSharesToCgroupV2Value, pull request 20; runc issue 4896 tells of the change.
With the feature gate MemoryQoS, off by default, a memory request becomes memory.min as well.
"""

from __future__ import annotations

import math

from lab_kernel.errors import BadInput
from lab_kernel.language import _

LEAST, MOST = 2, 1 << 18  # cpu.shares
PERIOD, SHORTEST = 100_000, 1_000  # microseconds


def cpu_shares(millis: int) -> int:
    """A request of so many thousandths of a CPU, as the cpu.shares of version 1."""
    return min(MOST, max(LEAST, _natural("request", millis) * 1024 // 1000))


def cpu_weight(shares: int, *, straight: bool = False) -> int:
    """cpu.shares as cpu.weight; ``straight`` as runtimes did it until 2025."""
    shares = min(MOST, max(LEAST, shares))
    if straight:
        return 1 + (shares - 2) * 9999 // 262142
    if shares in (LEAST, MOST):
        return 1 if shares == LEAST else 10_000
    power = math.log2(shares)
    return math.ceil(10 ** ((power * power + 125 * power) / 612 - 7 / 34))


def cpu_max(millis: int) -> str:
    """A limit of so many thousandths of a CPU, as cpu.max; 0: none."""
    if not _natural("limit", millis):
        return f"max {PERIOD}"
    return f"{max(SHORTEST, millis * PERIOD // 1000)} {PERIOD}"


def group_files(*, request: int = 0, limit: int = 0, memory: int = 0) -> dict[str, str]:
    """The files of a container that asks for ``request`` and may have ``limit`` thousandths of a
    CPU and ``memory`` bytes. Without a request the limit is the request; 0: not given."""
    for name, value in (("request", request), ("limit", limit), ("memory", memory)):
        _natural(name, value)
    return {
        "cpu.weight": str(cpu_weight(cpu_shares(request or limit))),
        "cpu.max": cpu_max(limit),
        "memory.max": str(memory or "max"),
    }


def _natural(name: str, value: int) -> int:
    if value < 0:
        raise BadInput(name, _("{value} is less than 0").format(value=value))
    return value
