"""Cluster autoscaling: nodes are added for pods without room, removed when nobody needs them.

What counts is what pods request, not what they use. A node is added if that would let a Pending
pod run, as many nodes at once as a trial placement needs. A node is unneeded when less than half of
it is requested and all its pods fit elsewhere; after ten minutes of that it goes.

Defaults and rules: Kubernetes, cluster-autoscaler/FAQ.md. Left out: several groups of nodes (and
the expanders that choose among them), what forbids moving a pod, budgets for disruption.
Times are in milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from lab_kernel.cloud_native.objects import Node, Pod
from lab_kernel.cloud_native.objects.nodes import HOSTNAME
from lab_kernel.cloud_native.placement import Filled, Scheduler
from lab_kernel.cloud_native.placement.filled import CPU, MEMORY

SCAN = 10_000  # --scan-interval
UNNEEDED = 600_000  # --scale-down-unneeded-time
AFTER_ADDING = 600_000  # --scale-down-delay-after-add
THRESHOLD = 0.5  # --scale-down-utilization-threshold
MOST_EMPTY = 10  # --max-empty-bulk-delete
_NONE_YET = 1_000_000  # numbers of nodes that exist only in a trial


@dataclass(frozen=True)
class NodeGroup:
    """Nodes that are all alike. ``template`` is one of them, ``boot`` what a new one takes until
    pods can be placed on it (minutes, and the cloud provider's affair)."""

    template: Node
    low: int = 1
    high: int = 10
    boot: int = 180_000

    def owns(self, name: str) -> bool:
        """Whether the node of this name is one of the group's."""
        prefix, _dash, number = name.rpartition("-")
        return prefix == self.template.metadata.name and number.isdecimal()

    def node(self, number: int) -> Node:
        """The node with this number, named after the template."""
        known = self.template.metadata
        name = f"{known.name}-{number}"
        labels = {**known.labels, HOSTNAME: name}
        return replace(self.template, metadata=replace(known, name=name, labels=labels))


@dataclass(frozen=True, slots=True)
class Plan:
    """How many nodes to order, which to remove now, and which are unneeded (name, since when)."""

    add: int = 0
    remove: tuple[str, ...] = ()
    unneeded: tuple[tuple[str, int], ...] = ()


class ClusterAutoscaler:
    """The decision, every ``SCAN``; whoever calls it orders the nodes and drains them."""

    def __init__(
        self,
        group: NodeGroup,
        unneeded: int = UNNEEDED,
        after_adding: int = AFTER_ADDING,
        threshold: float = THRESHOLD,
    ) -> None:
        self.group = group
        self._unneeded, self._after_adding, self._threshold = unneeded, after_adding, threshold
        self._since: dict[str, int] = {}
        self._added: int | None = None

    def plan(self, now: int, scheduler: Scheduler, pending: Sequence[Pod], coming: int = 0) -> Plan:
        """``pending`` are pods that found no node, ``coming`` nodes ordered but not there yet."""
        add = self._more(scheduler, pending, coming)
        if add:
            self._added = now
            self._since.clear()
            return Plan(add)
        names = self._idle(scheduler)
        self._since = {name: self._since.get(name, now) for name in names}
        unneeded = tuple(self._since.items())
        if coming or (self._added is not None and now - self._added < self._after_adding):
            return Plan(0, (), unneeded)
        spare = sum(map(self.group.owns, scheduler.nodes)) - self.group.low
        due = [name for name, since in unneeded if now - since >= self._unneeded]
        empty = [name for name in due if not scheduler.nodes[name].pods][:MOST_EMPTY]
        gone = (empty or due[:1])[: max(0, spare)]
        return Plan(0, tuple(gone), unneeded)

    def _more(self, scheduler: Scheduler, pending: Sequence[Pod], coming: int) -> int:
        """How many nodes let the most pods run: the larger pods first, each on a new node only if
        neither those that are there nor those that come have room."""
        if not pending:
            return 0
        trial, added = scheduler.copy(), 0
        room = self.group.high - coming - sum(map(self.group.owns, scheduler.nodes))
        for number in range(coming):
            trial.add(self.group.node(_NONE_YET + number))
        for pod in sorted(pending, key=_size(self.group.template), reverse=True):
            if trial.place(pod) or added >= room:
                continue
            new = self.group.node(_NONE_YET + coming + added)
            trial.add(new)
            if trial.place(pod):
                added += 1
            else:  # a node more would not help this one
                trial.remove(new.metadata.name)
        return added

    def _idle(self, scheduler: Scheduler) -> list[str]:
        """The nodes that could go together: emptiest first, each pod with a new place."""
        low = [
            filled
            for name, filled in scheduler.nodes.items()
            if self.group.owns(name) and utilization(filled) < self._threshold
        ]
        if not low:
            return []
        trial, idle = scheduler.copy(), []
        for filled in sorted(low, key=lambda one: (utilization(one), one.order)):
            name = filled.node.metadata.name
            pods = trial.remove(name)
            moved = _moved(trial, pods)
            if moved is None:
                idle.append(name)
            else:
                for pod in moved:
                    trial.release(pod)
                trial.add(filled.node)
                for pod in pods:
                    trial.bind(pod, name)
        return idle


def utilization(filled: Filled) -> float:
    """The requested part of the CPU or of the memory, whichever is larger."""
    has = filled.allocatable
    return max(filled.used.get(one, 0) / has[one] for one in (CPU, MEMORY) if has.get(one))


def _moved(trial: Scheduler, pods: Iterable[Pod]) -> list[Pod] | None:
    """None if all of them found a place; else those that did before one did not."""
    placed: list[Pod] = []
    for pod in pods:
        if not trial.place(pod):
            return placed
        placed.append(pod)
    return None


def _size(template: Node) -> Callable[[Pod], float]:
    """How much of a node a pod asks for."""
    has = template.status.allocatable

    def size(pod: Pod) -> float:
        asks = pod.spec.requests()
        return sum(asks.get(one, 0) / has[one] for one in (CPU, MEMORY) if has.get(one))

    return size
