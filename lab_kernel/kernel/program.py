"""What a program is made of.

A program is a generator. It yields what it wants, and ``yield`` is the way into the kernel and
back: the value of the ``yield`` is the result, and a signal that the program catches is raised
at it::

    def copy():
        fd = yield Open("/etc/hosts")
        data = yield Read(fd, 4096)
        yield Compute(5)
        yield Store(0x400000, data[0])

What needs no kernel is here; system calls are in ``syscalls``. Code between two yields takes no
time. Python's generators cannot be copied: that is why ``Fork`` names the child's program.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import GeneratorType
from typing import Any, TypeAlias

from lab_kernel.kernel.signals import Signum

Running: TypeAlias = "GeneratorType[Any, Any, Any]"
Program = Callable[..., Running]


@dataclass(slots=True)
class Compute:
    """Use the CPU for so many ticks. The kernel may take it away in between, and give it back."""

    ticks: int


@dataclass(slots=True)
class Access:
    """Touch an address: one tick, and what the page fault handler needs if there is a fault.

    The result is the outcome's kind ("hit", "minor fault", "major fault").
    """

    address: int
    write: bool = False


@dataclass(slots=True)
class Load:
    """Read the byte at an address."""

    address: int


@dataclass(slots=True)
class Store:
    """Write a byte, 0 to 255, to an address."""

    address: int
    value: int


@dataclass(slots=True)
class Instruction:
    """An instruction that only the kernel may execute: ``hlt``, ``cli``, ``out`` ...

    In user mode the processor raises a general protection fault (SIGSEGV on Linux).
    """

    name: str


class Signal(Exception):
    """Raised at the ``yield`` of a program that catches this signal, or that faulted.

    ``result`` is what the interrupted system call returned (None: there was none), ``left`` the
    ticks of a ``Compute`` that were not done. A program that lets it go on is ended by it.
    """

    def __init__(self, number: Signum, reason: str = "", result: Any = None, left: int = 0) -> None:
        self.number, self.reason, self.result, self.left = number, reason, result, left
        super().__init__(f"{number.name}: {reason}" if reason else number.name)
