"""Two disks, two protocols, four ways to drive them: what is read is what was written."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab_kernel.errors import BadInput
from lab_kernel.kernel.disk import serve
from lab_kernel.kernel.drivers.block_driver import BLKGETSIZE64, BlockDriver
from lab_kernel.kernel.drivers.board import Board
from lab_kernel.kernel.drivers.hardware.disk import BLOCK
from lab_kernel.kernel.drivers.queue import Request
from lab_kernel.kernel.drivers.setup import plug, plug_disk, transcript
from lab_kernel.kernel.elevator import ELEVATORS
from lab_kernel.kernel.elevator import Request as Place
from lab_kernel.kernel.errno import Errno
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.open_file import O_RDWR
from lab_kernel.kernel.program import Compute
from lab_kernel.kernel.signals import Signum
from lab_kernel.kernel.syscalls import Fork, Ioctl, Kill, Lseek, Nanosleep, Open, Read, Wait4, Write

WAYS = [("pio", None), ("pio", 50), ("dma", None), ("dma", 50)]
ways = st.sampled_from(WAYS)
policies = st.sampled_from(sorted(ELEVATORS))
TEXT = bytes(range(256)) * 8


def disk(model: str, polling: int | None = None, **how: Any) -> tuple[Machine, BlockDriver]:
    machine = Machine()
    driver = plug_disk(Board(machine), "sda", model, polling=polling, **how)
    plug(machine, driver)
    return machine, driver


def asking(wishes: list[Any], got: list[Any]) -> Any:
    """A program that wants these of /dev/sda: (offset, bytes to write or count to read)."""
    fd = yield Open("/dev/sda", O_RDWR)
    for offset, what in wishes:
        assert (yield Lseek(fd, offset)) == offset
        got.append((yield Write(fd, what) if isinstance(what, bytes) else Read(fd, what)))


def answers(machine: Machine, *wishes: tuple[int, bytes | int]) -> list[Any]:
    got: list[Any] = []
    machine.spawn(asking, list(wishes), got)
    machine.run()
    assert not machine.panicked and len(got) == len(wishes)
    return got


@pytest.mark.parametrize(("model", "polling"), WAYS)
def test_bytes_come_back(model: str, polling: int | None) -> None:
    machine, driver = disk(model, polling)
    assert answers(machine, (1000, b"hello"), (998, 9)) == [5, b"\0\0hello\0\0"]
    assert driver.queue.disk.content[1000:1005] == b"hello"
    assert not len(driver.queue)


@pytest.mark.parametrize(("model", "polling"), WAYS)
def test_the_end_of_the_disk(model: str, polling: int | None) -> None:
    machine, driver = disk(model, polling, blocks=2)
    wishes = (1020, 100), (1024, 100), (1020, b"abcdefgh"), (1024, b"a"), (0, b""), (1020, 4)
    assert answers(machine, *wishes) == [bytes(4), b"", 4, -Errno.ENOSPC, 0, b"abcd"]
    assert driver.size == 1024


def test_what_only_the_driver_understands() -> None:
    machine, _driver = disk("dma")
    got: list[Any] = []

    def program() -> Any:
        fd = yield Open("/dev/sda")
        got.append((yield Ioctl(fd, BLKGETSIZE64)))
        got.append((yield Ioctl(fd, 1)))

    machine.spawn(program)
    machine.run()
    assert got == [800 * BLOCK, -Errno.ENOTTY]


@pytest.mark.parametrize(("model", "polling"), WAYS)
def test_a_bad_block_is_eio_and_a_write_mends_it(model: str, polling: int | None) -> None:
    machine, driver = disk(model, polling)
    driver.queue.disk.bad.add(3)
    at = 3 * BLOCK
    wishes = (at, 10), (at + 1, b"x"), (2 * BLOCK, 10), (at, TEXT[:BLOCK]), (at, 4)
    got = answers(machine, *wishes)
    assert got == [-Errno.EIO, -Errno.EIO, bytes(10), BLOCK, TEXT[:4]]


def copy(out: list[bytes]) -> Any:
    """The program above: it knows bytes, offsets and nothing else."""
    fd = yield Open("/dev/sda", O_RDWR)
    yield Write(fd, b"the same program\n" * 100)
    yield Lseek(fd, 600)
    for _n in range(4):
        data = yield Read(fd, 700)
        out.append(data)
        yield Write(1, data)


def test_one_program_two_disks_the_same_output_another_transcript() -> None:
    """Fact K04: the driver mediates."""
    said, heard = {}, {}
    for model in ("pio", "dma"):
        machine, _driver = disk(model)
        out: list[bytes] = []
        machine.spawn(copy, out)
        machine.run()
        assert machine.console.text.encode() == b"".join(out) != b""
        said[model], heard[model] = machine.console.text, transcript(machine.trace, "sda")
    assert said["pio"] == said["dma"]
    assert set(heard["pio"]).isdisjoint(heard["dma"])
    assert "command ← 0x20" in heard["pio"] and "data → 256 ×" in heard["pio"]
    assert all(line.startswith(("queue", "doorbell")) for line in heard["dma"])


def test_who_shares_an_open_file_shares_its_place() -> None:
    machine, _driver = disk("dma", content=TEXT)
    got: list[Any] = []

    def child(fd: int) -> Any:
        got.append((yield Read(fd, 100)))

    def parent() -> Any:
        fd = yield Open("/dev/sda")
        yield Fork(child, fd)
        got.append((yield Read(fd, 700)))
        yield Wait4()
        got.append((yield Read(fd, 100)))

    machine.spawn(parent)
    machine.run()
    assert not machine.panicked and sorted(map(len, got)) == [100, 100, 700]


operation = st.tuples(st.booleans(), st.integers(0, 20 * BLOCK), st.integers(1, 3 * BLOCK))


@given(
    ways,
    policies,
    st.lists(st.lists(operation, max_size=5), min_size=1, max_size=3),
    st.integers(1, 4),
    st.integers(0, 3),
)
@settings(max_examples=50, deadline=None)
def test_what_is_read_is_what_was_written(
    way: tuple[str, int | None],
    policy: str,
    programs: list[list[tuple[bool, int, int]]],
    cache: int,
    read_ahead: int,
) -> None:
    """Several processes, each with a third of the disk; the reference is a bytearray."""
    machine, driver = disk(way[0], way[1], policy=policy, cache=cache, read_ahead=read_ahead)
    got: list[list[Any]] = []
    expected: list[list[Any]] = []
    for number, steps in enumerate(programs):
        # An uneven border: neighbours share a block, and a write must keep the other's half.
        base = number * 24 * BLOCK + (100 if number else 0)
        share, wishes, wanted = bytearray(24 * BLOCK), [], []
        for n, (is_write, offset, count) in enumerate(steps):
            data = bytes((n * 7 + k) % 256 for k in range(count))
            if is_write:
                share[offset : offset + count] = data
            wishes.append((base + offset, data if is_write else count))
            wanted.append(count if is_write else bytes(share[offset : offset + count]))
        got.append([])
        expected.append(wanted)
        machine.spawn(asking, wishes, got[-1])
    machine.run()
    assert got == expected and not machine.panicked
    assert not len(driver.queue)


def as_queue(way: tuple[str, int | None], policy: str, cylinders: list[int]) -> BlockDriver:
    """All requests at once, one block a cylinder, the head at 53."""
    machine, driver = disk(way[0], way[1], policy=policy, blocks=200, per_cylinder=1)
    ends: Counter[int] = Counter()
    driver.queue.controller.room = 1
    driver.queue.disk.head = driver.queue.at = 53
    for cylinder in cylinders:
        driver.queue.submit(Request(cylinder, on_end=[lambda r: ends.update([r.block])]))
    driver.queue.start()
    while way[1] and len(driver.queue):
        machine.run(machine.clock.now + way[1])
        driver.queue.controller.poll()
    machine.run()
    assert ends == Counter(cylinders)
    return driver


def test_the_textbooks_queue_on_the_disk() -> None:
    """Silberschatz, Galvin, Gagne, "Mass-Storage Structure": FCFS 640, SSTF 236, C-LOOK 322."""
    asked = [98, 183, 37, 122, 14, 124, 65, 67]
    for policy, distance in (("fcfs", 640), ("sstf", 236), ("c-look", 322)):
        driver = as_queue(("pio", None), policy, asked)
        assert driver.queue.disk.crossed == driver.queue.stat.distance == distance


@given(ways, policies, st.lists(st.integers(0, 199), min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_every_request_is_served_once_by_the_way_that_the_elevator_says(
    way: tuple[str, int | None], policy: str, cylinders: list[int]
) -> None:
    driver = as_queue(way, policy, cylinders)
    assert driver.queue.stat.ios == [len(cylinders), 0]
    if policy not in ("scan", "c-scan"):  # their way to the edge is no order to the disk
        alone = serve([Place(c) for c in cylinders], policy, head=53)
        assert driver.queue.disk.crossed == alone.distance


def cpu_time(model: str, blocks: int) -> int:
    """Ticks of CPU for reading so many blocks, one at a time, beyond the calls' own."""
    machine, driver = disk(model)
    process = machine.spawn(asking, [(n * BLOCK, BLOCK) for n in range(blocks)], [])
    machine.run()
    calls = 1 + 2 * blocks + blocks  # open, lseek and read; and each sleep ends in the kernel
    assert driver.queue.stat.ios == [blocks, 0]
    return process.system_time - calls + driver.queue.board.interrupts.stolen


