"""A node and the pods on it: what is asked for together, and what is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lab_kernel.cloud_native.objects import Node, Pod, key

CPU, MEMORY, PODS = "cpu", "memory", "pods"
# What a pod that requests none counts for in the scores (not in the filters): it will use some.
LEAST = {CPU: 100, MEMORY: 200 * 1024 * 1024}


@dataclass
class Filled:
    """``used`` is what the pods request together; ``scored`` is the same of CPU and memory, with
    ``LEAST`` for those that request none. ``order`` is when the node was added.
    """

    node: Node
    order: int = 0
    pods: dict[str, Pod] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)
    scored: dict[str, int] = field(default_factory=lambda: dict.fromkeys(LEAST, 0))

    def put(self, pod: Pod) -> None:
        self.pods[key(pod)] = pod
        self._count(pod.spec.requests(), 1)

    def take(self, pod: Pod) -> None:
        """The pod is no longer here."""
        self._count(self.pods.pop(key(pod)).spec.requests(), -1)

    def _count(self, requests: Mapping[str, int], sign: int) -> None:
        for resource, asked in requests.items():
            self.used[resource] = self.used.get(resource, 0) + sign * asked
        for resource, least in LEAST.items():
            self.scored[resource] += sign * (requests.get(resource) or least)

    @property
    def allocatable(self) -> Mapping[str, int]:
        return self.node.status.allocatable

    def free(self, resource: str) -> int:
        """Thousandths of a CPU, bytes of memory, pods, or pieces of anything else."""
        used = len(self.pods) if resource == PODS else self.used.get(resource, 0)
        return self.allocatable.get(resource, 0) - used
