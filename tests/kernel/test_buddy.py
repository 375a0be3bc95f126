"""The buddy allocator."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_kernel.errors import BadInput
from lab_kernel.kernel.buddy import Buddy, buddy_of, parent_of


def check(zone: Buddy) -> None:
    """Blocks are aligned to their size and tile the zone; no two free buddies stay apart."""
    at = zone.base
    for pfn, order, _in_use in zone.blocks():
        assert pfn == at and pfn % (1 << order) == 0
        at += 1 << order
    assert at == zone.base + zone.frames
    free = {(pfn, order) for pfn, order, in_use in zone.blocks() if not in_use}
    for pfn, order in free:
        assert order == zone.order_max or (buddy_of(pfn, order), order) not in free


@given(
    st.integers(0, 6),
    st.integers(1, 3),
    st.integers(0, 5),
    st.lists(st.tuples(st.booleans(), st.integers(0, 63)), max_size=60),
)
def test_blocks_never_overlap_and_all_merge_in_the_end(
    order_max: int, blocks: int, base: int, steps: list[tuple[bool, int]]
) -> None:
    zone = Buddy(order_max, base << order_max, blocks)
    whole = zone.blocks()
    for allocate, number in steps:
        if allocate:
            order = number % (order_max + 1)
            enough = any(zone.free_areas[order:])
            assert (zone.allocate(order) is not None) == enough
        elif zone.used:
            zone.free(list(zone.used)[number % len(zone.used)])
        check(zone)
        assert zone.free_frames + sum(1 << order for order in zone.used.values()) == zone.frames
    for pfn in list(zone.used):
        zone.free(pfn)
    assert zone.blocks() == whole
    assert zone.free_areas == [0] * order_max + [blocks]
    splits = sorted(event[1:] for event in zone.events if event.action == "split")
    merges = sorted(event[1:] for event in zone.events if event.action == "merge")
    assert splits == merges


@given(st.integers(0, 2**40), st.integers(0, 10))
def test_buddies_are_mutual_and_share_a_parent(number: int, order: int) -> None:
    # Linux mm/internal.h: buddy = pfn ^ (1 << order), parent = pfn & ~(1 << order).
    pfn = number << order
    buddy = buddy_of(pfn, order)
    assert buddy_of(buddy, order) == pfn
    assert abs(buddy - pfn) == 1 << order
    assert parent_of(pfn, order) == parent_of(buddy, order) == min(pfn, buddy)


def test_splitting_and_merging_step_by_step() -> None:
    # By hand, as expand() and __free_one_page() of Linux mm/page_alloc.c do it.
    zone = Buddy(3)
    assert zone.allocate(0) == 0
    assert zone.events == [
        ("split", 3, 0),
        ("split", 2, 0),
        ("split", 1, 0),
        ("allocate", 0, 0),
    ]
    assert zone.free_areas == [1, 1, 1, 0]
    assert zone.allocate(1) == 2
    assert zone.allocate(0) == 1
    assert zone.allocate(2) == 4
    assert zone.allocate(0) is None
    assert zone.free_areas == [0, 0, 0, 0]
    del zone.events[:]
    zone.free(0)
    zone.free(2)
    assert [event.action for event in zone.events] == ["free", "free"]  # 0 is not whole yet
    zone.free(1)
    assert zone.events[2:] == [("free", 0, 1), ("merge", 1, 0), ("merge", 2, 0)]
    zone.free(4)
    assert zone.events[-1] == ("merge", 3, 0)
    assert zone.free_areas == [0, 0, 0, 1]


def test_the_block_freed_last_is_handed_out_first() -> None:
    zone = Buddy(1, blocks=3)
    taken = [zone.allocate(1) for _block in range(3)]
    assert taken == [0, 2, 4]
    for pfn in (0, 4):
        zone.free(pfn)
    assert zone.allocate(1) == 4


def test_neighbours_that_are_no_buddies_stay_apart() -> None:
    zone = Buddy(2)
    pfns = [zone.allocate(0) for _frame in range(4)]
    assert pfns == [0, 1, 2, 3]
    zone.free(1)
    zone.free(2)
    assert zone.free_areas == [2, 0, 0]
    assert zone.allocate(1) is None


def test_bad_input() -> None:
    for make, argument in (
        (lambda: Buddy(-1), "order_max"),
        (lambda: Buddy(21), "order_max"),
        (lambda: Buddy(3, base=4), "base"),
        (lambda: Buddy(3, base=-8), "base"),
        (lambda: Buddy(3, blocks=0), "blocks"),
        (lambda: Buddy(3).allocate(4), "order"),
        (lambda: Buddy(3).free(0), "pfn"),
    ):
        with pytest.raises(BadInput) as caught:
            make()
        assert caught.value.argument == argument
