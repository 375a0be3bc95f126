"""The plain scheduler: asks every node, every time. Easy to read, and too slow for a large fleet.

It explains: what each node is worth or why it is out. The quick one (``ranking``) must choose the
same node, which the tests hold it to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lab_kernel.cloud_native.objects import Pod, Spread
from lab_kernel.cloud_native.placement import spread
from lab_kernel.cloud_native.placement.filled import Filled
from lab_kernel.cloud_native.placement.filters import forbidden, repelled, short, wants
from lab_kernel.cloud_native.placement.scores import Profile, node_score, taint_points


@dataclass(frozen=True, slots=True)
class Judged:
    """What the scheduler thinks of one node: ``reasons`` against it, or its points.

    ``resources`` (strategy and balance), ``taints`` and ``spread`` are the parts, weighted.
    """

    filled: Filled
    reasons: tuple[str, ...] = ()
    resources: int = 0
    taints: int = 0
    spread: int = 0

    @property
    def name(self) -> str:
        return self.filled.node.metadata.name

    @property
    def points(self) -> int:
        return self.resources + self.taints + self.spread


def judge(pod: Pod, nodes: Iterable[Filled], profile: Profile) -> list[Judged]:
    """Every node: filtered first, the rest scored."""
    nodes = list(nodes)
    hard, soft = (spread.constraints(pod, w) for w in ("DoNotSchedule", "ScheduleAnyway"))
    counted = [count(pod, one, hard, nodes) for one in hard]
    out = {id(one): _reasons(pod, one, hard, counted) for one in nodes}
    left = [one for one in nodes if not out[id(one)]]
    most = max((repelled(pod, one.node) for one in left), default=0)
    may = [
        one
        for one in nodes
        if not forbidden(pod, one.node) and spread.domains(hard, one.node) is not None
    ]
    crowded = _crowding(pod, left, soft, nodes, may)
    low, high = min(crowded.values(), default=0), max(crowded.values(), default=0)
    judged = []
    for one in nodes:
        if reasons := out[id(one)]:
            judged.append(Judged(one, tuple(reasons)))
            continue
        full = crowded.get(id(one))
        points = 0 if full is None else spread.spread_points(full, low, high)
        judged.append(
            Judged(
                one,
                (),
                node_score(profile, pod.spec.requests(), one),
                profile.taints * taint_points(repelled(pod, one.node), most),
                profile.spread * points if soft else 0,
            )
        )
    return judged


def best(judged: Iterable[Judged]) -> Judged | None:
    """Most points, and of several with as many the node that was added first.

    kube-scheduler draws lots among them; here a run can be repeated.
    """
    left = [one for one in judged if not one.reasons]
    return min(left, key=lambda one: (-one.points, one.filled.order), default=None)


def why(judged: Sequence[Judged]) -> Counter[str]:
    """How many nodes gave each reason."""
    return Counter(reason for one in judged for reason in one.reasons)


def count(pod: Pod, one: Spread, every: Sequence[Spread], nodes: Iterable[Filled]) -> Counter[str]:
    """The matching pods in each domain, those without any included."""
    counted: Counter[str] = Counter()
    for filled in nodes:
        if wants(pod, filled.node) and spread.domains(every, filled.node) is not None:
            matching = sum(spread.counts_in(one, pod, other) for other in filled.pods.values())
            counted[filled.node.metadata.labels[one.topology_key]] += matching
    return counted


def _reasons(
    pod: Pod, filled: Filled, hard: Sequence[Spread], counted: Sequence[Counter[str]]
) -> list[str]:
    if no := forbidden(pod, filled.node):
        return [no]
    if reasons := short(pod.spec.requests(), filled):
        return reasons
    if hard:
        found = spread.domains(hard, filled.node)
        if found is None:
            return [spread.UNLABELLED]
        own = tuple(int(spread.counts_in(one, pod, pod)) for one in hard)
        here = tuple(c[name] for c, name in zip(counted, found, strict=True))
        if not spread.allowed(hard, own, here, tuple(min(c.values()) for c in counted)):
            return [spread.SKEWED]
    return []


def _crowding(
    pod: Pod,
    left: Sequence[Filled],
    soft: Sequence[Spread],
    nodes: Sequence[Filled],
    may: Sequence[Filled],
) -> dict[int, int]:
    """How full the domains of each node in ``left`` are; without the nodes that lack a label."""
    if not soft:
        return {}
    counted = [count(pod, one, soft, nodes) for one in soft]
    named = [found for one in may if (found := spread.domains(soft, one.node)) is not None]
    weights = [spread.weight(len(set(names))) for names in zip(*named, strict=True)]
    crowded = {}
    for one in left:
        found = spread.domains(soft, one.node)
        if found is not None:
            here = tuple(c[name] for c, name in zip(counted, found, strict=True))
            crowded[id(one)] = spread.crowding(soft, here, weights)
    return crowded
