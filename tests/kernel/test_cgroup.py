"""Control groups against the rules of Documentation/admin-guide/cgroup-v2.rst, and properties."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab_kernel.errors import BadInput
from lab_kernel.kernel.cgroup import Group
from lab_kernel.kernel.errno import Errno
from lab_kernel.kernel.fuzz import POLICIES, Programs
from lab_kernel.kernel.invariants import Watch
from lab_kernel.kernel.lifecycle import signal
from lab_kernel.kernel.machine import Costs, Machine
from lab_kernel.kernel.paging import PAGE_SIZE
from lab_kernel.kernel.process import Process
from lab_kernel.kernel.program import Compute, Running, Store
from lab_kernel.kernel.signals import Signum
from lab_kernel.kernel.syscalls import Fork, Mmap, Nanosleep, Pause, Wait4

LONG = 1 << 20


def busy(ticks: int = LONG) -> Running:
    yield Compute(ticks)


def hog(pages: int, stay: str = "") -> Running:
    start = yield Mmap(length=pages * PAGE_SIZE)
    for page in range(pages):
        yield Store(start + page * PAGE_SIZE, 1)
    if stay:
        yield Pause()


def stat(group: Group, file: str = "cpu.stat") -> dict[str, int]:
    return {key: int(value) for key, value in map(str.split, group.read(file).splitlines())}


def exits(machine: Machine) -> dict[str, str]:
    return {event.track: event.name for event in machine.trace.where(kind="exit")}


# cpu.weight


def test_weights_are_shared_among_active_siblings_only() -> None:
    machine = Machine()
    groups = [
        machine.cgroups.make(n, cpu_weight=w) for n, w in (("a", 100), ("b", 200), ("c", 700))
    ]
    for group in groups[:2]:  # c has nothing to run
        machine.spawn(busy, cgroup=group)
    machine.run(3000)
    a, b, c = (stat(group)["usage_usec"] for group in groups)
    assert c == 0
    assert a + b == 3_000_000  # work-conserving: nothing is kept for c
    assert abs(a - 1_000_000) <= 10_000


def test_a_group_that_slept_gets_its_share_and_no_more() -> None:
    def late() -> Running:
        yield Nanosleep(1000)
        yield Compute(LONG)

    machine = Machine()
    a, b = machine.cgroups.make("a"), machine.cgroups.make("b")
    machine.spawn(busy, cgroup=a)
    machine.spawn(late, cgroup=b)
    machine.run(1020)
    assert stat(b)["usage_usec"] <= 12_000  # level with a, and not ahead of it
    machine.run(2000)
    assert abs(stat(b)["usage_usec"] - 500_000) <= 10_000


def test_shares_are_those_of_groups_however_many_processes_they_hold() -> None:
    machine = Machine()
    a, b = machine.cgroups.make("a"), machine.cgroups.make("b")
    machine.spawn(busy, cgroup=a)
    for _process in range(9):
        machine.spawn(busy, cgroup=b)
    machine.run(2000)
    assert abs(stat(a)["usage_usec"] - 1_000_000) <= 10_000


def test_a_process_of_the_root_competes_with_groups_by_its_nice_value() -> None:
    """cgroup-v2.rst: "processes in the root cgroup ... as if in a separate child cgroup", whose
    weight is that of the nice value; nice 0 is cpu.weight 100."""
    machine = Machine()
    group = machine.cgroups.make("a", cpu_weight=300)
    machine.spawn(busy, cgroup=group)
    machine.spawn(busy)
    machine.run(2000)
    assert abs(stat(group)["usage_usec"] - 1_500_000) <= 10_000


Tree = dict[str, tuple[int, "Tree"]]
weights = st.integers(1, 20).map(lambda n: n * 50)
trees = st.recursive(
    st.just({}),
    lambda below: st.dictionaries(
        st.sampled_from("abc"),
        st.tuples(st.integers(1, 20).map(lambda n: n * 50), below),
        max_size=3,
    ),
    max_leaves=6,
)


def grow(group: Group, tree: Tree, share: Fraction, policy: random.Random) -> dict[Group, Fraction]:
    """Groups with a busy process or two in each leaf; what each leaf should get."""
    if not tree:
        for _process in range(policy.randrange(1, 3)):
            group.machine.spawn(busy, cgroup=group)
        return {group: share}
    total = sum(weight for weight, _below in tree.values())
    expected: dict[Group, Fraction] = {}
    for name, (weight, below) in tree.items():
        child = group.make(name, cpu_weight=weight)
        expected |= grow(child, below, share * weight / total, policy)
    return expected


@given(trees.filter(bool), st.sampled_from(POLICIES), st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_shares_come_to_the_weights_in_any_tree_under_any_policy(
    tree: Tree, policy: str, seed: int
) -> None:
    machine = Machine(policy=policy)
    expected = grow(machine.cgroups, tree, Fraction(1), random.Random(seed))
    machine.run(4000)
    assert sum(event.duration for event in machine.trace.where(kind="run")) == 4000
    for group, share in expected.items():
        assert abs(stat(group)["usage_usec"] / 4_000_000 - share) < 0.02, group


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("per_cpu", [False, True])
def test_without_groups_nothing_changes(policy: str, per_cpu: bool) -> None:
    """A group that nobody is in leaves every tick where it was, for policies with a slice."""

    def mixed(n: int) -> Running:
        for _turn in range(5):
            yield Compute(n)
            yield Nanosleep(7 - n)
        return 0

    def run(group: bool) -> list[tuple[int, str, str]]:
        machine = Machine(policy=policy, cpus=2, per_cpu=per_cpu)
        if group:
            machine.cgroups.make("empty")
        for n in range(1, 6):
            machine.spawn(mixed, n, name=f"p{n}", at=n)
        machine.run()
        return [(e.time, e.track, e.name) for e in machine.trace.where(kind="exit")]

    assert run(group=False) == run(group=True)


# cpu.max


@pytest.mark.parametrize(
    ("burst", "finish", "throttles"), [(20, 20, 0), (21, 101, 1), (150, 710, 7), (200, 920, 9)]
)
def test_a_burst_under_20_of_100(burst: int, finish: int, throttles: int) -> None:
    """Each period gives 20 ms: 150 ms need seven whole ones and 10 ms of the eighth."""
    machine = Machine()
    web = machine.cgroups.make("web", cpu_max="20000 100000")
    machine.spawn(busy, burst, cgroup=web)
    machine.run()
    [end] = machine.trace.where(kind="exit")
    assert end.time == finish
    throttled = machine.trace.where(kind="throttled", track="/web")
    assert [(e.time, e.duration) for e in throttled] == [
        (20 + 100 * n, 80) for n in range(throttles)
    ]
    assert stat(web)["nr_throttled"] == throttles
    assert stat(web)["throttled_usec"] == 80_000 * throttles


def test_a_parents_quota_binds_its_children() -> None:
    machine = Machine()
    above = machine.cgroups.make("above", cpu_max="30000 100000")
    a, b = above.make("a", cpu_weight=200), above.make("b", cpu_max="50000 100000")
    for group in (a, b):
        machine.spawn(busy, cgroup=group)
    machine.run(1000)
    assert stat(above)["usage_usec"] == 300_000
    assert abs(stat(a)["usage_usec"] - 200_000) <= 20_000
    assert stat(above)["nr_throttled"] == 10
    assert stat(b)["nr_throttled"] == 0  # its own quota was never used up


def test_two_processes_use_a_quota_up_twice_as_fast() -> None:
    machine = Machine(cpus=2)
    web = machine.cgroups.make("web", cpu_max="100000 100000")
    for _process in range(2):
        machine.spawn(busy, cgroup=web)
    machine.run(1000)
    first = machine.trace.where(kind="throttled").events[0]
    assert (first.time, first.duration) == (50, 50)
    assert stat(web)["usage_usec"] == 1_000_000


def test_periods_are_counted_until_one_was_empty() -> None:
    """do_sched_cfs_period_timer: the timer counts an idle period, and then it is stopped."""
    machine = Machine()
    web = machine.cgroups.make("web", cpu_max="20000 100000")
    for start in (0, 1030):
        machine.spawn(busy, 10, at=start, cgroup=web)
    machine.run(950)
    assert stat(web)["nr_periods"] == 2
    machine.run(2000)
    assert stat(web)["nr_periods"] == 4


def test_a_quota_changed_in_mid_flight() -> None:
    machine = Machine()
    web = machine.cgroups.make("web", cpu_max="10000 100000")
    machine.spawn(busy, 300, cgroup=web)
    machine.run(150)
    web.write("cpu.max", "max")
    machine.run()
    [end] = machine.trace.where(kind="exit")
    assert end.time == 150 + 300 - 20


@given(
    st.integers(1, 3),
    st.lists(st.tuples(st.integers(1, 40), st.integers(20, 60)), min_size=1, max_size=3),
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(1, 30), st.integers(0, 30)), min_size=1, max_size=6
    ),
    st.sampled_from(POLICIES),
    st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_no_period_holds_more_than_its_quota(
    cpus: int,
    limits: list[tuple[int, int]],
    work: list[tuple[int, int, int]],
    policy: str,
    per_cpu: bool,
) -> None:
    """In a chain of groups, on several CPUs, with tasks that sleep in between; and no CPU is idle
    while somebody who is not throttled is ready."""

    def worker(ticks: int, pause: int) -> Running:
        while True:
            yield Compute(ticks)
            if pause:
                yield Nanosleep(pause)

    machine = Machine(cpus=cpus, policy=policy, per_cpu=per_cpu)
    chain = [machine.cgroups]
    for number, (quota, period) in enumerate(limits):
        chain.append(chain[-1].make(f"g{number}", cpu_max=f"{quota * 1000} {period * 1000}"))
    free = machine.cgroups.make("free")
    for where, ticks, pause in work:
        machine.spawn(worker, ticks, pause, cgroup=chain[-1] if where else free)
    while machine.clock.now < 400 and machine.step():
        for policy_, ruled in machine.dispatcher.queues.policies():
            idle = [n for n in ruled if machine.dispatcher.cpus[n].task is None]
            assert not (idle and len(policy_) and not machine.dispatcher._deciding)
        for group in chain[1:]:
            assert group.cpu._spent + group.cpu._lent <= group.cpu.quota  # type: ignore[operator]
    names = {p.name for p in machine.processes.values() if p.cgroup is chain[-1]}
    machine.dispatcher.flush()
    runs = [e for e in machine.trace.where(kind="run") if e.name in names]
    for group, (quota, period) in zip(chain[1:], limits, strict=True):
        first = group.cpu._refill_at
        if first is None:
            continue
        for start in range(first % period - period, machine.clock.now, period):
            inside = sum(
                max(0, min(e.time + e.duration, start + period) - max(e.time, start)) for e in runs
            )
            assert inside <= quota


# memory


def test_at_max_the_kernel_reclaims_inside_the_group_first() -> None:
    machine = Machine()
    group = machine.cgroups.make("a", memory_max=10 * PAGE_SIZE)
    neighbour = machine.spawn(hog, 20, "stay")
    other = machine.spawn(hog, 30, "stay", cgroup=machine.cgroups.make("b"))
    machine.spawn(hog, 20, "stay", cgroup=group)
    machine.run()
    assert other.space is not None and other.space.accounting().resident == 30
    assert not machine.trace.where(kind="oom kill").events
    assert int(group.read("memory.current")) == 10 * PAGE_SIZE
    assert int(group.read("memory.swap.current")) == 10 * PAGE_SIZE
    assert stat(group, "memory.events")["max"] == 10
    assert neighbour.space is not None and neighbour.space.accounting().resident == 20


def test_without_anything_to_reclaim_it_kills_inside_the_group() -> None:
    machine = Machine(frames=100, swap=0)
    group = machine.cgroups.make("a", memory_max="40K")
    machine.spawn(hog, 60, name="neighbour")  # far larger, and outside
    machine.spawn(hog, 20, name="victim", cgroup=group)
    machine.run()
    assert exits(machine) == {"victim": "SIGKILL", "neighbour": "0"}
    assert machine.pager.frames.total == 100  # 30 frames of it were free all the time
    events = stat(group, "memory.events")
    assert (events["oom"], events["oom_kill"]) == (1, 1)
    [kill] = machine.trace.where(kind="oom kill")
    assert kill.details["group"] == "/a"
    assert int(group.read("memory.current")) == 0


def test_swap_max_leaves_nothing_to_reclaim() -> None:
    machine = Machine()
    group = machine.cgroups.make("a", memory_max="40K", memory_swap_max=0)
    machine.spawn(hog, 20, cgroup=group)
    machine.run()
    assert list(exits(machine).values()) == ["SIGKILL"]


def test_high_slows_down_and_never_kills() -> None:
    machine = Machine(swap=0)
    group = machine.cgroups.make("a", memory_high="40K")
    machine.spawn(hog, 20, cgroup=group)
    machine.run()
    assert list(exits(machine).values()) == ["0"]
    assert int(group.read("memory.peak")) == 20 * PAGE_SIZE
    slept = [e.duration for e in machine.trace.where(kind="blocked", name="memory.high")]
    assert len(slept) == 10
    assert slept == sorted(slept)  # longer the further above
    assert stat(group, "memory.events") | {"high": 0} == dict.fromkeys(
        ("low", "high", "max", "oom", "oom_kill", "oom_group_kill"), 0
    )


def test_high_reclaims_where_there_is_swap() -> None:
    machine = Machine()
    group = machine.cgroups.make("a", memory_high="40K")
    machine.spawn(hog, 20, cgroup=group)
    machine.run()
    assert int(group.read("memory.peak")) == 10 * PAGE_SIZE


def test_oom_group_kills_all_or_none() -> None:
    machine = Machine(swap=0)
    group = machine.cgroups.make("a", memory_max="80K", memory_oom_group=1)
    machine.spawn(hog, 5, "stay", name="sidecar", cgroup=group)
    machine.spawn(hog, 40, name="server", cgroup=group)
    machine.spawn(hog, 5, name="outside")
    machine.run()
    assert exits(machine) == {"sidecar": "SIGKILL", "server": "SIGKILL", "outside": "0"}
    events = stat(group, "memory.events")
    assert (events["oom"], events["oom_kill"], events["oom_group_kill"]) == (1, 2, 1)


def test_a_page_is_charged_to_who_touched_it_first() -> None:
    machine = Machine()
    one, two = machine.cgroups.make("one"), machine.cgroups.make("two")
    parent = machine.spawn(hog, 5, "stay", cgroup=one)
    machine.run()
    two.write("cgroup.procs", parent.pid)
    assert int(one.read("memory.current")) == 5 * PAGE_SIZE  # it moved, its memory did not
    assert int(two.read("memory.current")) == 0


def test_low_protects_a_group_while_others_can_give() -> None:
    machine = Machine(frames=40)
    kept = machine.cgroups.make("kept", memory_low="40K")
    machine.spawn(hog, 10, "stay", cgroup=kept)
    machine.run()
    machine.spawn(hog, 60, "stay", cgroup=machine.cgroups.make("other"))
    machine.run()
    assert int(kept.read("memory.current")) == 10 * PAGE_SIZE


def test_lowering_max_reclaims_then_kills() -> None:
    machine = Machine(swap=4)
    group = machine.cgroups.make("a")
    machine.spawn(hog, 10, "stay", cgroup=group)
    machine.run()
    group.write("memory.max", 6 * PAGE_SIZE)
    assert int(group.read("memory.current")) == 6 * PAGE_SIZE
    group.write("memory.max", 5 * PAGE_SIZE)
    machine.run()
    assert not machine.processes
    assert machine.pager.frames.used == 0


# pids, and the tree


def test_pids_max_makes_fork_fail_with_eagain() -> None:
    seen: list[int] = []

    def forker() -> Running:
        for _child in range(5):
            seen.append((yield Fork(busy, 1)))
        for _child in range(2):
            yield Wait4()

    machine = Machine()
    group = machine.cgroups.make("a", pids_max=3)
    machine.spawn(forker, cgroup=group)
    machine.run()
    assert seen[2:] == [-Errno.EAGAIN] * 3
    assert stat(group, "pids.events") == {"max": 3}
    assert group.read("pids.current") == "0\n"


def test_children_are_born_into_the_group() -> None:
    def parent() -> Running:
        yield Fork(busy, 50)
        yield Compute(50)

    machine = Machine()
    group = machine.cgroups.make("a")
    machine.spawn(parent, cgroup=group)
    machine.run(20)
    assert len(group.read("cgroup.procs").split()) == 2
    machine.run()
    assert stat(group)["usage_usec"] >= 100_000
    assert stat(group, "cgroup.events")["populated"] == 0


def test_no_internal_processes() -> None:
    machine = Machine()
    group = machine.cgroups.make("a")
    process = machine.spawn(busy, cgroup=group)
    with pytest.raises(BadInput, match="EBUSY"):
        group.make("b")
    group.write("cpu.weight", 50)
    other = machine.cgroups.make("c")
    other.make("d")
    with pytest.raises(BadInput, match="EBUSY"):
        machine.spawn(busy, cgroup=other)
    with pytest.raises(BadInput, match="EBUSY"):
        other.write("cgroup.procs", process.pid)
    with pytest.raises(BadInput, match="EBUSY"):
        other.remove()
    other.find("d").remove()
    other.remove()
    with pytest.raises(BadInput, match="cgroup"):
        machine.spawn(busy, cgroup=other)


def test_freeze_and_kill() -> None:
    machine = Machine()
    group = machine.cgroups.make("a")
    machine.spawn(busy, cgroup=group)
    machine.run(100)
    group.write("cgroup.freeze", 1)
    machine.run(1000)
    assert stat(group)["usage_usec"] <= 105_000
    group.write("cgroup.kill", 1)
    machine.run()
    assert list(exits(machine).values()) == ["SIGKILL"]


@pytest.mark.parametrize(
    ("file", "value"),
    [
        ("cpu.weight", "0"), ("cpu.weight", "10001"), ("cpu.weight", "x"), ("cpu.max", ""),
        ("cpu.max", "1"), ("cpu.max", "20500"), ("cpu.max", "max 100"), ("memory.max", "-1"),
        ("memory.max", "1T"), ("pids.max", "many"), ("cgroup.procs", "99"), ("cgroup.kill", "2"),
        ("cpu.stat", "1"), ("none", "1"),
    ],
)  # fmt: skip
def test_bad_writes(file: str, value: str) -> None:
    group = Machine().cgroups.make("a")
    with pytest.raises(BadInput):
        group.write(file, value)


def test_bad_groups_and_files() -> None:
    machine = Machine()
    machine.cgroups.make("a")
    for name in ("a", "", "..", "b/c"):
        with pytest.raises(BadInput):
            machine.cgroups.make(name)
    with pytest.raises(BadInput):
        machine.cgroups.find("b")
    with pytest.raises(BadInput):
        machine.cgroups.read("memory.current")  # the root has none
    with pytest.raises(BadInput):
        machine.cgroups.make("z", cpu_speed=3)
    assert list(machine.cgroups.children) == ["a"]
    with pytest.raises(BadInput):
        Machine().spawn(busy, cgroup=machine.cgroups.find("a"))


def test_the_files_read_as_they_do_on_linux() -> None:
    group = Machine().cgroups.make("a", cpu_max="20000", memory_max="1M")
    assert group.read("cpu.max") == "20000 100000\n"
    assert group.read("cpu.weight") == "100\n"
    assert group.read("memory.max") == "1048576\n"
    assert group.read("memory.high") == "max\n"
    assert group.read("pids.max") == "max\n"
    assert group.files() == sorted(group.files())


# Everything at once


@pytest.mark.parametrize("seed", range(12))
def test_random_programs_in_random_groups(seed: int) -> None:
    """The fuzzer's programs in groups with limits: the kernel's invariants hold at every step, no
    group passes memory.max, and nobody outside a group dies of its limit."""
    rng = random.Random(seed)
    machine = Machine(
        cpus=rng.randrange(1, 4), frames=rng.randrange(12, 40), swap=rng.randrange(0, 32),
        policy=rng.choice(POLICIES), per_cpu=rng.random() < 0.4, most_processes=12, seed=seed,
        costs=Costs(switch=rng.randrange(2), swap=rng.randrange(1, 30)),
        files={"/home/user/a": "a" * 5000},
    )  # fmt: skip
    source = Programs(machine, seed, 60)
    machine.files.add("/bin/random", mode=0o755, program=source.program)
    outer = machine.cgroups.make("outer", cpu_max="30000 50000", memory_max="80K")
    leaves = [
        machine.cgroups,
        outer.make("x", cpu_weight=rng.randrange(1, 10_000), memory_max="40K", pids_max=4),
        outer.make("y", memory_high="16K", cpu_max="10000 40000", memory_oom_group=1),
        machine.cgroups.make("z", memory_low="20K", cpu_weight=5),
    ]
    for _program in range(5):
        machine.spawn(source.program, at=rng.randrange(20), cgroup=rng.choice(leaves))
    watch, groups = Watch(machine), list(machine.cgroups.subtree())
    homes: dict[str, str] = {}

    def check() -> None:
        watch.check()
        for process in machine.processes.values():
            assert process.cgroup is not None
            homes[process.name] = process.cgroup.path
        charged = sum(r.memory is not None for r in machine.pager.memory.pages.values())
        assert charged == sum(group.memory.own for group in groups if group.memory)
        for group in groups:
            memory = group.memory
            assert not memory or memory.max is None or memory.current <= memory.max
            assert sum(p.pid in machine.processes for p in group.processes) == len(group.processes)

    for _step in range(3000):
        if rng.random() < 0.01 and machine.processes:
            process: Process = rng.choice(list(machine.processes.values()))
            rng.choice(leaves).enter(process)
        if not machine.step():
            break
        check()
    for process in list(machine.processes.values()):
        signal(machine, process, Signum.SIGKILL)
    while machine.processes and machine.step():
        check()
    assert not machine.processes
    assert (machine.pager.frames.used, machine.pager.swap.used) == (0, 0)
    for group in groups:
        assert group.pids.current == 0
        assert group.cpu.ready == 0 and group.cpu._lent == 0
        assert not group.memory or group.memory.current == group.memory.swap == 0
    for kill in machine.trace.where(kind="oom kill"):
        where = kill.details.get("group")
        assert where is None or kill.track in homes
