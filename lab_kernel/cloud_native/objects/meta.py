"""What every object has: a name, labels, an owner, a version. And how labels select."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lab_kernel.cloud_native.objects.fields import Label, Subdomain, empty, kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The object that this one was made for. When that one is gone, this one goes, too."""

    kind: str
    name: str
    uid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """``uid`` is never used twice, ``resource_version`` rises with every write to the store.

    ``generation`` rises with every change of the spec, ``created`` and ``deleted`` are times in
    ms. An object with a ``deleted`` time still exists: somebody has to finish something first.
    """

    name: Subdomain
    namespace: Label = "default"
    labels: Mapping[str, str] = empty()
    annotations: Mapping[str, str] = empty()
    uid: int = kept(0)
    resource_version: int = kept(0)
    generation: int = kept(1)
    created: int = kept(0)
    deleted: int | None = kept(None)
    owner: Owner | None = kept(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateMetadata:
    """What a template says of the pods that are made from it: they get names of their own."""

    labels: Mapping[str, str] = empty()
    annotations: Mapping[str, str] = empty()


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One condition on the label ``key``."""

    key: str
    operator: Literal["In", "NotIn", "Exists", "DoesNotExist"]
    values: tuple[str, ...] = ()

    def matches(self, labels: Mapping[str, str]) -> bool:
        value = labels.get(self.key)
        if self.operator == "In":
            return value in self.values
        if self.operator == "NotIn":  # a label that is not there is not among the values
            return value not in self.values
        return (value is not None) == (self.operator == "Exists")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector:
    """Which labels are meant: all of these, and every condition. An empty one means all."""

    match_labels: Mapping[str, str] = empty()
    match_expressions: tuple[Requirement, ...] = ()

    def matches(self, labels: Mapping[str, str]) -> bool:
        return all(labels.get(key) == value for key, value in self.match_labels.items()) and all(
            each.matches(labels) for each in self.match_expressions
        )


def key(thing: Any) -> str:
    """``namespace/name``, by which an object of a kind is found."""
    return f"{thing.metadata.namespace}/{thing.metadata.name}"
