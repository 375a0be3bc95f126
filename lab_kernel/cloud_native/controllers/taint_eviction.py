"""Drives pods away from nodes with a NoExecute taint, when they have borne it long enough.

Every pod bears ``unreachable`` and ``not-ready`` for 300 s unless it says otherwise: ``admission``.
Source: Kubernetes, "Taints and Tolerations", taint-based evictions.
"""

from __future__ import annotations

from typing import Any

from lab_kernel.cloud_native.controller import Controller
from lab_kernel.cloud_native.objects import Node, Pod, key


class TaintEvictionController(Controller):
    name, kind, watches = "taint-eviction-controller", Node, (Pod,)

    def concerns(self, thing: Any) -> list[str]:
        return [f"default/{thing.spec.node_name}"] if thing.spec.node_name else []

    def reconcile(self, name: str) -> None:
        node = self.store.get(Node, name)
        if node is None or not any(taint.effect == "NoExecute" for taint in node.spec.taints):
            return
        for pod in self.store.on(node.metadata.name):
            end = eviction(pod, node)
            if end is None or pod.metadata.deleted is not None or pod.over:
                continue
            if end <= self.clock.now:
                message = f"Marking for deletion Pod {key(pod)}"
                self.cluster.record.event(pod, "TaintManagerEviction", message)
                self.store.delete(pod)
            else:
                self.enqueue(name, end - self.clock.now)


def eviction(pod: Pod, node: Node) -> int | None:
    """When the pod has to leave the node, in ms; None: it may stay."""
    ends = []
    for taint in node.spec.taints:
        if taint.effect != "NoExecute":
            continue
        tolerations = [each for each in pod.spec.tolerations if each.tolerates(taint)]
        limits = [each.toleration_seconds for each in tolerations]
        if not limits:
            ends.append(taint.added)
        borne = [limit for limit in limits if limit is not None]
        if borne:
            ends.append(taint.added + max(0, min(borne)) * 1000)
    return min(ends, default=None)
