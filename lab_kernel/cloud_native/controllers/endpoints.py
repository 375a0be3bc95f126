"""The pods behind each service: all that the selector matches, and which of them are ready.

Source: Kubernetes, "Service" and "EndpointSlices". Left out: slices (all are in one object), and
services without a selector, whose endpoints somebody writes by hand.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from lab_kernel.cloud_native.controller import Controller
from lab_kernel.cloud_native.objects import Endpoint, Endpoints, Metadata, Owner, Pod, Service, key


class EndpointsController(Controller):
    name, kind, watches = "endpoint-controller", Service, (Pod,)

    def concerns(self, thing: Any) -> list[str]:
        return [
            key(service)
            for service in self.store.all(Service)
            if service.metadata.namespace == thing.metadata.namespace and matches(service, thing)
        ]

    def reconcile(self, name: str) -> None:
        service = self.store.get(Service, name)
        if service is None or not service.spec.selector:
            return
        pods = [
            pod
            for pod in self.store.all(Pod)
            if pod.metadata.namespace == service.metadata.namespace
            and matches(service, pod)
            and pod.status.ip
            and not pod.over
        ]
        found = tuple(
            Endpoint(
                pod=pod.metadata.name,
                node=pod.spec.node_name or "",
                ip=pod.status.ip,
                ready=pod.status.ready and pod.metadata.deleted is None,
                terminating=pod.metadata.deleted is not None,
            )
            for pod in pods
        )
        old = self.store.get(Endpoints, name)
        if old is None:
            meta = service.metadata
            owner = Owner(kind="Service", name=meta.name, uid=meta.uid)
            named = Metadata(name=meta.name, namespace=meta.namespace, owner=owner)
            self.store.create(Endpoints(metadata=named, endpoints=found))
        else:
            self.store.update(replace(old, endpoints=found))


def matches(service: Service, pod: Pod) -> bool:
    labels = pod.metadata.labels
    wanted = service.spec.selector
    return bool(wanted) and all(labels.get(name) == value for name, value in wanted.items())
