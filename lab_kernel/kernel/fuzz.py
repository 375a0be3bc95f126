"""Random programs, to find what a kernel forgot: wrong numbers, bad pointers, forks and signals.

As syzkaller does it for Linux, calls are typed: an argument is now and then what it should be (a
descriptor that is open, memory that is mapped, a living process), and now and then anything. All
of it follows from a seed, so a finding can be run again.
Source: https://github.com/google/syzkaller, docs/internals.md.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from lab_kernel.kernel import syscalls as sys
from lab_kernel.kernel.invariants import Watch
from lab_kernel.kernel.lifecycle import signal
from lab_kernel.kernel.machine import Costs, Machine
from lab_kernel.kernel.namespaces.kinds import ALL_NEW, CLONE_NEWPID, CLONE_NEWUSER, FLAGS
from lab_kernel.kernel.program import Access, Compute, Instruction, Load, Signal, Store
from lab_kernel.kernel.security import Action, Filter, Rule
from lab_kernel.kernel.signals import Signum

PATHS = (
    "/etc/hostname", "/home/user/a", "/home/user/b", "/home/user/d", "/home/user/d/c", "/tmp/t",
    "/bin/random", "/root/secret", "/dev/console", "/", "..", "d/../a", "", "/none/x", "x" * 300,
    "/proc", "/proc/self/comm", "/proc/self", ".", "/home/user",
)  # fmt: skip
PROC = ("/proc/self/uid_map", "/proc/self/gid_map", "/proc/self/setgroups", "/proc/self/status")
OPENING = (0, 1, 2, 3, 0o101, 0o102, 0o301, 0o1102, 0o2001, 0o2000000, -1)
NUMBERS = (0, 1, 2, 3, 4, 7, 63, 64, 255, 4095, 4096, 8192, 0o755, -1, -4096, 1 << 31, 1 << 63)
POLICIES = ("fcfs", "rr", "mlfq", "lottery", "stride", "cfs", "eevdf", "srtf", "priority")
MAPPED = 0x7F000000


class Programs:
    """Random programs of about ``length`` wishes, all from one seed."""

    def __init__(self, machine: Machine, seed: int, length: int) -> None:
        self.machine, self.length = machine, length
        self.random = random.Random(seed)

    def program(self, depth: int = 0) -> Any:
        """A generator that wishes at random and now and then catches what is thrown at it."""
        rng = self.random
        catches = rng.random() < 0.3
        for _wish in range(rng.randrange(self.length)):
            try:
                yield self.wish(depth)
            except Signal:
                if not catches:
                    raise

    def wish(self, depth: int) -> Any:
        kind = self.random.choices(_KINDS, _WEIGHTS)[0]
        return kind(self, depth)

    # What arguments are made of

    def number(self) -> int:
        chance = self.random
        return chance.choice(NUMBERS) if chance.random() < 0.7 else chance.randrange(-9, 1 << 20)

    def fd(self) -> int:
        return self.random.randrange(8) if self.random.random() < 0.9 else self.number()

    def address(self) -> int:
        chance = self.random.random()
        if chance < 0.6:
            return MAPPED + self.random.randrange(24) * 1024
        return 0x400000 + self.random.randrange(9000) if chance < 0.8 else abs(self.number())

    def path(self) -> Any:
        return self.random.choice(PATHS) if self.random.random() < 0.9 else self.address()

    def pid(self) -> int:
        living = list(self.machine.processes)
        return self.random.choice(living) if self.random.random() < 0.8 else self.number()

    def signum(self) -> int:
        return self.random.choice(tuple(Signum)) if self.random.random() < 0.9 else self.number()

    # What is wished for

    def raw(self, depth: int) -> Any:
        known = list(sys.TABLE)
        number = self.random.choice(known) if self.random.random() < 0.8 else self.number()
        mixed = (self.fd, self.address, self.number)
        return sys.Syscall(number, tuple(self.random.choice(mixed)() for _ in range(6)))

    def files(self, depth: int) -> Any:
        fd, path, number, address = self.fd, self.path, self.number, self.address
        return self.random.choice((
            lambda: sys.Open(path(), self.random.choice(OPENING), number()),
            lambda: sys.Read(fd(), number()), lambda: sys.Read(fd(), number(), address()),
            lambda: sys.Write(fd(), b"x" * self.random.randrange(9000)),
            lambda: sys.Write(fd(), address(), number()), lambda: sys.Close(fd()),
            lambda: sys.Pipe(), lambda: sys.Dup(fd()), lambda: sys.Dup2(fd(), fd()),
            lambda: sys.Stat(path()), lambda: sys.Lseek(fd(), number(), self.random.randrange(4)),
            lambda: sys.Mkdir(path()), lambda: sys.Rmdir(path()), lambda: sys.Unlink(path()),
            lambda: sys.Rename(path(), path()), lambda: sys.Chmod(path(), number()),
            lambda: sys.Chown(path(), number(), number()), lambda: sys.Chdir(path()),
            lambda: sys.Getdents64(fd()), lambda: sys.Ioctl(fd(), number()),
            lambda: sys.Umask(number()),
        ))()  # fmt: skip

    def processes(self, depth: int) -> Any:
        pid, number = self.pid, self.number
        child = sys.Fork(self.program, depth + 1) if depth < 4 else sys.Fork()
        return self.random.choice((
            lambda: child, lambda: child, lambda: sys.Wait4(pid(), sys.WNOHANG),
            lambda: sys.Wait4(-1, self.random.randrange(2)), lambda: sys.Kill(pid(), self.signum()),
            lambda: sys.Rt_sigaction(
                self.signum(), self.random.choice(("default", "ignore", "catch", "?"))
            ),
            lambda: sys.Execve(self.path(), depth + 1), lambda: sys.Nanosleep(number() % 50),
            lambda: sys.Alarm(number() % 99), lambda: sys.Sched_yield(), lambda: sys.Getppid(),
            lambda: sys.Setpriority(number()),
        ))()  # fmt: skip

    def memory(self, depth: int) -> Any:
        address, number = self.address, self.number
        return self.random.choice((
            lambda: sys.Mmap(0, self.random.randrange(1, 6) * 4096, self.random.randrange(4)),
            lambda: sys.Mmap(number(), number(), number()), lambda: sys.Munmap(address(), number()),
            lambda: sys.Munmap(MAPPED + self.random.randrange(9) * 4096, 4096),
            lambda: sys.Brk(0x400000 + self.random.randrange(20_000)), lambda: sys.Brk(number()),
            lambda: Store(address(), 7), lambda: Load(address()),
            lambda: Access(address(), write=True),
            lambda: Store(MAPPED + self.random.randrange(8192), 1),
        ))()  # fmt: skip

    def identity(self, depth: int) -> Any:
        number = self.number
        rule = Rule(self.random.choice(tuple(sys.TABLE)), self.random.choice(tuple(Action)))
        return self.random.choice((
            lambda: sys.Setuid(number()), lambda: sys.Setgid(number()), lambda: sys.Getuid(),
            lambda: sys.Capset(number()), lambda: sys.Prctl(), lambda: sys.Seccomp(Filter((rule,))),
            lambda: sys.Sethostname("x"), lambda: sys.Reboot(), lambda: sys.Uname(),
        ))()  # fmt: skip

    def isolation(self, depth: int) -> Any:
        flags = sum(self.random.sample(tuple(FLAGS.values()), self.random.randrange(4)))
        path, number = self.path, self.number
        whose, kind = self.random.choice(("self", self.pid())), self.random.choice(list(FLAGS))
        return self.random.choice((
            lambda: sys.Unshare(flags), lambda: sys.Unshare(CLONE_NEWUSER | flags),
            lambda: sys.Unshare(ALL_NEW), lambda: sys.Clone(flags, self.program, depth + 1),
            lambda: sys.Clone(CLONE_NEWUSER | CLONE_NEWPID, self.program, depth + 1),
            lambda: sys.Open(f"/proc/{whose}/ns/{kind}"), lambda: sys.Setns(self.fd()),
            lambda: sys.Open(self.random.choice(PROC), 2), lambda: sys.Write(self.fd(), "0 1000 1"),
            lambda: sys.Mount("x", path(), self.random.choice(("proc", "tmpfs", "ext4")), number()),
            lambda: sys.Mount(path(), path(), None, 4096 | self.random.choice((0, 16384, 32, 33))),
            lambda: sys.Umount2(path(), self.random.randrange(4)),
            lambda: sys.Pivot_root(path(), path()), lambda: sys.Socket(),
            lambda: sys.Bind(self.fd(), "0.0.0.0", number()), lambda: sys.Listen(self.fd()),
            lambda: sys.Connect(self.fd(), "127.0.0.1", number()),
            lambda: sys.Ioctl(self.fd(), 0x8914, 1), lambda: sys.Msgget(number(), number()),
        ))()  # fmt: skip

    def computing(self, depth: int) -> Any:
        return Compute(self.random.randrange(1, 20))

    def rare(self, depth: int) -> Any:
        return self.random.choice((Instruction("cli"), sys.Pause(), sys.Exit(3)))


Kind = Callable[[Programs, int], Any]
_CHANCES: dict[Kind, int] = {
    Programs.files: 40, Programs.processes: 20, Programs.memory: 25, Programs.raw: 15,
    Programs.identity: 4, Programs.isolation: 12, Programs.computing: 5, Programs.rare: 1,
}  # fmt: skip
_KINDS, _WEIGHTS = tuple(_CHANCES), tuple(_CHANCES.values())


def fuzz(seed: int, *, programs: int = 4, length: int = 60, most: int = 400) -> int:
    """One machine full of random programs, watched at every step; how many calls it served.

    At the end whoever is left is killed, and everything must have been given back. ``most``
    bounds the calls. invariants.Broken says what does not hold.
    """
    rng = random.Random(seed)
    machine = Machine(
        cpus=rng.randrange(1, 4), frames=rng.randrange(12, 40), swap=rng.randrange(0, 32),
        policy=rng.choice(POLICIES), per_cpu=rng.random() < 0.3, most_processes=12, seed=seed,
        costs=Costs(switch=rng.randrange(2), swap=rng.randrange(1, 30)),
        keyboard="a\nb\n", files={"/home/user/a": "a" * 5000, "/root/secret": "no"},
    )  # fmt: skip
    source = Programs(machine, seed, length)
    machine.files.add("/bin/random", mode=0o755, program=source.program)
    for _program in range(programs):
        inside = rng.choice((0, 0, ALL_NEW))  # a third may mount, and be root there
        machine.spawn(source.program, at=rng.randrange(20), namespaces=inside)
    watch = Watch(machine)
    calls = seen = 0
    while machine.step():
        watch.check()
        calls += sum(event.kind == "syscall" for event in machine.trace.events[seen:])
        seen = len(machine.trace)
        if calls >= most:
            break
    watch.check()
    for process in list(machine.processes.values()):
        signal(machine, process, Signum.SIGKILL)
    while machine.processes and machine.step():
        watch.check()
    watch.check()
    used = machine.pager.frames.used, machine.pager.swap.used
    if machine.processes or used != (0, 0):
        raise AssertionError(f"not given back: {machine.processes}, frames and swap {used}")
    return calls
