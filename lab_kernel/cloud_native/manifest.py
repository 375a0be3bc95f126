"""Manifests: from the text of a file to objects, or to one line that says what is wrong.

    manifest("kind: Deployment ...", "shop.yaml")

The dataclasses of ``objects`` say which fields exist, what they may be and which are required.
A field that Kubernetes does not have is refused by its path with the name that was perhaps meant;
one that Kubernetes has and this cluster does not simulate (``beyond``) is refused in other words.
What concerns several fields at once is in ``rules``.

null stands for a field that was left out, as in Kubernetes.
"""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple, NoReturn, get_args, get_origin

from lab_kernel.cloud_native.beyond import BEYOND
from lab_kernel.cloud_native.documents import Value, documents, meant, refuse, shown
from lab_kernel.cloud_native.objects import KINDS
from lab_kernel.cloud_native.objects.fields import IntOrPercent, Pattern, Quantity, Range
from lab_kernel.cloud_native.quantity import quantity
from lab_kernel.cloud_native.rules import check
from lab_kernel.errors import BadInput
from lab_kernel.language import _


class Field(NamedTuple):
    """A field of a manifest: its name here, what it may be, whether it must be there."""

    name: str
    hint: Any
    required: bool


def manifest(text: str, name: str = "manifest") -> list[Any]:
    """The objects that a file describes, in its order. BadInput when there is none."""
    read = [_object(each) for document in documents(text, name) for each in _items(document)]
    if not read:
        raise BadInput(name, _("there is no object in it"))
    seen: dict[tuple[type, str, str], str] = {}
    for thing, value in read:
        same = (type(thing), thing.metadata.namespace, thing.metadata.name)
        if same in seen:
            message = _("{kind} “{name}” is there twice, first in {where}")
            words = {"kind": type(thing).__name__, "name": thing.metadata.name, "where": seen[same]}
            raise BadInput(value.at, message.format(**words))
        seen[same] = value.at
    return [thing for thing, _value in read]


def _items(value: Value) -> list[Value]:
    """The items of a List, as ``kubectl get -o yaml`` prints several objects."""
    if isinstance(value.data, dict) and value.data.get("kind", value).data == "List":
        items = value.data.get("items")
        if items is None or not isinstance(items.data, list):
            refuse(value, "items", _("a list is required"))
        return list(items.data)
    return [value]


def _object(value: Value) -> tuple[Any, Value]:
    if not isinstance(value.data, dict):
        refuse(value, "", _("this is no object: apiVersion, kind and metadata are expected"))
    head = {}
    for name in ("apiVersion", "kind"):
        given = value.data.get(name)
        if given is None or not isinstance(given.data, str):
            refuse(given or value, name, _("required, a text"))
        head[name] = given.data
    made = KINDS.get((head["apiVersion"], head["kind"]))
    if made is None:
        _no_kind(value, head["apiVersion"], head["kind"])
    left = {key: each for key, each in value.data.items() if key not in head}
    thing = _fields(Value(value.at, left, value.keys), made, "")
    for path, message in check(thing):
        refuse(_nearest(value, path), path, message)
    return thing, value


def _no_kind(value: Value, version: str, kind: str) -> NoReturn:
    for (known, name), _made in KINDS.items():
        if name == kind:
            message = _("“{version}” is the wrong version for a {kind}; it is {known}")
            words = {"version": version, "kind": kind, "known": known}
            refuse(value.data["apiVersion"], "apiVersion", message.format(**words))
    kinds = [name for _version, name in KINDS]
    message = _("“{kind}” is not simulated; these are: {kinds}").format(
        kind=kind, kinds=", ".join(kinds)
    )
    refuse(value.data["kind"], "kind", message + meant(kind, kinds))


@cache
def schema(made: type) -> Mapping[str, Field]:
    """The fields of a class by their names in a manifest."""
    hints = typing.get_type_hints(made, include_extras=True)
    found = {}
    for each in dataclasses.fields(made):
        if not each.metadata.get("kept"):
            missing = dataclasses.MISSING
            required = each.default is missing and each.default_factory is missing
            name = each.metadata.get("name") or _camel(each.name)
            found[name] = Field(each.name, hints[each.name], required)
    return found


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


def _fields(value: Value, made: Any, path: str) -> Any:
    """An object of this class from a mapping."""
    if not isinstance(value.data, dict):
        _wrong(value, path, _("a mapping"))
    known = schema(made)
    given = {}
    for key, each in value.data.items():
        if key not in known:
            _unknown(value.keys[key], made, f"{path}.{key}".lstrip("."), key)
        if each.data is not None:
            given[known[key].name] = _read(each, known[key].hint, f"{path}.{key}".lstrip("."))
    for key, each in known.items():
        if each.required and each.name not in given:
            refuse(value, f"{path}.{key}".lstrip("."), _("required, and not there"))
    return made(**given)


