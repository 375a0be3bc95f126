"""``name?`` says what a thing is, ``name??`` opens its source."""

from __future__ import annotations

import ast
import builtins
import inspect
import linecache
import re
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

from lab_kernel.cells.pretty import pretty
from lab_kernel.language import _

_QUESTION = re.compile(r"^(\s*)(?:(\?\??)([^\W\d][\w.]*)|([^\W\d][\w.]*)(\?\??))\s*$", re.M)
_WITH_SOURCE = (type, FunctionType, MethodType, BuiltinFunctionType, ModuleType)


def as_calls(source: str) -> str | None:
    """The cell with every line ``name?`` or ``?name`` made a call, or None if there is none."""

    def call(found: re.Match[str]) -> str:
        indent, before, first, second, after = found.groups()
        return f"{indent}__about__({first or second!r}, {(before or after) == '??'})"

    calls, count = _QUESTION.subn(call, source)
    return calls if count else None


def about(name: str, names: dict[str, Any], *, source: bool) -> str:
    """What the dotted ``name`` is, or its source where there is one."""
    first, *rest = name.split(".")
    try:
        thing = names[first] if first in names else getattr(builtins, first)
        for part in rest:
            thing = getattr(thing, part)
    except AttributeError:
        return _("There is no “{name}” here.").format(name=name)
    found = _source(thing) if source else None
    return found or _description(name, thing)


def _description(name: str, thing: Any) -> str:
    head = f"{name}: {pretty(thing)}"
    if callable(thing):
        try:
            head = f"{name}{inspect.signature(thing)}"
        except ValueError:  # some of the built-in ones do not say
            head = f"{name}(...)"
    return "\n\n".join(filter(None, [head, inspect.getdoc(thing)]))


def _source(thing: Any) -> str | None:
    if not isinstance(thing, _WITH_SOURCE):
        thing = type(thing)
    elif callable(thing):
        thing = inspect.unwrap(thing)
    try:
        return inspect.getsource(thing).rstrip()
    except (OSError, TypeError):
        return _in_a_cell(thing.__name__) if isinstance(thing, type) else None


def _in_a_cell(name: str) -> str | None:
    """A class does not know the file that it is from: the latest cell that has one so called."""
    for file, entry in reversed(linecache.cache.items()):
        if not file.startswith("<") or len(entry) != 4:
            continue
        text = "".join(entry[2])
        try:
            nodes = ast.walk(ast.parse(as_calls(text) or text))
        except SyntaxError:
            continue
        for node in nodes:
            if isinstance(node, ast.ClassDef) and node.name == name:
                return ast.get_source_segment(text, node)
    return None
