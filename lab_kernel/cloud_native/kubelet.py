"""The kubelet: on each node, makes what runs there what the store says should run there.

It is a control loop like the others, with one difference: between it and the store there is a
network. While that is cut it goes on with what it knew last, and its pods go on running; when it
is back it looks at the store anew, ends what has been deleted meanwhile, and reports how things
are. Source: Kubernetes, "Nodes", heartbeats: a Lease is renewed every 10 s.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lab_kernel.cloud_native.host import Host
from lab_kernel.cloud_native.objects import Lease, Metadata, Pod, key
from lab_kernel.cloud_native.pod_worker import PodWorker

if TYPE_CHECKING:
    from lab_kernel.cloud_native.core import Core

HEARTBEAT = 10_000
NOTICED = 5  # ms from a change on the node until it has been looked at


class Kubelet:
    """``workers`` are the pods that run here, by key."""

    def __init__(self, cluster: Core, host: Host, number: int) -> None:
        self.cluster, self.host, self.number = cluster, host, number
        self.workers: dict[str, PodWorker] = {}
        self._due: set[str] = set()
        self._addresses: dict[int, str] = {}
        host.failed = self.stopped
        cluster.store.watch(Pod, self._noticed, node=host.name)
        self.begin()

    def begin(self) -> None:
        """The node is switched on."""
        self.workers, self._due = {}, set()
        self._beat()
        # Not all nodes in the same instant: each has its own place in the ten seconds.
        self.host.clock.after(self.number * 1700 % HEARTBEAT + 1, self._beating)

    def stopped(self) -> None:
        """The node has no power any more: no process runs there."""
        for worker in self.workers.values():
            self.cluster.record.state(f"{self.host.name}/{worker.pod.metadata.name}", "")
        self.workers = {}
        self.cluster.record.state(self.host.name, "down")

    def address(self, pod: Pod) -> str:
        """The pod's IP address, from the node's range."""
        uid = pod.metadata.uid
        if uid not in self._addresses:
            number = len(self._addresses) + 2
            self._addresses[uid] = f"10.{64 + self.number // 256}.{self.number % 256}.{number}"
        return self._addresses[uid]

    def look(self, pod: Pod) -> None:
        """Compare this pod's desired and actual state soon."""
        name = key(pod)
        if name not in self._due:
            self._due.add(name)
            self.host.clock.after(NOTICED, lambda: self._sync(name))

    def _noticed(self, _name: str, pod: Pod) -> None:
        if self.host.up and self.host.reachable:
            self.look(pod)

    def _beat(self) -> None:
        """Say that the node is there, and look at everything once more."""
        if self.host.reachable:
            name = self.host.name
            lease = self.cluster.store.get(Lease, f"default/{name}")
            renewed = self.host.clock.now
            if lease is None:
                new = Lease(metadata=Metadata(name=name), renewed=renewed)
                self.cluster.store.create(new)
            else:
                self.cluster.store.update(replace(lease, renewed=renewed))
            for pod in self.cluster.store.on(name):
                self.look(pod)
            for worker in self.workers.values():
                self.look(worker.pod)

    def _beating(self) -> None:
        self._beat()
        self.host.clock.after(HEARTBEAT, self._beating)

    def reconnected(self) -> None:
        """The network is back: do not wait for the next heartbeat."""
        for pod in self.cluster.store.on(self.host.name):
            self.look(pod)
        for worker in self.workers.values():
            self.look(worker.pod)

    def _sync(self, name: str) -> None:
        self._due.discard(name)
        worker = self.workers.get(name)
        if not self.host.reachable:
            if worker is not None and worker.over:
                del self.workers[name]
            return
        store = self.cluster.store
        pod = store.get(Pod, name)
        mine = pod is not None and pod.spec.node_name == self.host.name
        if worker is not None and (
            pod is None or not mine or pod.metadata.uid != worker.pod.metadata.uid
        ):
            worker.stop()  # it has been deleted without waiting for us
            if worker.over:
                del self.workers[name]
                if mine and pod is not None:
                    self.look(pod)
            return
        if pod is None or not mine:
            return
        if pod.metadata.deleted is not None:
            if worker is not None:
                worker.stop()
            if worker is None or worker.over:
                self.workers.pop(name, None)
                self.cluster.record.state(f"{self.host.name}/{pod.metadata.name}", "")
                store.remove(pod)
                return
        elif worker is None and not pod.over:
            worker = self.workers[name] = PodWorker(self, pod)
        if worker is not None:
            self._report(pod, worker)

    def _report(self, pod: Pod, worker: PodWorker) -> None:
        status = worker.status()
        if worker.stopping:  # the kubelet goes on reporting, but not that it is ready
            status = replace(status, ready=False, ready_since=None)
        self.cluster.store.update(replace(pod, status=status))
        if status.phase in ("Succeeded", "Failed"):
            self.workers.pop(key(pod), None)
            self.cluster.record.state(f"{self.host.name}/{pod.metadata.name}", "")
