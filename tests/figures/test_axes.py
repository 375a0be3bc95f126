from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_kernel.figures.axes import Scale, said, spread, ticks

VALUES = st.floats(-1e9, 1e9, allow_nan=False)


def test_ticks_are_round() -> None:
    assert ticks(0, 20) == [0, 5, 10, 15, 20]
    assert ticks(1, 7, 12, whole=True) == [1, 2, 3, 4, 5, 6, 7]
    assert [said(tick) for tick in ticks(0, 0.5)] == ["0", "0.1", "0.2", "0.3", "0.4", "0.5"]
    assert ticks(3, 3) == [3]


@given(VALUES, VALUES, st.integers(1, 12))
def test_ticks_lie_inside_evenly_and_are_few(a: float, b: float, about: int) -> None:
    low, high = sorted((a, b))
    found = ticks(low, high, about)
    assert len(found) <= about + 1
    assert all(Fraction(low) <= tick <= Fraction(high) for tick in found)
    assert len({second - first for first, second in pairwise(found)}) <= 1


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (1500, "1,500"), (0.25, "0.25"), (-3, "-3"), (2e-7, "2e-07")]
)
def test_numbers_as_an_axis_shows_them(value: float, text: str) -> None:
    assert said(value) == text


def test_a_scale_keeps_addresses_of_64_bits_apart() -> None:
    top = 2**64
    across = Scale(top - 16, top, 0, 160)
    assert [across(top - 16 + n) for n in (0, 1, 16)] == [0, 10, 160]
    assert Scale(5, 5, 0, 10)(5) == 5


@given(st.lists(st.floats(0, 200), min_size=1, max_size=8))
def test_labels_are_spread_in_order_and_inside(wanted: list[float]) -> None:
    places = spread(wanted, 18, 0, 200)
    assert all(-1e-6 <= place <= 200 + 1e-6 for place in places)
    ordered = [place for _, place in sorted(zip(wanted, places, strict=True))]
    assert all(b - a >= 18 - 1e-6 for a, b in pairwise(ordered))
