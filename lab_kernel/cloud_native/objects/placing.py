"""What a pod says of the nodes it wants: affinity, tolerations, spreading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from lab_kernel.cloud_native.objects.fields import Positive, Range, called
from lab_kernel.cloud_native.objects.meta import Selector

_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
_PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
Weight = Annotated[int, Range(1, 100)]


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeRequirement:
    """One condition on a node's label; ``Gt`` and ``Lt`` compare whole numbers."""

    key: str
    operator: Literal["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]
    values: tuple[str, ...] = ()

    def matches(self, labels: Mapping[str, str]) -> bool:
        value = labels.get(self.key)
        match self.operator:
            case "In":
                return value in self.values
            case "NotIn":
                return value not in self.values
            case "Exists" | "DoesNotExist":
                return (value is not None) == (self.operator == "Exists")
        try:
            have, limit = int(value or ""), int(self.values[0])
        except (ValueError, IndexError):
            return False
        return have > limit if self.operator == "Gt" else have < limit


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeTerm:
    """A node matches when it meets every condition. A term without any matches no node."""

    match_expressions: tuple[NodeRequirement, ...] = ()

    def matches(self, labels: Mapping[str, str]) -> bool:
        return bool(self.match_expressions) and all(
            each.matches(labels) for each in self.match_expressions
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeSelector:
    """One of the terms must match."""

    node_selector_terms: tuple[NodeTerm, ...]

    def matches(self, labels: Mapping[str, str]) -> bool:
        return any(term.matches(labels) for term in self.node_selector_terms)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferredNode:
    weight: Weight
    preference: NodeTerm


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeAffinity:
    required: NodeSelector | None = called(_REQUIRED, None)
    preferred: tuple[PreferredNode, ...] = called(_PREFERRED, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class PodTerm:
    """Where (by ``topology_key``) a pod of its own namespace with such labels already is."""

    topology_key: str
    label_selector: Selector | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferredPod:
    weight: Weight
    pod_affinity_term: PodTerm


@dataclass(frozen=True, slots=True, kw_only=True)
class PodAffinity:
    """The same for ``podAffinity`` and, the other way round, ``podAntiAffinity``."""

    required: tuple[PodTerm, ...] = called(_REQUIRED, ())
    preferred: tuple[PreferredPod, ...] = called(_PREFERRED, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Affinity:
    node_affinity: NodeAffinity | None = None
    pod_affinity: PodAffinity | None = None
    pod_anti_affinity: PodAffinity | None = None


Effect = Literal["NoSchedule", "PreferNoSchedule", "NoExecute"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taint:
    """A mark on a node that keeps away, or drives out, every pod that does not tolerate it.

    ``added`` is when, in ms.
    """

    key: str
    effect: Effect
    value: str = ""
    added: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Toleration:
    """Without a key (and with ``Exists``) every taint, without an effect every effect.

    ``toleration_seconds`` says how long a NoExecute taint is borne; None is for ever.
    """

    key: str = ""
    operator: Literal["Exists", "Equal"] = "Equal"
    value: str = ""
    effect: Effect | None = None
    toleration_seconds: int | None = None

    def tolerates(self, taint: Taint) -> bool:
        return (
            self.effect in (None, taint.effect)
            and self.key in ("", taint.key)
            and (self.operator == "Exists" or (self.key != "" and self.value == taint.value))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The fullest domain may hold at most ``max_skew`` matching pods more than the emptiest."""

    max_skew: Positive
    topology_key: str
    when_unsatisfiable: Literal["DoNotSchedule", "ScheduleAnyway"]
    label_selector: Selector | None = None
    min_domains: Positive | None = None
