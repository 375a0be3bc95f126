"""Two tenants on one computer, side by side: in containers, with limits or without, or in machines.

One of them does harm; how much work does the other get done in the same time? Containers share a
kernel, so what the kernel runs out of, or dies of, is everybody's. Virtual machines share a
processor only: here two kernels on one clock, each with a CPU of its own.
Left out: the hypervisor, its price, and its own faults.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from lab_kernel.clock import Clock
from lab_kernel.containers.runtime.config import Config, Limits
from lab_kernel.containers.runtime.runtime import Bundle, Runtime
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.program import Compute, Load
from lab_kernel.kernel.syscalls import Fork, Ioctl, Nanosleep, Open, Wait4
from lab_kernel.language import N_

WINDOW = 400  # ticks after the harm, in which the neighbour's work is counted
MOST_PROCESSES = 24
LIMITS = Limits(cpus=0.4, pids=6)
Program: TypeAlias = Any  # generators, which a machine takes as programs


class Faulty:
    """A driver with a mistake: a certain request divides by zero, in kernel mode."""

    def ioctl(self, machine: Machine, process: Any, file: Any, request: int, argument: int) -> int:
        return request // argument


def nothing() -> Program:
    while True:
        yield Nanosleep(1000)


def crash() -> Program:
    """Read through a null pointer."""
    yield Load(0)


def kernel_fault() -> Program:
    fd = yield Open("/device", 2)
    yield Ioctl(fd, 1, 0)


def busy() -> Program:
    """Compute with five processes, as long as anybody lets them."""
    for _each in range(4):
        yield Fork(_compute)
    yield from _compute()


def _compute() -> Program:
    while True:
        yield Compute(50)


def processes() -> Program:
    """Start processes until no more can be started on this kernel."""
    while True:
        if (yield Fork(nothing)) < 0:
            yield Nanosleep(10)


HARM: Mapping[str, tuple[str, Any]] = {
    "nothing": (N_("nothing"), nothing),
    "crash": (N_("its program crashes"), crash),
    "busy": (N_("five processes compute without end"), busy),
    "processes": (N_("it starts processes without end"), processes),
    "kernel": (N_("a driver's fault is triggered in the kernel"), kernel_fault),
}
HOUSES: Mapping[str, str] = {
    "containers": N_("two containers"),
    "limited": N_("two containers with limits"),
    "machines": N_("two virtual machines"),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """``done`` is the neighbour's work in the window; ``kernels`` how many still run."""

    done: int
    kernels: int


def live(house: str, harm: str) -> Outcome:
    """Both tenants for the length of the window."""
    done: list[int] = []

    def neighbour() -> Program:
        while True:
            if (yield Fork(_job)) > 0:
                yield Wait4()
                done.append(1)
            yield Nanosleep(6)

    clock = Clock()
    count = 2 if house == "machines" else 1
    machines = [_machine(clock, HARM[harm][1], neighbour) for _each in range(count)]
    limits = LIMITS if house == "limited" else Limits()
    for machine, tenant in zip((machines * 2)[:2], ("neighbour", "harm"), strict=True):
        runtime = Runtime(machine)
        config = Config(args=(f"/bin/{tenant}",), limits=limits)
        runtime.create(tenant, Bundle(f"/srv/{tenant}", config))
        runtime.start(tenant)
    done.clear()
    end = clock.now + WINDOW
    for machine in machines[::-1]:  # a panic ends a run early; the other one goes on
        machine.run(end)
    machines[0].run(end)
    return Outcome(len(done), sum(machine.panicked is None for machine in machines))


def _job() -> Program:
    yield Compute(3)


def _machine(clock: Clock, harm: Any, neighbour: Any) -> Machine:
    machine = Machine(
        clock=clock,
        most_processes=MOST_PROCESSES,
        files={"/srv/harm/bin/harm": harm, "/srv/neighbour/bin/neighbour": neighbour},
    )
    machine.files.add("/srv/harm/device", mode=0o666, driver=Faulty())
    return machine