def _unknown(at: str, made: type, path: str, key: str) -> NoReturn:
    beyond = BEYOND.get(made.__name__, "").split()
    if key in beyond:
        raise BadInput(
            at,
            _("{path}: Kubernetes has this field, the simulated cluster does not").format(
                path=path
            ),
        )
    message = _("{path}: there is no such field").format(path=path)
    raise BadInput(at, message + meant(key, [*schema(made), *beyond]))


def _read(value: Value, hint: Any, path: str) -> Any:
    """The value as the hint wants it."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _limited(value, args[0], args[1], path)
    if origin in (typing.Union, types.UnionType):
        choices = [each for each in args if each is not type(None)]
        if len(choices) == 1:
            return _read(value, choices[0], path)
        if type(value.data) not in choices:  # a port: a number or a name
            _wrong(value, path, _("a whole number or a name"))
        return value.data
    if origin is Literal:
        if value.data not in args or not isinstance(value.data, str):
            message = _("“{value}” is not one of: {allowed}")
            words = {"value": shown(value), "allowed": ", ".join(args)}
            refuse(value, path, message.format(**words) + meant(shown(value), list(args)))
        return value.data
    if origin is tuple:
        if not isinstance(value.data, list):
            _wrong(value, path, _("a list"))
        return tuple(_read(e, args[0], f"{path}[{n}]") for n, e in enumerate(value.data))
    if origin is not None and issubclass(origin, Mapping):
        return {key: _read(each, args[1], f"{path}.{key}") for key, each in _mapping(value, path)}
    if hint is IntOrPercent:
        return _share(value, path)
    if dataclasses.is_dataclass(hint):
        return _fields(value, hint, path)
    if type(value.data) is not hint:
        _wrong(value, path, _KINDS_OF_VALUE[hint]())
    return value.data


_KINDS_OF_VALUE = {
    str: lambda: _("a text"),
    int: lambda: _("a whole number"),
    bool: lambda: _("true or false"),
}


def _mapping(value: Value, path: str) -> list[tuple[str, Value]]:
    if not isinstance(value.data, dict):
        _wrong(value, path, _("a mapping"))
    return list(value.data.items())


def _limited(value: Value, hint: Any, limit: Any, path: str) -> Any:
    if isinstance(limit, Quantity):
        if hint is int:
            return _quantity(value, limit.parts, path)
        return {
            name: _quantity(each, 1000 if name == "cpu" else 1, f"{path}.{name}")
            for name, each in _mapping(value, path)
        }
    data = _read(value, hint, path)
    if isinstance(limit, Range) and not limit.low <= data <= limit.high:
        message = _("{value} is not a whole number from {low} to {high}")
        refuse(value, path, message.format(value=data, low=limit.low, high=limit.high))
    if isinstance(limit, Pattern) and (
        len(data) > limit.longest or not re.fullmatch(limit.regex, data)
    ):
        message = _("“{value}” is no name: small letters, digits, - (and dots), at most {longest}")
        refuse(value, path, message.format(value=shown(value), longest=limit.longest))
    return data


def _quantity(value: Value, parts: int, path: str) -> int:
    text = str(value.data) if type(value.data) in (int, float, str) else ""
    amount = quantity(text, parts)
    if amount is None:
        message = _("“{value}” is no quantity; it looks like 500m, 2, 1.5, 128Mi or 1Gi")
        refuse(value, path, message.format(value=shown(value)))
    if amount < 0:
        refuse(value, path, _("“{value}” is less than 0").format(value=shown(value)))
    return amount


def _share(value: Value, path: str) -> IntOrPercent:
    if type(value.data) is int and value.data >= 0:
        return IntOrPercent(value.data)
    found = re.fullmatch(r"([0-9]{1,3})%", value.data) if isinstance(value.data, str) else None
    if not found:
        _wrong(value, path, _("a number of pods such as 1, or a share such as 25%"))
    return IntOrPercent(int(found[1]), percent=True)


def _wrong(value: Value, path: str, wanted: str) -> NoReturn:
    message = _("{wanted} is wanted, not {value}").format(wanted=wanted, value=shown(value))
    if type(value.data) in (bool, int, float):
        message += _(" (in quotes it would be a text)") if wanted == _("a text") else ""
    refuse(value, path, message)


def _nearest(value: Value, path: str) -> Value:
    """The value at the end of a path, or as far as it goes."""
    for step in re.findall(r"[^.\[\]]+", path):
        inner = value.data
        if isinstance(inner, dict) and step in inner:
            value = inner[step]
        elif isinstance(inner, list) and step.isdigit() and int(step) < len(inner):
            value = inner[int(step)]
        else:
            break
    return value
