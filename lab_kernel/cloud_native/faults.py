"""What goes wrong: power, network, programs, controllers, notices.

Nobody in the cluster is told of it: they have to find out.
"""

from __future__ import annotations

from collections.abc import Callable

from lab_kernel.cloud_native.core import Core
from lab_kernel.cloud_native.objects import (
    Pod,
    key,
)
from lab_kernel.kernel.signals import Signum
from lab_kernel.registry import unknown


class Faults(Core):
    """What nobody ordered."""

    def fail_node(self, name: str) -> None:
        """Its power fails: all that runs there is gone, and nobody is told."""
        host = self._host(name)
        if host.up:
            host.power_off()
            self.kubelets[name].stopped()

    def restore_node(self, name: str) -> None:
        """Power is back: it boots, and its kubelet looks what is to run there."""
        host = self._host(name)
        if not host.up:
            host.power_on()
            self.record.state(name, "")
            self.kubelets[name].begin()
            self.proxies[name].look()

    def partition(self, *names: str) -> None:
        """These nodes and the rest do not reach each other any more; all go on running."""
        for name in names:
            self._host(name).reachable = False
            self.record.state(f"{name}/network", "partitioned")

    def heal(self) -> None:
        """The network is whole again."""
        for name, host in self.hosts.items():
            if not host.reachable:
                host.reachable = True
                self.record.state(f"{name}/network", "")
                if host.up:
                    self.kubelets[name].reconnected()
                    self.proxies[name].look()

    def crash_container(self, pod: str) -> None:
        """The program in the pod's first container is killed."""
        found = self._named(Pod, pod)
        kubelet = self.kubelets.get(found.spec.node_name or "")
        worker = kubelet.workers.get(key(found)) if kubelet else None
        if worker is not None and worker.runs[0].sandbox is not None:
            worker.runs[0].sandbox.signal(Signum.SIGKILL)

    def stop_controller(self, name: str) -> None:
        if name not in self.controllers:
            raise unknown("controller", name, self.controllers)
        self.controllers[name].crash()

    def start_controller(self, name: str) -> None:
        if name not in self.controllers:
            raise unknown("controller", name, self.controllers)
        self.controllers[name].restart()

    def lose_notices(self, lost: Callable[[type, str], bool] | None) -> None:
        """From now on the notices of changes for which this says so get lost; None: none."""
        self.store.loses = lost
