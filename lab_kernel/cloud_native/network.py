"""The way of a request: from whoever asks to the program in a pod, and the answer back.

There is one way for all requests, whoever sends them: the gateway at the edge, a client outside,
a program in another pod. It takes ``HOP`` ms in each direction. At its end stands the listening
socket of the pod's program (``listener``), or nobody: a pod that is gone refuses, a node that is
dark or cut off says nothing at all.

Left out: bandwidth, lost and doubled packets, handshakes, distance (pods of one node are as far
from each other as those of two), and that a refusal is news for the proxy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from lab_kernel.cloud_native.listener import REFUSED, RESET, Request
from lab_kernel.cloud_native.objects import Endpoint, Service
from lab_kernel.cloud_native.proxy import Proxy, full_name

if TYPE_CHECKING:
    from lab_kernel.cloud_native.core import Core
    from lab_kernel.cloud_native.host import Host

HOP = 1  # ms from one machine to another
TIMEOUT = -2  # beside REFUSED and RESET: nothing was heard
NOBODY = -3  # no endpoint was known
NAMES: Mapping[int, str] = {
    REFUSED: "refused",
    RESET: "reset",
    TIMEOUT: "timeout",
    NOBODY: "no endpoint",
}


def outcome(status: int) -> str:
    """In a word: ``200``, ``503``, ``refused`` ..."""
    return NAMES.get(status, str(status))


def send(
    cluster: Core,
    to: Endpoint,
    heard: Callable[[int], None],
    *,
    timeout: int | None,
    headers: Mapping[str, str] | None = None,
    source: Host | None = None,
) -> None:
    """One try: ``heard`` gets the status, or TIMEOUT after so many ms (None: it waits for ever).

    What comes after the first is thrown away. ``source`` is the machine of who asks, None outside
    of the cluster.
    """
    clock, over = cluster.clock, False

    def answered(status: int) -> None:
        nonlocal over
        if not over:
            over = True
            heard(status)

    clock.after(HOP, lambda: _arrive(cluster, to, answered, headers or {}, source))
    if timeout is not None:
        clock.after(timeout, lambda: answered(TIMEOUT))


def _arrive(
    cluster: Core,
    to: Endpoint,
    answered: Callable[[int], None],
    headers: Mapping[str, str],
    source: Host | None,
) -> None:
    """At the node: it may be dark, and the pod may be gone."""
    host = cluster.hosts[to.node]
    if not (host.up and _connected(source, host)):
        return  # nobody is there who could refuse

    def back(status: int) -> None:
        if _connected(source, host):
            cluster.clock.after(HOP, lambda: answered(status))

    worker = cluster.kubelets[to.node].workers.get(f"default/{to.pod}")
    sandbox = worker.runs[0].sandbox if worker is not None else None
    if sandbox is None:
        back(REFUSED)
    else:
        sandbox.listener.send(Request("get", back, headers=headers))


def _connected(one: Host | None, other: Host) -> bool:
    return one is other or (other.reachable and (one is None or one.reachable))


class Route:
    """How one client reaches services by name: its proxy knows the ready endpoints, chance takes
    one of them, as kube-proxy's rules do. ``source`` is its machine, None outside."""

    def __init__(
        self,
        cluster: Core,
        proxy: Proxy,
        chance: Callable[[], float],
        source: Host | None = None,
    ) -> None:
        self.cluster, self.proxy, self.source = cluster, proxy, source
        self._chance = chance

    def ask(
        self,
        service: str,
        heard: Callable[[int], None],
        timeout: int | None,
        headers: Mapping[str, str],
    ) -> str:
        """Send one try to the service; the pod that it goes to, "" when there is none."""
        short, namespace, *_domain = full_name(service).split(".")
        found = self.cluster.store.get(Service, f"{namespace}/{short}")
        ready = self.proxy.route(found.spec.cluster_ip) if found else []
        if not ready:
            self.cluster.clock.after(0, lambda: heard(NOBODY))
            return ""
        to = ready[int(self._chance() * len(ready))]
        send(self.cluster, to, heard, timeout=timeout, headers=headers, source=self.source)
        return to.pod
