"""The frame table's account must balance whatever is asked of it."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from lab_kernel.errors import BadInput
from lab_kernel.kernel.memory import (
    KERNEL,
    DoubleFree,
    ForeignFree,
    FrameError,
    FrameTable,
    FrameUse,
    OutOfFrames,
)

FRAMES, KERNEL_FRAMES = 8, 2
owners = st.sampled_from(["A", "B", "C"])
numbers = st.integers(0, FRAMES - 1)


def test_how_much_for_what_and_where() -> None:
    table = FrameTable(6, kernel=2)
    heap = table.allocate("A", "heap")
    stack = table.allocate("A", "stack")
    table.share(heap, "B")
    assert (table.used, table.unused, table.total) == (4, 2, 6)
    assert table.used_for() == {KERNEL: 2, "heap": 1, "stack": 1}
    assert table.held_by("A") == [heap, stack] == [2, 3]
    assert table.held_by("B") == [heap]
    assert table.owners(heap) == ("A", "B")
    assert table.map() == [
        FrameUse(0, (KERNEL,), KERNEL),
        FrameUse(1, (KERNEL,), KERNEL),
        FrameUse(2, ("A", "B"), "heap"),
        FrameUse(3, ("A",), "stack"),
        FrameUse(4, (), ""),
        FrameUse(5, (), ""),
    ]


def test_a_shared_frame_is_in_use_until_its_last_owner_frees_it() -> None:
    table = FrameTable(1)
    frame = table.allocate("A")
    table.share(frame, "B")
    table.free(frame, "A")
    assert table.owners(frame) == ("B",) and table.unused == 0
    table.free(frame, "B")
    assert table.unused == 1


def test_wrong_frees_are_refused_and_change_nothing() -> None:
    table = FrameTable(4, kernel=1)
    frame = table.allocate("A")
    before = table.map()
    with pytest.raises(ForeignFree, match="belongs to A"):
        table.free(frame, "B")
    with pytest.raises(ForeignFree, match="belongs to kernel"):
        table.free(0, "A")
    with pytest.raises(DoubleFree, match="nobody owns"):
        table.free(3, "A")
    with pytest.raises(FrameError, match="no frame 4"):
        table.free(4, "A")
    with pytest.raises(FrameError, match="owns frame 1 already"):
        table.share(frame, "A")
    with pytest.raises(FrameError, match="unused"):
        table.share(3, "A")
    assert table.map() == before
    table.free(frame, "A")
    with pytest.raises(DoubleFree):
        table.free(frame, "A")


def test_the_lowest_unused_frame_comes_first_and_none_is_an_error() -> None:
    table = FrameTable(3)
    assert [table.allocate("A") for _ in range(3)] == [0, 1, 2]
    with pytest.raises(OutOfFrames, match="all 3 frames"):
        table.allocate("A")
    table.free(2, "A")
    table.free(0, "A")
    assert table.allocate("B") == 0


@pytest.mark.parametrize(
    ("frames", "kernel", "argument"), [(0, 0, "frames"), (2, 3, "kernel"), (2, -1, "kernel")]
)
def test_bad_input(frames: int, kernel: int, argument: str) -> None:
    with pytest.raises(BadInput) as caught:
        FrameTable(frames, kernel)
    assert caught.value.argument == argument


class Account(RuleBasedStateMachine):
    """The table beside the plainest possible account: a set of owners for each frame."""

    def __init__(self) -> None:
        super().__init__()
        self.table = FrameTable(FRAMES, KERNEL_FRAMES)
        self.owners: list[set[str]] = [set() for _ in range(FRAMES)]
        for frame in range(KERNEL_FRAMES):
            self.owners[frame] = {KERNEL}

    @precondition(lambda self: not all(self.owners))
    @rule(owner=owners)
    def allocate(self, owner: str) -> None:
        frame = self.table.allocate(owner, "heap")
        assert self.owners[frame] == set(), "a frame was given out twice"
        self.owners[frame] = {owner}

    @precondition(lambda self: all(self.owners))
    @rule(owner=owners)
    def allocate_when_full(self, owner: str) -> None:
        with pytest.raises(OutOfFrames):
            self.table.allocate(owner)

    @rule(frame=numbers, owner=owners)
    def share(self, frame: int, owner: str) -> None:
        if self.owners[frame] and owner not in self.owners[frame]:
            self.table.share(frame, owner)
            self.owners[frame].add(owner)
        else:
            with pytest.raises(FrameError):
                self.table.share(frame, owner)

    @rule(frame=numbers, owner=owners)
    def free(self, frame: int, owner: str) -> None:
        if owner in self.owners[frame]:
            self.table.free(frame, owner)
            self.owners[frame].remove(owner)
        else:
            refusal = ForeignFree if self.owners[frame] else DoubleFree
            with pytest.raises(refusal):
                self.table.free(frame, owner)

    @rule(owner=owners)
    def exit(self, owner: str) -> None:
        for frame in self.table.held_by(owner):
            self.table.free(frame, owner)
            self.owners[frame].remove(owner)

    @invariant()
    def the_account_balances(self) -> None:
        assert self.table.used + self.table.unused == self.table.total == FRAMES
        assert self.table.used == sum(map(bool, self.owners)) == sum(self.table.used_for().values())
        assert [set(self.table.owners(frame)) for frame in range(FRAMES)] == self.owners
        for use in self.table.map():
            assert len(use.owners) == len(set(use.owners))

    def teardown(self) -> None:
        """Freed memory is all there again."""
        for owner in ("A", "B", "C"):
            self.exit(owner)
        assert self.table.unused == FRAMES - KERNEL_FRAMES
        fresh = [self.table.allocate("D") for _ in range(self.table.unused)]
        assert fresh == list(range(KERNEL_FRAMES, FRAMES))


TestAccount = Account.TestCase
