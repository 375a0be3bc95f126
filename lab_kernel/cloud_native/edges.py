"""Two ways to keep a number of pods: by what has happened, and by what there is.

The edge-triggered one counts notices: one gone, make one; one too many, take one away. The
level-triggered one counts pods. Both get the same notices, some of which are lost or come twice;
the second also looks from time to time without any.

Left out: everything else. ``controller`` is the real thing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

DIED, WANTED = "died", "wanted"


@dataclass(frozen=True, slots=True)
class Happening:
    """At ``time`` (s) a pod has died, or one more (fewer) is wanted: ``amount``."""

    time: int
    kind: str
    amount: int = 1


@dataclass(frozen=True, slots=True)
class Course:
    """(time, number) whenever one changes: what is desired, and what each way has."""

    desired: tuple[tuple[int, int], ...]
    edges: tuple[tuple[int, int], ...]
    levels: tuple[tuple[int, int], ...]


def course(
    replicas: int,
    happenings: Sequence[Happening],
    *,
    lost: Collection[int] = (),
    twice: Collection[int] = (),
    resync: int = 30,
    until: int = 120,
) -> Course:
    """Both ways over time. ``lost`` and ``twice`` are numbers of happenings, from 1 on: their
    notice never arrives, or arrives a second time."""
    desired = edges = levels = replicas
    rows: tuple[list[tuple[int, int]], ...] = ([], [], [])
    for time in range(until + 1):
        look = time % resync == 0
        for number, each in enumerate(happenings, 1):
            if each.time != time:
                continue
            change = each.amount if each.kind == WANTED else 0
            died = each.amount if each.kind == DIED else 0
            desired = max(0, desired + change)
            edges, levels = max(0, edges - died), max(0, levels - died)
            arrived = 0 if number in lost else 2 if number in twice else 1
            edges = max(0, edges + arrived * (change + died))  # one notice, one action
            look = look or arrived > 0
        if look:
            levels = desired  # however many that are
        for row, value in zip(rows, (desired, edges, levels), strict=True):
            if not row or row[-1][1] != value:
                row.append((time, value))
    return Course(tuple(rows[0]), tuple(rows[1]), tuple(rows[2]))
