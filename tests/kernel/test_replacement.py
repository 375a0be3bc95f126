"""Page replacement: the published figures, and what must hold for any list of references."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_kernel.errors import BadInput
from lab_kernel.kernel.replacement import (
    POLICIES,
    Clock,
    Fifo,
    Lfu,
    Lru,
    Mru,
    Opt,
    Policy,
    Random,
    SecondChance,
    curve,
    new_policy,
    parse_references,
    simulate,
    steps,
)
from lab_kernel.trace import Trace

# Belady, Nelson and Shedler, "An anomaly in space-time characteristics of certain programs running
# in a paging machine", CACM 12(6), 1969.
BELADY = [1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5]
# Silberschatz, Galvin and Gagne, Operating System Concepts, 10th ed., section 10.4.
SILBERSCHATZ = [7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1]
# A common exercise string of 20 references; its figures were recomputed, not copied from a book.
EXERCISE = [1, 2, 3, 4, 2, 1, 5, 6, 2, 1, 2, 3, 7, 6, 3, 2, 1, 2, 3, 6]

references = st.lists(st.integers(0, 9), min_size=1, max_size=80)
frames = st.integers(1, 8)
names = st.sampled_from(list(POLICIES))


def faults(policy: str | Policy, size: int, pages: list[int]) -> int:
    return simulate(policy, size, pages).faults


def test_the_eight_policies_are_there() -> None:
    assert set(POLICIES) == {
        "fifo", "lru", "clock", "second-chance", "lfu", "mru", "random", "opt",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("policy", "three", "four"), [("fifo", 9, 10), ("lru", 10, 8), ("opt", 7, 6)]
)
def test_beladys_string(policy: str, three: int, four: int) -> None:
    assert curve(policy, BELADY, [3, 4]) == [(3, three), (4, four)]


@pytest.mark.parametrize(
    ("policy", "three", "four"), [("fifo", 15, 10), ("lru", 12, 8), ("opt", 9, 8)]
)
def test_silberschatz_string(policy: str, three: int, four: int) -> None:
    assert curve(policy, SILBERSCHATZ, [3, 4]) == [(3, three), (4, four)]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("lru", [20, 18, 15, 10, 8, 7, 7]),
        ("fifo", [20, 18, 16, 14, 10, 10, 7]),
        ("opt", [20, 15, 11, 8, 7, 7, 7]),
    ],
)
def test_one_to_seven_frames(policy: str, expected: list[int]) -> None:
    assert [count for _size, count in curve(policy, EXERCISE, range(1, 8))] == expected


@pytest.mark.parametrize("variant", [Clock, SecondChance])
def test_the_reference_bit_on_load_names_the_variant(
    variant: type[Clock] | type[SecondChance],
) -> None:
    assert faults(variant(), 3, SILBERSCHATZ) == 14
    assert faults(variant(referenced_on_load=False), 3, SILBERSCHATZ) == 11


def test_mru_keeps_a_part_of_a_loop_that_lru_loses_entirely() -> None:
    loop = [0, 1, 2, 3] * 5
    assert faults("lru", 3, loop) == len(loop)
    assert faults("mru", 3, loop) < len(loop) // 2


def test_lfu_ties_by_last_use_and_forgets_what_leaves() -> None:
    # 1 and 2 are used twice each, 1 longer ago: 1 leaves, although 2 came first.
    assert steps("lfu", 2, [2, 1, 1, 2, 3])[-1].evicted == 1
    # 1 comes back with a count of one, so that 2 (used twice) outlives it.
    assert [step.evicted for step in steps("lfu", 2, [1, 1, 2, 2, 3, 1, 4])][-2:] == [3, 1]


def test_opt_lets_the_dead_page_unused_longest_go_first() -> None:
    assert [s.evicted for s in steps("opt", 3, [1, 2, 3, 1, 4, 5])][-2:] == [2, 3]


def test_opt_refuses_another_future() -> None:
    with pytest.raises(ValueError, match="not the future"):
        simulate(Opt([1, 2, 3]), 2, [1, 2, 4])


def test_random_is_seeded() -> None:
    pages = [random.Random(1).randrange(20) for _ in range(5)] * 40
    pages = [(page + n) % 20 for n, page in enumerate(pages)]
    runs = {seed: simulate("random", 5, pages, seed=seed) for seed in range(8)}
    assert runs[3] == simulate("random", 5, pages, seed=3)
    assert len({run.faults for run in runs.values()}) > 1


def test_steps_show_every_frame() -> None:
    seen = steps("fifo", 2, [5, 6, 5, 7])
    assert [(s.hit, s.loaded_frame, s.evicted, s.resident) for s in seen] == [
        (False, 0, None, (5, None)),
        (False, 1, None, (5, 6)),
        (True, None, None, (5, 6)),
        (False, 0, 5, (7, 6)),
    ]


def test_a_trace_has_one_event_per_reference() -> None:
    trace = Trace()
    result = simulate("lru", 3, SILBERSCHATZ, trace=trace)
    assert result == simulate("lru", 3, SILBERSCHATZ)
    assert trace.counts() == {"fault": result.faults, "hit": result.hits}
    assert [event.time for event in trace] == list(range(len(SILBERSCHATZ)))
    assert set(trace.tracks()) == {"frame 0", "frame 1", "frame 2"}
    assert Trace.from_json_lines(trace.to_json_lines()) == trace


@given(references, frames, names)
def test_the_counts_add_up(pages: list[int], size: int, name: str) -> None:
    result = simulate(name, size, pages)
    seen = steps(name, size, pages)
    at_the_end = sum(page is not None for page in seen[-1].resident)
    assert result.hits + result.faults == result.references == len(pages)
    assert result.evictions == result.faults - at_the_end
    assert result.hits == sum(step.hit for step in seen)
    assert result.hit_ratio == result.hits / len(pages)


@given(references, frames, names)
def test_memory_is_never_overfull_and_holds_no_page_twice(
    pages: list[int], size: int, name: str
) -> None:
    before: set[int] = set()
    for page, step in zip(pages, steps(name, size, pages), strict=True):
        resident = [held for held in step.resident if held is not None]
        assert len(step.resident) == size
        assert len(resident) == len(set(resident))
        assert page in resident and step.reference == page
        assert step.hit == (page in before)
        assert set(resident) == (before - {step.evicted}) | {page}
        before = set(resident)


@given(references, frames, names, st.integers(0, 3))
def test_opt_never_loses(pages: list[int], size: int, name: str, seed: int) -> None:
    assert faults("opt", size, pages) <= simulate(name, size, pages, seed=seed).faults


@given(references, frames)
def test_opt_is_the_optimum(pages: list[int], size: int) -> None:
    """Against the definition, looked up the slow way."""

    def next_use(page: int, now: int) -> int:
        return next((t for t in range(now + 1, len(pages)) if pages[t] == page), len(pages))

    resident: set[int] = set()
    count = 0
    for now, page in enumerate(pages):
        if page not in resident:
            count += 1
            if len(resident) == size:
                resident.remove(max(resident, key=lambda held: next_use(held, now)))
            resident.add(page)
    assert faults("opt", size, pages) == count


@given(references, frames, st.sampled_from(["lru", "opt"]))
def test_stack_algorithms_obey_inclusion(pages: list[int], size: int, name: str) -> None:
    """LRU's larger memory holds all that the smaller one holds, so its faults never rise."""
    if name == "lru":
        for small, large in zip(
            steps(name, size, pages), steps(name, size + 1, pages), strict=True
        ):
            assert set(small.resident) - {None} <= set(large.resident)
    assert faults(name, size + 1, pages) <= faults(name, size, pages)


