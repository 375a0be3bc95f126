"""Stack distances against the pile itself, and against LRU run once for every size."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lab_kernel.kernel.replacement import simulate
from lab_kernel.kernel.stack_distance import distances, miss_curve

references = st.lists(st.integers(0, 12), min_size=1, max_size=150)


def by_the_pile(pages: list[int]) -> list[int | None]:
    """The definition, acted out: O(n d)."""
    pile: list[int] = []
    depths: list[int | None] = []
    for page in pages:
        depths.append(pile.index(page) + 1 if page in pile else None)
        if page in pile:
            pile.remove(page)
        pile.insert(0, page)
    return depths


def test_by_hand() -> None:
    assert distances([1, 2, 3, 1, 1, 2, 4]) == [None, None, None, 3, 1, 3, None]
    assert distances([]) == []


def test_the_curve_of_the_textbook_string() -> None:
    # LRU figures of the 20-long string in tests/kernel/test_replacement.py.
    pages = [1, 2, 3, 4, 2, 1, 5, 6, 2, 1, 2, 3, 7, 6, 3, 2, 1, 2, 3, 6]
    assert miss_curve(pages, 7) == list(enumerate([20, 18, 15, 10, 8, 7, 7], 1))


@given(references)
def test_distances_are_depths_in_the_pile(pages: list[int]) -> None:
    assert distances(pages) == by_the_pile(pages)


@given(references)
def test_the_curve_is_lru_for_every_size_and_never_rises(pages: list[int]) -> None:
    curve = miss_curve(pages, 14)
    assert curve == [(n, simulate("lru", n, pages).faults) for n in range(1, 15)]
    counts = [faults for _, faults in curve]
    assert counts == sorted(counts, reverse=True)
    assert counts[-1] == len(set(pages))


def test_many_pages_and_many_renumberings() -> None:
    pages = [(n * n + n // 7) % 211 for n in range(3_000)]
    assert distances(pages) == by_the_pile(pages)
