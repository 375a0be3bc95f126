"""The frame table: how much memory is in use, for what, and where.

Physical memory is a row of equal page frames, numbered from 0. The table knows of each frame who
owns it and what it is for; several owners share one frame after a fork, and the frame is unused
again when the last of them has freed it. Whatever happens, used + unused == total.

Modelled: ownership, sharing, the kernel's own frames (the first ones, taken at the start and
counted like all others). Left out: what is in a frame (``paging``), blocks of several frames
(``buddy``), zones and NUMA nodes. Accounting is half of memory management: translation,
isolation, reclaim and the OOM killer are in ``mmu``, ``paging`` and ``oom``.

Linux keeps one ``struct page`` for every frame for the same purpose: include/linux/mm_types.h.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

from lab_kernel.errors import BadInput
from lab_kernel.language import _

KERNEL = "kernel"


class FrameError(Exception):
    """A request that would make the account wrong. The table is as it was before."""


class OutOfFrames(FrameError):
    """Every frame is in use."""


class DoubleFree(FrameError):
    """The frame has been freed already (or was never allocated)."""


class ForeignFree(FrameError):
    """The frame belongs to somebody else."""


@dataclass(frozen=True, slots=True)
class FrameUse:
    """One frame in the map. No owners: unused; more than one: shared."""

    frame: int
    owners: tuple[str, ...]
    purpose: str


class FrameTable:
    """Keeps account of ``frames`` page frames, the first ``kernel`` of them the kernel's own.

    BadInput names ``frames`` or ``kernel``. All other refusals are FrameErrors.
    """

    def __init__(self, frames: int, kernel: int = 0) -> None:
        if frames < 1:
            raise BadInput(
                "frames", _("{frames!r} is not a whole number from 1 up").format(frames=frames)
            )
        if not 0 <= kernel <= frames:
            raise BadInput(
                "kernel",
                _("{kernel} frames of {frames} cannot be the kernel's").format(
                    kernel=kernel, frames=frames
                ),
            )
        self.total = frames
        self._owners: list[list[str]] = [[] for _frame in range(frames)]
        self._purpose = [""] * frames
        self._unused = list(range(frames))  # a heap: the lowest number is given out first
        for _frame in range(kernel):
            self.allocate(KERNEL, KERNEL)

    @property
    def used(self) -> int:
        """Frames with an owner; a shared frame counts once."""
        return self.total - len(self._unused)

    @property
    def unused(self) -> int:
        return len(self._unused)

    def allocate(self, owner: str, purpose: str = "") -> int:
        """Give ``owner`` the unused frame with the lowest number, and return that number."""
        if not self._unused:
            raise OutOfFrames(
                _("all {total} frames are in use; none for {owner}").format(
                    total=self.total, owner=owner
                )
            )
        frame = heapq.heappop(self._unused)
        self._owners[frame] = [owner]
        self._purpose[frame] = purpose
        return frame

    def share(self, frame: int, owner: str) -> None:
        """Make ``owner`` one more owner of a frame that is in use."""
        owners = self._owners[self._known(frame)]
        if not owners:
            raise FrameError(
                _("frame {frame} is unused, so it cannot be shared").format(frame=frame)
            )
        if owner in owners:
            raise FrameError(
                _("{owner} owns frame {frame} already").format(owner=owner, frame=frame)
            )
        owners.append(owner)

    def free(self, frame: int, owner: str) -> None:
        """End ``owner``'s hold on a frame; without owners it is unused again."""
        owners = self._owners[self._known(frame)]
        if not owners:
            raise DoubleFree(
                _("{owner} frees frame {frame}, which nobody owns").format(owner=owner, frame=frame)
            )
        if owner not in owners:
            raise ForeignFree(
                _("{owner} frees frame {frame}, which belongs to {owners}").format(
                    owner=owner, frame=frame, owners=", ".join(owners)
                )
            )
        owners.remove(owner)
        if not owners:
            self._purpose[frame] = ""
            heapq.heappush(self._unused, frame)

    def owners(self, frame: int) -> tuple[str, ...]:
        """Who owns the frame, in the order they came; empty when it is unused."""
        return tuple(self._owners[self._known(frame)])

    def held_by(self, owner: str) -> list[int]:
        """Where ``owner``'s memory is: its frames, shared ones included (Linux: RSS)."""
        return [frame for frame, owners in enumerate(self._owners) if owner in owners]

    def used_for(self) -> dict[str, int]:
        """How many frames are in use for each purpose."""
        counts: dict[str, int] = {}
        for owners, purpose in zip(self._owners, self._purpose, strict=True):
            if owners:
                counts[purpose] = counts.get(purpose, 0) + 1
        return counts

    def map(self) -> list[FrameUse]:
        """All of memory, frame by frame: what pictures draw."""
        return [
            FrameUse(frame, tuple(owners), purpose)
            for frame, (owners, purpose) in enumerate(zip(self._owners, self._purpose, strict=True))
        ]

    def _known(self, frame: int) -> int:
        if not 0 <= frame < self.total:
            raise FrameError(
                _("there is no frame {frame}: they are 0 to {last}").format(
                    frame=frame, last=self.total - 1
                )
            )
        return frame
