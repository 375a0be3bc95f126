"""Gives each pod that has no node one, and says why when there is none.

Which node is the business of ``placement``; here is only the loop around it, and the account that
it keeps is brought up to date from the store before each decision.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from lab_kernel.cloud_native.controller import Controller
from lab_kernel.cloud_native.objects import Node, Pod, key
from lab_kernel.cloud_native.placement import Scheduler


class SchedulerController(Controller):
    """Pods that fit nowhere wait until something changes, at most until the next look at all."""

    name, kind, watches = "default-scheduler", Pod, (Node,)

    def __init__(self, cluster: Any) -> None:
        self.scheduler = Scheduler()
        self._nodes: dict[str, Node] = {}
        self._counted: dict[str, Pod] = {}
        self._unplaced: set[str] = set()
        super().__init__(cluster)

    def concerns(self, thing: Any) -> list[str]:
        """A node that has changed may be good for any pod that waits."""
        return list(self._unplaced)

    def reconcile(self, name: str) -> None:
        pod = self.store.get(Pod, name)
        counted = self._counted.get(name)
        if counted is not None and (
            pod is None or pod.over or pod.metadata.uid != counted.metadata.uid
        ):
            self.scheduler.release(self._counted.pop(name))
            for other in self._unplaced - {name}:
                self.enqueue(other)
        if pod is None or pod.over or pod.metadata.deleted is not None:
            self._unplaced.discard(name)
            return
        self._know_nodes()
        if pod.spec.node_name:
            self._unplaced.discard(name)
            self._count(pod)
            return
        chosen = self.scheduler.place(pod)
        if not chosen:
            self._unplaced.add(name)
            self._waits(pod, str(chosen))
            return
        self._unplaced.discard(name)
        bound = replace(
            pod,
            spec=replace(pod.spec, node_name=str(chosen)),
            status=replace(pod.status, message=""),
        )
        self._counted[name] = self.store.update(bound)
        message = f"Successfully assigned {name} to {chosen}"
        self.cluster.record.event(pod, "Scheduled", message)

    def restart(self) -> None:
        """What it had counted is gone: the pods that run are counted anew."""
        if not self.alive:
            self.scheduler, self._nodes = Scheduler(), {}
            self._counted, self._unplaced = {}, set()
        super().restart()

    def _waits(self, pod: Pod, why: str) -> None:
        if pod.status.message != why:
            self.cluster.record.event(pod, "FailedScheduling", why, warning=True)
            self.store.update(replace(pod, status=replace(pod.status, message=why)))

    def _count(self, pod: Pod) -> None:
        name = key(pod)
        if name not in self._counted and pod.spec.node_name in self._nodes:
            self.scheduler.bind(pod, pod.spec.node_name)
            self._counted[name] = pod

    def _know_nodes(self) -> None:
        """Tell the account of nodes that are new, changed or gone, and of pods it does not know."""
        now = {node.metadata.name: node for node in self.store.all(Node)}
        if now == self._nodes:
            return
        fresh = now.keys() - self._nodes.keys()
        for name in self._nodes.keys() - now.keys():
            for pod in self.scheduler.remove(name):
                self._counted.pop(key(pod), None)
        for name, node in now.items():
            if self._nodes.get(name) != node:
                self.scheduler.add(node)
        self._nodes = now
        for name in fresh:
            for pod in self.store.on(name):
                if not pod.over:
                    self._count(pod)
