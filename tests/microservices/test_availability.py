"""Availability of chains and fans: formula, every case counted, and the simulated cluster.

Oracles: a^n (design notes of every textbook; ten of 99.9% are 99.0%), the binomial distribution by
``math.comb``, every outcome enumerated, and requests counted on the cluster, whose share has to
lie in Wilson's interval. The interval itself: Wikipedia's and NIST's formula solved as the
quadratic equation that defines it.
"""

from __future__ import annotations

import math
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_kernel.errors import BadInput
from lab_kernel.microservices.availability import (
    chain,
    enough,
    expected,
    interval,
    longest,
    measured,
)
from lab_kernel.microservices.calls import Call
from lab_kernel.microservices.service import Group, Service
from lab_kernel.microservices.shop import shop

SURE = 4  # standard deviations: a right formula fails once in 16,000 runs, and runs are seeded
SHARES = st.floats(0, 1)


def test_a_chain_is_the_product() -> None:
    assert chain([0.999] * 10) == pytest.approx(0.999**10) == pytest.approx(0.990, abs=5e-5)
    assert chain([]) == 1


@given(st.integers(0, 12), SHARES, st.data())
def test_equal_shares_are_the_binomial_distribution(n: int, share: float, data: Any) -> None:
    needs = data.draw(st.integers(0, n))
    tail = sum(math.comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(needs, n + 1))
    assert enough([share] * n, needs) == pytest.approx(tail, abs=1e-9)


@given(st.lists(SHARES, max_size=6), st.data())
def test_different_shares_by_every_outcome(shares: list[float], data: Any) -> None:
    needs = data.draw(st.integers(0, len(shares)))
    total = sum(
        math.prod(p if up else 1 - p for p, up in zip(shares, outcome, strict=True))
        for outcome in product((False, True), repeat=len(shares))
        if sum(outcome) >= needs
    )
    assert enough(shares, needs) == pytest.approx(total, abs=1e-9)
    assert enough(shares, len(shares)) == pytest.approx(chain(shares), abs=1e-9)


def fan(needs: int | None, fails: float = 0.2, n: int = 3) -> list[Service]:
    names = [f"s{number}" for number in range(n)]
    rest = [Service(name, 1, workers=4, fails=fails) for name in names]
    return [Service("a", 1, workers=8, calls=(Group(*names, needs=needs),)), *rest]


CASES = {
    "chain": (
        [Service("a", 1, fails=0.1, calls=("b",)), Service("b", 1, fails=0.1, calls=("c",)),
         Service("c", 1, fails=0.1)],
        0.9**3,
    ),
    "all": (fan(None), 0.8**3),
    "any": (fan(1), 1 - 0.2**3),
    "two of three": (fan(2), 0.8**3 + 3 * 0.8**2 * 0.2),
    "optional": (
        [Service("a", 1, calls=("b", Call("c", optional=True))), Service("b", 1, fails=0.2),
         Service("c", 1, fails=0.5)],
        0.8,
    ),
    "shop": (shop(fails=0.05), 0.95**6),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_cluster_agrees_with_the_formula(name: str) -> None:
    services, share = CASES[name]
    assert expected({each.name: each for each in services}, services[0].name) == pytest.approx(
        share
    )
    good, total = measured(services, 500, seed=2)
    low, high = interval(good, total, SURE)
    assert total > 400 and low < share < high
    assert high - low < 0.2  # and it could have disagreed


@given(st.integers(1, 500), st.data())
def test_the_interval_solves_its_equation(total: int, data: Any) -> None:
    """Its ends are the shares p for which the count lies z standard deviations of p away."""
    good = data.draw(st.integers(0, total))
    for end in interval(good, total):
        deviation = math.sqrt(end * (1 - end) / total)
        away = abs(good / total - end)
        assert away == pytest.approx(1.96 * deviation, abs=1e-7) or end in (0, 1)
    low, high = interval(good, total)
    assert low <= good / total + 1e-12 and good / total <= high + 1e-12 and high > low


@given(st.floats(0.5, 0.9999), st.floats(0.1, 0.999))
def test_the_longest_chain(share: float, target: float) -> None:
    """As long as the product is not below the target, and one more would be."""
    length = longest(share, target)
    assert share**length >= target - 1e-9
    assert share ** (length + 1) < target + 1e-9


@pytest.mark.parametrize(
    "broken",
    [
        lambda: chain([1.1]),
        lambda: enough([0.5], 2),
        lambda: enough([-0.1], 1),
        lambda: longest(1, 0.9),
        lambda: interval(2, 1),
        lambda: interval(0, 0),
    ],
)
def test_bad_input(broken: Any) -> None:
    with pytest.raises(BadInput):
        broken()
