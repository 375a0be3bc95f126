"""Plugging devices in: a device, its driver, and the name under /dev.

The program above opens a name and never learns which pair is behind it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lab_kernel.kernel.drivers.block_driver import BlockDriver
from lab_kernel.kernel.drivers.board import Board
from lab_kernel.kernel.drivers.dma_driver import DmaController
from lab_kernel.kernel.drivers.driver import Driver
from lab_kernel.kernel.drivers.faulty import FAULTS
from lab_kernel.kernel.drivers.hardware.disk import Disk
from lab_kernel.kernel.drivers.hardware.dma_disk import DmaDisk
from lab_kernel.kernel.drivers.hardware.pio_disk import PioDisk
from lab_kernel.kernel.drivers.hardware.serial import Serial
from lab_kernel.kernel.drivers.line_driver import LineDriver
from lab_kernel.kernel.drivers.pio_driver import PioController
from lab_kernel.kernel.drivers.pseudo import Full, Null, Zero
from lab_kernel.kernel.drivers.queue import Controller, Queue
from lab_kernel.registry import unknown
from lab_kernel.trace import Trace

if TYPE_CHECKING:
    from lab_kernel.kernel.machine import Machine

CONTROLLERS: Mapping[str, type[Controller]] = {"pio": PioController, "dma": DmaController}


def plug_disk(
    board: Board,
    name: str = "sda",
    model: str = "dma",
    *,
    policy: str = "look",
    polling: int | None = None,
    timeout: int | None = None,
    cache: int = 16,
    read_ahead: int = 0,
    fault: str | type[Controller] | None = None,
    **disk: Any,
) -> BlockDriver:
    """``model`` is pio or dma; ``polling`` the ticks between two looks, None for interrupts.

    ``fault`` takes a driver with that mistake (or a Controller of your own) and the model that it
    was written for; the rest goes to the disk itself.
    """
    kind = fault if isinstance(fault, type) else _kind(model, fault)
    controller: Controller
    if issubclass(kind, DmaController):
        ring = DmaDisk(name, board.clock, board.trace, ram=board.ram, **disk)
        controller = kind(board, ring, polling=polling is not None)
    else:
        assert issubclass(kind, PioController)
        port = PioDisk(name, board.clock, board.trace, **disk)
        controller = kind(board, port, polling=polling is not None)
    queue = Queue(board, controller, policy, timeout=timeout)
    return BlockDriver(name, queue, cache=cache, read_ahead=read_ahead, interval=polling)


def _kind(model: str, fault: str | None) -> type[Controller]:
    kinds = CONTROLLERS if fault is None else FAULTS
    wanted = model if fault is None else fault
    if wanted not in kinds:
        raise unknown("model" if fault is None else "fault", wanted, kinds)
    return kinds[wanted]


def plug_serial(
    board: Board, name: str = "ttyS0", *, polling: int | None = None, **device: Any
) -> LineDriver:
    """A serial line, with a keyboard at the other end: ``driver.device.types(b"ls\\n")``."""
    return LineDriver(board, Serial(name, board.clock, board.trace, **device), interval=polling)


def plug(machine: Machine, driver: Driver, path: str = "") -> Driver:
    """Under /dev, by its name or a path; whatever was there is there no longer."""
    machine.files.add(path or f"/dev/{driver.name}", mode=0o666, driver=driver)
    return driver


def plug_standard(machine: Machine) -> None:
    """What is always there."""
    for driver in (Null("null"), Zero("zero"), Full("full")):
        plug(machine, driver)


def transcript(trace: Trace, device: Disk | Serial | str) -> list[str]:
    """The registers that were read and written, in order: what the device has heard."""
    name = device if isinstance(device, str) else device.name
    return [event.name for event in trace.where(track=name, kind="register")]
