"""Every policy against figures worked out elsewhere, and what must hold of every run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_kernel.errors import BadInput
from lab_kernel.kernel.scheduler import (
    POLICIES,
    WEIGHTS,
    Eevdf,
    Job,
    Periodic,
    Schedule,
    Task,
    edf_admits,
    liu_layland_bound,
    parse_jobs,
    response_times,
    schedule,
    utilization,
)
from lab_kernel.kernel.scheduler.policy import NEW


def order(done: Schedule) -> str:
    """One letter a tick of CPU 0, a dot where it was idle."""
    line = ["."] * done.makespan
    for segment in done.segments:
        if segment.cpu == 0:
            line[segment.start : segment.end] = segment.job * (segment.end - segment.start)
    return "".join(line)


def shares(done: Schedule, until: int) -> dict[str, float]:
    ran: Counter[str] = Counter()
    for segment in done.segments:
        ran[segment.job] += max(0, min(until, segment.end) - segment.start)
    return {job: ticks / until for job, ticks in ran.items()}


# Textbook figures.


def test_round_robin_of_one_tick() -> None:
    # Arpaci-Dusseau, OSTEP, homework of chapter 7 (scheduler.py), bursts 5, 2, 3
    mean = schedule(parse_jobs("A:0:5,B:0:2,C:0:3"), "rr", quantum=1).mean
    assert [round(value, 2) for value in mean] == [1.00, 7.67, 4.33]


def test_round_robin_of_four() -> None:
    # Silberschatz, Operating System Concepts, 5.3.3: bursts 24, 3, 3
    assert schedule(parse_jobs("A:0:24,B:0:3,C:0:3"), "rr", quantum=4).mean.waiting == 17 / 3


def test_shortest_remaining_time_first() -> None:
    # Silberschatz, 5.3.2
    assert schedule(parse_jobs("A:0:8,B:1:4,C:2:9,D:3:5"), "srtf").mean.waiting == 6.5


def test_shortest_job_first_lets_a_long_one_finish() -> None:
    # Silberschatz, 5.3.2, the same jobs without preemption: 7.75
    assert schedule(parse_jobs("A:0:8,B:1:4,C:2:9,D:3:5"), "sjf").mean.waiting == 7.75


def test_first_come_first_served_shows_the_convoy() -> None:
    # Silberschatz, 5.3.1: 17 in this order, 3 when the long one comes last
    assert schedule(parse_jobs("A:0:24,B:0:3,C:0:3"), "fcfs").mean.waiting == 17
    assert schedule(parse_jobs("B:0:3,C:0:3,A:0:24"), "fcfs").mean.waiting == 3


def test_priorities() -> None:
    # Silberschatz, 5.3.4: mean waiting 8.2
    jobs = "A:0:10:priority=3,B:0:1:priority=1,C:0:2:priority=4,D:0:1:priority=5,E:0:5:priority=2"
    assert schedule(parse_jobs(jobs), "priority").mean.waiting == 8.2


def test_aging_ends_starvation() -> None:
    jobs = [Job("low", 0, 2, priority=9)]
    jobs += [Job(f"high{n}", 2 * n, 2, priority=1) for n in range(40)]
    starved = schedule(jobs, "priority").jobs[0]
    aged = schedule(jobs, "priority", aging=2).jobs[0]
    assert starved.response == 80
    assert aged.response <= (9 - 1) * 2 + 2


def test_stride() -> None:
    # OSTEP 9.6: strides 100, 200, 40
    jobs = "A:0:9:tickets=100,B:0:9:tickets=50,C:0:9:tickets=250"
    assert order(schedule(parse_jobs(jobs), "stride", quantum=1))[:9] == "ABCCCACCC"


def test_rate_monotonic_and_edf() -> None:
    done = schedule(parse_jobs("A:0:1:period=4,B:0:2:period=6,C:0:3:period=12"), "rm")
    first = {job.name: job.turnaround for job in done.jobs}
    assert (first["A"], first["B"], first["C"]) == (1, 3, 10)
    assert response_times([Periodic(1, 4), Periodic(2, 6), Periodic(3, 12)]) == [1, 3, 10]
    tight = [Periodic(25, 50), Periodic(35, 80)]
    assert response_times(tight) == [25, None]
    assert edf_admits(tight) and utilization(tight) < 1
    missed = {
        policy: [
            job.name
            for job in schedule(parse_jobs("A:0:25:period=50,B:0:35:period=80"), policy).jobs
            if job.due is not None and job.finish > job.due
        ]
        for policy in ("rm", "edf")
    }
    assert missed == {"rm": ["B"], "edf": []}


def test_the_bound_of_liu_and_layland() -> None:
    bounds = [round(liu_layland_bound(n), 4) for n in range(1, 6)]
    assert bounds == [1, 0.8284, 0.7798, 0.7568, 0.7435]
    assert liu_layland_bound(10**6) == pytest.approx(log(2), abs=1e-6)


def test_weights_are_those_of_linux() -> None:
    assert (WEIGHTS[-20], WEIGHTS[0], WEIGHTS[5], WEIGHTS[19]) == (88761, 1024, 335, 15)
    assert len(WEIGHTS) == 40


@pytest.mark.parametrize("policy", ["cfs", "eevdf"])
def test_nice_shares_are_the_weights(policy: str) -> None:
    jobs = [Job("A", 0, 9000), Job("B", 0, 9000, nice=1), Job("C", 0, 9000, nice=5)]
    got = shares(schedule(jobs, policy, quantum=3), 9000)
    total = WEIGHTS[0] + WEIGHTS[1] + WEIGHTS[5]
    for name, nice in (("A", 0), ("B", 1), ("C", 5)):
        assert got[name] == pytest.approx(WEIGHTS[nice] / total, abs=0.003)


def test_eevdf_answers_a_short_slice_sooner_at_the_same_share() -> None:
    hogs = [Job("hog", 0, 3000, slice=30), Job("other", 0, 3000, slice=30)]
    steady = schedule([*hogs, Job("short", 0, 3000, slice=3)], "eevdf")
    assert shares(steady, 6000)["short"] == pytest.approx(1 / 3, abs=0.01)
    naps = [Job("long", 0, 60, io=(2, 20), slice=30), Job("short", 0, 60, io=(2, 20), slice=3)]
    waiting = {job.name: job.waiting for job in schedule([*hogs, *naps], "eevdf").jobs}
    assert waiting["short"] < waiting["long"]


def test_eevdf_does_not_forgive_a_nap() -> None:
    """Two equal tasks; one sleeps for a tick whenever its slice is over. It gains nothing by it."""
    jobs = [Job("works", 0, 3000), Job("naps", 0, 3000, io=(8, 1))]
    got = shares(schedule(jobs, "eevdf", quantum=8), 3000)
    assert got["naps"] <= 0.5 < got["works"] + 0.01


# MLFQ, where the rules leave something open.


def test_mlfq_goes_down_level_by_level() -> None:
    done = schedule(parse_jobs("A:0:20,B:0:20"), "mlfq", quantum=(2, 4, 8), allotment=(1, 1, 1))
    assert order(done)[:28] == "AABBAAAABBBB" + "AAAAAAAA" + "BBBBBBBB"


def test_a_preempted_job_stays_at_the_head_with_what_is_left() -> None:
    jobs = parse_jobs("A:0:10,B:0:10,C:6:1")
    done = schedule(jobs, "mlfq", quantum=(2, 4), allotment=(1, 1))
    # A and B go down after 2 each; A has had 2 of its 4 ticks when C comes, and then has 2 more
    assert order(done)[:11] == "AABB" + "AA" + "C" + "AA" + "BB"


def test_a_quantum_that_ends_queues_before_an_arrival() -> None:
    assert order(schedule(parse_jobs("A:0:4,B:2:2"), "rr", quantum=2)) == "AAAABB"
    assert order(schedule(parse_jobs("A:0:4,C:0:2,B:2:2"), "rr", quantum=2)) == "AACCAABB"


def test_a_boost_brings_all_to_the_top() -> None:
    jobs = parse_jobs("A:0:30,B:10:4,C:10:4")
    without = schedule(jobs, "mlfq", quantum=(1, 100), allotment=(4, 1))
    boosted = schedule(jobs, "mlfq", quantum=(1, 100), allotment=(4, 1), boost=12)
    assert order(without)[10:18] == "BCBCBCBC"
    # at 12 A comes up; B (then C) stood on top before it, and keeps its place
    assert order(boosted)[10:21] == "BCBCABCABCA"


def test_a_boost_refreshes_the_running_job() -> None:
    jobs = parse_jobs("A:0:20,B:1:20")
    without = schedule(jobs, "mlfq", quantum=(8,), allotment=(1,))
    boosted = schedule(jobs, "mlfq", quantum=(8,), allotment=(1,), boost=5)
    assert order(without)[:9] == "A" * 8 + "B"
    assert order(boosted)[:21] == "A" * 20 + "B"  # a boost oftener than a quantum starves others


def test_io_keeps_or_renews_the_allotment() -> None:
    jobs = parse_jobs("A:0:8:io=1/1,B:0:40")
    gamed = schedule(jobs, "mlfq", quantum=(2, 50), allotment=(1, 1), stay=True)
    fair = schedule(jobs, "mlfq", quantum=(2, 50), allotment=(1, 1))
    assert gamed.jobs[0].finish < fair.jobs[0].finish


def test_bump_puts_a_woken_job_at_the_head() -> None:
    jobs = parse_jobs("A:0:2:io=1/2,B:0:9,C:0:9")
    settings = {"quantum": (3,), "allotment": (1,)}
    assert order(schedule(jobs, "mlfq", **settings))[:8] == "ABBBCCCA"
    assert order(schedule(jobs, "mlfq", bump=True, **settings))[:8] == "ABBBACCC"


# Several CPUs.


def test_two_cpus_share_a_queue() -> None:
    done = schedule(parse_jobs("A:0:4,B:0:4,C:0:4"), "fcfs", cpus=2)
    assert done.makespan == 8
    assert {segment.cpu for segment in done.segments} == {0, 1}


def test_an_idle_cpu_steals_but_not_what_is_tied() -> None:
    jobs = "A:0:9,B:0:1,C:0:9"
    free = schedule(parse_jobs(jobs), "fcfs", cpus=2, per_cpu=True)
    tied = schedule(parse_jobs(jobs + ":cpu=0"), "fcfs", cpus=2, per_cpu=True)
    assert (free.makespan, tied.makespan) == (10, 18)
    assert [s.cpu for s in (*free.segments, *tied.segments) if s.job == "C"] == [1, 0]


def test_a_look_at_what_cannot_be_stolen_leaves_the_queue_as_it_is() -> None:
    jobs = parse_jobs("A:0:10:cpu=0,B:0:5:cpu=0,C:0:5:cpu=0,D:0:1:cpu=1")
    assert order(schedule(jobs, "fcfs", cpus=2, per_cpu=True)) == "A" * 10 + "B" * 5 + "C" * 5
    jobs = parse_jobs("A:0:10:cpu=0,D:0:2:cpu=1,B:0:10:cpu=0,E:0:2:cpu=1,C:0:5")
    done = schedule(jobs, "fcfs", cpus=2, per_cpu=True)
    assert [(s.cpu, s.start) for s in done.segments if s.job == "C"] == [(1, 4)]


def test_stride_is_exact_for_any_tickets() -> None:
    jobs = parse_jobs("A:0:80:tickets=10000,B:0:80:tickets=6000")
    assert shares(schedule(jobs, "stride", quantum=1), 80) == {"A": 5 / 8, "B": 3 / 8}


def test_ties_go_to_the_earlier_arrival() -> None:
    assert order(schedule(parse_jobs("X:0:5,B:3:2,A:1:2"), "sjf")) == "XXXXXAABB"


def test_a_switch_costs_time_and_going_on_does_not() -> None:
    done = schedule(parse_jobs("A:0:4,B:0:2"), "rr", quantum=2, switch_cost=3)
    assert [(s.job, s.start, s.end) for s in done.segments] == [
        ("A", 0, 2),
        ("B", 5, 7),
        ("A", 10, 12),
    ]
    assert done.context_switches == 2
    assert schedule(parse_jobs("A:0:9"), "rr", quantum=2, switch_cost=3).makespan == 9


# What holds of every run.

jobs_of_any_kind = st.lists(
    st.builds(
        Job,
        name=st.just("?"),
        arrival=st.integers(0, 30),
        burst=st.integers(1, 20),
        nice=st.integers(-20, 19),
        priority=st.integers(0, 5),
        tickets=st.integers(1, 500),
        deadline=st.none() | st.integers(1, 60),
        io=st.none() | st.tuples(st.integers(1, 5), st.integers(1, 9)),
        slice=st.none() | st.integers(1, 9),
    ),
    min_size=1,
    max_size=12,
).map(
    lambda jobs: [
        Job(**{field: getattr(job, field) for field in Job.__slots__} | {"name": f"J{n}"})
        for n, job in enumerate(jobs)
    ]
)


@given(
    jobs_of_any_kind,
    st.sampled_from(list(POLICIES)),
    st.integers(1, 3),
    st.booleans(),
    st.integers(0, 2),
)
def test_every_tick_is_accounted_for(
    jobs: Sequence[Job], policy: str, cpus: int, per_cpu: bool, cost: int
) -> None:
    done = schedule(jobs, policy, cpus=cpus, per_cpu=per_cpu, switch_cost=cost)
    ran: Counter[str] = Counter()
    until: dict[int, int] = {}
    for segment in done.segments:
        assert segment.start >= until.get(segment.cpu, 0)  # a CPU runs one at a time
        until[segment.cpu] = segment.end
        ran[segment.job] += segment.end - segment.start
    for job, told in zip(jobs, done.jobs, strict=True):
        assert ran[job.name] == job.burst
        assert told.response >= 0 and told.waiting >= 0
        own = sorted((s.start, s.end) for s in done.segments if s.job == job.name)
        assert own[0][0] >= job.arrival and own[-1][1] == told.finish
        assert all(a[1] <= b[0] for a, b in pairwise(own))  # on one CPU at a time
    again = schedule(jobs, policy, cpus=cpus, per_cpu=per_cpu, switch_cost=cost)
    assert again == done


@given(jobs_of_any_kind, st.sampled_from(list(POLICIES)))
def test_no_cpu_is_idle_while_a_job_is_ready(jobs: Sequence[Job], policy: str) -> None:
    """Without I/O and switch costs: one CPU is busy from each arrival until all work is done."""
    plain = [Job(job.name, job.arrival, job.burst, nice=job.nice) for job in jobs]
    done = schedule(plain, policy)
    time = 0
    for job in sorted(plain, key=lambda job: job.arrival):
        time = max(time, job.arrival) + job.burst
    assert done.makespan == time


@given(st.lists(st.integers(1, 500), min_size=2, max_size=6))
def test_stride_is_never_a_quantum_off_its_share(tickets: list[int]) -> None:
    """Against each other task the error stays below a quantum (Waldspurger and Weihl, 1995)."""
    jobs = [Job(f"J{n}", 0, 150, tickets=count) for n, count in enumerate(tickets)]
    done = schedule(jobs, "stride", quantum=1)
    end = min(job.finish for job in done.jobs)
    line = [segment for segment in done.segments if segment.start < end]
    for n, a in enumerate(tickets):
        for m, b in enumerate(tickets[:n]):
            ran = dict.fromkeys((n, m), 0)
            for segment in line:
                which = int(segment.job[1:])
                if which in ran:
                    ran[which] += min(end, segment.end) - segment.start
            strides = [Fraction(1, count) for count in (a, b)]
            assert abs(ran[n] * strides[0] - ran[m] * strides[1]) <= max(strides)


@given(st.lists(st.integers(-5, 10), min_size=2, max_size=6), st.integers(1, 8))
def test_eevdf_keeps_every_lag_within_a_slice(nices: list[int], slice_: int) -> None:
    """Stoica and Abdel-Wahab, theorem 1: -slice < lag < slice for tasks that are always ready."""
    jobs = [Job(f"J{n}", 0, 300, nice=nice) for n, nice in enumerate(nices)]
    done = schedule(jobs, "eevdf", quantum=slice_)
    end = min(job.finish for job in done.jobs)
    total = sum(WEIGHTS[nice] for nice in nices)
    got = dict.fromkeys((job.name for job in jobs), 0)
    for segment in done.segments:
        if segment.start >= end:
            break
        got[segment.job] += min(segment.end, end) - segment.start
        now = min(segment.end, end)
        for job in jobs:
            owed = now * WEIGHTS[job.nice] / total - got[job.name]
            assert abs(owed) <= slice_ + 1  # slices end on whole ticks


# Bad input.


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("", "NAME:ARRIVAL:BURST"),
        ("A:0", "NAME:ARRIVAL:BURST"),
        (":0:1", "NAME:ARRIVAL:BURST"),
        ("A:-1:3", "-1"),
        ("A:0:0", "“0”"),
        ("A:0:3:nice=20", "20"),
        ("A:0:3:nice", "nice"),
        ("A:0:3:size=2", "size=2"),
        ("A:0:3:nice=1:nice=2", "nice=2"),
        ("A:0:3:io=3", "io"),
        ("A:0:3:io=0/2", "io"),
    ],
)
def test_a_bad_line_of_jobs_names_what_is_wrong(line: str, word: str) -> None:
    with pytest.raises(BadInput, match="jobs") as refused:
        parse_jobs(line)
    assert word in str(refused.value)


def test_jobs_that_cannot_be() -> None:
    for jobs, settings in (
        ([], {}),
        (parse_jobs("A:0:1,A:0:2"), {}),
        (parse_jobs("A:0:1:cpu=2"), {"cpus": 2, "per_cpu": True}),
        (parse_jobs("A:0:1:cpu=0"), {}),
        (parse_jobs("A:0:1:period=99991,B:0:1:period=99989"), {}),
    ):
        with pytest.raises(BadInput):
            schedule(jobs, "rr", **settings)
    with pytest.raises(BadInput, match="policy"):
        schedule(parse_jobs("A:0:1"), "best")


def test_a_stolen_task_leaves_nothing_behind_in_the_queue_it_was_stolen_from() -> None:
    first, second, task = Eevdf(), Eevdf(), Task("A")
    first.add(task, 0, NEW)
    first.remove(task)
    first.leave(task, 0, ended=True)
    task.entity = None
    second.add(task, 0, NEW)
    assert (first.waiting(), second.waiting()) == ([], [task])


# In rounds of the others' quanta; stride may let one go twice before another's turn.
@given(
    st.sampled_from([("rr", 1), ("eevdf", 1), ("stride", 2)]),
    st.integers(2, 5),
    st.integers(1, 4),
)
def test_nobody_starves_where_the_policy_promises_it(
    policy: tuple[str, int], jobs: int, quantum: int
) -> None:
    name, rounds = policy
    done = schedule([Job(f"J{n}", 0, 40) for n in range(jobs)], name, quantum=quantum)
    ran: dict[str, int] = {}
    for segment in done.segments:
        waited = segment.start - ran.get(segment.job, 0)
        assert waited <= rounds * (jobs - 1) * quantum
        ran[segment.job] = segment.end