@given(references, frames, st.booleans())
def test_clock_and_second_chance_decide_alike(
    pages: list[int], size: int, referenced_on_load: bool
) -> None:
    ring = steps(Clock(referenced_on_load=referenced_on_load), size, pages)
    queue = steps(SecondChance(referenced_on_load=referenced_on_load), size, pages)
    assert ring == queue


@given(references, frames)
def test_with_room_for_everything_only_first_uses_fault(pages: list[int], size: int) -> None:
    room = max(size, len(set(pages)))
    assert {faults(name, room, pages) for name in POLICIES} == {len(set(pages))}


@given(st.data(), st.sampled_from([Fifo, Lru, Clock, SecondChance, Lfu, Mru, Random]))
def test_pages_may_leave_by_themselves(data: st.DataObject, kind: type[Policy]) -> None:
    """``remove`` at any moment: what is left is exactly what the policy can still name."""
    policy = kind()
    resident: set[int] = set()
    for _ in range(data.draw(st.integers(1, 30))):
        page = data.draw(st.integers(0, 5))
        if page not in resident:
            policy.load(page)
            resident.add(page)
        elif data.draw(st.booleans()):
            policy.hit(page)
        else:
            policy.remove(page)
            resident.remove(page)
    assert {policy.victim() for _ in range(len(resident))} == resident
    for unknown in (policy.victim, lambda: policy.hit(0), lambda: policy.remove(0)):
        with pytest.raises(KeyError):
            unknown()


def test_opt_is_quick_on_a_long_recording() -> None:
    """Its heap is swept, so that it stays near the number of frames and not of references."""
    chance = random.Random(7)
    pages = [int(chance.paretovariate(0.8)) % 500 for _ in range(20_000)]
    policy = Opt(pages)
    simulate(policy, 16, pages)
    assert len(policy._furthest) < 2_000


@pytest.mark.parametrize(
    ("policy", "size", "pages", "argument", "says"),
    [
        ("best", 3, [1], "policy", "fifo, lru, clock"),
        ("lru", 0, [1], "frames", "from 1 up"),
        ("lru", -2, [1], "frames", "-2"),
        ("lru", 3, [], "references", "at least one"),
        ("lru", 3, [1, -1], "references", "-1"),
        ("lru", 3, [1, "2"], "references", "'2'"),
        ("opt", 3, [1.5], "references", "1.5"),
    ],
)
def test_bad_input_is_named(
    policy: str, size: int, pages: list[int], argument: str, says: str
) -> None:
    for run in (simulate, steps):
        with pytest.raises(BadInput, match=says) as caught:
            run(policy, size, pages)
        assert caught.value.argument == argument
    with pytest.raises(BadInput, match=says):
        curve(policy, pages, [size])


def test_parse_references() -> None:
    assert parse_references("7,0, 1") == parse_references("7 0 1\n") == [7, 0, 1]
    assert parse_references(" 7 ,  0\t1\n\n") == [7, 0, 1]
    for text, says in [
        ("7,x", "'x'"), ("1,-2", "'-2'"), ("", "no page number"), (" , ", "no page number"),
        ("1,,2", "''"), ("1,2,", "''"), (",1", "''"), ("1 , , 2", "''"),
        ("1.5", "'1.5'"), ("²", "'²'"), ("9" * 5000, "page number"),
    ]:  # fmt: skip
        with pytest.raises(BadInput, match=says) as caught:
            parse_references(text)
        assert caught.value.argument == "refs"


def test_new_policy_gives_a_fresh_one() -> None:
    for name in POLICIES:
        assert new_policy(name, [1]).name == name
        assert new_policy(name, [1]) is not new_policy(name, [1])
