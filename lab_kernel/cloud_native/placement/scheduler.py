"""Which node gets a pod: filter, score, choose. As kube-scheduler, one pod after the other.

Two differences, both for the sake of repeating a run: every node is asked (kube-scheduler may stop
when it has found enough of them), and of several equally good nodes the one that was added first
is taken (it draws lots).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lab_kernel.cloud_native.objects import Node, Pod, key
from lab_kernel.cloud_native.placement import plain
from lab_kernel.cloud_native.placement.filled import Filled
from lab_kernel.cloud_native.placement.plain import Judged
from lab_kernel.cloud_native.placement.ranking import Ranking
from lab_kernel.cloud_native.placement.scores import Profile
from lab_kernel.cloud_native.placement.spread import counts_in

MOST_RANKINGS = 100  # kinds of pod that are kept ranked at a time


@dataclass(frozen=True)
class Unschedulable:
    """No node fits. ``reasons`` says how many nodes gave each; ``str()`` is kubectl's line."""

    nodes: int
    reasons: Mapping[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        if not self.nodes:
            return "no nodes available to schedule pods"
        told = ", ".join(sorted(f"{number} {reason}" for reason, number in self.reasons.items()))
        return f"0/{self.nodes} nodes are available: {told}."


class Scheduler:
    """Keeps account of what is free on each node, and places pods there.

    ``score`` is the name of a strategy (LeastAllocated, MostAllocated) or a whole Profile.
    Placing a pod costs about the same however many nodes there are, as long as pods come in few
    kinds; the first of a kind costs a look at every node.
    """

    def __init__(self, nodes: Iterable[Node] = (), score: str | Profile = "LeastAllocated") -> None:
        self.profile = score if isinstance(score, Profile) else Profile(score)
        self._nodes: dict[str, Filled] = {}
        self._where: dict[str, Filled] = {}
        self._rankings: dict[object, tuple[Ranking, int]] = {}
        self._changes: list[tuple[Filled, Pod, int]] = []
        self._refused: dict[object, Unschedulable] = {}  # since the last change
        self._added = 0
        for node in nodes:
            self.add(node)

    @property
    def nodes(self) -> Mapping[str, Filled]:
        """Every node by its name, with the pods on it. To be looked at, not changed."""
        return self._nodes

    def where(self, pod: Pod) -> str | None:
        """The name of the node that the pod is on."""
        found = self._where.get(key(pod))
        return found.node.metadata.name if found else None

    def add(self, node: Node) -> None:
        """A node that is new, or one whose labels, taints or size are: its pods stay."""
        self._forget()
        name = node.metadata.name
        if name in self._nodes:
            self._nodes[name].node = node
            return
        self._nodes[name] = Filled(node, self._added)
        self._added += 1

    def remove(self, name: str) -> list[Pod]:
        """The node is gone; so are its pods, which are returned."""
        self._forget()
        pods = list(self._nodes.pop(name).pods.values())
        for pod in pods:
            del self._where[key(pod)]
        return pods

    def place(self, pod: Pod) -> str | Unschedulable:
        """Choose a node and count the pod in there; the node's name, or why there is none."""
        kind = kind_of(pod)
        if kind in self._refused:
            return self._refused[kind]
        chosen = self._ranking(kind, pod).choose()
        if chosen is None:
            refused = Unschedulable(len(self._nodes), plain.why(self.judge(pod)))
            self._refused[kind] = refused
            return refused
        self._change(chosen, pod, 1)
        return chosen.node.metadata.name

    def bind(self, pod: Pod, name: str) -> None:
        """Count the pod in on this node: it runs there, whoever put it there."""
        self._change(self._nodes[name], pod, 1)

    def release(self, pod: Pod) -> None:
        """The pod has ended, or has left its node. One that is nowhere is no error."""
        found = self._where.get(key(pod))
        if found is not None:
            self._change(found, found.pods[key(pod)], -1)

    def judge(self, pod: Pod) -> list[Judged]:
        """What it thinks of each node: the long way, for reading."""
        return plain.judge(pod, self._nodes.values(), self.profile)

    def copy(self) -> Scheduler:
        """Another one with the same nodes and pods, to try something on."""
        twin = Scheduler((), self.profile)
        for name, filled in self._nodes.items():
            twin._nodes[name] = Filled(
                filled.node,
                filled.order,
                dict(filled.pods),
                dict(filled.used),
                dict(filled.scored),
            )
        twin._added = self._added
        twin._where = {each: twin._nodes[f.node.metadata.name] for each, f in self._where.items()}
        return twin

    def _change(self, filled: Filled, pod: Pod, by: int) -> None:
        if by > 0:
            if key(pod) in self._where:
                self.release(pod)
            filled.put(pod)
            self._where[key(pod)] = filled
        else:
            filled.take(pod)
            del self._where[key(pod)]
        self._refused.clear()
        self._changes.append((filled, pod, by))
        if len(self._changes) > 4 * len(self._nodes) + 1000:
            self._catch_up()

    def _ranking(self, kind: object, pod: Pod) -> Ranking:
        """The ranking for this kind of pod, made or brought up to date."""
        known = self._rankings.pop(kind, None)
        if known is None:
            ranking, seen = Ranking(pod, self._nodes.values(), self.profile), len(self._changes)
            if len(self._rankings) >= MOST_RANKINGS:
                del self._rankings[next(iter(self._rankings))]
        else:
            ranking, seen = known
        for filled, other, by in self._changes[seen:]:
            ranking.changed(filled, other, by)
        self._rankings[kind] = (ranking, len(self._changes))
        return ranking

    def _catch_up(self) -> None:
        """The list of changes does not grow without end; rankings that lag far behind go."""
        half = len(self._changes) // 2
        self._rankings = {
            kind: (ranking, seen - half)
            for kind, (ranking, seen) in self._rankings.items()
            if seen >= half
        }
        del self._changes[:half]

    def _forget(self) -> None:
        self._rankings.clear()
        self._changes.clear()
        self._refused.clear()


def kind_of(pod: Pod) -> object:
    """Equal for pods that may run on the same nodes and rank them alike."""
    spec, affinity = pod.spec, pod.spec.affinity
    wanted = repr(affinity.node_affinity) if affinity else ""
    spread = spec.topology_spread_constraints
    apart: tuple[object, ...] = ()
    if spread:
        own = tuple(counts_in(one, pod, pod) for one in spread)
        apart = (repr(spread), pod.metadata.namespace, own)
    asked = tuple(sorted(spec.requests().items()))
    return (asked, tuple(sorted(spec.node_selector.items())), spec.tolerations, wanted, apart)
