"""Topology spread: how many matching pods each zone (or host) holds, and what follows from it.

A domain is every node with the same value of a label. Only nodes that the pod's selector wants,
and that have all the labels in question, count. DoNotSchedule (hard) rules out a node whose
domain would hold more than ``max_skew`` pods above the emptiest domain. ScheduleAnyway (soft)
gives fewer points where there are more.

Left out: minDomains, matchLabelKeys, the node inclusion policies other than their defaults. The
weight of a soft constraint, the logarithm of its number of domains, is taken over all nodes that
the pod may run on, not over those with room for it. Source: Kubernetes,
``pkg/scheduler/framework/plugins/podtopologyspread`` (filtering.go, scoring.go).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from lab_kernel.cloud_native.objects import Node, Pod, Spread
from lab_kernel.cloud_native.placement.scores import MOST_POINTS

SKEWED = "node(s) didn't match pod topology spread constraints"
UNLABELLED = f"{SKEWED} (missing required label)"

Domains = tuple[str, ...]
Counts = tuple[int, ...]


def constraints(pod: Pod, when: str) -> tuple[Spread, ...]:
    """The pod's constraints that are DoNotSchedule, or ScheduleAnyway."""
    spread = pod.spec.topology_spread_constraints
    return tuple(one for one in spread if one.when_unsatisfiable == when)


def counts_in(one: Spread, pod: Pod, other: Pod) -> bool:
    """Whether the constraint of ``pod`` counts ``other``; without a selector it counts none."""
    return (
        one.label_selector is not None
        and other.metadata.namespace == pod.metadata.namespace
        and one.label_selector.matches(other.metadata.labels)
    )


def domains(spread: Sequence[Spread], node: Node) -> Domains | None:
    """The node's domain by each constraint; None if it lacks one of the labels."""
    labels = node.metadata.labels
    found = [labels.get(one.topology_key) for one in spread]
    return None if None in found else tuple(name for name in found if name is not None)


def allowed(spread: Sequence[Spread], own: Counts, counts: Counts, least: Counts) -> bool:
    """Whether no constraint is broken: what is there, with the pod itself if it counts, less the
    emptiest domain's, at most ``max_skew``."""
    return all(
        count + one - low <= limit.max_skew
        for limit, one, count, low in zip(spread, own, counts, least, strict=True)
    )


def weight(domains: int) -> float:
    """Of a soft constraint with so many domains."""
    return math.log(domains + 2)


def crowding(spread: Sequence[Spread], counts: Counts, weights: Sequence[float]) -> int:
    """How full a node's domains are, before it is compared with the other nodes."""
    full = sum(
        count * weighs + one.max_skew - 1
        for one, count, weighs in zip(spread, counts, weights, strict=True)
    )
    return math.floor(full + 0.5)


def spread_points(full: int, low: int, high: int) -> int:
    """100 for the emptiest, less for the fuller ones; ``low`` and ``high`` of those left."""
    return MOST_POINTS * (high + low - full) // high if high else MOST_POINTS
