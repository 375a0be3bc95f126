"""The pids controller: how many processes a group may have.

A fork that would pass the limit of the group or of one above it fails with EAGAIN. Moving a process
in is not a fork and not refused, so ``current`` may exceed ``max``; a zombie counts until its
parent has read it.
Source: Linux, kernel/cgroup/pids.c.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(slots=True, eq=False)
class Pids:
    """One group's account. ``refused`` counts the forks that failed at a limit in this subtree."""

    parent: Pids | None = None
    max: int | None = None
    current: int = 0
    refused: int = 0

    def chain(self) -> Iterator[Pids]:
        """The group, and those above it."""
        at: Pids | None = self
        while at is not None:
            yield at
            at = at.parent

    def may_fork(self) -> bool:
        """Is there room for one more? A refusal is counted where the limit is, and above."""
        for each in self.chain():
            if each.max is not None and each.current >= each.max:
                for above in each.chain():
                    above.refused += 1
                return False
        return True

    def charge(self, processes: int) -> None:
        """So many processes more, or fewer."""
        for each in self.chain():
            each.current += processes
