"""A saga's steps by their numbers: T1, T2 ... and what takes them back, C1, C2 ..."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.microservices.saga.idempotency import DONE, REFUSED
from lab_kernel.microservices.saga.saga import Step, next_move

END = "end"


def numbered(count: int, without: Collection[int] = ()) -> tuple[Step, ...]:
    """T1 to Tn; the steps numbered in ``without`` have nothing to take back."""
    return tuple(
        Step(f"T{n}", None if n in without else f"C{n}") for n in range(1, count + 1)
    )  # fmt: skip


def log_of(steps: tuple[Step, ...], refused: int | None) -> list[tuple[str, str]]:
    """The whole log of a saga one of whose steps is refused (None: none is)."""
    log: list[tuple[str, str]] = []
    while does := next_move(steps, log):
        log.append((does, REFUSED if does == f"T{refused}" else DONE))
    return log


def moves(given: Any) -> str:
    """``T1 T2 C1``, however it is divided."""
    text = str(given).upper()
    found = re.findall(r"[TC]\d+", text)
    if not found or re.sub(r"[TC]\d+|[\s,;>→-]", "", text):
        message = _("“{given}” is not a row of steps like T1 T2 C1").format(given=given)
        raise BadInput("answer", message)
    return " ".join(found)


def move(given: Any) -> str:
    """One of them, or ``end``."""
    if str(given).strip().lower() == END:
        return END
    try:
        found = moves(given)
    except BadInput:
        found = ""
    if not found or " " in found:
        message = _("“{given}” is neither a step like T2 or C1 nor “end”").format(given=given)
        raise BadInput("answer", message)
    return found


def listed(numbers: Collection[int], letter: str) -> str:
    return ", ".join(f"{letter}{n}" for n in sorted(numbers))
