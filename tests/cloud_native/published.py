"""The published schemas of Kubernetes, strict: what a real cluster would say of a manifest.

Oracle: the package kubernetes-validate, with the schemas of Kubernetes 1.37.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from kubernetes_validate.utils import schema_contents
from referencing import Registry, Resource

VERSION = "1.37.0"
FOLDER = f"kubernetes-json-schema/v{VERSION}-local-strict"


@cache
def definitions() -> dict[str, Any]:
    return dict(schema_contents(f"{FOLDER}/_definitions.json", VERSION))


@cache
def schema_of(kind: str, api_version: str) -> dict[str, Any]:
    group, _slash, version = api_version.rpartition("/")
    name = (
        f"{kind.lower()}-{group.split('.')[0]}-{version}" if group else f"{kind.lower()}-{version}"
    )
    return dict(schema_contents(f"{FOLDER}/{name}.json", VERSION))


@cache
def _validator(kind: str, api_version: str) -> Any:
    schema = schema_of(kind, api_version)
    registry: Any = Resource.from_contents(schema) @ Registry()
    return Draft202012Validator(schema, registry=Resource.from_contents(definitions()) @ registry)


def wrong(thing: Mapping[str, Any]) -> list[str]:
    """What the published schema has against it; nothing if it is valid."""
    errors = _validator(thing["kind"], thing["apiVersion"]).iter_errors(thing)
    return [f"{error.json_path}: {error.message}" for error in errors]
