"""Two disks, two protocols, four ways to drive them: what is read is what was written."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab_kernel.kernel.disk import serve
from lab_kernel.kernel.drivers.block_driver import BLKGETSIZE64, BlockDriver
from lab_kernel.kernel.drivers.hardware.disk import BLOCK
from lab_kernel.kernel.drivers.queue import Request
from lab_kernel.kernel.drivers.setup import plug_disk, transcript
from lab_kernel.kernel.elevator import ELEVATORS
from lab_kernel.kernel.elevator import Request as Place
from lab_kernel.kernel.errno import Errno
from lab_kernel.registry import BadInput
from tests.kernel.drivers.standin import File, Machine, Program, at_once, read, write

WAYS = [("pio", None), ("pio", 50), ("dma", None), ("dma", 50)]
ways = st.sampled_from(WAYS)
policies = st.sampled_from(sorted(ELEVATORS))
TEXT = bytes(range(256)) * 8


def disk(model: str, polling: int | None = None, **how: Any) -> tuple[Machine, BlockDriver]:
    machine = Machine()
    return machine, plug_disk(machine.board, "sda", model, polling=polling, **how)


@pytest.mark.parametrize(("model", "polling"), WAYS)
def test_bytes_come_back(model: str, polling: int | None) -> None:
    machine, driver = disk(model, polling)
    assert at_once(machine, write(driver, File(1000), b"hello")) == 5
    file = File(998)
    assert at_once(machine, read(driver, file, 9)) == b"\0\0hello\0\0"
    assert file.offset == 1007
    assert driver.queue.disk.content[1000:1005] == b"hello"
    assert not machine.panicked and not len(driver.queue)


@pytest.mark.parametrize(("model", "polling"), WAYS)
def test_the_end_of_the_disk(model: str, polling: int | None) -> None:
    machine, driver = disk(model, polling, blocks=2)
    assert at_once(machine, read(driver, File(1020), 100)) == bytes(4)
    assert at_once(machine, read(driver, File(1024), 100)) == b""
    assert at_once(machine, write(driver, File(1020), b"abcdefgh")) == 4
    assert at_once(machine, write(driver, File(1024), b"a")) == -Errno.ENOSPC
    assert at_once(machine, write(driver, File(0), b"")) == 0
    assert driver.size == at_once(
        machine, lambda process: driver.ioctl(None, process, File(), BLKGETSIZE64)
    )
    assert at_once(machine, lambda process: driver.ioctl(None, process, File(), 1)) == -Errno.ENOTTY


@pytest.mark.parametrize(("model", "polling"), WAYS)
def test_a_bad_block_is_eio_and_a_write_mends_it(model: str, polling: int | None) -> None:
    machine, driver = disk(model, polling)
    driver.queue.disk.bad.add(3)
    assert at_once(machine, read(driver, File(3 * BLOCK), 10)) == -Errno.EIO
    assert at_once(machine, read(driver, File(2 * BLOCK), 10)) == bytes(10)
    assert at_once(machine, write(driver, File(3 * BLOCK), TEXT[:BLOCK])) == BLOCK
    assert at_once(machine, read(driver, File(3 * BLOCK), 4)) == TEXT[:4]


def copy(driver: BlockDriver, out: list[bytes]) -> Program:
    """The program above: it knows bytes, offsets and nothing else."""
    file = File()
    yield write(driver, file, b"the same program\n" * 100)
    file.offset = 600
    while data := (yield read(driver, file, 700)):
        out.append(data)
        if file.offset > 3000:
            return


def test_one_program_two_disks_the_same_output_another_transcript() -> None:
    """Fact K04: the driver mediates."""
    said, heard = {}, {}
    for model in ("pio", "dma"):
        machine, driver = disk(model)
        out: list[bytes] = []
        machine.spawn(copy(driver, out))
        machine.run()
        said[model], heard[model] = b"".join(out), transcript(machine.trace, "sda")
    assert said["pio"] == said["dma"] != b""
    assert set(heard["pio"]).isdisjoint(heard["dma"])
    assert "command ← 0x20" in heard["pio"] and "data → 256 ×" in heard["pio"]
    assert all(line.startswith(("queue", "doorbell")) for line in heard["dma"])


operation = st.tuples(st.booleans(), st.integers(0, 20 * BLOCK), st.integers(1, 3 * BLOCK))


@given(
    ways,
    policies,
    st.lists(st.lists(operation, max_size=5), min_size=1, max_size=3),
    st.integers(1, 4),
    st.integers(0, 3),
)
@settings(max_examples=60, deadline=None)
def test_what_is_read_is_what_was_written(
    way: tuple[str, int | None],
    policy: str,
    programs: list[list[tuple[bool, int, int]]],
    cache: int,
    read_ahead: int,
) -> None:
    """Several processes, each with a third of the disk; the reference is a bytearray."""
    machine, driver = disk(way[0], way[1], policy=policy, cache=cache, read_ahead=read_ahead)
    shares = [bytearray(24 * BLOCK) for _program in programs]
    done = []

    def run(number: int, steps: list[tuple[bool, int, int]]) -> Program:
        share, base = shares[number], number * 24 * BLOCK
        # Neighbours share a block: an uneven border, so that a write must keep the other's half.
        base += 100 if number else 0
        for n, (is_write, offset, count) in enumerate(steps):
            if is_write:
                data = bytes((n * 7 + k) % 256 for k in range(count))
                assert (yield write(driver, File(base + offset), data)) == count
                share[offset : offset + count] = data
            else:
                got = yield read(driver, File(base + offset), count)
                assert got == share[offset : offset + count]
        done.append(number)

    for number, steps in enumerate(programs):
        machine.spawn(run(number, steps))
    machine.run()
    assert sorted(done) == list(range(len(programs))) and not machine.panicked
    assert not len(driver.queue) and not driver.queue.under_way


def as_queue(way: tuple[str, int | None], policy: str, cylinders: list[int]) -> BlockDriver:
    """All requests at once, one block a cylinder."""
    machine = Machine()
    driver = plug_disk(
        machine.board, "sda", way[0], polling=way[1], policy=policy, blocks=200, per_cylinder=1
    )
    ends: Counter[int] = Counter()
    driver.queue.controller.room = 1
    driver.queue.disk.head = driver.queue._at = 53
    for cylinder in cylinders:
        driver.queue.submit(Request(cylinder, on_end=[lambda r: ends.update([r.block])]))
    driver.queue.start()
    while way[1] and len(driver.queue):
        machine.clock.run(machine.clock.now + way[1])
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


def test_dma_leaves_the_cpu_alone() -> None:
    """PIO: 3 registers to ask, 1 to quiet, 256 to move; DMA: a doorbell and two glances."""
    used = {}
    for model in ("pio", "dma"):
        machine, driver = disk(model)
        process = machine.spawn(iter_reads(driver, 4))
        machine.run()
        used[model] = process.spun + machine.board.interrupts.stolen
        assert sum(t for _cpu, t, _name in machine.stolen) == machine.board.interrupts.stolen
    halves = 2 * 2
    assert used["pio"] == 4 * (3 + 1 + 256 + halves)
    assert used["dma"] == 4 * (1 + 1 + 1 + halves)


def iter_reads(driver: BlockDriver, blocks: int) -> Program:
    file = File()
    for _n in range(blocks):
        yield read(driver, file, BLOCK)


def test_polling_keeps_the_cpu_and_needs_no_interrupt() -> None:
    machine, driver = disk("pio", 10)
    process = machine.spawn(iter_reads(driver, 2))
    machine.run()
    assert process.spun == machine.clock.now and process.sleeps == 0
    assert not machine.stolen and not machine.board.interrupts.lines


def test_the_cache_and_reading_ahead() -> None:
    machine, driver = disk("dma", cache=8, read_ahead=2)
    for block in (0, 1, 2, 3, 0):
        at_once(machine, read(driver, File(block * BLOCK), BLOCK))
    assert (driver.hits, driver.misses) == (2 + 1, 2)
    assert driver.queue.stat.ios[0] == 6  # 0 with 1 and 2, then 3 with 4 and 5
    times = [e.time for e in machine.trace.where(kind="raise")]
    assert times == sorted(times)


def test_the_statistics_are_those_of_the_kernel() -> None:
    machine, driver = disk("pio", seek=10, service=300)
    at_once(machine, read(driver, File(), BLOCK))
    at_once(machine, write(driver, File(), TEXT[:BLOCK]))
    line = [int(n) for n in driver.queue.line().split()]
    assert line[:3] == [1, 0, 1] and line[4:7] == [1, 0, 1] and line[8] == 0
    assert line[3] + line[7] == line[9] == line[10] == sum(driver.queue.stat.ticks)


@pytest.mark.parametrize(("model", "polling"), WAYS)
def test_unplugging_is_an_error_and_no_crash(model: str, polling: int | None) -> None:
    machine, driver = disk(model, polling)
    results: list[Any] = []

    def program() -> Program:
        results.append((yield read(driver, File(400 * BLOCK), 10)))
        results.append((yield read(driver, File(), 10)))
        results.append((yield write(driver, File(), b"x")))

    machine.spawn(program())
    machine.clock.at(500, driver.queue.disk.unplug)
    machine.run()
    assert results == [-Errno.EIO, -Errno.ENODEV, -Errno.ENODEV]
    assert not machine.panicked


@given(ways, policies, st.integers(0, 6000))
@settings(max_examples=40, deadline=None)
def test_pulled_at_any_moment_every_process_hears_of_it(
    way: tuple[str, int | None], policy: str, moment: int
) -> None:
    machine, driver = disk(way[0], way[1], policy=policy, read_ahead=1)
    over: list[int] = []

    def program(number: int) -> Program:
        for n in range(4):
            got = yield write(driver, File((number * 50 + n * 7) * BLOCK + 3), TEXT[:600])
            assert got in (600, -Errno.EIO, -Errno.ENODEV)
            got = yield read(driver, File((number * 50 + n * 9) * BLOCK), 600)
            assert got in (-Errno.EIO, -Errno.ENODEV) or len(got) == 600
        over.append(number)

    for number in range(3):
        machine.spawn(program(number))
    machine.clock.at(moment, driver.queue.disk.unplug)
    machine.run()
    assert sorted(over) == [0, 1, 2] and not machine.panicked


def test_a_dead_disk_reads_as_all_ones() -> None:
    machine, driver = disk("pio")
    driver.queue.disk.unplug()
    assert machine.board.bus.read(driver.queue.disk, "status") == 0xFF
    machine.board.bus.write(driver.queue.disk, "command", 0x20)  # nobody hears it
    machine.run()
    assert len(machine.trace.where(kind="unplugged")) == 1


def test_there_is_no_such_model() -> None:
    machine = Machine()
    with pytest.raises(BadInput, match="pio, dma"):
        plug_disk(machine.board, "sda", "tape")
    with pytest.raises(BadInput, match="null-pointer"):
        plug_disk(machine.board, "sda", fault="luck")
