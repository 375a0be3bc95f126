"""A value as text: what fits stays on one line, what does not is broken at its commas.

The committed outputs of the labs were written by IPython. This gives the same text for what a lab
shows: the builtin containers and those of ``collections``, classes, functions, exceptions, and
whatever has a ``repr`` of its own. ``_repr_pretty_`` is not asked for.
"""

from __future__ import annotations

import inspect
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import BuiltinFunctionType, FunctionType, MappingProxyType
from typing import Any

WIDTH = 79
MOST = 1000  # entries of one container

Inside = tuple[int, ...]  # the ids of the containers that a value is in


@dataclass(frozen=True)
class _Group:
    """Entries between brackets; each is one or more parts in a row."""

    opening: str
    entries: tuple[tuple[_Part, ...], ...]
    closing: str

    @cached_property
    def flat(self) -> str:
        entries = ("".join(map(_flat, entry)) for entry in self.entries)
        return self.opening + ", ".join(entries) + self.closing


_Part = str | _Group


def pretty(value: Any) -> str:
    """The value as a notebook prints it."""
    return _lay(_part(value, ()), 0, 0, 0)


def _flat(part: _Part) -> str:
    return part if isinstance(part, str) else part.flat


def _lay(part: _Part, column: int, indent: int, after: int) -> str:
    """The part from ``column`` on, when ``after`` more characters stand on its last line."""
    if isinstance(part, str):
        return part.replace("\n", "\n" + " " * indent)
    if column + len(part.flat) + after <= WIDTH:
        return part.flat
    indent += len(part.opening)
    text = part.opening
    for number, entry in enumerate(part.entries):
        if number:
            text += ",\n" + " " * indent
        last = number == len(part.entries) - 1
        follows = len(part.closing) + after if last else 1
        for place, piece in enumerate(entry):
            at = len(text) - text.rfind("\n") - 1 + (column if "\n" not in text else 0)
            rest = sum(len(_flat(p)) for p in entry[place + 1 :] if isinstance(p, str))
            text += _lay(piece, at, indent, rest + follows)
    return text + part.closing


def _part(value: Any, inside: Inside) -> _Part:
    for kind in type(value).__mro__:
        if kind in _KINDS:
            if id(value) in inside:
                return _CYCLES.get(kind, "...")
            return _KINDS[kind](value, (*inside, id(value)))
        if kind is not object and callable(kind.__dict__.get("__repr__")):
            return repr(value)
    return f"<{_name(type(value))} at {id(value):#x}>"


def _each(values: Iterable[Any], inside: Inside) -> tuple[tuple[_Part, ...], ...]:
    entries: list[tuple[_Part, ...]] = []
    for value in values:
        if len(entries) == MOST:
            return (*entries, ("...",))
        entries.append((_part(value, inside),))
    return tuple(entries)


def _list(value: list[Any], inside: Inside) -> _Part:
    return _Group("[", _each(value, inside), "]")


def _tuple(value: tuple[Any, ...], inside: Inside) -> _Part:
    return _Group("(", _each(value, inside), ",)" if len(value) == 1 else ")")


def _set(opening: str, closing: str) -> Callable[[Any, Inside], _Part]:
    def part(value: set[Any], inside: Inside) -> _Part:
        if not value:
            return f"{type(value).__name__}()"
        try:
            ordered = sorted(value)
        except Exception:  # not all can be compared
            ordered = sorted(value, key=str)
        return _Group(opening, _each(ordered, inside), closing)

    return part


def _dict(opening: str, closing: str) -> Callable[[Any, Inside], _Part]:
    def part(value: Mapping[Any, Any], inside: Inside) -> _Part:
        entries: list[tuple[_Part, ...]] = []
        for key in value:
            if len(entries) == MOST:
                entries.append(("...",))
                break
            entries.append((_part(key, inside), ": ", _part(value[key], inside)))
        return _Group(opening, tuple(entries), closing)

    return part


def _call(arguments: Callable[[Any], Iterable[Any]]) -> Callable[[Any, Inside], _Part]:
    def part(value: Any, inside: Inside) -> _Part:
        return _Group(f"{type(value).__name__}(", _each(arguments(value), inside), ")")

    return part


def _deque(value: deque[Any], inside: Inside) -> _Part:
    entries: tuple[tuple[_Part, ...], ...] = ((_part(list(value), inside),),)
    if value.maxlen is not None:
        entries += ((f"maxlen={value.maxlen}",),)
    return _Group(f"{type(value).__name__}(", entries, ")")


def _error(value: BaseException, inside: Inside) -> _Part:
    return _Group(f"{_name(type(value))}(", _each(value.args, inside), ")")


def _type(value: type, _inside: Inside) -> _Part:
    return _name(value) if type(value).__repr__ is type.__repr__ else repr(value)


def _function(value: Any, _inside: Inside) -> _Part:
    try:
        return f"<function {_name(value)}{inspect.signature(value)}>"
    except ValueError:
        return f"<function {_name(value)}>"


def _name(value: Any) -> str:
    module = getattr(value, "__module__", None)
    name: str = value.__qualname__
    return name if module in (None, "builtins") else f"{module}.{name}"


_KINDS: dict[type, Callable[[Any, Inside], _Part]] = {
    list: _list,
    tuple: _tuple,
    set: _set("{", "}"),
    frozenset: _set("frozenset({", "})"),
    dict: _dict("{", "}"),
    MappingProxyType: _dict("mappingproxy({", "})"),
    OrderedDict: _call(lambda value: [list(value.items())] if value else []),
    defaultdict: _call(lambda value: [value.default_factory, dict(value)]),
    Counter: _call(lambda value: [dict(value.most_common())] if value else []),
    deque: _deque,
    type: _type,
    FunctionType: _function,
    BuiltinFunctionType: _function,
    BaseException: _error,
}
_CYCLES: dict[type, str] = {list: "[...]", tuple: "(...)", dict: "{...}"}