def test_dma_leaves_the_cpu_alone() -> None:
    """PIO: 3 registers to ask, 1 to quiet, 256 to move; DMA: a doorbell and two glances."""
    halves = 2 * 2
    assert cpu_time("pio", 4) == 4 * (3 + 1 + 256 + halves)
    assert cpu_time("dma", 4) == 4 * (1 + 1 + 1 + halves)


def test_polling_keeps_the_cpu_and_needs_no_interrupt() -> None:
    machine, driver = disk("pio", 10)
    process = machine.spawn(asking, [(0, BLOCK), (BLOCK, BLOCK)], [])
    machine.run()
    assert process.system_time == machine.clock.now
    assert not driver.queue.board.interrupts.lines and not machine.trace.where(kind="interrupt")


def test_while_it_sleeps_another_runs_and_interrupts_take_its_time() -> None:
    def computing() -> Any:
        yield Compute(5000)

    machine, driver = disk("pio")
    reader = machine.spawn(asking, [(n * BLOCK, BLOCK) for n in range(4)], [])
    other = machine.spawn(computing)
    machine.run()
    stolen = driver.queue.board.interrupts.stolen
    assert stolen == sum(e.duration for e in machine.trace.where(kind="interrupt"))
    assert machine.clock.now == other.user_time + reader.system_time + stolen


