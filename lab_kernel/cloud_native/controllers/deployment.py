"""A deployment: one replica set for each version of the template, and the way from one to the next.

With RollingUpdate there are never more than ``replicas + maxSurge`` pods wanted, and old ones are
taken away only while ``replicas - maxUnavailable`` stay available. Every step follows from what is
there now, so a rollout that was interrupted goes on by itself.

Source: Kubernetes, pkg/controller/deployment: rolling.go, recreate.go, progress.go. Left out:
scaling in proportion while a rollout is under way, and collisions of names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lab_kernel.cloud_native.controller import Controller
from lab_kernel.cloud_native.controllers.naming import HASH, template_hash
from lab_kernel.cloud_native.objects import (
    Deployment,
    Metadata,
    Owner,
    Pod,
    ReplicaSet,
    Selector,
    Template,
)
from lab_kernel.cloud_native.objects.workloads import DeploymentStatus, ReplicaSetSpec

REVISION = "deployment.kubernetes.io/revision"


def revision(replica_set: ReplicaSet) -> int:
    return int(replica_set.metadata.annotations.get(REVISION, "0"))


class DeploymentController(Controller):
    name, kind, watches = "deployment-controller", Deployment, (ReplicaSet,)

    def reconcile(self, name: str) -> None:
        wanted = self.store.get(Deployment, name)
        if wanted is None or wanted.metadata.deleted is not None:
            return
        current = template_hash(wanted.spec.template)
        sets = sorted(self.store.owned(ReplicaSet, wanted), key=lambda each: each.metadata.uid)
        new = next((each for each in sets if each.metadata.labels.get(HASH) == current), None)
        old = [each for each in sets if each is not new]
        if wanted.spec.paused:
            if new is not None:
                self._scale(wanted, new, wanted.spec.replicas - sum(e.spec.replicas for e in old))
        elif wanted.spec.strategy.type == "Recreate":
            for each in old:
                self._scale(wanted, each, 0)
            if not any(self._alive(each) for each in old):
                new = self._current(wanted, new, sets, current)
                self._scale(wanted, new, wanted.spec.replicas)
        else:
            new = self._current(wanted, new, sets, current)
            self._roll(wanted, new, old)
        self._clean(wanted, old)
        self._report(wanted, new)

    def _current(
        self, wanted: Deployment, new: ReplicaSet | None, sets: Sequence[ReplicaSet], current: str
    ) -> ReplicaSet:
        """The replica set of the present template, with the highest revision of all."""
        last = max((revision(each) for each in sets if each is not new), default=0)
        meta, template = wanted.metadata, wanted.spec.template
        if new is None:
            labels = {**template.metadata.labels, HASH: current}
            marked = replace(template.metadata, labels=labels)
            selector = wanted.spec.selector
            matching = {**selector.match_labels, HASH: current}
            new = self.store.create(
                ReplicaSet(
                    metadata=Metadata(
                        name=f"{meta.name}-{current}",
                        namespace=meta.namespace,
                        labels=labels,
                        annotations={REVISION: str(last + 1)},
                        owner=Owner(kind="Deployment", name=meta.name, uid=meta.uid),
                    ),
                    spec=ReplicaSetSpec(
                        selector=Selector(
                            match_labels=matching, match_expressions=selector.match_expressions
                        ),
                        template=Template(metadata=marked, spec=template.spec),
                        replicas=0,
                        min_ready_seconds=wanted.spec.min_ready_seconds,
                    ),
                )
            )
        marks = new.metadata.annotations
        if revision(new) <= last:  # it is an old one that has become the present one again
            marks = {**marks, REVISION: str(last + 1)}
        spec = replace(new.spec, min_ready_seconds=wanted.spec.min_ready_seconds)
        metadata = replace(new.metadata, annotations=marks)
        return self.store.update(replace(new, metadata=metadata, spec=spec))  # type: ignore[no-any-return]

    def _roll(self, wanted: Deployment, new: ReplicaSet, old: Sequence[ReplicaSet]) -> None:
        """One step: more new pods if there is room, else fewer old ones if enough are available."""
        replicas = wanted.spec.replicas
        most, least = replicas + wanted.spec.surge(), replicas - wanted.spec.unavailable()
        there = new.spec.replicas + sum(each.spec.replicas for each in old)
        if new.spec.replicas > replicas:
            self._scale(wanted, new, replicas)
            return
        room = min(most - there, replicas - new.spec.replicas)
        if room > 0:
            self._scale(wanted, new, new.spec.replicas + room)
            return
        unavailable = new.spec.replicas - new.status.available
        spare = there - least - unavailable
        # First the old pods that are of no use anyway, then as many as can be spared.
        for each in old:
            broken = min(each.spec.replicas - each.status.available, max(spare, 0))
            if broken > 0:
                spare -= broken
                self._scale(wanted, each, each.spec.replicas - broken)
        old = [self.store.get(ReplicaSet, self._name(each)) or each for each in old]
        available = new.status.available + sum(
            min(each.status.available, each.spec.replicas) for each in old
        )
        spare = min(spare, available - least)
        for each in old:
            fewer = min(each.spec.replicas, max(spare, 0))
            if fewer > 0:
                spare -= fewer
                self._scale(wanted, each, each.spec.replicas - fewer)

    def _scale(self, wanted: Deployment, each: ReplicaSet, replicas: int) -> None:
        before, replicas = each.spec.replicas, max(replicas, 0)
        if before == replicas:
            return
        self.store.update(replace(each, spec=replace(each.spec, replicas=replicas)))
        way = "up" if replicas > before else "down"
        message = f"Scaled {way} replica set {each.metadata.name} from {before} to {replicas}"
        self.cluster.record.event(wanted, "ScalingReplicaSet", message)

    def _alive(self, each: ReplicaSet) -> bool:
        """Whether a pod of it still runs, and be it that it is being deleted."""
        return any(not pod.over for pod in self.store.owned(Pod, each))

    def _clean(self, wanted: Deployment, old: Sequence[ReplicaSet]) -> None:
        """Forget the oldest versions; what is left can be gone back to."""
        empty = [each for each in old if not each.spec.replicas and not each.status.replicas]
        empty.sort(key=revision)
        for each in empty[: max(0, len(empty) - wanted.spec.revision_history_limit)]:
            self.store.remove(each)

    def _report(self, wanted: Deployment, new: ReplicaSet | None) -> None:
        sets = self.store.owned(ReplicaSet, wanted)
        now, before = self.clock.now, wanted.status
        present = new and self.store.get(ReplicaSet, self._name(new))
        status = DeploymentStatus(
            observed_generation=wanted.metadata.generation,
            revision=revision(present) if present else before.revision,
            replicas=sum(each.status.replicas for each in sets),
            updated=present.status.replicas if present else 0,
            ready=sum(each.status.ready for each in sets),
            available=sum(each.status.available for each in sets),
            progressing=before.progressing,
            progressed=before.progressed,
        )
        if complete(wanted, status):
            status = replace(status, progressing="NewReplicaSetAvailable")
            if before.progressing != status.progressing:
                status = replace(status, progressed=now)
        elif _progress(before, status) or before.progressing in ("", "NewReplicaSetAvailable"):
            status = replace(status, progressing="ReplicaSetUpdated", progressed=now)
        elif before.progressing == "ReplicaSetUpdated":
            left = before.progressed + wanted.spec.progress_deadline_seconds * 1000 - now
            if left <= 0:
                status = replace(status, progressing="ProgressDeadlineExceeded")
                called = present.metadata.name if present else ""
                message = f'ReplicaSet "{called}" has timed out progressing.'
                self.cluster.record.event(wanted, "ProgressDeadlineExceeded", message, warning=True)
            else:
                self.enqueue(self._name(wanted), left)
        self.store.update(replace(wanted, status=status))

    def _name(self, thing: Deployment | ReplicaSet) -> str:
        return f"{thing.metadata.namespace}/{thing.metadata.name}"


def complete(wanted: Deployment, status: DeploymentStatus | None = None) -> bool:
    """All replicas are of the present template and available, and no old one is left."""
    status, replicas = status or wanted.status, wanted.spec.replicas
    seen = status.observed_generation == wanted.metadata.generation
    return seen and status.updated == status.replicas == status.available == replicas


def _progress(before: DeploymentStatus, after: DeploymentStatus) -> bool:
    """It has got on: more updated, ready or available pods, fewer old ones, or another template."""
    return (
        after.updated > before.updated
        or after.ready > before.ready
        or after.available > before.available
        or after.replicas - after.updated < before.replicas - before.updated
        or after.revision != before.revision
    )
