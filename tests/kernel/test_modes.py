"""Kernel mode and user mode: the same mistake, the border, and a driver on either side of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab_kernel.errors import BadInput
from lab_kernel.kernel.account import Account, held, held_by
from lab_kernel.kernel.crossings import KERNEL, USER, Watched, calls, switches
from lab_kernel.kernel.double_fetch import BUFFER, careful, careless, race
from lab_kernel.kernel.errno import Errno
from lab_kernel.kernel.instructions import DIRECT_MAP
from lab_kernel.kernel.machine import Costs, Machine
from lab_kernel.kernel.microkernel import AVERAGE, DEVICE, MICROKERNEL, MONOLITHIC, boot
from lab_kernel.kernel.microkernel.boot import REQUESTS
from lab_kernel.kernel.program import Access, Compute, Instruction, Load, Signal, Store
from lab_kernel.kernel.signals import Signum
from lab_kernel.kernel.syscalls import Fork, Getpid, Ioctl, Mmap, Open, Pipe, Read, Write

FAULTS: dict[str, tuple[Any, Signum | None]] = {
    "null": (lambda: Access(0), Signum.SIGSEGV),
    "divide": (lambda: Compute(1 // 0), Signum.SIGFPE),
}
FORBIDDEN: dict[str, Any] = {
    "kernel address": lambda: Access(DIRECT_MAP),
    "hlt": lambda: Instruction("hlt"),
    "cli": lambda: Instruction("cli"),
    "out": lambda: Instruction("out"),
}


def holder(wish: Any, seen: list[Any]) -> Any:
    """Memory, a file, both ends of a pipe and a child; then what may be a mistake."""
    start = yield Mmap(length=3 * 4096)
    for page in range(3):
        yield Store(start + page * 4096, 1)
    yield Open("/etc/hostname")
    yield Pipe()
    yield Fork(idle, 500)
    seen.append("before")
    yield Compute(5)
    yield wish()
    seen.append("after")


def idle(ticks: int) -> Any:
    yield Compute(ticks)


def run(wish: Any, *, kernel: bool) -> tuple[Machine, Any, list[Any]]:
    machine, seen = Machine(policy="rr", quantum=2), list[Any]()
    process = machine.spawn(holder, wish, seen, name="app")
    process.kernel = kernel
    machine.spawn(idle, 100, name="bystander")
    return machine, process, seen


# The same fault in both modes


@pytest.mark.parametrize("name", FAULTS)
def test_in_user_mode_a_mistake_ends_one_process_and_all_it_had_comes_back(name: str) -> None:
    wish, signal = FAULTS[name]
    machine, process, seen = run(wish, kernel=False)
    while not seen:
        machine.clock.step()
    assert held_by(machine, process) == Account(3, 4, 2, 1, 1)
    machine.run()
    assert machine.panicked is None
    assert process.signal == signal
    assert held_by(machine, process) == Account()
    assert held(machine) == Account()  # of the child and the bystander too
    assert not machine.processes


@pytest.mark.parametrize("name", FAULTS)
def test_in_kernel_mode_the_same_mistake_is_the_end_of_the_machine(name: str) -> None:
    machine, _process, _seen = run(FAULTS[name][0], kernel=True)
    machine.run()
    assert machine.panicked is not None and machine.panicked.startswith("app: ")
    panic = next(event for event in machine.trace if event.kind == "panic")
    assert max(event.time + event.duration for event in machine.trace) == panic.time
    assert len(machine.processes) == 3 and held(machine).frames == 3  # nobody cleans up


@pytest.mark.parametrize("name", FORBIDDEN)
def test_what_user_mode_forbids_kernel_mode_does(name: str) -> None:
    machine, process, seen = run(FORBIDDEN[name], kernel=False)
    machine.run()
    assert (process.signal, seen, machine.panicked) == (Signum.SIGSEGV, ["before"], None)
    machine, process, seen = run(FORBIDDEN[name], kernel=True)
    machine.run()
    assert (process.signal, seen, machine.panicked) == (0, ["before", "after"], None)


def test_the_kernel_reaches_everybodys_memory_and_nobody_elses() -> None:
    got: list[int] = []

    def victim() -> Any:
        start = yield Mmap()
        yield Store(start, 42)
        yield Compute(20)
        got.append((yield Load(start)))

    def spy(mode: str) -> Any:
        yield Compute(10)
        got.append((yield Load(DIRECT_MAP)))
        yield Store(DIRECT_MAP, 7)
        got.append((yield Load(DIRECT_MAP + 4096 * 9)))  # nobody's frame

    machine = Machine(frames=16)
    machine.spawn(victim)
    machine.spawn(spy, "kernel", kernel=True)
    machine.run()
    assert got == [42, 0, 7] and machine.panicked is None
    beyond = Machine(frames=16)
    beyond.spawn(lambda: (yield Load(DIRECT_MAP + 16 * 4096)), name="driver", kernel=True)
    assert beyond.run().panicked == f"driver: page fault at {DIRECT_MAP + 16 * 4096:#x}"
    got.clear()
    user = Machine()
    user.spawn(victim)
    spying = user.spawn(spy, "user")
    user.run()
    assert got == [42] and spying.signal == Signum.SIGSEGV


def test_a_page_that_the_kernel_wrote_goes_to_swap_like_any_other() -> None:
    def victim() -> Any:
        start = yield Mmap(length=4 * 4096)
        yield Load(start)
        yield Compute(10)
        for page in range(1, 4):
            yield Store(start + page * 4096, 1)
        got.append((yield Load(start)))

    def writer() -> Any:
        yield Compute(5)
        yield Store(DIRECT_MAP, 9)

    got: list[int] = []
    machine = Machine(frames=2)
    machine.spawn(victim)
    machine.spawn(writer, kernel=True)
    machine.run()
    assert got == [9]


# In which mode the time goes


def test_every_tick_has_a_mode() -> None:
    def program() -> Any:
        yield Compute(5)
        yield Getpid()
        yield Compute(3)

    machine = Watched(costs=Costs(call=2), policy="fcfs")
    process = machine.spawn(program)
    machine.run()
    pieces = [(event.time, event.duration, event.kind) for event in machine.modes]
    assert pieces == [(0, 5, USER), (5, 2, KERNEL), (7, 3, USER)]
    assert (process.user_time, process.system_time) == (8, 2)
    assert (calls(machine), switches(machine)) == (1, 0)


# One driver, two kernels


def reader(times: int, average: int | None, got: list[Any]) -> Any:
    fd = yield Open(DEVICE)
    if average is not None:
        yield Ioctl(fd, AVERAGE, average)
    for _ in range(times):
        got.append((yield Read(fd)))
        if isinstance(got[-1], bytes):
            yield Write(1, got[-1])


def measured(kind: str, times: int, average: int | None = None) -> tuple[Machine, list[Any]]:
    got: list[Any] = []
    machine = boot(kind, policy="fcfs", costs=Costs(switch=2))
    machine.spawn(reader, times, average, got, name="client")
    return machine.run(), got


@given(st.integers(0, 6), st.integers(1, 4))
@settings(max_examples=20)
def test_a_program_cannot_tell_the_kernels_apart_but_by_the_clock(times: int, average: int) -> None:
    inside, first = measured(MONOLITHIC, times, average)
    beside, second = measured(MICROKERNEL, times, average)
    assert first == second
    assert inside.console.text == beside.console.text
    # Each request: the server's read, a call for each reading of the register, and its write.
    extra = 2 + times * (2 + average)
    startup = 2  # fork and open; the supervisor's wait and the server's last read never return
    assert calls(beside) - calls(inside) == extra + startup
    assert beside.clock.now > inside.clock.now


def test_the_drivers_mistake_ends_the_machine_or_the_server() -> None:
    machine, got = measured(MONOLITHIC, 3, 0)
    assert machine.panicked is not None and "divide error" in machine.panicked
    assert got == []
    machine, got = measured(MICROKERNEL, 3, 0)
    assert machine.panicked is None
    assert got == [-Errno.EIO, b"210\n", b"214\n"]  # the new server does not know of the 0
    died = machine.trace.where(kind="exit", name="SIGFPE")
    assert len(died) == 1 and died.events[0].track.startswith("supervisor.")


def test_who_waits_is_served_by_the_next_server() -> None:
    def other(got: list[Any]) -> Any:
        fd = yield Open(DEVICE)
        got.append((yield Read(fd)))

    machine, got, others = boot(MICROKERNEL, policy="fcfs"), list[Any](), list[Any]()
    machine.spawn(reader, 1, 0, got, at=20)
    machine.spawn(other, others, at=24)  # while the server serves the deadly request
    machine.run()
    assert got == [-Errno.EIO]
    assert others == [b"210\n"]


def test_a_supervisor_gives_up_on_a_server_that_always_crashes() -> None:
    def cruel() -> Any:
        fd = yield Open(DEVICE)
        for _ in range(9):
            yield Ioctl(fd, AVERAGE, 0)
            yield Read(fd)

    machine = boot(MICROKERNEL)
    process = machine.spawn(cruel)
    machine.run()
    assert len(machine.trace.where(kind="exit", name="SIGFPE")) == 5
    assert process.alive and machine.panicked is None  # it waits for a server that never comes


def test_the_kernel_does_not_believe_a_server() -> None:
    got: list[Any] = []

    def liar() -> Any:
        fd = yield Open(REQUESTS, 2)
        got.append((yield Write(fd, b"1 ok\n")))  # nothing was asked
        number = (yield Read(fd)).split()[0]
        for answer in (b"99 ok\nx", number, number + b" -4095", number + b" 5", number + b" \xff"):
            got.append((yield Write(fd, answer)))
        got.append((yield Read(fd)))
        got.append((yield Ioctl(fd, 77)))
        second = yield Open(REQUESTS, 2)
        got.append((yield Read(second)))
        got.append((yield Write(fd, number + b" -5\n")))

    machine, answers = boot(MONOLITHIC), list[Any]()
    port = boot(MICROKERNEL).files.find(REQUESTS, machine.spawn(idle, 1, uid=0).credentials).driver
    machine = Machine(devices={DEVICE: port._port.client, REQUESTS: port})
    machine.spawn(liar)
    machine.spawn(reader, 1, None, answers)
    machine.run()
    refused = -Errno.EINVAL
    assert got == [refused] * 7 + [-Errno.ENOTTY, -Errno.EBUSY, len("1 -5\n")]
    assert answers == [-Errno.EIO]
    assert machine.panicked is None


def test_users_may_not_be_servers_and_no_other_kernel_is_known() -> None:
    got: list[Any] = []

    def user() -> Any:
        got.append((yield Open(REQUESTS, 2)))
        fd = yield Open(DEVICE)
        got.append((yield Ioctl(fd, 77)))
        got.append((yield Ioctl(fd, AVERAGE, 256)))

    for kind, first in ((MICROKERNEL, -Errno.EACCES), (MONOLITHIC, -Errno.ENOENT)):
        got.clear()
        machine = boot(kind)
        machine.spawn(user)
        machine.run()
        assert got == [first, -Errno.EINVAL, -Errno.EINVAL]
    with pytest.raises(BadInput, match="exokernel"):
        boot("exokernel")


def test_a_fault_that_a_program_catches_is_its_own_affair() -> None:
    seen: list[str] = []

    def careful_program() -> Any:
        try:
            yield Instruction("wrmsr")
        except Signal as fault:
            seen.append(fault.reason)

    machine = Machine()
    process = machine.spawn(careful_program)
    machine.run()
    assert seen == ["general protection fault: wrmsr"] and process.signal == 0


# Copy, then check


@given(st.integers(0, 255), st.integers(0, 255), st.integers(0, 6))
def test_a_single_fetch_cannot_be_raced(first: int, then: int, when: int) -> None:
    assert not race(careful, first, then, when).overflow


def test_a_double_fetch_is_lost_between_check_and_use() -> None:
    """The write must come after the first fetch (step 1 on) and before the second (step 3)."""
    lost = [when for when in range(7) if race(careless, 8, 200, when).overflow]
    assert lost == [1, 2]
    assert race(careless, 8, 200, 1).copied == 200 > BUFFER
    assert race(careless, 200, 8, 1).copied is None  # refused, though it would have fitted
    assert race(careful, 8, 200, 0).copied is None
    assert race(careful, 8, 200, 9).steps == ("fetch", "check", "copy", "write")
