"""The machine: programs on one clock, from the first wish to the last resource given back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab_kernel.errors import BadInput
from lab_kernel.kernel.errno import Errno
from lab_kernel.kernel.machine import Costs, Machine
from lab_kernel.kernel.process import Child, Process, State
from lab_kernel.kernel.program import Access, Compute, Instruction, Load, Signal, Store
from lab_kernel.kernel.scheduler import Job, schedule
from lab_kernel.kernel.signals import Signum
from lab_kernel.kernel.syscalls import (
    WNOHANG,
    Brk,
    Close,
    Dup2,
    Execve,
    Exit,
    Fork,
    Getpid,
    Getppid,
    Getuid,
    Kill,
    Mmap,
    Munmap,
    Nanosleep,
    Open,
    Pause,
    Pipe,
    Read,
    Reboot,
    Rt_sigaction,
    Sched_yield,
    Setpriority,
    Setuid,
    Syscall,
    Wait4,
    Write,
)

FREE = Costs(call=1, fault=0)


def answers(*wishes: Any, machine: Machine | None = None, **spawn: Any) -> list[Any]:
    """What a program gets that wants these things, one after the other."""
    got: list[Any] = []

    def program() -> Any:
        for wish in wishes:
            got.append((yield wish))

    machine = machine or Machine()
    machine.spawn(program, **spawn)
    machine.run()
    assert machine.panicked is None
    return got


def computing(*bursts: int) -> Any:
    for burst in bursts:
        yield Compute(burst)


# CPU time

JOBS = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 15)), min_size=1, max_size=5)


@given(JOBS, st.sampled_from(["fcfs", "rr", "srtf", "eevdf", "cfs"]), st.integers(1, 2))
@settings(max_examples=60)
def test_programs_that_only_compute_are_the_schedulers_jobs(
    jobs: list[tuple[int, int]], policy: str, cpus: int
) -> None:
    machine = Machine(policy=policy, cpus=cpus)
    jobs.sort(key=lambda job: job[0])  # pids and the scheduler's numbers are in this order
    for n, (arrival, burst) in enumerate(jobs):
        machine.spawn(computing, burst, name=f"J{n}", at=arrival)
    machine.run()
    planned = schedule([Job(f"J{n}", *job) for n, job in enumerate(jobs)], policy, cpus=cpus)
    expected = {(s.cpu, s.job, s.start, s.end) for s in planned.segments}
    runs: list[tuple[int, str, int, int]] = []
    for event in machine.trace.where(kind="run"):
        cpu, end = int(event.track[4:]), event.time + event.duration
        if (cpu, event.name, event.time) in {(c, name, e) for c, name, _s, e in runs}:
            before = next(r for r in runs if (r[0], r[1], r[3]) == (cpu, event.name, event.time))
            runs.remove(before)
            runs.append((cpu, event.name, before[2], end))
        else:
            runs.append((cpu, event.name, event.time, end))
    assert set(runs) == expected


def test_the_mode_switch_is_system_time() -> None:
    machine = Machine(costs=Costs(call=3))
    process = machine.spawn(lambda: (yield from _two_calls()), name="A")
    machine.run()
    assert (process.user_time, process.system_time) == (10, 6)


def _two_calls() -> Any:
    yield Getpid()
    yield Compute(10)
    yield Getpid()


def test_sched_yield_lets_the_others_run() -> None:
    def polite() -> Any:
        yield Compute(1)
        yield Sched_yield()
        yield Compute(1)

    machine = Machine(policy="rr", quantum=100)
    machine.spawn(polite, name="A")
    machine.spawn(computing, 5, name="B")
    machine.run()
    assert [e.name for e in machine.trace.where(kind="run")] == ["A", "B", "A"]


def test_only_root_may_be_less_nice() -> None:
    assert answers(Setpriority(5), Setpriority(4)) == [0, -Errno.EACCES]
    assert answers(Setpriority(5), Setpriority(-3), uid=0) == [0, 0]


# Fork, wait, exec


def test_a_child_is_a_zombie_until_its_parent_has_read_how_it_ended() -> None:
    seen: list[State] = []

    def parent() -> Any:
        pid = yield Fork(computing, 1)
        yield Compute(10)
        seen.append(machine.processes[pid].state)
        result = yield Wait4(pid)
        seen.append(pid in machine.processes)
        assert result == Child(pid, 0, 0)

    machine = Machine(policy="rr", quantum=2)
    machine.spawn(parent)
    machine.run()
    assert seen == [State.ZOMBIE, False]
    assert machine.panicked is None


def test_wait_reports_the_code_or_the_signal() -> None:
    def coded() -> Any:
        yield Exit(300)

    def crashing() -> Any:
        yield Access(0)

    got = answers(
        Fork(coded), Wait4(), Fork(crashing), Wait4(), Wait4(), Fork(computing, 9),
        Wait4(options=WNOHANG),
    )  # fmt: skip
    assert got[1] == Child(3, 300 & 0xFF, 0)
    assert got[3] == Child(4, 0, Signum.SIGSEGV)
    assert got[4] == -Errno.ECHILD
    assert got[6] == 0


def test_orphans_go_to_init_which_reads_them_at_once() -> None:
    got: list[int] = []

    def orphan() -> Any:
        got.append((yield Getppid()))
        yield Compute(20)
        got.append((yield Getppid()))

    answers(Fork(orphan), Compute(5))
    assert got == [2, 1]


def test_exec_keeps_the_process_and_replaces_the_rest() -> None:
    got: list[Any] = []

    def cat(path: str) -> Any:
        got.append((yield Getpid()))
        got.append((yield Load(Mmap_at)))

    Mmap_at = 0x7F000 * 4096
    machine = Machine(files={"/bin/cat": cat, "/bin/no": b"text"})
    mine = answers(
        Getpid(), Mmap(), Store(Mmap_at, 7), Execve("/none"), Execve("/bin/no"), Execve("/dev"),
        Rt_sigaction(Signum.SIGSEGV, "catch"), Execve("/bin/cat", "x"), Getpid(), machine=machine,
    )  # fmt: skip
    assert mine[3:6] == [-Errno.ENOENT, -Errno.EACCES, -Errno.EACCES]
    assert got == [mine[0]]  # the new memory is empty: the load is a fault
    assert len(mine) == 7


def test_set_user_id_programs_run_as_their_owner() -> None:
    got: list[int] = []

    def who() -> Any:
        got.append((yield Setuid(0)))

    machine = Machine(files={"/bin/who": who, "/bin/su": who})
    machine.files.find("/bin/su", machine.spawn(computing, 1, uid=0).credentials).mode = 0o4755
    answers(Fork(), Wait4(), Execve("/bin/who"), machine=machine)
    answers(Execve("/bin/su"), machine=machine)
    assert got == [-Errno.EPERM, 0]


def test_no_more_processes_than_there_is_room_for() -> None:
    assert answers(Fork(computing, 50), Fork(), machine=Machine(most_processes=2))[1:] == [
        -Errno.EAGAIN
    ]


# Signals


def test_a_caught_signal_is_raised_where_the_program_waits() -> None:
    got: list[Any] = []

    def sleeper() -> Any:
        yield Rt_sigaction(Signum.SIGUSR1, "catch")
        try:
            yield Pause()
        except Signal as signal:
            got.append((signal.number, signal.result))
        try:
            yield Compute(100)
        except Signal as signal:
            got.append((signal.number, signal.left))

    machine = Machine(policy="rr", quantum=5)
    pid = machine.spawn(sleeper).pid
    answers(
        Compute(5), Kill(pid, Signum.SIGUSR1), Compute(6), Kill(pid, Signum.SIGUSR1),
        machine=machine,
    )  # fmt: skip
    assert got[0] == (Signum.SIGUSR1, -Errno.EINTR)
    assert got[1][0] is Signum.SIGUSR1
    assert 0 < got[1][1] < 100
    assert len(got) == 2


def test_nobody_refuses_sigkill_and_the_kernel_refuses_strangers() -> None:
    def stubborn() -> Any:
        got.append((yield Rt_sigaction(Signum.SIGKILL, "ignore")))
        yield Rt_sigaction(Signum.SIGTERM, "ignore")
        try:
            yield Pause()
        finally:
            got.append("cleaned")

    got: list[Any] = []
    machine = Machine()
    victim = machine.spawn(stubborn)
    rooted = machine.spawn(computing, 500, uid=0)
    sent = answers(
        Compute(5), Kill(victim.pid, 0), Kill(victim.pid, Signum.SIGTERM), Compute(5),
        Kill(victim.pid, Signum.SIGKILL), Compute(5), Kill(victim.pid, 0),
        Kill(rooted.pid, Signum.SIGTERM), Kill(victim.pid, 77), machine=machine,
    )  # fmt: skip
    assert got == [-Errno.EINVAL, "cleaned"]
    assert victim.signal == Signum.SIGKILL
    assert sent[1:3] == [0, 0]
    assert sent[6:] == [-Errno.ESRCH, -Errno.EPERM, -Errno.ESRCH]
    assert rooted.code == 0
    assert len(machine.trace.where(kind="audit", name="kill")) == 1


@pytest.mark.parametrize("wish", [Compute(30), Nanosleep(30), Pause()])
def test_a_stopped_process_goes_on_where_it_was(wish: Any) -> None:
    machine = Machine(policy="rr", quantum=3)

    def worker() -> Any:
        yield wish
        yield Exit(7)

    process = machine.spawn(worker)
    states: list[State] = []

    def warden() -> Any:
        yield Compute(4)
        yield Kill(process.pid, Signum.SIGSTOP)
        yield Compute(9)
        states.append(process.state)
        yield Kill(process.pid, Signum.SIGCONT)
        yield Compute(60)
        states.append(process.state)

    machine.spawn(warden)
    machine.run()
    assert states[0] is State.STOPPED
    assert states[1] is (State.SLEEPING if isinstance(wish, Pause) else State.DEAD)
    if isinstance(wish, Compute):
        assert process.user_time == 30


def test_a_fault_can_be_caught_and_otherwise_ends_the_process() -> None:
    got: list[str] = []

    def careful() -> Any:
        try:
            yield Access(0x10)
        except Signal as fault:
            got.append(fault.reason)
        try:
            yield Instruction("hlt")
        except Signal as fault:
            got.append(fault.reason)

    machine = Machine()
    careful_one = machine.spawn(careful)
    careless = machine.spawn(lambda: (yield Access(0x10)), name="careless")
    divider = machine.spawn(lambda: (yield Compute(1 // 0)), name="divider")
    machine.run()
    assert got == ["segmentation fault at 0x10", "general protection fault: hlt"]
    assert (careful_one.code, careful_one.signal) == (0, 0)
    assert careless.signal == Signum.SIGSEGV
    assert divider.signal == Signum.SIGFPE
    assert machine.panicked is None


# Memory


def test_brk_and_mmap_are_promises_that_a_touch_keeps() -> None:
    machine = Machine()
    got = answers(
        Brk(), Brk(0x400000 + 8192), Access(0x400000, write=True), Access(0x400001), Mmap(length=1),
        Store(0x7F000000, 9), Load(0x7F000000), Munmap(0x7F000000, 4096), Brk(1), Mmap(length=0),
        Munmap(3, 1), machine=machine,
    )  # fmt: skip
    assert got == [
        0x400000, 0x402000, "minor fault", "hit", 0x7F000000, 9, 9, 0, 0x402000, -Errno.EINVAL,
        -Errno.EINVAL,
    ]  # fmt: skip
    assert machine.pager.frames.used == 0  # all given back at the end


def test_bytes_go_through_the_users_memory_or_not_at_all() -> None:
    here = 0x7F000000
    machine = Machine(files={"/home/user/a": "hello"})
    got = answers(
        Mmap(length=8192), Open("/home/user/a", 2), Read(3, 5, here + 4094), Load(here + 4096),
        Write(1, here + 4094, 5), Read(3, 5, 0xDEAD000), Write(1, 0xDEAD000, 1), Open(0xDEAD000),
        Syscall(1, (1, here + 4094, 2)), Syscall(999), Syscall(59, (1, 2, 3)), Write(9, b""),
        Write(1, here, 1 << 62), machine=machine,
    )  # fmt: skip
    assert got[2:] == [
        5, ord("l"), 5, -Errno.EFAULT, -Errno.EFAULT, -Errno.EFAULT, 2, -Errno.ENOSYS,
        -Errno.EFAULT, -Errno.EBADF, -Errno.EFAULT,
    ]  # fmt: skip
    assert machine.console.text == "hellohe"


def test_the_oom_killer_ends_a_process_of_the_machine() -> None:
    def greedy(pages: int) -> Any:
        start = yield Mmap(length=pages * 4096)
        for page in range(pages):
            yield Store(start + page * 4096, 1)
        yield Compute(100)

    machine = Machine(frames=8, swap=4)
    large, small = machine.spawn(greedy, 9), machine.spawn(greedy, 5, at=60)
    machine.run()
    assert (large.signal, small.code, small.signal) == (Signum.SIGKILL, 0, 0)
    assert machine.trace.counts()["oom kill"] == 1
    assert machine.pager.frames.used == 0


def test_pages_come_back_from_swap_while_others_run() -> None:
    def thrash(rounds: int) -> Any:
        start = yield Mmap(length=6 * 4096)
        for n in range(rounds * 6):
            yield Store(start + n % 6 * 4096, 1)

    machine = Machine(frames=4, swap=8, costs=Costs(swap=50))
    machine.spawn(thrash, 2)
    machine.spawn(computing, 100, name="worker")
    machine.run()
    waits = machine.trace.where(kind="blocked", name="swap")
    assert len(waits) == machine.trace.counts()["major fault"] > 0
    assert all(event.duration >= 50 for event in waits)


# Pipes and descriptors


def test_a_pipeline_of_two_processes() -> None:
    def pipeline() -> Any:
        reading, writing = yield Pipe()

        def left() -> Any:
            yield Dup2(writing, 1)
            yield Close(reading)
            yield Close(writing)
            for n in range(40):
                yield Write(1, f"line {n:03}\n" * 500)

        def right() -> Any:
            yield Dup2(reading, 0)
            yield Close(reading)
            yield Close(writing)
            size = 0
            while data := (yield Read(0, 3000)):
                size += len(data)
            yield Write(2, str(size))

        yield Fork(left)
        yield Fork(right)
        yield Close(reading)
        yield Close(writing)
        got.append((yield Wait4()))
        got.append((yield Wait4()))

    got: list[Child] = []
    machine = Machine()
    machine.spawn(pipeline)
    machine.run()
    assert machine.console.text == str(40 * 500 * 9)
    assert [child.code for child in got] == [0, 0]


def test_writing_to_nobody_is_a_signal_and_epipe() -> None:
    def writer() -> Any:
        yield Rt_sigaction(Signum.SIGPIPE, "ignore")
        reading, writing = yield Pipe()
        yield Close(reading)
        got.append((yield Write(writing, "x")))
        yield Rt_sigaction(Signum.SIGPIPE, "default")
        yield Write(writing, "x")

    got: list[int] = []
    machine = Machine()
    process = machine.spawn(writer)
    machine.run()
    assert got == [-Errno.EPIPE]
    assert process.signal == Signum.SIGPIPE


# What a learner gets wrong


def test_mistakes_are_told_where_they_are_made() -> None:
    machine = Machine()
    with pytest.raises(BadInput, match="is not a generator"):
        machine.spawn(lambda: 5)
    machine.spawn(lambda: (yield "Read"))
    machine.spawn(lambda: (yield Compute(0)))
    machine.spawn(lambda: (yield Read("3")))  # type: ignore[arg-type]
    machine.spawn(lambda: (yield Getpid))
    machine.spawn(lambda: (yield computing(1)))
    said = ("'Read' is no wish", "Compute takes", "Read.fd", "yield Getpid", "yield from computing")
    for words in said:
        with pytest.raises(BadInput, match=words):
            machine.run()
    with pytest.raises(BadInput, match="cpus"):
        Machine(cpus=0)
    with pytest.raises(BadInput, match="quantum"):
        Machine(policy="fcfs", quantum=4)
    for wrong in ({"nise": 5}, {"nice": 20}, {"cpu": 1}):
        with pytest.raises(BadInput):
            Machine().spawn(computing, 1, **wrong)
    endless = Machine()
    endless.spawn(_for_ever)
    with pytest.raises(BadInput, match="until"):
        endless.run()
    assert Machine().run(until=5).clock.now == 5


def _for_ever() -> Any:
    while True:
        yield Compute(1_000_000)


def test_an_error_in_a_program_says_which_program_and_leaves_the_machine_in_order() -> None:
    def wrong() -> Any:
        yield Getuid()
        raise KeyError("x")

    machine = Machine()
    process = machine.spawn(wrong)
    with pytest.raises(KeyError) as raised:
        machine.run()
    assert raised.value.__notes__ == ["in wrong, at tick 1"]
    assert process.state is State.DEAD


def test_the_end_of_the_machine() -> None:
    assert answers(Reboot()) == [-Errno.EPERM]
    machine = Machine()
    machine.spawn(lambda: (yield Reboot()), uid=0)
    later = machine.spawn(computing, 50)
    machine.run()
    assert machine.halted
    assert later.alive
    with pytest.raises(BadInput, match="stopped"):
        machine.spawn(computing, 1)


def test_a_fault_in_kernel_mode_is_the_end_of_the_machine() -> None:
    def fault() -> Any:
        yield Compute(3)
        yield Access(0x10)

    user, kernel = Machine(), Machine()
    for machine, mode in ((user, False), (kernel, True)):
        machine.spawn(computing, 50, name="bystander")
        machine.spawn(fault, kernel=mode)
        machine.run()
    assert user.panicked is None
    assert kernel.panicked == "fault: page fault at 0x10"
    assert [event.kind for event in kernel.trace][-1] == "run"  # what ran until then
    assert len(kernel.trace.where(kind="panic")) == 1


def test_the_same_seed_is_the_same_trace() -> None:
    def machine() -> Machine:
        machine = Machine(policy="lottery", seed=7)
        for n in range(4):
            machine.spawn(computing, 20, name=f"J{n}")
        return machine.run()

    assert machine().trace == machine().trace


def test_processes_are_shown_in_a_line() -> None:
    machine = Machine()
    process: Process = machine.spawn(computing, 1)
    assert repr(process) == "<computing pid 2 ready>"
    assert repr(machine.run()) == "<Machine up at tick 1: 0 processes>"
