"""Experiments with control groups: held against the rules, and against a recording of Linux.

Rules: Linux, Documentation/admin-guide/cgroup-v2.rst and scheduler/sched-bwc.rst. The recording is
``lab_kernel/recordings/cgroups.json``; it is committed, so nothing here depends on a machine.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_kernel import host
from lab_kernel.containers.cgroups import (
    ARRANGEMENTS,
    Wanted,
    burst,
    cpu_max,
    cpu_shares,
    cpu_weight,
    eat,
    group_files,
    promised,
    serve,
    shares,
)
from lab_kernel.errors import BadInput
from lab_kernel.explore.containers.cgroups.recorded import SETS, compared
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.paging import PAGE_SIZE
from lab_kernel.kernel.program import Store
from lab_kernel.kernel.syscalls import Mmap, Pause


def entry(name: str) -> Any:
    return host.recording("cgroups").data[name]


# Shares


@pytest.mark.parametrize("name", SETS)
def test_simulated_shares_are_those_of_a_real_kernel(name: str) -> None:
    """Six seconds on one CPU of Linux 6.18, tools/record/cgroups.py."""
    found = compared(name)
    for path, real in found["recorded"].items():
        assert found["rule"][path] == pytest.approx(real, abs=0.01)
        assert found["simulated"][path] == pytest.approx(real, abs=0.01)


def test_a_tree_by_hand() -> None:
    """200 to 100 above; below a 100 to 300: 2/3 of 1/4 and of 3/4."""
    tree = {"a": Wanted(200, 0), "a/x": Wanted(100, 1), "a/y": Wanted(300, 2), "b": Wanted(100, 1)}
    parts = promised(tree)
    assert [str(parts[path]) for path in tree] == ["2/3", "1/6", "1/2", "1/3"]
    got = shares(tree)
    assert got["a"] == got["a/x"] + got["a/y"]
    for path in tree:
        assert got[path] / 4000 == pytest.approx(float(parts[path]), abs=0.01)


# Quotas


@given(st.integers(1, 200), st.integers(1, 90))
def test_a_burst_takes_whole_periods_and_a_rest(work: int, quota: int) -> None:
    """Worked out without the machine: full quotas first, and what is left at the end."""
    whole = (work - 1) // quota
    found = burst(work, quota)
    assert found.took == whole * 100 + work - whole * quota
    assert found.waited == whole * (100 - quota)


def test_average_use_of_a_fifth_and_every_request_throttled() -> None:
    """The page's example: 80 ms every 400 ms under 50 ms in 100."""
    found = burst(80, 50)
    assert (found.took, len(found.throttled)) == (130, 1)
    assert 80 / 400 == 0.2


def test_threads_use_a_quota_up_together() -> None:
    assert burst(400, 200, threads=8).throttled == ((25, 100),)
    assert burst(400, None, threads=8).took == 50


