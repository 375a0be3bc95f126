"""Service discovery: a name stands for an address that stays, the address for the ready pods.

    cluster.resolve("web")                           "10.96.0.1", whatever becomes of the pods
    cluster.proxies["node-2"].route("10.96.0.1")     the endpoints that this node sends to

Each node has its own copy of the endpoints, and it is a little old: at most once a second the
proxy writes down what has changed. While its node is cut off the copy stays as it was. A client
outside the cluster is no different: give it a Proxy of its own.

Source: Kubernetes, "DNS for Services and Pods", "Virtual IPs and Service Proxies"; kube-proxy
--iptables-min-sync-period 1s. Left out: how packets are rewritten, and session affinity.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lab_kernel.clock import Clock
from lab_kernel.cloud_native.objects import Endpoint, Endpoints, Service, key
from lab_kernel.cloud_native.store import Store

SYNC = 1000
DOMAIN = "svc.cluster.local"


class Proxy:
    """``reachable`` says whether news come through."""

    def __init__(self, store: Store, clock: Clock, reachable: Callable[[], bool]) -> None:
        self.store, self.clock, self._reachable = store, clock, reachable
        self._routes: dict[str, tuple[Endpoint, ...]] = {}
        self._synced = -SYNC
        self._planned = False
        store.watch(Endpoints, lambda _name, _thing: self.look())
        store.watch(Service, lambda _name, _thing: self.look())

    def route(self, address: str) -> list[Endpoint]:
        """The ready endpoints behind the address, as far as is known here."""
        return [each for each in self._routes.get(address, ()) if each.ready]

    def look(self) -> None:
        """Something is different: take it over now, or a second after the last time."""
        if not self._planned:
            self._planned = True
            self.clock.after(max(0, self._synced + SYNC - self.clock.now), self._sync)

    def _sync(self) -> None:
        self._planned = False
        if not self._reachable():
            return
        self._synced = self.clock.now
        self._routes = {}
        for service in self.store.all(Service):
            found = self.store.get(Endpoints, key(service))
            if found is not None:
                self._routes[service.spec.cluster_ip] = found.endpoints


def address(services: Iterable[Service]) -> str:
    """One that none of these services has."""
    taken = {service.spec.cluster_ip for service in services}
    number = 1
    while f"10.96.{number // 256}.{number % 256}" in taken:
        number += 1
    return f"10.96.{number // 256}.{number % 256}"


def full_name(name: str, namespace: str = "default") -> str:
    """The name as the cluster's DNS knows it: ``web`` is ``web.default.svc.cluster.local``."""
    short, *rest = name.removesuffix(f".{DOMAIN}").split(".")
    return f"{short}.{rest[0] if rest else namespace}.{DOMAIN}"
