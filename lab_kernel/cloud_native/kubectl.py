"""What a person does with kubectl: apply, delete, scale, roll out and back, cordon, drain."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from lab_kernel.cloud_native.admission import admit
from lab_kernel.cloud_native.controllers.deployment import REVISION, revision
from lab_kernel.cloud_native.controllers.naming import HASH
from lab_kernel.cloud_native.core import Core
from lab_kernel.cloud_native.manifest import manifest
from lab_kernel.cloud_native.objects import (
    Deployment,
    Node,
    Pod,
    ReplicaSet,
    Service,
    key,
)
from lab_kernel.cloud_native.proxy import address
from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.registry import unknown


class Kubectl(Core):
    """Commands that change what is desired."""

    def apply(self, text: str, name: str = "manifest") -> list[str]:
        """Put the objects of a manifest into the store; a line for each: created, configured ...

        Nothing is stored unless all of them can be.
        """
        return [self.put(thing) for thing in manifest(text, name)]

    def put(self, thing: Any) -> str:
        """The same for one object."""
        old = self.store.get(type(thing), key(thing))
        called = f"{type(thing).__name__.lower()}/{thing.metadata.name}"
        if isinstance(thing, Service) and not thing.spec.cluster_ip:
            ip = old.spec.cluster_ip if old else address(self.store.all(Service))
            thing = replace(thing, spec=replace(thing.spec, cluster_ip=ip))
        if old is None:
            self.store.create(admit(thing) if isinstance(thing, Pod) else thing)
            return f"{called} created"
        meta = replace(
            old.metadata, labels=thing.metadata.labels, annotations=thing.metadata.annotations
        )
        kept = {"status": old.status} if hasattr(old, "status") else {}
        if isinstance(thing, Pod):
            if admit(thing).spec != replace(old.spec, node_name=thing.spec.node_name):
                message = _("the spec of a pod that exists cannot be changed; delete it first")
                raise BadInput(called, message)
            thing = replace(thing, spec=old.spec)
        new = self.store.update(replace(thing, metadata=meta, **kept))
        return f"{called} {'unchanged' if new is old else 'configured'}"

    def delete(self, kind: str, name: str, namespace: str = "default") -> None:
        kinds = {"deployment": Deployment, "pod": Pod, "service": Service, "replicaset": ReplicaSet}
        if kind.lower() not in kinds:
            raise unknown("kind", kind, kinds)
        self.store.delete(self._named(kinds[kind.lower()], name, namespace))

    def delete_pod(self, name: str, *, force: bool = False) -> None:
        """With ``force`` it is taken out of the store without waiting for its kubelet."""
        pod = self._named(Pod, name)
        (self.store.remove if force else self.store.delete)(pod)

    def scale(self, name: str, replicas: int) -> None:
        """kubectl scale deployment NAME --replicas N"""
        wanted = self._named(Deployment, name)
        if replicas < 0:
            raise BadInput(
                "replicas", _("{value} is less than {least}").format(value=replicas, least=0)
            )
        self.store.update(replace(wanted, spec=replace(wanted.spec, replicas=replicas)))

    def set_image(self, name: str, image: str, **behaviour: str) -> None:
        """kubectl set image deployment NAME; ``behaviour`` is how that image's program behaves,
        by the names of the annotations (``bad_image="true"``)."""
        wanted = self._named(Deployment, name)
        template = wanted.spec.template
        notes = {f"lab-kernel/{each.replace('_', '-')}": word for each, word in behaviour.items()}
        first, *others = template.spec.containers
        template = replace(
            template,
            metadata=replace(
                template.metadata, annotations={**template.metadata.annotations, **notes}
            ),
            spec=replace(template.spec, containers=(replace(first, image=image), *others)),
        )
        self.store.update(replace(wanted, spec=replace(wanted.spec, template=template)))

    def rollout_undo(self, name: str, to_revision: int = 0) -> int:
        """kubectl rollout undo: take the template of an earlier revision (0: the one before)."""
        wanted = self._named(Deployment, name)
        history = self.history(name)
        numbers = sorted(history)
        if not to_revision:
            earlier = [number for number in numbers if number < wanted.status.revision]
            to_revision = earlier[-1] if earlier else 0
        if to_revision not in history:
            raise BadInput(
                "revision",
                _("there is no such revision to go back to; there are: {known}").format(
                    known=", ".join(map(str, numbers)) or "-"
                ),
            )
        template = history[to_revision].spec.template
        labels = {k: v for k, v in template.metadata.labels.items() if k != HASH}
        template = replace(template, metadata=replace(template.metadata, labels=labels))
        self.store.update(replace(wanted, spec=replace(wanted.spec, template=template)))
        return to_revision

    def history(self, name: str) -> dict[int, ReplicaSet]:
        """kubectl rollout history: replica sets by their revision."""
        owned = self.store.owned(ReplicaSet, self._named(Deployment, name))
        return {revision(each): each for each in owned if REVISION in each.metadata.annotations}

    def cordon(self, name: str, on: bool = True) -> None:
        """kubectl cordon, and uncordon: no new pods there."""
        node = self._named(Node, name)
        self.store.update(replace(node, spec=replace(node.spec, unschedulable=on)))

    def drain(self, name: str) -> None:
        """kubectl drain: cordon, then delete all pods on it. Left out: disruption budgets."""
        self.cordon(name)
        for pod in self.store.on(name):
            self.store.delete(pod)
