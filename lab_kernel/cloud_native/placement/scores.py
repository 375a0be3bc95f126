"""How good is this node for this pod? Points from 0 to 100, in whole numbers.

LeastAllocated prefers empty nodes, MostAllocated full ones. Both look at the node as it would be
with the pod on it, resource by resource, and take a weighted mean; every division drops the
remainder. The balance prefers nodes of which CPU and memory are used in equal parts.

Source: Kubernetes, ``pkg/scheduler/framework/plugins/noderesources`` (least_allocated.go,
most_allocated.go, balanced_allocation.go). Left out: RequestedToCapacityRatio, image locality,
preferred affinity.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lab_kernel.cloud_native.placement.filled import CPU, LEAST, MEMORY, Filled
from lab_kernel.registry import unknown

MOST_POINTS = 100


def least_allocated(requested: int, capacity: int) -> int:
    """The free part in percent; 0 for more than there is."""
    if not capacity or requested > capacity:
        return 0
    return (capacity - requested) * MOST_POINTS // capacity


def most_allocated(requested: int, capacity: int) -> int:
    """The used part in percent; more than there is counts as all of it."""
    return min(requested, capacity) * MOST_POINTS // capacity if capacity else 0


STRATEGIES: Mapping[str, Callable[[int, int], int]] = {
    "LeastAllocated": least_allocated,
    "MostAllocated": most_allocated,
}


@dataclass(frozen=True)
class Profile:
    """What counts how much. The weights are kube-scheduler's defaults.

    ``resources`` weighs the resources within the strategy's score, the others the scores among
    themselves: the strategy's, the balance of resources, soft taints, soft spreading.
    """

    strategy: str = "LeastAllocated"
    resources: Mapping[str, int] = field(default_factory=lambda: {CPU: 1, MEMORY: 1})
    fit: int = 1
    balanced: int = 1
    taints: int = 3
    spread: int = 2

    def __post_init__(self) -> None:
        if self.strategy not in STRATEGIES:
            raise unknown("score", self.strategy, STRATEGIES)


def strategy_score(
    strategy: str,
    requested: Mapping[str, int],
    capacity: Mapping[str, int],
    weights: Mapping[str, int],
) -> int:
    """The weighted mean over the resources that the node has; ``requested`` counts the pod in."""
    score = STRATEGIES[strategy]
    points = weight = 0
    for resource, weighs in weights.items():
        if has := capacity.get(resource, 0):
            points += weighs * score(requested.get(resource, 0), has)
            weight += weighs
    return points // weight if weight else 0


def balance_score(requested: Mapping[str, int], capacity: Mapping[str, int]) -> int:
    """100 less the standard deviation of the used parts of CPU and memory, in percent."""
    parts = [
        min(1.0, requested.get(resource, 0) / capacity[resource])
        for resource in (CPU, MEMORY)
        if capacity.get(resource)
    ]
    deviation = math.fabs((parts[0] - parts[1]) / 2) if len(parts) == 2 else 0.0
    return int((1 - deviation) * MOST_POINTS)


def with_pod(requests: Mapping[str, int], filled: Filled, resource: str) -> int:
    """What would be requested of the resource, as the strategies count it."""
    if resource in LEAST:
        return filled.scored[resource] + (requests.get(resource) or LEAST[resource])
    return filled.used.get(resource, 0) + requests.get(resource, 0)


def node_score(profile: Profile, requests: Mapping[str, int], filled: Filled) -> int:
    """What the node's resources are worth to the pod: strategy and balance, weighted."""
    has = filled.allocatable
    counted = {resource: with_pod(requests, filled, resource) for resource in profile.resources}
    points = profile.fit * strategy_score(profile.strategy, counted, has, profile.resources)
    # A pod that requests neither has no say in the balance.
    if profile.balanced and (requests.get(CPU) or requests.get(MEMORY)):
        used = filled.used
        exactly = {one: used.get(one, 0) + requests.get(one, 0) for one in (CPU, MEMORY)}
        points += profile.balanced * balance_score(exactly, has)
    return points


def taint_points(count: int, most: int) -> int:
    """100 for a node without soft taints, 0 for the one with most among those that are left."""
    return MOST_POINTS - MOST_POINTS * count // most if most else MOST_POINTS
