"""May this pod run on this node at all? The filters, and their words when the answer is no.

In the order of kube-scheduler's default profile; the first filter that says no is the node's
reason, but every resource that is short is named. Spreading, the last, is in ``spread``.

Left out: ports, volumes, affinity between pods, and preemption: no pod is sent away to make room
for a more important one. Source: Kubernetes, ``pkg/scheduler/framework/plugins``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lab_kernel.cloud_native.objects import Node, Pod, Taint
from lab_kernel.cloud_native.objects.nodes import UNSCHEDULABLE
from lab_kernel.cloud_native.placement.filled import PODS, Filled

TOO_MANY = "Too many pods"
CORDONED = "node(s) were unschedulable"
SELECTOR = "node(s) didn't match Pod's node affinity/selector"
_CORDON = Taint(key=UNSCHEDULABLE, effect="NoSchedule")


def untolerated(pod: Pod, taints: Iterable[Taint], *effects: str) -> Taint | None:
    """The first taint with one of these effects that the pod does not tolerate."""
    for taint in taints:
        if taint.effect in effects and not any(t.tolerates(taint) for t in pod.spec.tolerations):
            return taint
    return None


def leaves(pod: Pod, node: Node) -> bool:
    """Whether a pod that runs on the node has to go at once: a NoExecute taint not tolerated."""
    return untolerated(pod, node.spec.taints, "NoExecute") is not None


def repelled(pod: Pod, node: Node) -> int:
    """How many PreferNoSchedule taints the pod does not tolerate: each costs the node points."""
    soft = "PreferNoSchedule"
    return sum(untolerated(pod, (taint,), soft) is not None for taint in node.spec.taints)


def wants(pod: Pod, node: Node) -> bool:
    """Whether the node's labels are what the pod's selector and required affinity ask for."""
    labels, spec = node.metadata.labels, pod.spec
    if any(labels.get(label) != value for label, value in spec.node_selector.items()):
        return False
    affinity = spec.affinity and spec.affinity.node_affinity
    return not (affinity and affinity.required) or affinity.required.matches(labels)


def forbidden(pod: Pod, node: Node) -> str:
    """Why the pod may not run here however empty the node is, or nothing."""
    if node.spec.unschedulable and untolerated(pod, (_CORDON,), "NoSchedule"):
        return CORDONED
    taint = untolerated(pod, node.spec.taints, "NoSchedule", "NoExecute")
    if taint is not None:
        return f"node(s) had untolerated taint {{{taint.key}: {taint.value}}}"
    return "" if wants(pod, node) else SELECTOR


def short(requests: Mapping[str, int], filled: Filled) -> list[str]:
    """Each resource of which too little is free, in kube-scheduler's words."""
    used, has = filled.used, filled.allocatable
    reasons = [TOO_MANY] if len(filled.pods) >= has.get(PODS, 0) else []
    for resource, asked in requests.items():
        if asked and asked > has.get(resource, 0) - used.get(resource, 0):
            reasons.append(f"Insufficient {resource}")
    return reasons
