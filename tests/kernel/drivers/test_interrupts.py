"""The interrupt controller, the serial line, and what a faulty driver takes down."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab_kernel.kernel.drivers.board import Board
from lab_kernel.kernel.drivers.hardware.serial import FIFO, Serial
from lab_kernel.kernel.drivers.line_driver import TIOCINQ, LineDriver
from lab_kernel.kernel.drivers.setup import plug, plug_disk, plug_serial, plug_standard
from lab_kernel.kernel.errno import Errno
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.open_file import O_RDWR
from lab_kernel.kernel.process import State
from lab_kernel.kernel.program import Compute
from lab_kernel.kernel.syscalls import Ioctl, Open, Read, Write


def board(cpus: int = 1, **how: Any) -> Board:
    return Board(Machine(cpus=cpus), **how)


def halves(board: Board) -> list[tuple[int, str]]:
    return [(event.time, event.name) for event in board.trace.where(kind="interrupt")]


def line_of(board: Board, name: str, **how: Any) -> LineDriver:
    return LineDriver(board, Serial(name, board.clock, board.trace), **how)


def test_the_top_half_runs_at_once_and_the_bottom_half_when_no_line_waits() -> None:
    b = board()
    first, second = line_of(b, "a"), line_of(b, "b")
    for driver in (first, second):
        driver.device.types(b"x", start=10)
    b.machine.run()
    # entry 2, status, data and status again: 5 ticks for a top half
    assert halves(b) == [
        (10, "a: top half"),
        (15, "b: top half"),
        (20, "a: bottom half"),
        (22, "b: bottom half"),
    ]
    assert b.interrupts.stolen == 14 and b.interrupts.bottom_halves == 2


def test_priority_decides_between_lines_that_wait() -> None:
    b = board()
    late, soon = line_of(b, "late", priority=1), line_of(b, "soon", priority=0)
    for driver in (late, soon):
        driver.device.types(b"x", start=10)
    b.machine.run()
    assert [name for _time, name in halves(b)][:2] == ["soon: top half", "late: top half"]


def test_a_masked_line_waits_and_is_not_lost() -> None:
    b = board()
    driver = line_of(b, "a")
    line = b.interrupts.lines[24]
    b.interrupts.mask(line)
    driver.device.types(b"xyz", start=10, gap=5)
    b.machine.run(100)
    assert line.counts == [0]
    b.interrupts.unmask(line)
    b.machine.run()
    assert line.counts == [1] and driver.device.lost == 0  # three bytes, one interrupt


def test_the_table_is_that_of_proc_interrupts() -> None:
    b = board(cpus=2)
    driver = line_of(b, "ttyS0", cpu=1)
    driver.device.types(b"ab")
    plug_disk(b, "sda", "dma")
    b.machine.run()
    head, first, second = b.interrupts.table().splitlines()
    assert head.split() == ["CPU0", "CPU1"]
    assert first.split() == ["24:", "0", "2", "level", "ttyS0"]
    assert second.split() == ["25:", "0", "0", "MSI-edge", "sda"]
    with pytest.raises(ValueError, match="taken"):
        b.interrupts.connect(driver.device, driver.top_half, line=24)


@given(st.lists(st.integers(0, 12), min_size=1, max_size=60), st.integers(1, 12), st.booleans())
@settings(max_examples=50, deadline=None)
def test_every_byte_is_received_or_counted_as_lost(gaps: list[int], entry: int, busy: bool) -> None:
    """No interrupt is lost, whatever the moments: nothing is left in the FIFO."""
    b = board(entry=entry)
    driver = line_of(b, "a")
    now = 0
    for gap in gaps:
        now += gap
        driver.device.comes([(now, 0x2E)])
    if busy:  # somebody else's bottom half takes long
        b.clock.at(5, lambda: b.interrupts.defer("long", lambda: b.bus.work(100)))
    b.machine.run()
    kept = len(driver._line)
    assert kept + driver.device.lost == driver.device.arrived == len(gaps)
    assert (driver.overruns > 0) == (driver.device.lost > 0)


def test_a_fifo_overruns_when_nobody_looks_for_too_long() -> None:
    b = board()
    driver = line_of(b, "a")
    b.clock.at(1, lambda: b.interrupts.defer("long", lambda: b.bus.work(500)))
    driver.device.types(b"." * 30, start=10, gap=10)
    b.machine.run()
    assert driver.device.lost == 30 - FIFO and driver.overruns == 1


def typed(text: bytes, polling: int | None = None) -> tuple[list[Any], LineDriver]:
    machine = Machine()
    driver = plug_serial(Board(machine), "ttyS0", polling=polling)
    plug(machine, driver)
    driver.device.types(text, start=50, gap=40)
    got: list[Any] = []

    def program() -> Any:
        fd = yield Open("/dev/ttyS0", O_RDWR)
        got.append((yield Read(fd, 100)))
        got.append((yield Read(fd, 2)))
        got.append((yield Ioctl(fd, TIOCINQ)))
        got.append((yield Read(fd, 100)))
        got.append((yield Write(fd, "bye")))

    machine.spawn(program)
    machine.run()
    assert not machine.panicked
    return got, driver


@pytest.mark.parametrize("polling", [None, 20])
def test_lines_are_put_together(polling: int | None) -> None:
    got, driver = typed(b"helo\x7flo\nabcd\n\x04", polling)
    assert got[:2] == [b"hello\n", b"ab"]
    assert got[3] == b"cd\n" and got[4] == 3
    assert bytes(driver.device.sent) == b"bye"
    assert (driver.board.interrupts.stolen == 0) == (polling is not None)


def test_an_unplugged_line_wakes_its_reader_with_an_error() -> None:
    machine = Machine()
    driver = plug_serial(Board(machine))
    plug(machine, driver)
    got: list[Any] = []

    def program() -> Any:
        fd = yield Open("/dev/ttyS0", O_RDWR)
        got.append((yield Read(fd, 100)))
        got.append((yield Read(fd, 100)))
        got.append((yield Write(fd, "x")))

    machine.spawn(program)
    machine.clock.at(100, driver.device.unplug)
    machine.clock.at(110, lambda: driver.device.receive(1))
    machine.run()
    assert got == [-Errno.EIO, -Errno.ENODEV, -Errno.EIO]


def test_devices_without_hardware() -> None:
    machine = Machine()
    plug_standard(machine)
    got: list[Any] = []

    def program() -> Any:
        for name in ("null", "zero", "full"):
            fd = yield Open(f"/dev/{name}", O_RDWR)
            got.append(((yield Write(fd, b"abc")), (yield Read(fd, 2))))
            got.append((yield Ioctl(fd, 1)))

    machine.spawn(program)
    machine.run()
    assert got[::2] == [(3, b""), (3, b"\0\0"), (-Errno.ENOSPC, b"\0\0")]
    assert got[1::2] == [-Errno.ENOTTY] * 3


# Faulty drivers


def with_fault(fault: str, **how: Any) -> tuple[Machine, list[Any]]:
    machine = Machine()
    options = {"iommu": how.pop("iommu", False), "lockup": 5_000}
    plug(machine, plug_disk(Board(machine, **options), "sda", fault=fault, **how))
    got: list[Any] = []

    def reader() -> Any:
        fd = yield Open("/dev/sda")
        got.append((yield Read(fd, 10)))

    def other() -> Any:
        yield Compute(3000)
        got.append("other")

    machine.spawn(reader)
    machine.spawn(other)
    machine.run()
    return machine, got


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("null-pointer", "AttributeError in the top half of sda"),
        ("never-quiets", "watchdog: CPU 0 is stuck"),
        ("wild-address", "overwritten"),
    ],
)
def test_a_fault_that_takes_the_machine_with_it(fault: str, reason: str) -> None:
    machine, got = with_fault(fault)
    assert machine.panicked is not None and reason in machine.panicked
    assert got == []
    assert list(machine.trace.where(kind="panic"))


def test_a_storm_starves_everybody_until_the_watchdog_bites() -> None:
    machine, _got = with_fault("never-quiets")
    storm = sum(event.duration for event in machine.trace.where(kind="interrupt"))
    assert storm >= 5_000 * 0.99 and machine.clock.now < 6_000


def test_a_line_that_nobody_answers_is_masked_and_only_its_reader_waits() -> None:
    machine, got = with_fault("not-mine")
    assert got == ["other"] and machine.panicked is None
    assert [e.name for e in machine.trace.where(kind="warning")] == ["irq 24: nobody cared"]
    reader = next(p for p in machine.processes.values() if p.command == "reader")
    assert reader.state is State.WAITING  # D: no signal reaches it


@pytest.mark.parametrize("fault", ["not-mine", "forgets"])
def test_a_timeout_turns_waiting_for_ever_into_eio(fault: str) -> None:
    assert with_fault(fault, timeout=10_000)[1] == ["other", -Errno.EIO]
    assert with_fault(fault)[1] == ["other"]


def test_an_iommu_turns_the_wild_address_into_eio() -> None:
    machine, got = with_fault("wild-address", iommu=True)
    assert got == [-Errno.EIO, "other"] and machine.panicked is None
