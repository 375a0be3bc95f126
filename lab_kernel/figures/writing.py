"""A picture's elements as text."""

from __future__ import annotations

from functools import cache
from typing import Any

import svg

_INSIDE = frozenset({"elements", "text", "data", "extra"})
_AS_IT_IS = frozenset({str, int, float})


def written(element: svg.Element) -> str:
    """What ``str(element)`` gives, in a third of the time.

    A picture has hundreds of elements with seventy possible attributes each, and is drawn anew at
    every touch of a control. svg.py's own way is taken where a value is out of the common.
    """
    props = []
    for key, value in vars(element).items():
        if value is not None and key not in _INSIDE:
            name = _name(key)
            props.append(f' {name}="{_value(element, value, name)}"')
    props += [f' data-{name}="{value}"' for name, value in (element.data or {}).items()]
    props += [f' {name}="{value}"' for name, value in (element.extra or {}).items()]
    content = element.text or "".join(written(inner) for inner in element.elements or ())
    tag = element.element_name
    return f"<{tag}{''.join(props)}>{content}</{tag}>" if content else f"<{tag}{''.join(props)}/>"


@cache
def _name(key: str) -> str:
    return key.rstrip("_").replace("__", ":").replace("_", "-")


def _value(element: svg.Element, value: Any, name: str) -> str:
    if type(value) in _AS_IT_IS:
        return str(value)
    if name == "class":
        return " ".join(value)
    return element._as_str(value, key=name)
