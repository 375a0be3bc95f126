"""Demand paging: the kinds of fault, copy-on-write, swap, and that the process notices nothing."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from lab_kernel.errors import BadInput
from lab_kernel.kernel.oom import NEVER, Commit
from lab_kernel.kernel.paging import (
    PAGE_SIZE,
    BadAccess,
    CommitRefused,
    OutOfMemory,
    Pager,
    Space,
)
from lab_kernel.kernel.replacement import POLICIES, simulate
from lab_kernel.trace import Trace

ONLINE = [name for name in POLICIES if name != "opt"]
KERNEL_ADDRESS = 0xFFFF_8000_0000_0000


def at(page: int, offset: int = 0) -> int:
    return page * PAGE_SIZE + offset


def kinds(space: Space, pages: list[int], write: bool = False) -> list[str]:
    return [space.access(at(page), write).kind for page in pages]


def one_space(frames: int, swap: int = 64, policy: str = "lru", pages: int = 16) -> Space:
    space = Pager(frames, policy, swap).space("A")
    space.map(0, pages)
    return space


def balanced(pager: Pager) -> None:
    """What must hold between any two accesses, seen from the outside."""
    for use in pager.frames.map():
        if use.owners and use.owners != ("kernel",):
            for name in use.owners:
                space = next(each for each in pager.spaces if each.name == name)
                entries = [entry for _, entry in space.table.entries() if entry.frame == use.frame]
                assert len(entries) == 1, "an owner maps its frame exactly once"
                if len(use.owners) > 1:
                    assert not entries[0].writable, "a shared frame cannot be written"
    for space in pager.spaces:
        frames = {entry.frame for _, entry in space.table.entries() if entry.frame is not None}
        assert frames == set(pager.frames.held_by(space.name))
    slots = {e.slot for s in pager.spaces for _, e in s.table.entries() if e.frame is None}
    cached = {held.slot for held in pager.memory.pages.values() if held.slot is not None}
    assert None not in slots
    assert pager.swap.used == len(slots | cached)
    assert pager.swap.used + pager.swap.unused == pager.swap.total


# The kinds of fault


def test_memory_is_given_at_the_first_touch() -> None:
    space = one_space(4)
    assert space.accounting().mapped == 16
    assert space.accounting().resident == 0
    outcome = space.access(at(3, 100))
    assert (outcome.kind, outcome.cause, outcome.frame) == ("minor fault", "zero-fill", 0)
    assert space.access(at(3, 200)).kind == "hit"
    assert space.accounting().resident == 1


def test_outside_every_region_is_a_segmentation_fault() -> None:
    space = one_space(4)
    for address in (at(16), KERNEL_ADDRESS, 0x8000_0000_0000):
        outcome = space.access(address)
        assert (outcome.kind, outcome.frame) == ("segmentation fault", None)
    assert space.accounting().resident == 0


def test_writing_where_only_reading_is_allowed_is_a_protection_fault() -> None:
    space = one_space(4)
    space.map(100, 1, "r", "constants")
    assert space.access(at(100), write=True).kind == "protection fault"
    assert space.access(at(100)).kind == "minor fault"
    assert space.access(at(100), write=True).kind == "protection fault"
    assert space.load(at(100)) == 0
    with pytest.raises(BadAccess, match="0x64000: protection fault"):
        space.store(at(100), 1)


def test_a_written_page_comes_back_from_swap_by_a_major_fault() -> None:
    space = one_space(2)
    space.store(at(0, 8), 111)
    space.store(at(1, 8), 222)
    outcome = space.access(at(2))
    assert [(e.page, e.written) for e in outcome.evicted] == [(0, True)]
    assert space.accounting().swapped == 1
    outcome = space.access(at(0))
    assert (outcome.kind, outcome.cause) == ("major fault", "swap-in")
    assert (space.load(at(0, 8)), space.load(at(1, 8))) == (111, 222)


def test_an_unchanged_page_is_not_written_twice() -> None:
    space = one_space(1)
    space.store(at(0), 5)
    assert space.access(at(1)).evicted[0].written
    space.load(at(0))  # back from swap, and only read
    gone = space.access(at(1)).evicted[0]
    assert (gone.page, gone.written, gone.slot) == (0, False, 0)
    assert space.load(at(0)) == 5


def test_a_page_that_was_only_read_is_dropped_and_is_zero_again() -> None:
    space = one_space(1)
    space.load(at(0))
    gone = space.access(at(1)).evicted[0]
    assert (gone.written, gone.slot) == (False, None)
    outcome = space.access(at(0))
    assert (outcome.kind, outcome.cause) == ("minor fault", "zero-fill")


def test_accessed_and_dirty_bits_are_the_hardwares() -> None:
    space = one_space(4)
    space.access(at(0))
    space.access(at(1), write=True)
    read, written = space.table.entry(0), space.table.entry(1)
    assert read is not None and written is not None
    assert (read.accessed, read.dirty) == (True, False)
    assert (written.accessed, written.dirty) == (True, True)
    assert space.accounting().dirty == 1


# Fork


def test_fork_shares_and_a_write_copies() -> None:
    parent = one_space(4)
    parent.store(at(0), 1)
    child = parent.fork("B")
    assert parent.accounting().shared == child.accounting().shared == 1
    assert child.load(at(0)) == 1
    outcome = child.access(at(0), write=True)
    assert (outcome.kind, outcome.cause) == ("minor fault", "copy-on-write")
    child.store(at(0), 2)
    assert (parent.load(at(0)), child.load(at(0))) == (1, 2)
    assert parent.access(at(0), write=True).cause == "last owner"
    assert parent.accounting().shared == 0


def test_fork_costs_no_frame_until_somebody_writes() -> None:
    parent = one_space(8)
    kinds(parent, [0, 1, 2], write=True)
    parent.fork("B")
    assert parent._pager.frames.used == 3


def test_the_writers_dirty_bit_survives_the_writer() -> None:
    parent = one_space(1)
    parent.store(at(0), 7)
    child = parent.fork("B")
    parent.exit()
    child.access(at(1))  # throws page 0 out: it must go to swap
    assert child.load(at(0)) == 7


def test_shared_pages_go_to_swap_once_and_come_back_once() -> None:
    parent = one_space(1)
    parent.store(at(0), 7)
    child = parent.fork("B")
    pager = parent._pager
    gone = parent.access(at(1)).evicted[0]
    assert gone.spaces == ("A", "B")
    assert pager.swap.used == 1
    assert child.access(at(0)).kind == "major fault"
    back = parent.access(at(0))
    assert (back.kind, back.cause) == ("minor fault", "in memory already")
    child.store(at(0), 8)
    assert (parent.load(at(0)), child.load(at(0))) == (7, 8)
    balanced(pager)


def test_one_access_can_fault_twice() -> None:
    parent = one_space(1)
    parent.store(at(0), 7)
    child = parent.fork("B")
    parent.access(at(1))
    outcome = child.access(at(0), write=True)
    assert (outcome.kind, outcome.cause) == ("major fault", "swap-in, copy-on-write")
    assert (parent.load(at(0)), child.load(at(0))) == (7, 7)


def test_the_tlb_does_not_remember_rights_that_fork_took_away() -> None:
    parent = one_space(4)
    parent.store(at(0), 1)  # the TLB holds a writable translation now
    child = parent.fork("B")
    parent.store(at(0), 2)
    assert child.load(at(0)) == 1


# Giving back


def test_unmap_and_exit_give_everything_back() -> None:
    pager = Pager(3, swap=8, kernel=1)
    space = pager.space("A")
    space.map(10, 6)
    kinds(space, [10, 11, 12, 13, 14], write=True)
    assert (pager.frames.used, pager.swap.used) == (3, 3)
    space.unmap(11, 2)
    assert [(r.start, r.end) for r in space.regions] == [(10, 11), (13, 16)]
    assert space.access(at(11)).kind == "segmentation fault"
    assert space.access(at(13)).fine
    space.exit()
    assert (pager.frames.used, pager.swap.used, pager.spaces) == (1, 0, [])
    with pytest.raises(ValueError, match="A has ended"):
        space.access(at(10))


def test_the_kernels_frames_never_leave() -> None:
    pager = Pager(4, kernel=2)
    space = pager.space("A")
    space.map(0, 9)
    kinds(space, list(range(9)) * 2, write=True)
    assert pager.frames.owners(0) == pager.frames.owners(1) == ("kernel",)


# Replacement


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 7), min_size=1, max_size=60),
    st.integers(1, 5),
    st.sampled_from(ONLINE),
)
def test_one_process_faults_as_the_policy_alone_does(
    pages: list[int], frames: int, policy: str
) -> None:
    found = kinds(one_space(frames, policy=policy), pages, write=True)
    expected = simulate(policy, frames, pages)
    assert found.count("hit") == expected.hits
    assert found.count("minor fault") == len(set(pages))
    assert found.count("major fault") == expected.faults - len(set(pages))


def test_replacement_is_global() -> None:
    pager = Pager(2)
    one, two = pager.space("A"), pager.space("B")
    one.map(0, 4)
    two.map(0, 4)
    one.access(at(0), write=True)
    kinds(two, [0, 1], write=True)
    assert one.accounting().swapped == 1


def test_opt_cannot_run_in_a_kernel() -> None:
    with pytest.raises(BadInput, match="future") as caught:
        Pager(2, "opt")
    assert caught.value.argument == "policy"


def sort_a_list(space: Space) -> list[int]:
    """A program: a few numbers, one to a page, sorted where they are (insertion sort)."""
    count = 12
    chance = random.Random(4)
    for place in range(count):
        space.store(at(place, 8 * place), chance.randrange(1000))
    for place in range(1, count):
        moving, gap = space.load(at(place, 8 * place)), place
        while gap and (before := space.load(at(gap - 1, 8 * gap - 8))) > moving:
            space.store(at(gap, 8 * gap), before)
            gap -= 1
        space.store(at(gap, 8 * gap), moving)
    return [space.load(at(place, 8 * place)) for place in range(count)]


def test_the_process_does_not_notice_what_the_kernel_does() -> None:
    """Fact K06: the same output under every policy, however different the kernel's trace."""
    roomy = sort_a_list(one_space(16))
    assert roomy == sorted(roomy) and len(set(roomy)) > 6
    traces = {}
    for policy in ONLINE:
        space = one_space(3, policy=policy)
        assert sort_a_list(space) == roomy
        traces[policy] = space._pager.trace
        assert traces[policy].counts()["major fault"] > 10
    assert traces["fifo"] != traces["lru"] != traces["mru"] != traces["random"]
    assert traces["clock"] == traces["second-chance"]


