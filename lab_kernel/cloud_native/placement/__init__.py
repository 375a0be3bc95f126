"""Placement: which node gets a pod.

In reading order:

    filled      a node and the pods on it
    filters     may it run there at all, and why not
    scores      how good the node is: LeastAllocated, MostAllocated, balance
    spread      evenly over zones or hosts
    plain       every node, every time: explains
    ranking     the same choice without asking every node
    scheduler   the account of it all: place, release, nodes that come and go
    written     pods and nodes in one line
    neighbours  afterwards: two containers on one node, by the simulated kernel
"""

from lab_kernel.cloud_native.placement.filled import Filled
from lab_kernel.cloud_native.placement.filters import leaves
from lab_kernel.cloud_native.placement.plain import Judged, best, judge
from lab_kernel.cloud_native.placement.scheduler import Scheduler, Unschedulable
from lab_kernel.cloud_native.placement.scores import (
    STRATEGIES,
    Profile,
    balance_score,
    strategy_score,
)
from lab_kernel.cloud_native.placement.written import node, pod, spread_by

__all__ = [
    "STRATEGIES",
    "Filled",
    "Judged",
    "Profile",
    "Scheduler",
    "Unschedulable",
    "balance_score",
    "best",
    "judge",
    "leaves",
    "node",
    "pod",
    "spread_by",
    "strategy_score",
]
