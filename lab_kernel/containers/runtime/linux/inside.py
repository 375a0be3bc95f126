"""The two processes that start a container from within. Neither returns to its caller."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from lab_kernel.containers.runtime.config import PATH
from lab_kernel.containers.runtime.linux import accounts, libc, steps
from lab_kernel.containers.runtime.linux.report import Report
from lab_kernel.containers.runtime.linux.steps import Start

Observe = Callable[[str], Any]


def code_of(status: int) -> int:
    """How it ended as a shell says it: a code, or 128 and the signal's number."""
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def guard(
    start: Start,
    report: Report,
    parent: int,
    go: int,
    clear: Callable[[], None],
    observe: Observe | None,
) -> NoReturn:
    """Make the user and PID namespaces, fork the first process, end with its code.

    ``parent`` has forked us and may be gone already: then it is we who clear up.
    """
    code, step = 1, ""
    try:
        for step in steps.wanted(start, steps.OUTSIDE):
            _do(steps.OUTSIDE[step], step, start, report, observe)
        step = "fork"
        pid = os.fork()
        if pid == 0:
            first(start, report, go, observe)
        libc.prctl(libc.PR_SET_PDEATHSIG, signal.SIGTERM)
        report.write("pid", pid)
        report.close()
        os.close(go)
        code = _watch(pid, parent)
    except OSError as error:
        with contextlib.suppress(BrokenPipeError):
            report.failed(step, error)
    finally:
        if os.getppid() != parent:
            clear()
        os._exit(code)


def _watch(pid: int, parent: int) -> int:
    """Until the first process has ended, or has to because nobody waits for it any more."""
    told = os.getppid() != parent
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return code_of(status)
        if told or signal.sigwaitinfo({signal.SIGCHLD, signal.SIGTERM}).si_signo == signal.SIGTERM:
            os.kill(pid, signal.SIGKILL)
            return code_of(os.waitpid(pid, 0)[1])


def first(start: Start, report: Report, go: int, observe: Observe | None) -> NoReturn:
    """Do the steps that only a process inside can do, then become the program."""
    step = ""
    try:
        libc.prctl(libc.PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.read(go, 1) != b"!":  # we are in the control group from here on
            os._exit(1)
        _close_all_but(report.fd)
        home = "/"
        if observe is not None:
            report.write("seen", ["fork", observe("fork")])
        for step in steps.wanted(start, steps.INSIDE):
            if step == "capabilities":  # here, where the container's own files are found
                account = accounts.find(start.config.user)
                start.uid, start.gid, start.groups = account.uid, account.gid, account.groups
                home = account.home
            _do(steps.INSIDE[step], step, start, report, observe)
        step = "exec"
        libc.prctl(libc.PR_SET_PDEATHSIG, signal.SIGKILL)  # a change of user has taken it back
        os.chdir(start.config.cwd)
        _execute(start, home)
    except OSError as error:
        report.failed(step, error)
    finally:
        os._exit(1)


def _do(step: steps.Step, name: str, start: Start, report: Report, observe: Observe | None) -> None:
    step(start)
    if observe is not None:
        report.write("seen", [name, observe(name)])


def _execute(start: Start, home: str) -> NoReturn:
    os.umask(0o022)
    for number in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGINT):  # which Python has changed
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    given = dict(line.split("=", 1) for line in start.config.env if "=" in line)
    environment = {"PATH": PATH, "HOME": home, "HOSTNAME": start.config.hostname, **given}
    os.execvpe(start.config.args[0], start.config.args, environment)


def _close_all_but(kept: int) -> None:
    """A descriptor that leaks in is a way out: it may be a directory of the host's."""
    for fd in [int(entry.name) for entry in Path("/proc/self/fd").iterdir()]:
        if fd > 2 and fd != kept:
            with contextlib.suppress(OSError):
                os.close(fd)
