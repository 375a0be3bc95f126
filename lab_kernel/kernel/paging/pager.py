"""The kernel's side of paging: what happens between a page fault and the repeated access."""

from __future__ import annotations

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
        policy = policy if isinstance(policy, Policy) else new_policy(policy, seed=seed)
        if isinstance(policy, Opt):
            raise BadInput("policy", _("opt needs to know the future; a running machine does not"))
        self.frames = FrameTable(frames, kernel)
        self.swap = SwapArea(swap)
        self.mmu = Mmu(PageTable(), TLB(tlb))
        self.memory = UserMemory(self.frames, policy, self.swap, self.mmu.tlb)
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
                    self.memory.policy.hit(frame)
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
        while not self.frames.unused:
            evicted = self.memory.reclaim()
            if evicted is None:
                self._kill_one(space)
                continue
            self._evicted.append(evicted)
            self._note(
                evicted.spaces[0], "swap out" if evicted.written else "drop", evicted.page,
                frame=evicted.frame, spaces=list(evicted.spaces), slot=evicted.slot,
            )  # fmt: skip
        frame = self.memory.load(space, region.name, page, words, slot)
        self._loaded.add(frame)
        return frame

    def _kill_one(self, asking: Space) -> None:
        """The OOM killer. _Killed when the choice falls on the one that is asking."""
        tasks = {}
        for space in self.spaces:
            has = self.memory.accounting(space)
            tasks[space.name] = Task(
                space.name, has.resident, has.swapped, has.page_tables, space.oom_score_adj
            )
        total = self.frames.total - len(self.frames.held_by(KERNEL)) + self.swap.total
        chosen = choose(tasks.values(), total)
        if chosen is None:
            raise OutOfMemory(_("out of memory, and no process may be killed"))
        points = {name: task.badness(total) for name, task in tasks.items()}
        self.trace.add(self.now, chosen.name, "oom kill", chosen.name, points=points)
        self._killed.append(chosen.name)
        self.exit(next(space for space in self.spaces if space.name == chosen.name))
        if chosen.name == asking.name:
            raise _Killed

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
        child.regions = list(parent.regions)
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
