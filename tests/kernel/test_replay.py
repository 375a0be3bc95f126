"""Recorded system calls before seccomp filters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_kernel import host
from lab_kernel.errors import BadInput
from lab_kernel.kernel.errno import Errno
from lab_kernel.kernel.security import Action, Filter
from lab_kernel.kernel.security.profiles import PROFILES, allowing, denying
from lab_kernel.kernel.security.replay import arguments, replay
from lab_kernel.kernel.syscalls.numbers import NUMBERS
from lab_kernel.trace import Trace

PIPELINE: Trace = host.recording("strace-pipeline").data
CALLS = PIPELINE.counts()["call"] + PIPELINE.counts()["error"]


def test_arguments_as_strace_writes_them() -> None:
    text = 'AT_FDCWD, "a, \\"b)|{", O_WRONLY|O_CREAT|O_TRUNC, 0666'
    assert arguments(text) == (-100, 0, 0o1101, 0o666)
    assert arguments("NULL, 8192, PROT_READ|PROT_WRITE, -1") == (0, 8192, 3, -1)
    assert arguments("3, {a=1, b=2}, [1, 2], 0x10") == (3, 0, 0, 16)
    assert arguments("") == ()


@given(st.text(max_size=80))
def test_any_text_gives_some_arguments(text: str) -> None:
    assert all(isinstance(each, int) for each in arguments(text))


def test_without_a_filter_everything_passes() -> None:
    done = replay(PIPELINE, [])
    assert (done.calls, done.spared, done.refusals) == (CALLS, 0, ())
    assert len(done.trace) == len(PIPELINE)


def test_failing_a_call_lets_the_process_go_on() -> None:
    done = replay(PIPELINE, [denying("openat")])
    assert done.first and done.first.verdict.errno == Errno.EPERM
    assert done.by_name() == [("openat", PIPELINE.counts("name")["openat"])]
    assert done.calls == CALLS


def test_a_killed_process_and_its_unborn_children_do_nothing() -> None:
    done = replay(PIPELINE, [denying("clone:kill_process")])
    shell = PIPELINE.tracks()[0]
    assert [refusal.event.track for refusal in done.refusals] == [shell]
    assert done.trace.tracks() == [shell]
    assert done.calls + done.spared == CALLS
    assert done.trace.events[-1].kind == "killed"


def test_a_process_that_may_not_fork_has_no_children() -> None:
    done = replay(PIPELINE, [PROFILES["no-programs"]])
    assert {refusal.event.name for refusal in done.refusals} == {"clone"}
    assert done.spared > 0


def test_the_read_only_profile_looks_at_the_flags() -> None:
    trace = Trace()
    for args in ('"/a", O_RDONLY', '"/a", O_WRONLY', '"/a", O_CREAT, 0644', '"/a", O_RDWR'):
        trace.add(0, "1", "call", "open", args=args, result="3")
        trace.add(0, "1", "call", "openat", args=f"AT_FDCWD, {args}", result="3")
    done = replay(trace, [PROFILES["read-only"]])
    assert len(done.refusals) == 6
    assert not [r for r in done.refusals if "RDONLY" in r.event.details["args"]]


def test_profiles() -> None:
    # seccomp(2): the strict mode knows four calls
    strict = PROFILES["strict"]
    allowed = [name for name, number in NUMBERS.items() if strict.run(number)[0] is Action.ALLOW]
    assert allowed == ["read", "write", "rt_sigreturn", "exit"]
    assert strict.default is Action.KILL_THREAD


def test_filters_in_a_line() -> None:
    only = allowing("read, write")
    assert [rule.syscall for rule in only.rules] == ["read", "write"]
    assert only.run(NUMBERS["open"]) == (Action.ERRNO, Errno.EPERM)
    but = denying("mount:enosys ptrace:trap kill")
    assert isinstance(but, Filter)
    assert [(rule.action, rule.errno) for rule in but.rules] == [
        (Action.ERRNO, Errno.ENOSYS),
        (Action.TRAP, Errno.EPERM),
        (Action.ERRNO, Errno.EPERM),
    ]


@pytest.mark.parametrize("text", ["", ",", "opne", "open:E", "open:", "read write:kill"])
def test_what_is_no_filter(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        denying(text)
    assert caught.value.argument == "deny"
