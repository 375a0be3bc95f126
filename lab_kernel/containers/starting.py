"""Starting a program, step by step, until the first thing that is missing.

    kernel   the file's architecture (ENOEXEC), then its interpreter (ENOENT)
    ld.so    each library it needs, then the version of its symbols
    program  its settings, its system calls (ENOSYS), its backing services (here: a file below /net)

The steps are a program of the simulated kernel: what is missing is what an ``Open`` or a call of
that kernel refused. Every path is below ``root``, as after chroot(2), except that /net is the
network's and the same for all.
Source: execve(2), ld.so(8); the messages are those that a real ld.so printed (tools/record/
portability.py).
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any

from lab_kernel.containers.binary import (
    INTERPRETER,
    LIBRARIES,
    Binary,
    Library,
    read_binary,
    read_library,
)
from lab_kernel.kernel.errno import Errno
from lab_kernel.kernel.syscalls import Close, Open, Read, Syscall, Write
from lab_kernel.kernel.syscalls.numbers import NUMBERS

ARCHITECTURE, LOADER, LIBRARY, VERSION = "architecture", "loader", "library", "version"
SETTING, CALL, SERVICE = "setting", "call", "service"
STAGES = (ARCHITECTURE, LOADER, LIBRARY, VERSION, SETTING, CALL, SERVICE)
KERNEL_STAGES = (ARCHITECTURE, LOADER, CALL)

_READ_AND_MAKE, _MAKE_ANEW = 0o102, 0o1101  # O_RDWR|O_CREAT, O_WRONLY|O_CREAT|O_TRUNC
_PRICE, _ROUNDED = Decimal("12.15"), Decimal("0.01")
_MODES = {"half up": ROUND_HALF_UP, "half even": ROUND_HALF_EVEN}
Running = Generator[Any, Any, int]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing asked for: its stage, its name, whether it was there."""

    stage: str
    what: str
    found: bool


@dataclass(slots=True)
class Start:
    """How it went. ``missing`` is the first step that was refused; None where all was there.

    ``code`` is the exit code as a shell shows it: 126 and 127 are "found, but no program" and
    "not found", and ld.so ends with 127 where a library is missing, with 1 for a version.
    """

    steps: list[Step] = field(default_factory=list)
    printed: str = ""
    code: int = 0

    @property
    def missing(self) -> Step | None:
        return next((step for step in self.steps if not step.found), None)

    def ask(self, stage: str, what: str, found: bool) -> bool:
        self.steps.append(Step(stage, what, found))
        return found


def read_file(path: str) -> Generator[Any, Any, bytes | None]:
    """All of a file, or None where the kernel refuses it."""
    descriptor = yield Open(path)
    if descriptor < 0:
        return None
    data = bytearray()
    while part := (yield Read(descriptor, 4096)):
        data += part
    yield Close(descriptor)
    return bytes(data)


def started(
    start: Start,
    path: str,
    *,
    root: str,
    architecture: str,
    environment: Mapping[str, str],
    store: str,
) -> Running:
    """The program that starts the one at ``path``, and then is it. ``store`` keeps its counter."""
    data = yield from read_file(root + path)
    if data is None:
        return (yield from _fail(start, 127, f"{path}: No such file or directory"))
    binary = read_binary(data)
    if not start.ask(ARCHITECTURE, binary.architecture, binary.architecture == architecture):
        return (yield from _fail(start, 126, f"{path}: Exec format error"))
    loaded: dict[str, Library] = {}
    if binary.needs:
        interpreter = INTERPRETER[architecture]
        there = (yield from read_file(root + interpreter)) is not None
        if not start.ask(LOADER, interpreter, there):
            # the confusing one: the kernel says so of the program, and means its interpreter
            return (yield from _fail(start, 127, f"{path}: No such file or directory"))
        if (code := (yield from _load(start, path, root, binary, loaded))) is not None:
            return code
    return (yield from _work(start, path, binary, loaded, environment, store))


def _load(
    start: Start, path: str, root: str, binary: Binary, loaded: dict[str, Library]
) -> Generator[Any, Any, int | None]:
    """ld.so: first every file, then every version."""
    for need in binary.needs:
        data = yield from read_file(f"{root}{LIBRARIES}/{need.soname}")
        if not start.ask(LIBRARY, need.soname, data is not None) or data is None:
            said = "cannot open shared object file: No such file or directory"
            loading = f"{path}: error while loading shared libraries: {need.soname}: {said}"
            return (yield from _fail(start, 127, loading))
        loaded[need.soname] = read_library(data)
    for need in binary.needs:
        provides = loaded[need.soname].provides
        if not start.ask(VERSION, f"{need.soname} {need.version}", need.version in provides):
            where = f"{LIBRARIES}/{need.soname}"
            said = f"version `{need.version}' not found (required by {path})"
            return (yield from _fail(start, 1, f"{path}: {where}: {said}"))
    return None


def _work(
    start: Start,
    path: str,
    binary: Binary,
    loaded: Mapping[str, Library],
    environment: Mapping[str, str],
    store: str,
) -> Running:
    for name in binary.settings:
        if not start.ask(SETTING, name, name in environment):
            return (yield from _fail(start, 1, f"{path}: {name} is not set"))
    percent = environment.get("TAX", "10")
    if not (percent.isdecimal() and percent.isascii()):
        start.ask(SETTING, "TAX", found=False)
        return (yield from _fail(start, 1, f"{path}: TAX is not a number"))
    for call in binary.calls:
        answer = yield Syscall(NUMBERS[call])
        if not start.ask(CALL, call, answer != -Errno.ENOSYS):
            return (yield from _fail(start, 1, f"{path}: {call}: Function not implemented"))
    for name in binary.services:
        descriptor = yield Open(f"/net/{name}")
        if not start.ask(SERVICE, name, descriptor >= 0):
            return (yield from _fail(start, 1, f"{path}: {name}: Connection refused"))
        yield Close(descriptor)
    count = yield from _counted(store)
    rules = [library.rounding for library in loaded.values() if library.rounding]
    mode = _MODES[rules[0] if rules else "half up"]
    total = (_PRICE * (1 + Decimal(percent) / 100)).quantize(_ROUNDED, mode)
    start.printed = f"receipt {count}: {total}"
    yield Write(1, f"{start.printed}\n")
    return 0


def _counted(store: str) -> Generator[Any, Any, int]:
    """One more than the store held, written back."""
    before = yield from read_file(store)
    count = int(before or b"0") + 1
    descriptor = yield Open(store, _MAKE_ANEW, 0o644)
    yield Write(descriptor, str(count))
    yield Close(descriptor)
    return count


def _fail(start: Start, code: int, said: str) -> Running:
    start.printed, start.code = said, code
    yield Write(2, f"{said}\n")
    return code
