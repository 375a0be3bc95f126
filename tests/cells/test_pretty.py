"""Values as text, against IPython's own printer, which wrote the labs' committed outputs."""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_kernel.cells.pretty import pretty

ipython = pytest.importorskip("IPython.lib.pretty", reason="IPython is not installed")

leaf = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.binary(max_size=20),
    st.text(max_size=60), st.sampled_from([int, Counter, len, ..., ValueError("wrong", 3)]),
)  # fmt: skip
key = st.one_of(st.integers(), st.text(max_size=30))
values = st.recursive(
    leaf,
    lambda inner: st.one_of(
        st.lists(inner, max_size=12),
        st.lists(inner, max_size=12).map(tuple),
        st.lists(inner, max_size=6).map(deque),
        st.sets(st.integers(), max_size=20),
        st.frozensets(st.text(max_size=12)),
        st.dictionaries(key, inner, max_size=8),
        st.dictionaries(key, inner, max_size=4).map(OrderedDict),
        st.dictionaries(key, inner, max_size=4).map(MappingProxyType),
        st.dictionaries(key, inner, max_size=4).map(lambda d: defaultdict(list, d)),
        st.lists(key, max_size=12).map(Counter),
    ),
    max_leaves=40,
)


@given(values)
def test_a_value_reads_as_in_a_notebook(value: object) -> None:
    assert pretty(value) == ipython.pretty(value)


class Point(NamedTuple):
    x: int
    y: int


@dataclass
class Frame:
    number: int


class Bare:
    pass


class Names(list[str]):
    pass


def cycle() -> object:
    inner: list[Any] = [1]
    inner.append({"again": inner})
    return inner


@pytest.mark.parametrize(
    "make",
    [
        cycle,
        lambda: [Point(number, -number) for number in range(20)],
        lambda: {number: Frame(number) for number in range(12)},
        lambda: Names(["frame"] * 30),
        lambda: (Bare, Frame, cycle, str.upper, [].append),
        lambda: list(range(1200)),
        lambda: {(number, "page" * 5): [number] * 40 for number in range(3)},
        lambda: {1, "one", None},
        lambda: deque(range(40), maxlen=50),
        lambda: [ValueError("x" * 60, ["y"] * 20)],
        lambda: ["x" * 100, ["y" * 100]],
    ],
)
def test_a_lab_s_own_things_read_as_in_a_notebook(make: Callable[[], object]) -> None:
    value = make()
    assert pretty(value) == ipython.pretty(value)


def test_a_plain_object_says_what_it_is() -> None:
    assert pretty(Bare()).startswith(f"<{__name__}.Bare at 0x")
