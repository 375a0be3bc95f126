"""The free-list allocator."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_kernel.errors import BadInput
from lab_kernel.kernel.allocator import ORDERS, STRATEGIES, FreeList, Operation

settings = st.fixed_dictionaries(
    {
        "size": st.integers(20, 200),
        "base": st.integers(0, 2000),
        "strategy": st.sampled_from(STRATEGIES),
        "order": st.sampled_from(ORDERS),
        "header": st.integers(0, 8),
        "align": st.sampled_from((1, 3, 4, 16)),
        "coalesce": st.booleans(),
    }
)
# A number frees the allocation it points at (modulo their count), or asks for so many bytes.
moves = st.lists(st.tuples(st.booleans(), st.integers(1, 60)), max_size=40)


def play(heap: FreeList, steps: list[tuple[bool, int]]) -> None:
    for allocate, number in steps:
        if allocate:
            heap.allocate(number)
        elif heap.blocks:
            heap.free(list(heap.blocks)[number % len(heap.blocks)])
        check(heap)


def check(heap: FreeList) -> None:
    """Every byte is in exactly one block, and the list is in its order."""
    pieces = sorted([*heap.free_list, *heap.blocks.items()])
    at = heap.base
    for address, size in pieces:
        assert address == at and size > 0
        at += size
    assert at == heap.base + heap.size
    assert heap.used + heap.unused == heap.size
    if heap.order == "address":
        assert heap.free_list == sorted(heap.free_list)
    else:
        sizes = [size for _address, size in heap.free_list]
        assert sizes == sorted(sizes, reverse=heap.order == "size-desc")
    if heap.coalesce:
        ends = {address + size for address, size in heap.free_list}
        assert ends.isdisjoint(address for address, _size in heap.free_list)


@given(settings, moves)
def test_no_byte_is_ever_lost_or_owned_twice(
    options: dict[str, object], steps: list[tuple[bool, int]]
) -> None:
    play(FreeList(**options), steps)  # type: ignore[arg-type]


@given(settings, moves)
def test_freed_memory_is_all_there_again(
    options: dict[str, object], steps: list[tuple[bool, int]]
) -> None:
    heap = FreeList(**{**options, "coalesce": True})  # type: ignore[arg-type]
    play(heap, steps)
    for address in list(heap.blocks):
        heap.free(address)
    assert heap.free_list == [(heap.base, heap.size)]
    assert heap.external_fragmentation == 0 and heap.internal_fragmentation == 0


@given(settings, moves, st.integers(1, 60))
def test_each_strategy_chooses_as_defined(
    options: dict[str, object], steps: list[tuple[bool, int]], request: int
) -> None:
    heap = FreeList(**options)  # type: ignore[arg-type]
    play(heap, steps)
    before = list(heap.free_list)
    fits = [block for block in before if block[1] >= heap.block_size(request)]
    done = heap.allocate(request)
    assert (done.address is None) == (not fits)
    if not fits:
        assert done.searched == len(before)
        assert heap.free_list == before
    elif heap.strategy == "first":
        assert done.address == fits[0][0]
        assert done.searched == before.index(fits[0]) + 1
    elif heap.strategy in ("best", "worst"):
        sizes = [size for _address, size in fits]
        wanted = min(sizes) if heap.strategy == "best" else max(sizes)
        assert done.address == next(address for address, size in fits if size == wanted)
        assert done.searched == len(before)


# --- figures -----------------------------------------------------------------------------------

# Arpaci-Dusseau, homework vm-freespace, README: ./malloc.py -S 100 -b 1000 -H 4 -a 4 -l ADDRSORT
# -p BEST -n 5 -c. (It prints the pointer behind the header: 4 more than the block's address.)
README = "+3,-0,+5,-1,+8"


def test_vm_freespace_readme() -> None:
    heap = FreeList(100, 1000, "best", "address", header=4, align=4)
    assert heap.run(README) == [
        Operation("+3", 1000, 1),
        Operation("-0", 1000, 0),
        Operation("+5", 1008, 2),
        Operation("-1", 1008, 0),
        Operation("+8", 1008, 3),
    ]
    assert heap.free_list == [(1000, 8), (1020, 80)]


def test_vm_freespace_readme_coalesced() -> None:
    heap = FreeList(100, 1000, "best", "address", header=4, align=4, coalesce=True)
    assert [(done.address, done.searched) for done in heap.run(README)] == [
        (1000, 1),
        (1000, 0),
        (1000, 1),
        (1000, 0),
        (1000, 1),
    ]
    assert heap.free_list == [(1012, 88)]


# By hand, from the definitions: three holes of 20, 10 and 15 bytes between blocks, and 39 behind.
HOLES = "+20,+2,+10,+2,+15,+2,-0,-2,-4"


@pytest.mark.parametrize(
    ("strategy", "order", "address", "searched", "free_list"),
    [
        ("first", "address", 0, 1, [(9, 11), (22, 10), (34, 15), (51, 49)]),
        ("best", "address", 22, 4, [(0, 20), (31, 1), (34, 15), (51, 49)]),
        ("worst", "address", 51, 4, [(0, 20), (22, 10), (34, 15), (60, 40)]),
        ("next", "address", 51, 1, [(0, 20), (22, 10), (34, 15), (60, 40)]),
        ("first", "size-asc", 22, 1, [(31, 1), (34, 15), (0, 20), (51, 49)]),
        ("first", "size-desc", 51, 1, [(60, 40), (0, 20), (34, 15), (22, 10)]),
        ("best", "size-desc", 22, 4, [(51, 49), (0, 20), (34, 15), (31, 1)]),
        ("worst", "size-asc", 51, 4, [(22, 10), (34, 15), (0, 20), (60, 40)]),
    ],
)
def test_nine_bytes_among_three_holes(
    strategy: str, order: str, address: int, searched: int, free_list: list[tuple[int, int]]
) -> None:
    heap = FreeList(100, strategy=strategy, order=order)
    done = heap.run(HOLES + ",+9")[-1]
    assert (done.address, done.searched) == (address, searched)
    assert heap.free_list == free_list


def test_the_list_is_sorted_again_after_a_split() -> None:
    heap = FreeList(30, order="size-desc", strategy="worst")
    heap.run("+14,+2,-0")  # holes: (0, 14), (16, 14): equals, the newer one last
    assert heap.free_list == [(16, 14), (0, 14)]
    heap.run("+3")
    assert heap.free_list == [(0, 14), (19, 11)]


@pytest.mark.parametrize("order", ORDERS)
def test_neighbours_merge_whatever_the_order(order: str) -> None:
    heap = FreeList(100, order=order, coalesce=True)
    heap.run("+10,+30,+20,-0,-2,-1")
    assert heap.free_list == [(0, 100)]


def test_the_rover_goes_round() -> None:
    heap = FreeList(40, strategy="next")
    heap.run("+10,+10,+10,+10,-0,-2")  # full, then holes (0, 10) and (20, 10)
    assert heap.allocate(4).address == 0  # the list was empty: the rover stood on what came first
    assert heap.allocate(4).address == 4  # the rest of the block that was cut
    again = heap.allocate(4)  # 2 left there are too few: the next entry
    assert (again.address, again.searched) == (20, 2)
    assert heap.allocate(2).address == 24
    wrapped = heap.allocate(4)
    assert (wrapped.address, wrapped.searched) == (26, 1)
    failed = heap.allocate(4)
    assert (failed.address, failed.searched) == (None, 1)
    assert heap.allocate(2).address == 8


def test_the_rover_follows_a_block_into_a_merge() -> None:
    heap = FreeList(40, strategy="next", coalesce=True)
    blocks = [heap.allocate(8).address for _block in range(5)]
    heap.free(blocks[1] or 0)
    heap.free(blocks[3] or 0)
    assert heap.allocate(2).address == 8
    heap.free(blocks[0] or 0)
    heap.free(8)  # the rover's rest (10, 6) becomes part of (0, 16)
    assert heap.free_list == [(0, 16), (24, 8)]
    assert heap.allocate(2).searched == 1


def test_fragmentation() -> None:
    heap = FreeList(100, header=4, align=8)
    heap.run("+5,+5,+5,-1")
    assert heap.used == 2 * 12 and heap.largest == 64
    assert heap.internal_fragmentation == 2 * (4 + 3)
    assert heap.external_fragmentation == pytest.approx(12 / 76)
    full = FreeList(10)
    full.run("+10")
    assert full.unused == 0 and full.largest == 0 and full.external_fragmentation == 0


# --- bad input ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "names"),
    [
        ("", "“”"),
        ("10", "“10”"),
        ("+10,", "“”"),
        ("+0", "“+0”"),
        ("++1", "“++1”"),
        ("+1.5", "“+1.5”"),
        ("+٣", "“+٣”"),
        ("+" + "9" * 5000, "neither"),
        ("-0", "-0"),
        ("+10,-1", "-1"),
        ("+10,-0,-0", "-0"),
        ("+1000,-0", "-0"),
    ],
)
def test_a_wrong_operation_is_named(script: str, names: str) -> None:
    with pytest.raises(BadInput) as caught:
        FreeList(100).run(script)
    assert caught.value.argument == "ops"
    assert names in caught.value.message


def test_failed_allocations_count_too() -> None:
    heap = FreeList(20)
    assert [done.address for done in heap.run("+30,+10,-1")] == [None, 0, 0]


@pytest.mark.parametrize(
    ("options", "argument"),
    [
        ({"size": 0}, "size"),
        ({"size": 1, "base": -1}, "base"),
        ({"size": 1, "header": -1}, "header"),
        ({"size": 1, "align": 0}, "align"),
        ({"size": 1, "strategy": "quick"}, "strategy"),
        ({"size": 1, "order": "size"}, "order"),
    ],
)
def test_bad_settings(options: dict[str, object], argument: str) -> None:
    with pytest.raises(BadInput) as caught:
        FreeList(**options)  # type: ignore[arg-type]
    assert caught.value.argument == argument


def test_bad_calls() -> None:
    heap = FreeList(100)
    with pytest.raises(BadInput, match="request"):
        heap.allocate(0)
    heap.allocate(10)
    for address in (5, 50):
        with pytest.raises(BadInput, match="address"):
            heap.free(address)
