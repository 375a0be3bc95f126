"""Pods and nodes in one line, for labs and tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lab_kernel.cloud_native.objects import (
    Container,
    Metadata,
    Node,
    NodeSpec,
    NodeStatus,
    Pod,
    PodSpec,
    Selector,
    Spread,
    Taint,
)
from lab_kernel.cloud_native.objects.nodes import HOSTNAME, ZONE
from lab_kernel.cloud_native.objects.pods import Resources
from lab_kernel.cloud_native.placement.filled import CPU, MEMORY, PODS
from lab_kernel.cloud_native.quantity import quantity
from lab_kernel.errors import BadInput
from lab_kernel.language import _

MOST_PODS = 110  # on a node, unless the kubelet is told otherwise


def amounts(cpu: str | int, memory: str | int) -> dict[str, int]:
    """``"500m"`` and ``"1Gi"`` as thousandths of a CPU and bytes; what is 0 is left out."""
    asked = {CPU: _amount(CPU, cpu, 1000), MEMORY: _amount(MEMORY, memory, 1)}
    return {resource: amount for resource, amount in asked.items() if amount}


def _amount(resource: str, word: str | int, parts: int) -> int:
    amount = quantity(str(word), parts)
    if amount is None or amount < 0:
        raise BadInput(
            resource,
            _("“{text}” is not a quantity, such as 500m, 2 or 128Mi").format(text=str(word)[:30]),
        )
    return amount


def pod(
    name: str,
    cpu: str | int = 0,
    memory: str | int = 0,
    labels: Mapping[str, str] | None = None,
    **more: Any,
) -> Pod:
    """``pod("web-1", "500m", "1Gi", node_selector={...})``: one container with these requests.

    Whatever else is given is a field of the pod's spec.
    """
    container = Container(
        name="main", image="app:1", resources=Resources(requests=amounts(cpu, memory))
    )
    return Pod(
        metadata=Metadata(name=name, labels=labels or {}),
        spec=PodSpec(containers=(container,), **more),
    )


def node(
    name: str,
    cpu: str | int,
    memory: str | int,
    pods: int = MOST_PODS,
    zone: str = "",
    labels: Mapping[str, str] | None = None,
    taints: tuple[Taint, ...] = (),
    unschedulable: bool = False,
) -> Node:
    """``node("a", 4, "16Gi", zone="z1")``: a node, by what pods may ask for."""
    labels = {HOSTNAME: name, **({ZONE: zone} if zone else {}), **(labels or {})}
    return Node(
        metadata=Metadata(name=name, labels=labels),
        spec=NodeSpec(unschedulable=unschedulable, taints=taints),
        status=NodeStatus(allocatable={**amounts(cpu, memory), PODS: pods}),
    )


def spread_by(
    topology_key: str, labels: Mapping[str, str], max_skew: int = 1, hard: bool = True
) -> Spread:
    """The pods with these labels, evened out over the values of a label of the nodes."""
    return Spread(
        max_skew=max_skew,
        topology_key=topology_key,
        when_unsatisfiable="DoNotSchedule" if hard else "ScheduleAnyway",
        label_selector=Selector(match_labels=labels),
    )
