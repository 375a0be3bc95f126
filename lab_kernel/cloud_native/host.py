"""The machine under a node: a simulated Linux on the cluster's clock, with power and a network.

It boots when its first container starts. What runs on it are ordinary processes, and ``trace`` of
the machine shows each of their system calls. When the power fails, all that was still to happen on
it does not.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from lab_kernel.clock import Action, Clock
from lab_kernel.cloud_native.behaviour import Behaviour
from lab_kernel.cloud_native.caller import Caller
from lab_kernel.cloud_native.listener import Listener
from lab_kernel.cloud_native.network import Route
from lab_kernel.cloud_native.objects import Resources
from lab_kernel.cloud_native.program import FRAME, PAGE, Place, Program, shim
from lab_kernel.kernel import lifecycle
from lab_kernel.kernel.cgroup import Group
from lab_kernel.kernel.fault import Stopped
from lab_kernel.kernel.machine import Costs, Machine
from lab_kernel.kernel.process import Process
from lab_kernel.kernel.signals import Signum
from lab_kernel.trace import Silence, Trace

LEAST_FRAMES, MOST_FRAMES = 256, 1 << 14


class Power(Clock):
    """The cluster's clock as one machine has it, until its power fails."""

    def __init__(self, clock: Clock, failed: Callable[[], None]) -> None:
        self._clock, self._failed, self.on = clock, failed, True

    @property
    def now(self) -> int:  # type: ignore[override]
        return self._clock.now

    @property
    def random(self) -> random.Random:  # type: ignore[override]
        return self._clock.random

    def at(self, time: int, action: Action, order: int = 0) -> None:
        self._clock.at(time, lambda: self._do(action), order)

    def after(self, delay: int, action: Action, order: int = 0) -> None:
        self.at(self.now + delay, action, order)

    def _do(self, action: Action) -> None:
        if self.on:
            try:
                action()
            except Stopped:  # a panic of that machine is not the end of the others
                self._failed()


class Sandbox:
    """One container on the machine: a shim, and the program in its namespaces and control group.

    Requests become cpu.weight, limits cpu.max and memory.max, as kubelet and runc do it, so what
    exceeds them is throttled or killed by the machine's kernel. ``route`` is how it reaches
    others. Left out: containers of one pod share no network namespace here.
    """

    def __init__(
        self,
        host: Host,
        name: str,
        does: Behaviour,
        resources: Resources,
        ended: Callable[[int, int], None],
        *,
        pod: str,
        image: str,
        runs: Program,
        route: Route,
    ) -> None:
        machine, clock = host.machine, host.clock
        self.host, began = host, clock.now
        socket, network = f"/run/{name}.sock", f"/run/{name}.net"
        self.listener = Listener(name, machine)
        machine.files.add(socket, mode=0o666, driver=self.listener)
        machine.files.add(network, mode=0o666, driver=Caller(name, machine, route))
        self.group = host.kubepods().make(name, **limits(resources))
        self._pid = 0
        self._ended = ended

        place = Place(
            pod, host.name, image, does, socket, network,
            now=lambda: clock.now, age=lambda: clock.now - began,
        )  # fmt: skip

        def program() -> object:
            return runs(place)

        program.__name__ = name
        machine.spawn(shim, program, self._born, self._over, name=f"{name}-shim", uid=0)

    @property
    def process(self) -> Process | None:
        """The container's first process, if it is still there."""
        return self.host.machine.processes.get(self._pid)

    def signal(self, number: Signum) -> None:
        if self.process is not None:
            lifecycle.signal(self.host.machine, self.process, number)

    def out_of_memory(self) -> bool:
        """Whether the kernel has killed in it for want of memory."""
        events = dict(line.split() for line in self.group.read("memory.events").splitlines())
        return events["oom_kill"] != "0"

    def _born(self, pid: int) -> None:
        self._pid = pid
        self.group.enter(self.host.machine.processes[pid])

    def _over(self, code: int, signal: int) -> None:
        self.listener.close()
        self.group.kill()
        self._ended(code, signal)


def limits(resources: Resources) -> dict[str, str]:
    """The files of the container's control group.

    Source: kubelet, cm/helpers_linux.go: 1,024 shares for a CPU, at least 2; the quota for a
    period of 100 ms, at least 1 ms. KEP-2254: weight = 1 + (shares - 2) * 9999 / 262142, which
    newer runtimes have replaced by a curve.
    """
    asked = {**resources.limits, **resources.requests}
    shares = max(2, asked.get("cpu", 0) * 1024 // 1000)
    files = {"cpu_weight": str(1 + (shares - 2) * 9999 // 262142), "memory_oom_group": "1"}
    if "cpu" in resources.limits:
        files["cpu_max"] = f"{max(1000, resources.limits['cpu'] * 100)} 100000"
    if "memory" in resources.limits:
        files["memory_max"] = str(max(1, resources.limits["memory"] // FRAME) * PAGE)
    return files


class Host:
    """``up``: it has power. ``reachable``: its network reaches the control plane and the others."""

    def __init__(
        self,
        name: str,
        clock: Clock,
        allocatable: Mapping[str, int],
        seed: int,
        costs: Costs,
        *,
        quiet: bool,
    ) -> None:
        self.name, self.allocatable, self.seed = name, allocatable, seed
        self.costs, self.quiet = costs, quiet
        self.up = self.reachable = True
        self.images: set[str] = set()
        self.traces: list[Trace] = []  # one of each time that it was switched on
        self.failed: Callable[[], None] = lambda: None
        self._shared = clock
        self.clock = Power(clock, self._stopped)
        self._machine: Machine | None = None

    @property
    def booted(self) -> bool:
        return self._machine is not None

    @property
    def machine(self) -> Machine:
        """The machine; it boots now, if nothing has run on it yet."""
        if self._machine is None:
            frames = self.allocatable.get("memory", 0) // FRAME
            self._machine = Machine(
                cpus=max(1, self.allocatable.get("cpu", 1000) // 1000),
                frames=min(max(frames, LEAST_FRAMES), MOST_FRAMES),
                swap=0,  # as the kubelet wants it
                quantum=10,  # ms: longer slices than Linux's make a fleet quicker to simulate
                most_processes=1024,
                seed=self.seed,
                costs=self.costs,
                clock=self.clock,
                trace=Silence() if self.quiet else None,
            )
            self._machine.namespaces.uts.name = self.name
            self.traces.append(self._machine.trace)
        return self._machine

    def kubepods(self) -> Group:
        """The control group that holds those of all containers."""
        groups = self.machine.cgroups.children
        return groups.get("kubepods") or self.machine.cgroups.make("kubepods")

    def power_off(self) -> None:
        """Everything on it is gone, but for the images on its disk."""
        if self._machine is not None:
            self._machine.dispatcher.flush()
        self.up, self.clock.on, self._machine = False, False, None

    def power_on(self) -> None:
        self.clock = Power(self._shared, self._stopped)
        self.up = True

    def _stopped(self) -> None:
        self.power_off()
        self.failed()