@given(st.integers(1, 400), st.integers(10, 400), st.sampled_from([20, 50, 100]), st.integers(1, 8))
def test_threads_stop_in_step(work: int, quota: int, period: int, threads: int) -> None:
    """Worked out without the machine: as above, the rest shared out over the threads."""
    quota = min(quota, threads * period)
    whole = (work - 1) // quota
    found = burst(work, quota, period, threads=threads)
    assert found.took == whole * period + -(-(work - whole * quota) // threads)
    assert (found.group.cpu._lent, found.group.cpu._loans) == (0, 0)


def test_a_request_takes_on_linux_what_it_takes_here() -> None:
    """A real request comes somewhere in a period, so its first part can be shorter by up to one."""
    limited = [1000 * seconds for seconds in entry("request")["seconds"]["20000 100000"]]
    longest = burst(150, 20).took
    assert all(longest - 100 - 5 <= took <= longest + 5 for took in limited)
    alone = [1000 * seconds for seconds in entry("request")["seconds"]["max"]]
    assert min(alone) == pytest.approx(burst(150, None).took, abs=5)


def test_the_counters_of_a_busy_loop_are_those_of_linux() -> None:
    real = entry("throttled")
    periods = int(real["seconds"] * 10)
    assert (real["nr_periods"], real["nr_throttled"]) == (periods, periods)
    found = burst(periods * 20, 20)
    stat = dict(line.split() for line in found.group.read("cpu.stat").splitlines())
    assert int(stat["nr_throttled"]) == periods - 1  # the last quota ends with the work
    throttled = int(stat["throttled_usec"]) / int(stat["nr_throttled"])
    assert real["throttled_usec"] / periods == pytest.approx(throttled, rel=0.05)
    assert real["cpu_ns"] / periods == pytest.approx(20e6, rel=0.05)


# Memory


def test_max_kills_and_high_does_not() -> None:
    free, slow, killed = eat(80), eat(80, high=60), eat(80, most=60)
    assert (free.status, slow.status, killed.status) == (0, 0, 137)
    assert free.ended is not None and slow.ended is not None and slow.ended > 3 * free.ended
    assert killed.free > 128 and killed.neighbour  # more than half of the machine is unused
    assert max(pages for _time, pages in killed.held) == 60
    assert max(pages for _time, pages in slow.held) == 80


def test_with_swap_both_limits_are_kept_and_nobody_dies() -> None:
    for found in (eat(80, high=60, swap=100), eat(80, most=60, swap=100)):
        assert found.status == 0 and found.swapped == 20
        assert max(pages for _time, pages in found.held) == 60


def test_linux_killed_in_the_same_place() -> None:
    real = entry("oom")
    assert (real["signal"], real["status"]) == (9, 137)
    assert (real["oom_kills"], real["oom_kills_beside"], real["beside_alive"]) == (1, 0, True)
    assert real["eaten_mib"] < real["limit_mib"] < real["beside_mib"]
    assert real["available_mib"] > real["machine_mib"] / 2
    assert entry("oom-log")["output"].startswith("Memory cgroup out of memory: Killed process")
    found = eat(2 * real["limit_mib"], most=real["limit_mib"])
    assert found.killed and found.neighbour
    assert found.group.memory is not None and found.group.memory.events["oom_kill"] == 1


def test_a_kill_for_the_whole_machine_is_no_oom_of_the_group() -> None:
    """memory.events: oom_kill counts any OOM killer's, oom only what the group's limit caused."""

    def hog(pages: int) -> Any:
        start = yield Mmap(length=pages * PAGE_SIZE)
        for page in range(pages):
            yield Store(start + page * PAGE_SIZE, 1)
        yield Pause()

    machine = Machine(frames=50, swap=0)
    group = machine.cgroups.make("a", memory_max="1M")
    machine.spawn(hog, 30, cgroup=group)
    machine.run()
    machine.spawn(hog, 25)
    machine.run()
    assert group.memory is not None
    assert (group.memory.events["oom"], group.memory.events["oom_kill"]) == (0, 1)


def test_fork_fails_where_it_fails_on_linux() -> None:
    real = entry("pids")
    assert real["output"].splitlines()[-1].startswith(f"fork {real['max']} 11 ")
    assert real["refused"] == 1


# Neighbours


@pytest.mark.parametrize("name", ARRANGEMENTS)
def test_all_requests_are_answered(name: str) -> None:
    found = serve(name, 4)
    assert len(found.latencies) == 40 and min(found.latencies) >= 10
    assert (found.idle > 0) == (name == "jobs")  # only a quota on the jobs wastes the CPU
    assert found.batch <= 3600


def test_what_helps_against_a_neighbour() -> None:
    worst = {name: serve(name, 4).worst for name in ARRANGEMENTS}
    assert worst["weight"] < worst["groups"] < worst["none"]
    assert worst["server"] == serve("server", 0).worst > worst["groups"]
    assert serve("groups", 12).worst == worst["groups"]  # however many there are


# Kubernetes


def test_requests_become_weights() -> None:
    """1024 shares are the default weight of 100; 2000 shares were 77 and are 170 (runc issue 4896);
    before, 1024 were 39 (runc issue 4772)."""
    assert [cpu_weight(n) for n in (2, 1024, 2000, 262144)] == [1, 100, 170, 10_000]
    assert [cpu_weight(n, straight=True) for n in (2, 1024, 2000, 262144)] == [1, 39, 77, 10_000]
    assert [cpu_shares(n) for n in (0, 1, 1000, 250, 10**9)] == [2, 2, 1024, 256, 262144]


def test_limits_become_quotas() -> None:
    """MilliCPUToQuota: 100 ms periods, and never less than 1 ms."""
    assert [cpu_max(n) for n in (0, 5, 20, 500, 2000)] == [
        "max 100000", "1000 100000", "2000 100000", "50000 100000", "200000 100000",
    ]  # fmt: skip


@given(st.integers(0, 400_000))
def test_more_shares_are_never_a_smaller_weight(n: int) -> None:
    assert 1 <= cpu_weight(n) <= cpu_weight(n + 1) <= 10_000


def test_a_groups_files_are_taken_by_the_kernel() -> None:
    files = group_files(request=250, limit=500, memory=128 << 20)
    group = Machine().cgroups.make("pod")
    for name, value in files.items():
        group.write(name, value)
        assert group.read(name).strip() == value
    assert group_files(limit=500)["cpu.weight"] == group_files(request=500)["cpu.weight"]
    assert group_files()["memory.max"] == "max"
    for wrong in ("request", "limit", "memory"):
        with pytest.raises(BadInput, match=wrong):
            group_files(**{wrong: -1})
