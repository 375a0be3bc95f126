"""Which nodes are there: those that have renewed their lease not long ago.

A node that was not heard of for 40 s is Unknown. It gets the taints ``unreachable``, its pods are
marked as not ready, so that services leave them out at once; whether they have to go is the
business of ``taint_eviction``. A node that is heard of again is Ready.

Source: Kubernetes, "Nodes"; kube-controller-manager --node-monitor-period 5s,
--node-monitor-grace-period 40s (50s in newer versions). Left out: that at most one node in 10 s is
tainted, and that it stops when a whole zone is lost.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from lab_kernel.cloud_native.controller import Controller
from lab_kernel.cloud_native.objects import Lease, Node, Taint
from lab_kernel.cloud_native.objects.nodes import UNREACHABLE, UNSCHEDULABLE

PERIOD, GRACE = 5000, 40_000


class NodeLifecycleController(Controller):
    name, kind, resync = "node-controller", Node, PERIOD

    def reconcile(self, name: str) -> None:
        node = self.store.get(Node, name)
        if node is None:
            return
        lease = self.store.get(Lease, name)
        heard = lease.renewed if lease is not None else node.metadata.created
        ready: Literal["True", "Unknown"] = (
            "True" if self.clock.now - heard < self.cluster.grace else "Unknown"
        )
        wanted = replace(
            node,
            spec=replace(node.spec, taints=self._taints(node, ready)),
            status=replace(node.status, ready=ready),
        )
        self.store.update(wanted)
        if ready != node.status.ready:
            short = node.metadata.name
            reason = "NodeReady" if ready == "True" else "NodeNotReady"
            message = f"Node {short} status is now: {reason}"
            self.cluster.record.event(node, reason, message, warning=ready != "True")
        if ready != "True":
            self._pods_not_ready(node)

    def _taints(self, node: Node, ready: str) -> tuple[Taint, ...]:
        """Those that somebody has put there, and ours: as they were, if they were there."""
        own = {UNREACHABLE: ready != "True", UNSCHEDULABLE: node.spec.unschedulable}
        now = self.clock.now
        taints = [taint for taint in node.spec.taints if own.get(taint.key, True)]
        there = {(taint.key, taint.effect) for taint in taints}
        wanted: list[tuple[str, Literal["NoSchedule", "NoExecute"]]] = []
        if own[UNREACHABLE]:
            wanted += [(UNREACHABLE, "NoSchedule"), (UNREACHABLE, "NoExecute")]
        if own[UNSCHEDULABLE]:
            wanted.append((UNSCHEDULABLE, "NoSchedule"))
        taints += [
            Taint(key=name, effect=effect, added=now)
            for name, effect in wanted
            if (name, effect) not in there
        ]
        return tuple(taints)

    def _pods_not_ready(self, node: Node) -> None:
        for pod in self.store.on(node.metadata.name):
            if pod.status.ready:
                status = replace(pod.status, ready=False, ready_since=None)
                self.store.update(replace(pod, status=status))
                self.cluster.record.event(pod, "NodeNotReady", "Node is not ready", warning=True)
