"""As many pods of one template as wanted: too few, make some; too many, delete some."""

from __future__ import annotations

from dataclasses import replace

from lab_kernel.cloud_native.admission import admit
from lab_kernel.cloud_native.controller import Controller
from lab_kernel.cloud_native.controllers.naming import suffix
from lab_kernel.cloud_native.objects import Metadata, Owner, Pod, ReplicaSet
from lab_kernel.cloud_native.objects.workloads import ReplicaSetStatus


class ReplicaSetController(Controller):
    """Pods that are being deleted, or are over, do not count."""

    name, kind, watches = "replicaset-controller", ReplicaSet, (Pod,)

    def reconcile(self, name: str) -> None:
        wanted = self.store.get(ReplicaSet, name)
        if wanted is None:
            return
        pods = self.store.owned(Pod, wanted)
        active = [pod for pod in pods if pod.metadata.deleted is None and not pod.over]
        missing = wanted.spec.replicas - len(active)
        if wanted.metadata.deleted is None:
            for _number in range(missing):
                self._create(wanted)
            for pod in sorted(active, key=self._rank)[: max(0, -missing)]:
                self.store.delete(pod)
                message = f"Deleted pod: {pod.metadata.name}"
                self.cluster.record.event(wanted, "SuccessfulDelete", message)
        self._report(wanted)

    def _create(self, owner: ReplicaSet) -> None:
        meta, template = owner.metadata, owner.spec.template
        pod = Pod(
            metadata=Metadata(
                name=f"{meta.name}-{suffix(self.cluster.chance)}",
                namespace=meta.namespace,
                labels=template.metadata.labels,
                annotations=template.metadata.annotations,
                owner=Owner(kind="ReplicaSet", name=meta.name, uid=meta.uid),
            ),
            spec=template.spec,
        )
        made = self.store.create(admit(pod))
        message = f"Created pod: {made.metadata.name}"
        self.cluster.record.event(owner, "SuccessfulCreate", message)

    def _rank(self, pod: Pod) -> tuple[bool, bool, bool, int, int]:
        """Who goes first: without a node, not running, not ready, ready for a shorter time, newer.

        Source: Kubernetes, pkg/controller/controller_utils.go, ActivePodsWithRanks.
        """
        status = pod.status
        ready_since = -(status.ready_since or 0)
        return (
            bool(pod.spec.node_name), status.phase == "Running", status.ready,
            ready_since, -pod.metadata.uid,
        )  # fmt: skip

    def _report(self, wanted: ReplicaSet) -> None:
        """Count what is there; look again when the next pod will have been ready long enough."""
        pods = [
            pod
            for pod in self.store.owned(Pod, wanted)
            if pod.metadata.deleted is None and not pod.over
        ]
        ready = [pod for pod in pods if pod.status.ready and pod.status.ready_since is not None]
        wait = wanted.spec.min_ready_seconds * 1000
        now = self.clock.now
        left = [(pod.status.ready_since or 0) + wait - now for pod in ready]
        status = ReplicaSetStatus(
            replicas=len(pods), ready=len(ready), available=sum(each <= 0 for each in left)
        )
        self.store.update(replace(wanted, status=status))
        soon = [each for each in left if each > 0]
        if soon:
            self.enqueue(f"{wanted.metadata.namespace}/{wanted.metadata.name}", min(soon))
