"""Run a container on a real Linux: three processes, of which the last becomes the program.

    we           keep the terminal, pass signals on, take the end's code, clear up
     └ guard     makes the user and PID namespaces; clears up in our place if we are killed
        └ first  number 1 in there: does the rest of the steps, then is replaced by the program

A first process gets no signal that it does not catch, except from outside SIGKILL and SIGSTOP
(pid_namespaces(7)). A program that counts on SIGTERM or Ctrl-C to end it would go on; we end it in
the signal's place. When the first process ends, the kernel kills all others in its namespace.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lab_kernel.containers.runtime.config import Config
from lab_kernel.containers.runtime.linux import inside, rootfs, terminal
from lab_kernel.containers.runtime.linux.limits import ControlGroup
from lab_kernel.containers.runtime.linux.report import Failed, Report
from lab_kernel.containers.runtime.linux.steps import Start

PASSED_ON = tuple(
    getattr(signal, name)
    for name in [
        "SIGINT",
        "SIGTERM",
        "SIGHUP",
        "SIGQUIT",
        "SIGUSR1",
        "SIGUSR2",
        "SIGCONT",
        "SIGWINCH",
    ]
    if hasattr(signal, name)
)
FROM_TERMINAL = 0x80  # si_code of a signal that the kernel sends by itself (SI_KERNEL)


@dataclass(slots=True)
class Ended:
    """``code`` is the program's, or 128 and the number of the signal that ended it.

    ``seen`` is what ``observe`` returned, by step.
    """

    code: int
    in_force: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    out_of_memory: int = 0
    seen: dict[str, Any] = field(default_factory=dict)


def run(
    config: Config,
    root: str,
    *,
    ours: bool = False,
    clear: Callable[[], None] = lambda: None,
    told: Callable[[ControlGroup], None] = lambda group: None,
    observe: inside.Observe | None = None,
) -> Ended:
    """Start the container, wait for its end, and leave nothing behind.

    ``ours``: the root was made for this run, and a missing working directory is made in it.
    ``clear`` removes what the caller has made for it; it is called once, by us or, if we were
    killed, by the guard. ``told`` hears which limits are in force before the program runs.
    ``observe`` is called after each step, in the process that did it. Raises Failed.
    """
    start = Start(config, os.path.realpath(root), ours=ours)
    made = rootfs.missing_points(start.root)
    group = ControlGroup(f"lab-kernel-{os.getpid()}")

    def clear_all() -> None:
        group.remove()
        for path in made:  # if it is empty: nothing of the reader's is removed
            with contextlib.suppress(OSError):
                path.rmdir()
        clear()

    with terminal.kept(), _blocked():
        try:
            group.limit(config.limits)
            return _supervise(start, group, clear_all, told, observe)
        finally:
            clear_all()


@contextlib.contextmanager
def _blocked() -> Iterator[None]:
    """Signals wait for us to take them one by one."""
    ours = {signal.SIGCHLD, signal.SIGTSTP, *PASSED_ON}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ours)
    try:
        yield
    finally:
        while signal.sigtimedwait(ours, 0):  # what came in the meantime has had its effect
            pass
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _supervise(
    start: Start,
    group: ControlGroup,
    clear: Callable[[], None],
    told: Callable[[ControlGroup], None],
    observe: inside.Observe | None,
) -> Ended:
    sys.stdout.flush()
    sys.stderr.flush()
    report, parent = Report(), os.getpid()
    go, going = os.pipe()
    guard = os.fork()
    if guard == 0:
        os.close(going)
        inside.guard(start, report, parent, go, clear, observe)
    os.close(go)
    ended = Ended(0)
    first = 0
    try:
        with os.fdopen(going, "wb", 0) as starting:
            for kind, value in report.read():
                if kind == "pid":
                    first = value
                    group.join(first)
                    told(group)
                    with contextlib.suppress(BrokenPipeError):
                        starting.write(b"!")
                elif kind == "seen":
                    ended.seen[value[0]] = value[1]
    except BaseException:
        os.kill(guard, signal.SIGTERM)
        os.waitpid(guard, 0)
        raise
    ended.code = _wait(guard, first)
    ended.in_force, ended.missing = group.in_force, group.missing
    ended.out_of_memory = group.out_of_memory()
    return ended


def _wait(guard: int, first: int) -> int:
    """Pass signals on until the guard has ended; its code is the container's."""
    ended_by = 0
    while True:
        done, status = os.waitpid(guard, os.WNOHANG)
        if done:
            return 128 + ended_by if ended_by else inside.code_of(status)
        came = signal.sigwaitinfo({signal.SIGCHLD, signal.SIGTSTP, *PASSED_ON})
        if came.si_signo not in PASSED_ON:
            continue
        with contextlib.suppress(OSError):
            if _would_not_hear(first, came.si_signo):
                os.kill(first, signal.SIGKILL)
                ended_by = came.si_signo
            elif came.si_code != FROM_TERMINAL:  # the terminal has told everybody already
                os.kill(first, came.si_signo)


def _would_not_hear(first: int, number: int) -> bool:
    """Whether the signal would end any other process, but not number 1, which takes no notice."""
    if number in (signal.SIGCONT, signal.SIGWINCH):
        return False
    for line in Path(f"/proc/{first}/status").read_text(encoding="utf-8").splitlines():
        name, _colon, value = line.partition(":")
        if name in ("SigIgn", "SigCgt") and int(value, 16) >> (number - 1) & 1:
            return False
    return True


__all__ = ["Ended", "Failed", "run"]
