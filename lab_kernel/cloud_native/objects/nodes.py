"""A node: the machine that pods are placed on, as the cluster knows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lab_kernel.cloud_native.objects.fields import empty, kept
from lab_kernel.cloud_native.objects.meta import Metadata
from lab_kernel.cloud_native.objects.placing import Taint

ZONE = "topology.kubernetes.io/zone"
HOSTNAME = "kubernetes.io/hostname"
NOT_READY = "node.kubernetes.io/not-ready"
UNREACHABLE = "node.kubernetes.io/unreachable"
UNSCHEDULABLE = "node.kubernetes.io/unschedulable"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeSpec:
    """``unschedulable`` is what ``kubectl cordon`` sets."""

    unschedulable: bool = False
    taints: tuple[Taint, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeStatus:
    """``allocatable`` is what pods may ask for: ``cpu`` in thousandths, ``memory`` in bytes, and
    how many ``pods`` there may be.

    ``ready`` is the condition Ready: "True", "False", or "Unknown" when nothing was heard.
    """

    allocatable: Mapping[str, int] = empty()
    ready: str = "True"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Nodes have no namespace; in the store they are in "default" like everything."""

    metadata: Metadata
    spec: NodeSpec = NodeSpec()
    status: NodeStatus = kept(NodeStatus())


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A node's heartbeat: when its kubelet last said that it is there, in ms."""

    metadata: Metadata
    renewed: int = 0
