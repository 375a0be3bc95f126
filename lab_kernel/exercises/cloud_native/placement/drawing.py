"""Nodes and pods that several of these problems draw, and how they are written."""

from __future__ import annotations

import random
from dataclasses import dataclass

from lab_kernel.cloud_native.objects import Pod
from lab_kernel.cloud_native.placement import Profile, Scheduler, node, pod
from lab_kernel.language import _

GI = 1 << 30


@dataclass(frozen=True, slots=True)
class Drawn:
    """A node: what it has and what is requested of it, CPU in thousandths and memory in GiB."""

    name: str
    cpu: int
    memory: int
    used_cpu: int
    used_memory: int

    def told(self) -> str:
        return _(
            "node {name}: {cpu}m CPU and {memory}Gi; requested are {used_cpu}m and {used_memory}Gi"
        ).format(
            name=self.name,
            cpu=self.cpu,
            memory=self.memory,
            used_cpu=self.used_cpu,
            used_memory=self.used_memory,
        )


def draw(rng: random.Random, name: str) -> Drawn:
    """Never empty and never full."""
    cpu, memory = rng.choice((2000, 4000, 8000)), rng.choice((8, 16, 32))
    used = rng.randrange(1, cpu // 250 - 1) * 250
    return Drawn(name, cpu, memory, used, rng.randrange(1, memory))


def asked(rng: random.Random) -> tuple[int, int]:
    """What a pod requests: thousandths of a CPU and GiB."""
    return rng.choice((250, 500, 750, 1000)), rng.choice((1, 2, 3))


def scheduler(nodes: list[Drawn], strategy: str) -> Scheduler:
    """Only the strategy's own points; no balance and no taints."""
    made = Scheduler(
        [node(one.name, f"{one.cpu}m", f"{one.memory}Gi") for one in nodes],
        Profile(strategy, balanced=0, taints=0),
    )
    for one in nodes:
        made.bind(pod(f"there-{one.name}", f"{one.used_cpu}m", f"{one.used_memory}Gi"), one.name)
    return made


def wanted(cpu: int, memory: int) -> Pod:
    return pod("new", f"{cpu}m", f"{memory}Gi")


STRATEGIES = ("LeastAllocated", "MostAllocated")


def other(strategy: str) -> str:
    return STRATEGIES[1 - STRATEGIES.index(strategy)]