def test_the_cache_and_reading_ahead() -> None:
    machine, driver = disk("dma", cache=8, read_ahead=2)
    for block in (0, 1, 2, 3, 0):
        answers(machine, (block * BLOCK, BLOCK))
    assert (driver.hits, driver.misses) == (4, 1)
    assert driver.queue.stat.ios[0] == 6  # 0 to 5, always two ahead


def test_the_statistics_are_those_of_the_kernel() -> None:
    machine, driver = disk("pio")
    answers(machine, (0, BLOCK), (0, TEXT[:BLOCK]))
    line = [int(n) for n in driver.queue.line().split()]
    assert line[:3] == [1, 0, 1] and line[4:7] == [1, 0, 1] and line[8] == 0
    assert line[3] + line[7] == line[9] == line[10] == sum(driver.queue.stat.ticks)


@pytest.mark.parametrize(("model", "polling"), WAYS)
def test_unplugging_is_an_error_and_no_crash(model: str, polling: int | None) -> None:
    machine, driver = disk(model, polling)
    machine.clock.at(500, driver.queue.disk.unplug)
    got = answers(machine, (400 * BLOCK, 10), (0, 10), (0, b"x"))
    assert got == [-Errno.EIO, -Errno.ENODEV, -Errno.ENODEV]


@given(ways, policies, st.integers(0, 6000))
@settings(max_examples=30, deadline=None)
def test_pulled_at_any_moment_every_process_hears_of_it(
    way: tuple[str, int | None], policy: str, moment: int
) -> None:
    machine, driver = disk(way[0], way[1], policy=policy, read_ahead=1)
    got: list[list[Any]] = [[], [], []]
    for number in range(3):
        wishes: list[tuple[int, Any]] = []
        for n in range(4):
            wishes.append(((number * 50 + n * 7) * BLOCK + 3, TEXT[:600]))
            wishes.append(((number * 50 + n * 9) * BLOCK, 600))
        machine.spawn(asking, wishes, got[number])
    machine.clock.at(moment, driver.queue.disk.unplug)
    machine.run()
    assert not machine.panicked and [len(each) for each in got] == [8, 8, 8]
    for answer in (answer for each in got for answer in each):
        failed = answer in (-Errno.EIO, -Errno.ENODEV)
        assert failed or answer == 600 or (type(answer) is bytes and len(answer) == 600)


@given(ways, st.lists(st.integers(1, 3000), min_size=1, max_size=4))
@settings(max_examples=25, deadline=None)
def test_who_is_killed_in_a_call_leaves_the_disk_usable(
    way: tuple[str, int | None], moments: list[int]
) -> None:
    """At any moment: asleep in the driver, polling, or between two calls."""
    machine, driver = disk(way[0], way[1])
    wishes: list[tuple[int, Any]] = [(n * 7 * BLOCK + 5, TEXT[:700]) for n in range(4)]
    victims = [machine.spawn(asking, wishes, []) for _moment in moments]

    def killer(pid: int, moment: int) -> Any:
        yield Nanosleep(moment)
        yield Kill(pid, Signum.SIGKILL)

    for victim, moment in zip(victims, moments, strict=True):
        machine.spawn(killer, victim.pid, moment)
    machine.run()
    assert not machine.panicked and not any(victim.alive for victim in victims)
    assert answers(machine, (900 * 4, b"still here"), (900 * 4, 10)) == [10, b"still here"]
    assert not driver.queue.gone


def test_a_dead_disk_reads_as_all_ones() -> None:
    machine, driver = disk("pio")
    board = driver.queue.board
    driver.queue.disk.unplug()
    assert board.bus.read(driver.queue.disk, "status") == 0xFF
    board.bus.write(driver.queue.disk, "command", 0x20)  # nobody hears it
    machine.run()
    assert len(machine.trace.where(kind="unplugged")) == 1


def test_there_is_no_such_model() -> None:
    board = Board(Machine())
    with pytest.raises(BadInput, match="pio, dma"):
        plug_disk(board, "sda", "tape")
    with pytest.raises(BadInput, match="null-pointer"):
        plug_disk(board, "sda", fault="luck")