def test_the_trace_tells_all() -> None:
    trace = Trace()
    pager = Pager(1, trace=trace)
    space = pager.space("A")
    space.map(0, 2)
    space.store(at(0), 1)
    space.access(at(1))
    child = space.fork("B")
    child.exit()
    told = [(e.time, e.duration, e.track, e.kind, e.name) for e in trace]
    assert told == [
        (0, 1, "A", "minor fault", "0x0"),
        (1, 0, "A", "swap out", "0x0"),
        (1, 1, "A", "minor fault", "0x1"),
        (2, 0, "A", "fork", "B"),
        (2, 0, "B", "exit", "B"),
    ]
    assert Trace.from_json_lines(trace.to_json_lines()) == trace


# Out of memory


def test_without_swap_a_clean_page_can_go_and_a_dirty_one_cannot() -> None:
    space = one_space(2, swap=0)
    space.load(at(0))
    space.store(at(1), 9)
    space.load(at(0))  # page 1 is the least recently used, but there is nowhere to put it
    assert [gone.page for gone in space.access(at(2)).evicted] == [0]
    assert space.load(at(1)) == 9


def test_the_oom_killer_ends_the_largest_and_the_others_go_on() -> None:
    pager = Pager(6, swap=2)
    large, small = pager.space("large"), pager.space("small")
    large.map(0, 16)
    small.map(0, 16)
    small.store(at(0), 42)
    kinds(large, [0, 1, 2, 3, 4], write=True)
    outcomes = [small.access(at(page), write=True) for page in (1, 2, 3)]
    assert outcomes[-1].killed == ("large",)
    assert outcomes[-1].fine and not large.alive and small.alive
    assert small.load(at(0)) == 42
    event = next(iter(pager.trace.where(kind="oom kill")))
    assert event.name == "large"
    assert event.details["points"]["large"] > event.details["points"]["small"]
    balanced(pager)


