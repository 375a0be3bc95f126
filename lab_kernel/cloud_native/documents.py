"""YAML as Kubernetes reads it, with the line of every value.

Kubernetes turns YAML into JSON before it looks at it, with a reader of YAML 1.1: ``yes``, ``no``,
``on``, ``off``, ``y`` and ``n`` without quotes are booleans, ``0x10`` and ``010`` are numbers
(16 and 8), ``~`` and nothing at all are null. So is it here, and a test compares. ruamel.yaml
does the scanning; its own rules for values, those of YAML 1.2, are not used. A key that stands
twice is an error, as it is for ``kubectl apply``, whose validation is strict.

Left out: tags other than ``!!str`` and the like, sets, binary, times (they stay text).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from lab_kernel.errors import BadInput
from lab_kernel.language import _

DEEPEST = 40
MOST_VALUES = 100_000  # aliases of aliases would make a small file huge
_TRUE = {"y", "yes", "true", "on"}
_FALSE = {"n", "no", "false", "off"}
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Value:
    """``data`` is None, a bool, int, float or str; a list of Values; or a dict of them by key.

    ``at`` is the file and the line, ``shop.yaml:3``; ``keys`` has that of each key of a dict.
    """

    at: str
    data: Any
    keys: Any = None


def documents(text: str, name: str) -> list[Value]:
    """The documents of a file that are not empty. BadInput names the line of what is no YAML."""
    yaml = YAML(typ="safe", pure=True)
    try:
        reader = _Reader(yaml.parse(text), name)
        return [value for value in reader.all() if value.data is not None]
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = f"{name}:{mark.line + 1}" if mark else name
        problem = error.problem or error.context or ""
        raise BadInput(at, _("this is not YAML: {problem}").format(problem=problem)) from None
    except BadInput:
        raise
    except (YAMLError, ValueError) as error:  # a letter that may not be in a file, a wrong escape
        problem = str(error).partition("\n")[0]
        raise BadInput(name, _("this is not YAML: {problem}").format(problem=problem)) from None


class _Reader:
    """Builds values from what the parser reports, one event after the other."""

    def __init__(self, events: Iterator[Any], name: str) -> None:
        self._events, self._name = events, name
        self._anchors: dict[str, Value] = {}
        self._count = 0

    def all(self) -> Iterator[Value]:
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                self._anchors = {}
                yield self._value(next(self._events), 0)

    def _value(self, event: Any, depth: int) -> Value:
        at = f"{self._name}:{event.start_mark.line + 1}"
        if isinstance(event, AliasEvent):
            if event.anchor not in self._anchors:
                message = _("there is no anchor &{name} before the alias *{name}")
                raise BadInput(at, message.format(name=event.anchor))
            self._grow(at, _size(self._anchors[event.anchor]))
            return self._anchors[event.anchor]
        if depth > DEEPEST:
            message = _("nested more than {count} levels deep")
            raise BadInput(at, message.format(count=DEEPEST))
        self._grow(at, 1)
        if isinstance(event, MappingStartEvent):
            value = self._mapping(at, depth)
        elif isinstance(event, SequenceStartEvent):
            items = []
            while not _ends(each := next(self._events)):
                items.append(self._value(each, depth + 1))
            value = Value(at, items)
        else:
            value = Value(at, scalar(event, at))
        if event.anchor is not None:
            self._anchors[event.anchor] = value
        return value

    def _mapping(self, at: str, depth: int) -> Value:
        data: dict[str, Value] = {}
        keys: dict[str, str] = {}
        merged: list[Value] = []
        while not _ends(event := next(self._events)):
            key = self._value(event, depth + 1)
            value = self._value(next(self._events), depth + 1)
            if isinstance(key.data, (list, dict)) or key.data is None:
                raise BadInput(key.at, _("a key must be a word"))
            name = _written(key.data)
            if name == "<<":
                merged += value.data if isinstance(value.data, list) else [value]
                continue
            if name in data:
                message = _("the key “{key}” is there twice, first in line {line}")
                line = keys[name].rpartition(":")[2]
                raise BadInput(key.at, message.format(key=name, line=line))
            data[name], keys[name] = value, key.at
        for other in merged:  # YAML 1.1: what is written here goes before what is merged
            if not isinstance(other.data, dict):
                raise BadInput(other.at, _("<< takes a mapping, or a list of them"))
            data = {**other.data, **data}
            keys = {**other.keys, **keys}
        return Value(at, data, keys)

    def _grow(self, at: str, size: int) -> None:
        self._count += size
        if self._count > MOST_VALUES:
            message = _("more than {count:,} values")
            raise BadInput(at, message.format(count=MOST_VALUES))


def _ends(event: Any) -> bool:
    return type(event).__name__ in ("MappingEndEvent", "SequenceEndEvent")


def _size(value: Value) -> int:
    if isinstance(value.data, dict):
        return 1 + sum(map(_size, value.data.values()))
    return 1 + sum(map(_size, value.data)) if isinstance(value.data, list) else 1


def _written(key: Any) -> str:
    """A key as JSON writes it."""
    return str(key).lower() if isinstance(key, bool) else str(key)


def scalar(event: ScalarEvent, at: str) -> Any:
    """What one word of YAML 1.1 is."""
    tag = str(event.tag or "").rpartition(":")[2]
    if tag == "str" or tag == "!" or (not tag and not event.implicit[0]):
        return event.value
    if tag not in ("", "int", "float", "bool", "null"):
        raise BadInput(at, _("the tag {tag} is not for manifests").format(tag=event.tag))
    return plain(event.value)


def plain(word: str) -> Any:
    """What a word without quotes stands for."""
    if word in ("", "~", "null", "Null", "NULL"):
        return None
    if word in (word.lower(), word.upper(), word.capitalize()):
        if word.lower() in _TRUE:
            return True
        if word.lower() in _FALSE:
            return False
    digits = word.replace("_", "")
    if re.fullmatch(r"[-+]?[0-9][0-9a-fA-FxXob]*", digits):
        try:
            old_octal = re.fullmatch(r"[-+]?0[0-7]+", digits)
            return int(digits, 8 if old_octal else 0)
        except ValueError:
            pass  # a word that begins like a number: 1st, 2a
    if _FLOAT.fullmatch(digits) and len(digits) < 300:
        return float(digits)
    return word


def meant(word: str, names: list[str]) -> str:
    """What was perhaps meant; in lower case too, so that ``maxsurge`` finds ``maxSurge``."""
    lower = {name.lower(): name for name in names}
    close = get_close_matches(word.lower(), lower, n=1, cutoff=0.7)
    return _("; did you mean {name}?").format(name=lower[close[0]]) if close else ""


def shown(value: Value) -> str:
    """A value for a message: one short word or text."""
    data = value.data
    if isinstance(data, (dict, list)):
        return _("a mapping") if isinstance(data, dict) else _("a list")
    text = str(data).lower() if isinstance(data, bool) else "null" if data is None else str(data)
    return text if len(text) <= 40 else text[:39] + "…"


def refuse(value: Value, path: str, message: str) -> NoReturn:
    """BadInput that names the line of the value, its path, and what is wrong with it."""
    raise BadInput(value.at, f"{path}: {message}" if path else message)
