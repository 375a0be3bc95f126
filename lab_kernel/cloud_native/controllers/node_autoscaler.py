"""The cluster autoscaler at work: orders nodes for Pending pods, drains and returns unneeded ones.

What it decides is ``autoscale.ClusterAutoscaler``. A cluster has it only if it is given a group of
nodes that may grow:

    autoscale_nodes(cluster, NodeGroup(node("pool", 4, "16Gi"), low=1, high=5))

The nodes of the group are those that are named after its template: ``pool-1``; others stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lab_kernel.cloud_native.autoscale import ClusterAutoscaler, NodeGroup, Plan
from lab_kernel.cloud_native.autoscale.nodes import SCAN
from lab_kernel.cloud_native.objects import Lease, Node, Pod
from lab_kernel.cloud_native.placement import Scheduler

if TYPE_CHECKING:
    from lab_kernel.cloud_native.cluster import Cluster


class NodeAutoscaler:
    """``plans`` are those that were more than nothing: when (ms) and what. ``booting`` are the
    times at which ordered nodes will be there."""

    def __init__(self, cluster: Cluster, group: NodeGroup, **settings: Any) -> None:
        self.cluster, self.group = cluster, group
        self.decides = ClusterAutoscaler(group, **settings)
        self.plans: list[tuple[int, Plan]] = []
        self.booting: list[int] = []
        self._number = 0
        self._leaving: set[str] = set()
        for _n in range(group.low):
            self._join()
        cluster.clock.after(SCAN, self._scan)

    def _join(self) -> None:
        self._number += 1
        self.cluster.add_node(self.group.node(self._number))

    def _booted(self, due: int) -> None:
        self.booting.remove(due)
        self._join()

    def _scan(self) -> None:
        cluster, clock, store = self.cluster, self.cluster.clock, self.cluster.store
        for name in list(self._leaving):
            if not store.on(name):
                self._return(name)
        pods = [p for p in store.all(Pod) if not p.spec.node_name and not p.over]
        pending = [p for p in pods if p.status.message]  # the scheduler has said that it has none
        plan = self.decides.plan(clock.now, self._account(), pending, len(self.booting))
        if plan.add or plan.remove:
            self.plans.append((clock.now, plan))
        for _n in range(plan.add):
            due = clock.now + self.group.boot
            self.booting.append(due)
            clock.at(due, lambda due=due: self._booted(due))  # type: ignore[misc]
        for name in plan.remove:
            self._leaving.add(name)
            cluster.drain(name)
        clock.after(SCAN, self._scan)

    def _account(self) -> Scheduler:
        """What is requested where, as the store has it; nodes that are leaving are gone."""
        store = self.cluster.store
        nodes = [each for each in store.all(Node) if each.metadata.name not in self._leaving]
        account = Scheduler(nodes)
        for each in nodes:
            for pod in store.on(each.metadata.name):
                if not pod.over:
                    account.bind(pod, each.metadata.name)
        return account

    def _return(self, name: str) -> None:
        """Nothing runs there any more: give the machine back."""
        cluster, store = self.cluster, self.cluster.store
        self._leaving.discard(name)
        cluster.fail_node(name)
        for kind in (Node, Lease):
            thing = store.get(kind, f"default/{name}")
            if thing is not None:
                store.remove(thing)
        del cluster.kubelets[name]
        cluster.record.state(name, "")


def autoscale_nodes(cluster: Cluster, group: NodeGroup, **settings: Any) -> NodeAutoscaler:
    """Let the cluster have as many nodes of this group as its pods need; ``low`` join at once.

    ``settings`` are those of ``ClusterAutoscaler``, in ms.
    """
    return NodeAutoscaler(cluster, group, **settings)
