"""How much memory a class needs: on one machine, and on the nodes of a cluster.

The arithmetic is that of the engines' own documentation. One machine: The Littlest JupyterHub,
"Estimate Memory / CPU / Disk needed" (those present at once times the memory of each, and 128 MB
for itself). A cluster: a node has room for as many pods as its allocatable memory holds their
requests, and for no more than 110 (Kubernetes, "Considerations for large clusters"); what a node
keeps for itself follows the table that Google publishes for GKE ("Plan node sizes"; later versions
keep less).

Left out: CPU, which is shared and only slows down; disk; the hub's own pods, about one GiB, which
belong on a small node of their own. Units: MiB of 1,048,576 bytes; a node's size in GiB.
"""

from __future__ import annotations

from dataclasses import dataclass

HEADROOM = 40  # per cent; the documentation of The Littlest JupyterHub advises 20 to 40
TLJH = 123  # MiB: 128 MB of 1,000,000 bytes, rounded up
PODS = 110  # a node
EVICTION = 100  # MiB that GKE keeps free on every node
_TIERS = ((4, 25), (4, 20), (8, 10), (112, 6))  # (GiB, per cent reserved), from below
_ABOVE = 2  # per cent of what is above them


@dataclass(frozen=True)
class Learner:
    """One who is present: the memory of JupyterLab's server and of each kernel, in MiB."""

    server: int
    kernel: int
    kernels: int = 2

    @property
    def used(self) -> int:
        return self.server + self.kernels * self.kernel

    @property
    def headroom(self) -> int:
        return -(-self.used * HEADROOM // 100)

    @property
    def request(self) -> int:
        """What to guarantee."""
        return self.used + self.headroom


def present(learners: int, at_once: int) -> int:
    """How many are there at once, of whom ``at_once`` per cent are."""
    return -(-learners * at_once // 100)


def machine(there: int, request: int) -> int:
    """GiB of one machine for everybody: the next power of two."""
    needed = there * request + TLJH
    size = 1
    while size * 1024 < needed:
        size *= 2
    return size


def allocatable(size: int) -> int:
    """MiB for pods on a node of ``size`` GiB."""
    left, hundredths = size * 1024, 0
    for gib, part in _TIERS:
        here = min(left, gib * 1024)
        hundredths += here * part
        left -= here
    reserved = -(-(hundredths + left * _ABOVE) // 100)
    return max(0, size * 1024 - reserved - EVICTION)


def per_node(size: int, request: int) -> int:
    """How many learners' pods a node has room for."""
    return min(PODS, allocatable(size) // request)


def nodes(there: int, size: int, request: int) -> int:
    """How many nodes it takes; 0 when not even one pod fits."""
    room = per_node(size, request)
    return -(-there // room) if room else 0
