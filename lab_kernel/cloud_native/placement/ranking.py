"""The quick scheduler: a ranking of the nodes for each kind of pod, kept up to date.

Pods of one kind (equal requests, tolerations, selectors, constraints) rank the nodes alike. When
a pod is placed, one node has changed, so one place of each ranking is worked out anew, instead of
the points of a thousand nodes.

A ranking holds groups of nodes that agree in everything but their resources: soft taints and
domains. Within a group the node with most points is on top. Groups with as many soft taints and as
full domains are in one stage: which stages may be used and what they are worth follows from the
counts alone, so a choice looks at the top of a few stages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from heapq import heappop, heappush
from typing import Generic, TypeVar

from lab_kernel.cloud_native.objects import Pod
from lab_kernel.cloud_native.placement import spread
from lab_kernel.cloud_native.placement.filled import Filled
from lab_kernel.cloud_native.placement.filters import forbidden, repelled, short, wants
from lab_kernel.cloud_native.placement.scores import Profile, node_score, taint_points

Key = tuple[int, int]  # points negated, then when the node was added: the smallest is the best
Thing = TypeVar("Thing")
Stage = tuple[int, spread.Counts, spread.Counts | None]


class Best(Generic[Thing]):
    """The thing with the smallest key, where keys change: a heap whose outdated entries are
    dropped when they come to its top. No two things may have the same key."""

    def __init__(self) -> None:
        self._heap: list[tuple[Key, Thing]] = []
        self._keys: dict[Thing, Key] = {}

    def put(self, thing: Thing, key: Key | None) -> None:
        """Give it this key, or with None take it out."""
        if key is None:
            self._keys.pop(thing, None)
        elif self._keys.get(thing) != key:
            self._keys[thing] = key
            heappush(self._heap, (key, thing))

    def top(self) -> tuple[Key, Thing] | None:
        heap, keys = self._heap, self._keys
        while heap and keys.get(heap[0][1]) != heap[0][0]:
            heappop(heap)
        return heap[0] if heap else None


class Group:
    """The nodes with as many soft taints and the same domains; without ``soft`` domains if they
    lack a label for one."""

    def __init__(
        self, taints: int, hard: spread.Domains, soft: spread.Domains | None, number: int
    ) -> None:
        self.taints, self.hard, self.soft, self.number = taints, hard, soft, number
        self.nodes: Best[int] = Best()
        self.stage: Stage | None = None


class Ranking:
    """The nodes, ranked for pods of the kind that ``pod`` is of."""

    def __init__(self, pod: Pod, nodes: Iterable[Filled], profile: Profile) -> None:
        self._pod, self._profile = pod, profile
        self._requests = pod.spec.requests()
        self._hard = spread.constraints(pod, "DoNotSchedule")
        self._soft = spread.constraints(pod, "ScheduleAnyway")
        self._own = tuple(int(spread.counts_in(one, pod, pod)) for one in self._hard)
        self._counts: tuple[list[Counter[str]], ...] = tuple(
            [Counter() for _one in every] for every in (self._hard, self._soft)
        )
        # how many domains hold so many pods, to know what the emptiest one holds
        self._levels: list[Counter[int]] = [Counter() for _one in self._hard]
        self._groups: dict[object, Group] = {}
        self._group_of: dict[int, Group] = {}
        self._in_domain: dict[tuple[bool, int, str], list[Group]] = {}
        self._stages: dict[Stage, Best[int]] = {}
        self._filled: dict[int, Filled] = {}
        nodes = list(nodes)
        for filled in nodes:
            self._admit(filled)
        for filled in nodes:
            for other in filled.pods.values():
                self._count(filled, other, 1)
        for number, counted in enumerate(self._counts[0]):
            self._levels[number] = Counter(counted.values())
        self._weights = [
            spread.weight(len({g.soft[n] for g in self._groups.values() if g.soft is not None}))
            for n in range(len(self._soft))
        ]
        self._numbered = list(self._groups.values())
        for order, group in self._group_of.items():
            group.nodes.put(order, self._key(self._filled[order]))
        for group in self._numbered:
            self._lift(group)

    def changed(self, filled: Filled, other: Pod, by: int) -> None:
        """The pod has come to the node (``by`` 1) or gone (-1)."""
        for group in self._count(filled, other, by):
            self._lift(group)
        own = self._group_of.get(filled.order)
        if own is not None:
            own.nodes.put(filled.order, self._key(filled))
            self._lift(own)

    def choose(self) -> Filled | None:
        """The node with most points among those that the filters leave."""
        least = tuple(min(level, default=0) for level in self._levels)
        left: list[tuple[Stage, Key, int]] = []
        for stage, groups in list(self._stages.items()):
            if not spread.allowed(self._hard, self._own, stage[1], least):
                continue
            top = groups.top()
            if top is None:
                del self._stages[stage]
                continue
            left.append((stage, top[0], top[1]))
        if not left:
            return None
        most = max(stage[0] for stage, _key, _group in left)
        full = {
            stage: spread.crowding(self._soft, stage[2], self._weights)
            for stage, _key, _group in left
            if stage[2] is not None
        }
        low, high = min(full.values(), default=0), max(full.values(), default=0)
        best: Key | None = None
        for stage, (negated, order), _group in left:
            points = self._profile.taints * taint_points(stage[0], most)
            if self._soft and stage in full:
                points += self._profile.spread * spread.spread_points(full[stage], low, high)
            key = (negated - points, order)
            best = key if best is None else min(best, key)
        return self._filled[best[1]] if best is not None else None

    def _admit(self, filled: Filled) -> None:
        """Count the node's domains, and give it its group unless a filter keeps it out."""
        pod, node = self._pod, filled.node
        found = [spread.domains(every, node) for every in (self._hard, self._soft)]
        self._filled[filled.order] = filled
        if wants(pod, node):
            for counted, names in zip(self._counts, found, strict=True):
                for one, name in zip(counted, names or (), strict=False):
                    one[name] += 0
        hard, soft = found
        if hard is None or forbidden(pod, node):
            return
        taints = repelled(pod, node)
        known = (taints, hard, soft)
        group = self._groups.get(known)
        if group is None:
            group = self._groups[known] = Group(taints, hard, soft, len(self._groups))
            for is_soft, names in ((False, hard), (True, soft or ())):
                for n, name in enumerate(names):
                    self._in_domain.setdefault((is_soft, n, name), []).append(group)
        self._group_of[filled.order] = group

    def _count(self, filled: Filled, other: Pod, by: int) -> list[Group]:
        """Count the pod in its domains; the groups whose stage may have changed."""
        moved: list[Group] = []
        if not (self._hard or self._soft) or not wants(self._pod, filled.node):
            return moved
        for is_soft, every in ((False, self._hard), (True, self._soft)):
            names = spread.domains(every, filled.node)
            for n, one in enumerate(every):
                if names is None or not spread.counts_in(one, self._pod, other):
                    continue
                counted = self._counts[is_soft][n]
                if not is_soft:
                    level = self._levels[n]
                    level[counted[names[n]]] -= 1
                    if not level[counted[names[n]]]:
                        del level[counted[names[n]]]
                    level[counted[names[n]] + by] += 1
                counted[names[n]] += by
                moved += self._in_domain.get((is_soft, n, names[n]), [])
        return moved

    def _key(self, filled: Filled) -> Key | None:
        if short(self._requests, filled):
            return None
        return (-node_score(self._profile, self._requests, filled), filled.order)

    def _lift(self, group: Group) -> None:
        """Put the group into its stage, by its best node."""
        counts = [
            tuple(one[name] for one, name in zip(counted, names, strict=True))
            if names is not None
            else None
            for counted, names in zip(self._counts, (group.hard, group.soft), strict=True)
        ]
        assert counts[0] is not None
        stage: Stage = (group.taints, counts[0], counts[1])
        if group.stage is not None and group.stage != stage and group.stage in self._stages:
            self._stages[group.stage].put(group.number, None)
        group.stage = stage
        top = group.nodes.top()
        if top is not None or stage in self._stages:
            found = self._stages.setdefault(stage, Best())
            found.put(group.number, None if top is None else top[0])
