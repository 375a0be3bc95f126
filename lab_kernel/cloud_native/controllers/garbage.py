"""Deletes what belongs to nobody: objects whose owner is gone, pods whose node is gone.

Source: Kubernetes, "Garbage Collection"; its default, deletion in the background.
"""

from __future__ import annotations

from typing import Any

from lab_kernel.cloud_native.controller import Controller
from lab_kernel.cloud_native.objects import Deployment, Endpoints, Node, Pod, ReplicaSet, Service

_OWNERS = {"Deployment": Deployment, "ReplicaSet": ReplicaSet, "Service": Service}
_OWNED = (ReplicaSet, Endpoints)


class GarbageCollector(Controller):
    """Its keys are those of pods, and ``*`` for everything else."""

    name, kind, watches = "garbage-collector", Pod, (Deployment, ReplicaSet, Service, Node)

    def concerns(self, thing: Any) -> list[str]:
        """Whatever has changed: did something belong to it, or stand on it?"""
        if isinstance(thing, Node):
            return [_key(pod) for pod in self.store.on(thing.metadata.name)]
        kinds = (Pod,) if isinstance(thing, ReplicaSet) else ()
        owned = [_key(each) for kind in kinds for each in self.store.owned(kind, thing)]
        return ["*", *owned]

    def _look_at_all(self) -> None:
        super()._look_at_all()
        self.enqueue("*")

    def reconcile(self, name: str) -> None:
        if name == "*":
            for kind in _OWNED:
                for thing in self.store.all(kind):
                    if self._orphan(thing):
                        self.store.delete(thing)
            return
        pod = self.store.get(Pod, name)
        if pod is None:
            return
        node = pod.spec.node_name
        if node and self.store.get(Node, f"default/{node}") is None:
            self.store.remove(pod)
        elif self._orphan(pod) and pod.metadata.deleted is None:
            self.store.delete(pod)

    def _orphan(self, thing: Any) -> bool:
        owner = thing.metadata.owner
        if owner is None:
            return False
        found = self.store.get(_OWNERS[owner.kind], f"{thing.metadata.namespace}/{owner.name}")
        return found is None or found.metadata.uid != owner.uid


def _key(thing: Any) -> str:
    return f"{thing.metadata.namespace}/{thing.metadata.name}"
