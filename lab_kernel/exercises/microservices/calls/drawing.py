"""Services drawn by chance, told in words, and answers that are names of services."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from typing import Any

from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.microservices.calls import Call
from lab_kernel.microservices.service import Group, Service, Stage
from lab_kernel.microservices.tracing.tree import Node

NAMES = ("front", "orders", "stock", "payments", "prices")
NONE = "none"


def services(rng: random.Random, *, optional: bool = False, pair: bool = False) -> list[Service]:
    """front asks three others, two of them mostly side by side (with ``pair`` always), and one of
    these asks one more. Their works are all different.
    """
    first, second, third, last = rng.sample(NAMES[1:], 4)
    works = dict(zip(NAMES, rng.sample(range(4, 60, 3), len(NAMES)), strict=True))
    asked: list[str | Call] = [second, third]
    if optional and rng.random() < 0.6:
        at = rng.randrange(2)
        asked[at] = Call(str(asked[at]), optional=True)
    shape = rng.randrange(2 if pair else 3)
    stages: tuple[Stage, ...] = ((first, tuple(asked)), (tuple(asked), first), (first, *asked))[
        shape
    ]
    asks: dict[str, tuple[Stage, ...]] = {"front": stages}
    asks[rng.choice((first, second, third))] = (last,)
    return [Service(name, works[name], calls=asks.get(name, ())) for name in NAMES]


def clear(root: Node) -> bool:
    """Whether no two calls of one service end in the same moment: then there is one path only."""
    ends = [[child.end for child in node.children] for node in root.walk()]
    return all(len(each) == len(set(each)) for each in ends)


def told(declared: Sequence[Service]) -> str:
    """A line for each: its work, and whom it asks in which order."""
    lines = []
    for service in declared:
        parts = [_("{name}: {ms} ms of work").format(name=service.name, ms=service.work)]
        for stage in service.stages():
            assert isinstance(stage, Group)
            names = [_called(call) for call in stage.calls]
            if len(names) == 1:
                parts.append(_("then asks {name}").format(name=names[0]))
            else:
                both = _("then asks {one} and {other} side by side")
                parts.append(both.format(one=names[0], other=names[1]))
        lines.append(", ".join(parts))
    return "\n".join(lines)


def _called(call: Call) -> str:
    return _("{name} (optional)").format(name=call.service) if call.optional else call.service


def names(*, none: bool = False) -> Callable[[Any], str]:
    """Reads names of the services, in any order; with ``none`` that word, too."""

    def read(given: Any) -> str:
        words = [word for word in re.split(r"[\s,;]+", str(given).strip().lower()) if word]
        if none and words in ([NONE], ["없음"]):
            return NONE
        if not words or not set(words) <= set(NAMES):
            message = _("“{given}” is not made of these names: {names}")
            raise BadInput("answer", message.format(given=given, names=", ".join(NAMES)))
        return " ".join(name for name in NAMES if name in words)

    return read