def test_the_one_that_asks_can_be_the_one_that_goes() -> None:
    space = one_space(2, swap=1)
    assert kinds(space, [0, 1, 2, 3], write=True) == ["minor fault"] * 3 + ["killed"]
    assert not space.alive
    assert space._pager.frames.unused == 2 and space._pager.swap.used == 0


def test_minus_1000_protects_and_when_all_are_protected_the_machine_stops() -> None:
    pager = Pager(4, swap=0)
    guarded = pager.space("guarded", oom_score_adj=-1000)
    other = pager.space("other")
    guarded.map(0, 9)
    other.map(0, 9)
    kinds(guarded, [0, 1, 2], write=True)
    other.access(at(0), write=True)
    assert guarded.access(at(3), write=True).killed == ("other",)
    with pytest.raises(OutOfMemory):
        guarded.access(at(4), write=True)


def test_strict_accounting_refuses_before_anybody_has_to_die() -> None:
    commit = Commit(ram=8, swap=4, mode=NEVER, ratio=100)  # the limit is 12, to stay below
    pager = Pager(8, swap=4, commit=commit)
    space = pager.space("A")
    space.map(0, 5)
    space.map(100, 50, "r")  # cannot be written, so it costs nothing
    with pytest.raises(CommitRefused, match="asks for 7 pages; 5 are committed, the limit is 12"):
        space.map(10, 7)
    child = space.fork("B")
    assert commit.committed == 10
    with pytest.raises(CommitRefused):
        child.fork("C")
    assert [each.name for each in pager.spaces] == ["A", "B"]
    child.unmap(0, 3)
    assert commit.committed == 7
    child.exit()
    space.exit()
    assert commit.committed == 0


