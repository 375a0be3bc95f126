"""How much CPU each pod uses: read from the kernels of the nodes every 15 s, and old by then.

As metrics-server does: it asks each kubelet what the containers have used since it asked before.
A pod that has been there for less than a full round has no metric yet; a node that cannot be
reached has none of its pods'. Metrics of other kinds come from functions that somebody gives.

Source: Kubernetes, metrics-server, --metric-resolution=15s. Left out: the memory in use.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from lab_kernel.cloud_native.listener import Request
from lab_kernel.cloud_native.objects import Endpoint, Pod

if TYPE_CHECKING:
    from lab_kernel.cloud_native.container import ContainerRun
    from lab_kernel.cloud_native.core import Core

RESOLUTION = 15_000


@dataclass(frozen=True, slots=True)
class Sample:
    """``value`` in thousandths of a CPU (or of the metric), the mean until ``time`` (ms)."""

    time: int
    value: int


class Metrics:
    """The newest sample of each pod, by its uid. ``custom`` are further metrics, by name."""

    def __init__(self, cluster: Core, resolution: int = RESOLUTION) -> None:
        self.cluster, self.resolution = cluster, resolution
        self.custom: dict[str, Callable[[Pod], int | None]] = {}
        self._samples: dict[int, Sample] = {}
        self._totals: dict[int, tuple[int, int]] = {}
        cluster.clock.after(resolution, self._scrape)

    def cpu(self, pod: Pod) -> Sample | None:
        return self._samples.get(pod.metadata.uid)

    def _scrape(self) -> None:
        now = self.cluster.clock.now
        totals: dict[int, tuple[int, int]] = {}
        samples: dict[int, Sample] = {}
        for kubelet in self.cluster.kubelets.values():
            if not (kubelet.host.up and kubelet.host.reachable):
                continue
            for worker in kubelet.workers.values():
                uid = worker.pod.metadata.uid
                used = sum(_used(run) for run in worker.runs)
                totals[uid] = (now, used)
                if uid in self._totals:
                    since, before = self._totals[uid]
                    value = max(0, used - before) * 1000 // (now - since)
                    samples[uid] = Sample(now, value)
        self._totals, self._samples = totals, samples
        self.cluster.clock.after(self.resolution, self._scrape)


class Work:
    """A load for a service, over time: ``load`` of the second, in thousandths of a CPU.

    It is handed out evenly to the ready pods: each second a request for each, which takes so much
    computing; not to all of them in the same instant. A pod that gets more than it can do falls
    behind. What finds no ready pod is lost: ``lost`` counts it, in ms of CPU.
    """

    def __init__(self, cluster: Core, service: str, load: Callable[[int], int]) -> None:
        self.cluster, self.service, self.load = cluster, service, load
        self.lost = 0
        cluster.clock.after(0, self._second)

    def _second(self) -> None:
        clock, ready = self.cluster.clock, self.cluster.ready(self.service)
        amount = self.load(clock.now // 1000)
        if not ready:
            self.lost += amount
        for number, endpoint in enumerate(ready):
            share = amount // len(ready) + (number < amount % len(ready))
            clock.after(number * 1000 // len(ready), partial(self._send, endpoint, share))
        clock.after(1000, self._second)

    def _send(self, to: Endpoint, share: int) -> None:
        kubelet = self.cluster.kubelets.get(to.node)
        worker = kubelet.workers.get(f"default/{to.pod}") if kubelet else None
        sandbox = worker.runs[0].sandbox if worker else None
        if sandbox is None:
            self.lost += share
        elif share:
            sandbox.listener.send(Request("get", lambda _status: None, work=share))


def _used(run: ContainerRun) -> int:
    """CPU ms so far of all that has run in the container, as its control group counts it."""
    return run.sandbox.group.cpu.usage if run.sandbox else 0
