"""The kernel's side of paging: what happens between a page fault and the repeated access."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab_kernel.clock import Clock
from lab_kernel.errors import BadInput
from lab_kernel.kernel.memory import KERNEL, FrameTable
from lab_kernel.kernel.mmu import TLB, Entry, Mmu, PageTable
from lab_kernel.kernel.oom import Commit, Task, choose
from lab_kernel.kernel.paging.resident import UserMemory
from lab_kernel.kernel.paging.space import CommitRefused, Evicted, Outcome, Region, Space
from lab_kernel.kernel.paging.swap import SwapArea, Words
from lab_kernel.kernel.replacement import Opt, Policy, new_policy
from lab_kernel.language import _
from lab_kernel.trace import Trace

if TYPE_CHECKING:
    from lab_kernel.kernel.cgroup import Memory

HIT, MINOR, MAJOR = "hit", "minor fault", "major fault"
SEGMENTATION, PROTECTION, KILLED = "segmentation fault", "protection fault", "killed"
_ELSEWHERE = (HIT, SEGMENTATION, PROTECTION, KILLED)  # in a machine, the machine says it


class OutOfMemory(Exception):
    """No frame, nothing to evict, and no process that may be killed: Linux panics here."""


class _Killed(Exception):
    """The process whose access is being served is the one that had to go."""


class Pager:
    """Memory of ``frames`` page frames, shared by all the spaces made with ``space``.

    The first ``kernel`` frames are the kernel's and never leave. ``policy`` chooses among all
    user frames, whoever owns them (global replacement); a frame's number is the page that the
    policy sees. ``swap`` is the number of slots, ``tlb`` of TLB entries. With a ``commit`` account
    every reservation asks it first. BadInput names what is out of range; "opt" is refused, since
    no kernel knows the future.

    ``now`` counts the accesses so far. Each writes a Trace event of duration 1 on the track of its
    space, with the outcome's kind; "swap out", "drop", "fork", "exit" and "oom kill" take no time.
    In a machine the time is its ``clock``'s, and written down is only what memory did: faults that
    were served, pages that left, the OOM killer's choice.
    """

    def __init__(
        self,
        frames: int,
        policy: str | Policy = "lru",
        swap: int = 1024,
        *,
        kernel: int = 0,
        tlb: int = 16,
        commit: Commit | None = None,
        seed: int = 0,
        trace: Trace | None = None,
        clock: Clock | None = None,
    ) -> None:
        name = policy.name if isinstance(policy, Policy) else policy
        policy = policy if isinstance(policy, Policy) else new_policy(policy, seed=seed)
        if isinstance(policy, Opt):
            raise BadInput("policy", _("opt needs to know the future; a running machine does not"))
        self.frames = FrameTable(frames, kernel)
        self.swap = SwapArea(swap)
        self.mmu = Mmu(PageTable(), TLB(tlb))
        self.memory = UserMemory(
            self.frames, policy, self.swap, self.mmu.tlb, lambda: new_policy(name, seed=seed)
        )
        self.commit = commit
        self.trace = Trace() if trace is None else trace
        self._clock, self._accesses = clock, 0
        self.spaces: list[Space] = []
        self._asids = 0
        self._loaded: set[int] = set()
        self._evicted: list[Evicted] = []
        self._killed: list[str] = []

    @property
    def now(self) -> int:
        return self._accesses if self._clock is None else self._clock.now

    def space(self, name: str, *, oom_score_adj: int = 0) -> Space:
        """A new, empty address space. BadInput when a living one has the name."""
        if name == KERNEL or any(each.name == name for each in self.spaces):
            raise BadInput("name", _("there is a {name} already").format(name=name))
        self._asids += 1
        space = Space(self, name, self._asids, oom_score_adj)
        self.spaces.append(space)
        return space

    # One access

    def access(self, space: Space, address: int, write: bool) -> Outcome:
        """Translate; on a fault do what is missing and repeat, as the processor does."""
        self._living(space)
        page = space.table.page_of(address)
        self.mmu.switch(space.table, space.asid)
        self._loaded, self._evicted, self._killed = set(), [], []
        kind, causes, frame = HIT, list[str](), None
        try:
            while (found := self.mmu.translate(address, write)).fault:
                fault, cause = self._fault(space, page, write)
                kind = MAJOR if kind == MAJOR else fault
                causes.append(cause)
                if fault in (SEGMENTATION, PROTECTION):
                    break
        except _Killed:
            kind, causes = KILLED, []
        else:
            if found.physical is not None:
                frame = found.physical >> space.table.offset_bits
                if frame not in self._loaded:  # a load counts as the page's first use
                    self.memory.policy_of(frame).hit(frame)
        cause = ", ".join(filter(None, causes))
        outcome = Outcome(kind, page, frame, cause, tuple(self._evicted), tuple(self._killed))
        self._note(
            space.name, kind, address if page is None else page, duration=int(self._clock is None),
            address=address, write=write, frame=frame, cause=cause,
        )  # fmt: skip
        self._accesses += 1
        return outcome

    def _fault(self, space: Space, page: int | None, write: bool) -> tuple[str, str]:
        """The page fault handler: (kind, cause). Afterwards the access can be repeated."""
        region = None if page is None else space.region_at(page)
        if page is None or region is None:
            return SEGMENTATION, ""
        if write and not region.writable:
            return PROTECTION, ""
        entry = space.table.entry(page)
        if entry is None:
            frame = self._load(space, region, page, {})
            self.memory.enter(space, page, frame, region.writable)
            return MINOR, "zero-fill"
        if entry.frame is None:
            return self._swap_in(space, region, page, entry)
        return self._unshare(space, region, page, entry)

    def _swap_in(self, space: Space, region: Region, page: int, entry: Entry) -> tuple[str, str]:
        assert entry.slot is not None  # every entry that is not present is in swap
        slot = self.swap[entry.slot]
        if slot.frame is None:
            slot.frame = self._load(space, region, page, self.swap.read(entry.slot), entry.slot)
            fault = MAJOR, "swap-in"
        else:
            self.frames.share(slot.frame, space.name)
            fault = MINOR, "in memory already"
        slot.entries -= 1
        alone = slot.entries == 0 and not self.memory.pages[slot.frame].mappers
        self.memory.enter(space, page, slot.frame, region.writable and alone)
        return fault

    def _unshare(self, space: Space, region: Region, page: int, entry: Entry) -> tuple[str, str]:
        """A write to a page that fork made read-only."""
        assert entry.frame is not None
        if not self.memory.others(entry.frame):
            entry.writable = True
            return MINOR, "last owner"
        # Letting go first means that one frame is enough for the copy.
        words = dict(self.words(entry.frame))
        self.memory.leave(space, page)
        frame = self._load(space, region, page, words)
        self.memory.pages[frame].dirty = True  # it differs from zeros, and swap does not have it
        self.memory.enter(space, page, frame, writable=True)
        return MINOR, "copy-on-write"

    # Frames

    def _load(
        self, space: Space, region: Region, page: int, words: Words, slot: int | None = None
    ) -> int:
        """Put a page into a frame, making room first if there is none."""
        group = space.memory
        while (full := group.full() if group else None) or not self.frames.unused:
            if full:
                full.count("max")
            if not self._reclaim(full, "memory.max"):
                self._kill_one(space, full)
        for high in group.excess() if group else ():
            high.count("high")
            if high.current >= high.high:  # type: ignore[operator]  # not None: it has an excess
                self._reclaim(high, "memory.high")
        frame = self.memory.load(space, region.name, page, words, slot)
        self._loaded.add(frame)
        return frame

    def _reclaim(self, group: Memory | None, limit: str) -> bool:
        """Throw one page out, of the group that has come to its limit or of all; was there one?"""
        evicted = self.memory.reclaim(group)
        if evicted is None:
            return False
        self._evicted.append(evicted)
        self._note(
            evicted.spaces[0], "swap out" if evicted.written else "drop", evicted.page,
            frame=evicted.frame, spaces=list(evicted.spaces), slot=evicted.slot,
        )  # fmt: skip
        if group is not None:
            self.trace.add(
                self.now, group.path, "reclaim", limit,
                spaces=list(evicted.spaces), page=evicted.page,
            )  # fmt: skip
        return True

    def shrink(self, group: Memory) -> list[str]:
        """A limit was lowered: reclaim down to it, and for memory.max kill until it is kept. Who
        had to go?"""
        self._evicted, self._killed = [], []
        for limit, name in ((group.max, "memory.max"), (group.high, "memory.high")):
            while limit is not None and group.current > limit:
                if self._reclaim(group, name):
                    continue
                if name == "memory.high":
                    break
                self._kill_one(None, group)
        return self._killed

    def _kill_one(self, asking: Space | None, group: Memory | None = None) -> None:
        """The OOM killer, inside the group that has come to its limit, if it is a group's.

        _Killed when the choice falls on the one that is asking.
        """
        tasks = {}
        for space in self.spaces:
            if group is not None and not (space.memory and space.memory.within(group)):
                continue
            has = self.memory.accounting(space)
            tasks[space.name] = Task(
                space.name, has.resident, has.swapped, has.page_tables, space.oom_score_adj
            )
        total = self.frames.total - len(self.frames.held_by(KERNEL)) + self.swap.total
        if group is not None:
            group.count("oom")
        chosen = choose(tasks.values(), total)
        if chosen is None:
            raise OutOfMemory(_("out of memory, and no process may be killed"))
        points = {name: task.badness(total) for name, task in tasks.items()}
        victim = next(space for space in self.spaces if space.name == chosen.name)
        victims = self._all_or_none(victim, group)
        for space in victims:
            details = {"points": points} | ({"group": group.path} if group else {})
            self.trace.add(self.now, space.name, "oom kill", space.name, 0, **details)
            self._killed.append(space.name)
            if space.memory is not None:
                space.memory.count("oom_kill")
            self.exit(space)
        if asking in victims:
            raise _Killed

    def _all_or_none(self, victim: Space, group: Memory | None) -> list[Space]:
        """The victim, and all others of the highest group that wants to die together
        (memory.oom.group), up to the one whose limit it is."""
        together = None
        for each in victim.memory.chain() if victim.memory else ():
            together = each if each.oom_group else together
            if each is group:
                break
        if together is None:
            return [victim]
        together.count("oom_group_kill")
        return [each for each in self.spaces if each.memory and each.memory.within(together)]

    # A process's life

    def fork(self, parent: Space, name: str) -> Space:
        """Share every page with a child and write-protect it in both. CommitRefused as in map."""
        self._living(parent)
        child = self.space(name, oom_score_adj=parent.oom_score_adj)
        try:
            self.promise(child, parent.committed)
        except CommitRefused:
            self.spaces.remove(child)
            raise
        child.regions, child.memory = list(parent.regions), parent.memory
        for page, entry in parent.table.entries():
            child.table.map(page, entry.frame, writable=False, slot=entry.slot)
            if entry.frame is not None:
                entry.writable = False
                self.frames.share(entry.frame, name)
                self.memory.pages[entry.frame].mappers.append(child)
            elif entry.slot is not None:
                self.swap[entry.slot].entries += 1
        self.mmu.tlb.flush(parent.asid)  # it may still remember that it could write
        if self._clock is None:
            self.trace.add(self.now, parent.name, "fork", name)
        return child

    def exit(self, space: Space) -> None:
        self._living(space)
        committed, space.regions, space.alive = space.committed, [], False
        self.forget(space, 0, space.table.pages, committed)
        self.spaces.remove(space)
        if self._clock is None:
            self.trace.add(self.now, space.name, "exit", space.name)

    def promise(self, space: Space, pages: int) -> None:
        """Charge a reservation to the commit account."""
        self._living(space)
        if self.commit is not None and not self.commit.charge(pages):
            raise CommitRefused(
                _("{name} asks for {pages} pages; {committed} are committed, the limit is {limit}")
                .format(
                    name=space.name,
                    pages=pages,
                    committed=self.commit.committed,
                    limit=self.commit.limit,
                )
            )  # fmt: skip

    def forget(self, space: Space, start: int, end: int, committed: int) -> None:
        """Drop the pages of a range, and the promise that was made for them."""
        for page in space.pages_in(start, end):
            self.memory.leave(space, page)
        if self.commit is not None:
            self.commit.release(committed)

    # What there is to see

    def words(self, frame: int) -> Words:
        """What the page in a frame holds."""
        return self.memory.pages[frame].words

    def _living(self, space: Space) -> None:
        if not space.alive:
            raise ValueError(f"{space.name} has ended")

    def _note(self, track: str, kind: str, page: int, duration: int = 0, **details: object) -> None:
        if self._clock is None or kind not in _ELSEWHERE:
            self.trace.add(self.now, track, kind, f"{page:#x}", duration, **details)