@pytest.mark.parametrize(
    ("make", "argument"),
    [
        (lambda: Pager(0), "frames"),
        (lambda: Pager(4, swap=-1), "swap"),
        (lambda: Pager(4, kernel=5), "kernel"),
        (lambda: Pager(4, "best"), "policy"),
        (lambda: Pager(4).space("kernel"), "name"),
        (lambda: one_space(4)._pager.space("A"), "name"),
        (lambda: one_space(4).map(15, 2), "start"),
        (lambda: one_space(4).map(-1, 1), "start"),
        (lambda: one_space(4).map(1 << 35, 1), "start"),
        (lambda: one_space(4).map(20, 0), "pages"),
        (lambda: one_space(4).map(20, 1, "wx"), "rights"),
    ],
)
def test_bad_input_is_named(make: Callable[[], object], argument: str) -> None:
    with pytest.raises(BadInput) as caught:
        make()
    assert caught.value.argument == argument


class Machine(RuleBasedStateMachine):
    """Processes that read, write, fork and end, beside a memory that never runs short."""

    PAGES = 5

    @initialize(frames=st.integers(1, 4), policy=st.sampled_from(ONLINE), tlb=st.integers(0, 3))
    def boot(self, frames: int, policy: str, tlb: int) -> None:
        self.pager = Pager(frames, policy, swap=200, tlb=tlb)
        self.spaces = {"P0": self.pager.space("P0")}
        self.spaces["P0"].map(0, self.PAGES)
        self.truth: dict[str, dict[int, int]] = {"P0": {}}
        self.born = 1

    def one(self, number: int) -> str:
        return sorted(self.spaces)[number % len(self.spaces)]

    @precondition(lambda self: self.spaces)
    @rule(who=st.integers(0, 9), page=st.integers(0, PAGES - 1), value=st.integers(1, 99))
    def write(self, who: int, page: int, value: int) -> None:
        name = self.one(who)
        self.spaces[name].store(at(page, 16), value)
        self.truth[name][page] = value

    @precondition(lambda self: self.spaces)
    @rule(who=st.integers(0, 9), page=st.integers(0, PAGES - 1))
    def read(self, who: int, page: int) -> None:
        name = self.one(who)
        assert self.spaces[name].load(at(page, 16)) == self.truth[name].get(page, 0)

    @precondition(lambda self: 0 < len(self.spaces) < 4)
    @rule(who=st.integers(0, 9))
    def fork(self, who: int) -> None:
        parent, child = self.one(who), f"P{self.born}"
        self.born += 1
        self.spaces[child] = self.spaces[parent].fork(child)
        self.truth[child] = dict(self.truth[parent])

    @precondition(lambda self: len(self.spaces) > 1)
    @rule(who=st.integers(0, 9))
    def exit(self, who: int) -> None:
        name = self.one(who)
        self.spaces.pop(name).exit()
        del self.truth[name]

    @rule(who=st.integers(0, 9), page=st.integers(0, PAGES - 1))
    def remap(self, who: int, page: int) -> None:
        name = self.one(who)
        self.spaces[name].unmap(page, 1)
        self.spaces[name].map(page, 1)
        self.truth[name].pop(page, None)

    @invariant()
    def all_is_in_step(self) -> None:
        if hasattr(self, "pager"):
            balanced(self.pager)

    def teardown(self) -> None:
        if hasattr(self, "pager"):
            for name, space in self.spaces.items():
                for page in range(self.PAGES):
                    assert space.load(at(page, 16)) == self.truth[name].get(page, 0)
            for space in self.spaces.values():
                space.exit()
            assert self.pager.frames.used == self.pager.swap.used == 0
            assert not self.pager.memory.pages


TestMachine = Machine.TestCase
TestMachine.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
