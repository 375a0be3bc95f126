"""The objects that a cluster keeps, and their fields.

    fields      what a value may be
    meta        name, labels, owner, version
    pods        containers, probes, pods
    placing     what a pod says of the nodes it wants
    nodes       the machines
    workloads   deployments and replica sets
    services    services, endpoints, settings
    scaling     the horizontal pod autoscaler

All of them are values: nobody changes one, a new version is put into the store instead. Times are
ticks of 1 ms; what ends in ``_seconds`` is in seconds, as in a manifest.
"""

from collections.abc import Mapping

from lab_kernel.cloud_native.objects.fields import IntOrPercent
from lab_kernel.cloud_native.objects.meta import Metadata, Owner, Requirement, Selector, key
from lab_kernel.cloud_native.objects.nodes import Lease, Node, NodeSpec, NodeStatus
from lab_kernel.cloud_native.objects.placing import Affinity, Spread, Taint, Toleration
from lab_kernel.cloud_native.objects.pods import (
    Container,
    ContainerStatus,
    Pod,
    PodSpec,
    PodStatus,
    Probe,
    Resources,
    Template,
)
from lab_kernel.cloud_native.objects.scaling import HorizontalPodAutoscaler
from lab_kernel.cloud_native.objects.services import ConfigMap, Endpoint, Endpoints, Service
from lab_kernel.cloud_native.objects.workloads import Deployment, ReplicaSet

#: What a manifest may hold: (apiVersion, kind) and the class that says which fields there are.
KINDS: Mapping[tuple[str, str], type] = {
    ("apps/v1", "Deployment"): Deployment,
    ("v1", "Service"): Service,
    ("v1", "ConfigMap"): ConfigMap,
    ("autoscaling/v2", "HorizontalPodAutoscaler"): HorizontalPodAutoscaler,
    ("v1", "Pod"): Pod,
}

__all__ = [
    "KINDS",
    "Affinity",
    "ConfigMap",
    "Container",
    "ContainerStatus",
    "Deployment",
    "Endpoint",
    "Endpoints",
    "HorizontalPodAutoscaler",
    "IntOrPercent",
    "Lease",
    "Metadata",
    "Node",
    "NodeSpec",
    "NodeStatus",
    "Owner",
    "Pod",
    "PodSpec",
    "PodStatus",
    "Probe",
    "ReplicaSet",
    "Requirement",
    "Resources",
    "Selector",
    "Service",
    "Spread",
    "Taint",
    "Template",
    "Toleration",
    "key",
]
