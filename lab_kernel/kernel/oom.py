"""Promising more memory than there is, and what happens when the promises are called in.

Mapping memory only reserves addresses; frames are taken at first use. ``Commit`` decides whether a
reservation is granted (Linux: vm.overcommit_memory). When reservations outgrow memory and swap
after all, ``badness`` ranks the processes, and ``choose`` picks the one that the OOM killer ends.

Sources: Linux Documentation/mm/overcommit-accounting.rst; mm/util.c, vm_commit_limit() and
__vm_enough_memory(); mm/oom_kill.c, oom_badness() and oom_evaluate_task(); fs/proc/base.c,
proc_oom_score(). Read in the 6.x series.
Left out of the accounting: the reserve that keeps one process from growing too large to recover
from (vm.user_reserve_kbytes) and vm.overcommit_kbytes.
Left out of the killer: cpuset limits (a cgroup's are kept by who asks, ``paging``), init and
kernel threads (never chosen), processes that are already dying, vm.panic_on_oom,
vm.oom_kill_allocating_task, and the reaper.
Everything is counted in pages.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lab_kernel.errors import BadInput
from lab_kernel.language import _

HEURISTIC, ALWAYS, NEVER = 0, 1, 2
UNKILLABLE = -1000


@dataclass(slots=True)
class Commit:
    """The account of what has been promised; ``committed`` is /proc/meminfo's Committed_AS.

    ``mode`` 0 refuses only a single request larger than all of RAM and swap, whatever has been
    promised before; 1 refuses nothing; 2 keeps the sum of all promises below the limit.
    ``ratio`` is vm.overcommit_ratio, in percent; ``hugetlb`` the pages set aside as huge pages;
    ``admin_reserve`` what mode 2 keeps back for root (vm.admin_reserve_kbytes, 8 MiB
    on most machines; 0 here unless given).
    BadInput names the argument that is out of range.
    """

    ram: int
    swap: int = 0
    mode: int = HEURISTIC
    ratio: int = 50
    hugetlb: int = 0
    admin_reserve: int = 0
    committed: int = 0

    def __post_init__(self) -> None:
        if self.mode not in (HEURISTIC, ALWAYS, NEVER):
            raise BadInput(
                "mode",
                _("{mode!r} is not an overcommit mode; use 0, 1 or 2").format(mode=self.mode),
            )
        for name in ("ram", "swap", "ratio", "hugetlb", "admin_reserve"):
            value = getattr(self, name)
            if value < 0:
                raise BadInput(name, _("{value} is less than 0").format(value=value))
        if self.hugetlb > self.ram:
            raise BadInput(
                "hugetlb",
                _("{hugetlb} pages are more than the {ram} of RAM").format(
                    hugetlb=self.hugetlb, ram=self.ram
                ),
            )

    @property
    def limit(self) -> int:
        """/proc/meminfo's CommitLimit. It is shown in every mode and binding in mode 2 only."""
        return (self.ram - self.hugetlb) * self.ratio // 100 + self.swap

    def charge(self, pages: int, *, admin: bool = False) -> bool:
        """Promise ``pages`` more: True if granted, False if refused (the caller sees ENOMEM).

        ``admin`` may use the reserve. As in the kernel, mode 2 wants the sum to stay *below* the
        limit: the last page is never promised.
        """
        if self.mode == HEURISTIC:
            granted = pages <= self.ram + self.swap
        elif self.mode == ALWAYS:
            granted = True
        else:
            allowed = self.limit - (0 if admin else self.admin_reserve)
            granted = self.committed + pages < allowed
        if granted:
            self.committed += pages
        return granted

    def release(self, pages: int) -> None:
        """Take back a promise; more than was promised is a ValueError."""
        if pages > self.committed:
            raise ValueError(f"{pages} pages released, {self.committed} committed")
        self.committed -= pages


def badness(
    rss: int, swap: int = 0, page_tables: int = 0, oom_score_adj: int = 0, total: int = 0
) -> int | None:
    """How much ending this process would give back, with its adjustment; None means never.

    ``total`` is RAM plus swap. Like the kernel, this divides it by 1000 first and drops the
    remainder: on a machine of fewer than 1000 pages the adjustment does nothing, except that
    -1000 still protects. BadInput names ``oom_score_adj`` outside -1000 to 1000.
    """
    if not -1000 <= oom_score_adj <= 1000:
        raise BadInput(
            "oom_score_adj", _("{adj} is not between -1000 and 1000").format(adj=oom_score_adj)
        )
    if oom_score_adj == UNKILLABLE:
        return None
    return rss + swap + page_tables + oom_score_adj * (total // 1000)


def oom_score(points: int | None, total: int) -> int:
    """What /proc/PID/oom_score shows for a badness: 0 for never, about 667 for an idle process.

    The file does not show the points: it maps -1000..1000 thousandths of ``total`` to 0..1333.
    """
    if points is None:
        return 0
    thousandths = abs(points) * 1000 // total  # C rounds towards zero
    return (1000 + (thousandths if points >= 0 else -thousandths)) * 2 // 3


@dataclass(frozen=True, slots=True)
class Task:
    """What the OOM killer knows of a process, in pages."""

    name: str
    rss: int
    swap: int = 0
    page_tables: int = 0
    oom_score_adj: int = 0

    def badness(self, total: int) -> int | None:
        return badness(self.rss, self.swap, self.page_tables, self.oom_score_adj, total)


def choose(tasks: Iterable[Task], total: int) -> Task | None:
    """The task with the highest badness; None when every one is unkillable.

    Of equals the last in the list goes, as in the kernel, whose list is in order of age.
    """
    chosen: Task | None = None
    most = 0
    for task in tasks:
        points = task.badness(total)
        if points is not None and (chosen is None or points >= most):
            chosen, most = task, points
    return chosen
