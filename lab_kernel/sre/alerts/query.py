"""Queries of an OpenSLO document, as far as rules have to see into them.

For a ratio a counter is asked for. It may be written as a selector, as its sum, or as the sum of
its rate over some window; the rules put their own windows in. For a threshold any PromQL will do,
but only a selector, or an aggregate of one, can be evaluated and tested here.

BadInput for everything else; its argument is the place the caller gives.
"""

from __future__ import annotations

import re

from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.sre.alerts.promql import Aggregate, Expr, Matcher, Opaque, Selector

_NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
_STRING = r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|`[^`]*`'
_MATCHER = re.compile(rf"\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*({_STRING})\s*(,|$)")
_SELECTOR = re.compile(rf"({_NAME})\s*(?:\{{((?:{_STRING}|[^}}\"'`])*)\}})?")
_SUM = re.compile(r"sum\s*\((.*)\)", re.DOTALL)
_RATE = re.compile(r"(?:rate|increase)\s*\((.*)\[[0-9a-z]+\]\s*\)", re.DOTALL)
_AGGREGATE = re.compile(r"(sum|max|min|avg)\s*\((.*)\)", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


def selector(text: str) -> Selector | None:
    """``name{label="value",...}``; None if it is anything else."""
    found = _SELECTOR.fullmatch(text.strip())
    if found is None:
        return None
    inside = (found[2] or "").strip()
    matchers, at = [], 0
    while at < len(inside):
        one = _MATCHER.match(inside, at)
        if one is None:
            return None
        matchers.append(Matcher(one[1], one[2], _unquoted(one[3])))
        at = one.end()
    return Selector(found[1], tuple(matchers))


def counter(text: str, where: str) -> Selector:
    """The counter whose rate is meant."""
    inside = text.strip()
    if whole := _SUM.fullmatch(inside):
        inside = whole[1].strip()
    if rate := _RATE.fullmatch(inside):
        inside = rate[1]
    found = selector(inside)
    if found is None:
        message = _("“{query}” is not a counter, its sum(...) or its sum(rate(...[5m]))")
        raise BadInput(where, message.format(query=text))
    for matcher in found.matchers:
        _check(matcher, where)
    return found


def value(text: str, where: str) -> Expr:
    """The figure that a threshold is put on."""
    inside = text.strip()
    if not inside:
        raise BadInput(where, _("the query is empty"))
    whole = _AGGREGATE.fullmatch(inside)
    found = selector(whole[2] if whole else inside)
    if found is None:
        return Opaque(" ".join(inside.split()))
    for matcher in found.matchers:
        _check(matcher, where)
    return Aggregate(whole[1], found) if whole else found


def _check(matcher: Matcher, where: str) -> None:
    if matcher.op.endswith("~"):
        try:
            re.compile(matcher.value)
        except re.error as error:
            message = _("“{pattern}” is not a regular expression: {why}")
            raise BadInput(where, message.format(pattern=matcher.value, why=error.msg)) from None


def _unquoted(text: str) -> str:
    inside = text[1:-1]
    if text[0] == "`":
        return inside
    return _ESCAPE.sub(lambda m: {"n": "\n", "t": "\t"}.get(m[1], m[1]), inside)
