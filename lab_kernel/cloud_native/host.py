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
from lab_kernel.cloud_native.listener import Listener
from lab_kernel.cloud_native.program import server, shim
from lab_kernel.kernel import lifecycle
from lab_kernel.kernel.fault import Stopped
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.signals import Signum
from lab_kernel.trace import Trace

FRAME = 1 << 20  # bytes of a node's memory for which one frame of its machine stands
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
    """One container on the machine: its shim, its program, its socket."""

    def __init__(
        self, host: Host, name: str, does: Behaviour, ended: Callable[[int, int], None]
    ) -> None:
        machine = host.machine
        self.host, self.began = host, host.clock.now
        path = f"/run/{name}.sock"
        self.listener = Listener(name, machine)
        machine.files.add(path, mode=0o666, driver=self.listener)
        self._pids: list[int] = []

        def program() -> object:
            return server(does, path, lambda: host.clock.now - self.began)

        program.__name__ = name
        machine.spawn(shim, program, ended, self._pids, name=f"{name}-shim")

    def signal(self, number: Signum) -> None:
        process = self.process
        if process is not None:
            lifecycle.signal(self.host.machine, process, number)

    @property
    def process(self):  # type: ignore[no-untyped-def]
        """The container's first process, if it is still there."""
        return self.host.machine.processes.get(self._pids[0]) if self._pids else None


class Host:
    """``up``: it has power. ``reachable``: its network reaches the control plane and the others."""

    def __init__(self, name: str, clock: Clock, allocatable: Mapping[str, int], seed: int) -> None:
        self.name, self.allocatable, self.seed = name, allocatable, seed
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
                most_processes=1024,
                seed=self.seed,
                clock=self.clock,
            )
            self._machine.namespaces.uts.name = self.name
            self.traces.append(self._machine.trace)
        return self._machine

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
