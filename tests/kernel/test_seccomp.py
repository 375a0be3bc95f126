"""seccomp against seccomp(2) and include/uapi/linux/seccomp.h."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_kernel.errors import BadInput
from lab_kernel.kernel.errno import Errno, Refused
from lab_kernel.kernel.security import (
    ROOT,
    Action,
    Compare,
    Filter,
    Rule,
    Verdict,
    decide,
    install,
    user,
)
from lab_kernel.kernel.syscalls.numbers import NAMES, NUMBERS

ORDER = ["KILL_PROCESS", "KILL_THREAD", "TRAP", "ERRNO", "USER_NOTIF", "TRACE", "LOG", "ALLOW"]


def test_numbers_are_those_of_x86_64() -> None:
    # arch/x86/entry/syscalls/syscall_64.tbl
    known = {"read": 0, "write": 1, "open": 2, "close": 3, "mmap": 9, "brk": 12, "getpid": 39}
    known |= {"clone": 56, "fork": 57, "execve": 59, "exit": 60, "wait4": 61, "kill": 62}
    known |= {"unshare": 272, "setns": 308, "seccomp": 317, "rseq": 334, "pidfd_send_signal": 424}
    assert {name: NUMBERS[name] for name in known} == known
    assert len(NAMES) == len(NUMBERS) == 362
    assert not set(range(335, 424)) & NAMES.keys()


PAIRS = Path(__file__).with_name("seccomp-pairs.json")
HEADER = Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")


@pytest.mark.skipif(not HEADER.exists(), reason="no headers of x86-64 Linux here")
def test_numbers_against_the_headers() -> None:
    words = [line.split() for line in HEADER.read_text().splitlines() if "define __NR_" in line]
    here = {name.removeprefix("__NR_"): int(number) for _define, name, number in words}
    assert here.items() >= {(name, number) for name, number in NUMBERS.items() if name in here}
    assert len(NUMBERS.keys() & here.keys()) > 350


def test_actions_in_the_kernels_order_with_the_kernels_values() -> None:
    assert [action.name for action in sorted(Action)] == ORDER
    unsigned = {action.name: action % (1 << 32) for action in Action}
    assert unsigned == {
        "KILL_PROCESS": 0x80000000,
        "KILL_THREAD": 0,
        "TRAP": 0x00030000,
        "ERRNO": 0x00050000,
        "USER_NOTIF": 0x7FC00000,
        "TRACE": 0x7FF00000,
        "LOG": 0x7FFC0000,
        "ALLOW": 0x7FFF0000,
    }
    assert [action.name for action in Action if action.runs] == ["LOG", "ALLOW"]
    assert [action.name for action in Action if action.kills] == ORDER[:2]


def test_no_filter_allows() -> None:
    assert decide((), 0) == Verdict(Action.ALLOW)


@given(st.lists(st.tuples(st.sampled_from(Action), st.integers(1, 100)), min_size=1, max_size=6))
def test_the_most_restrictive_wins_and_of_equals_the_last(
    answers: list[tuple[Action, int]],
) -> None:
    filters = [Filter(default=action, errno=errno) for action, errno in answers]
    verdict = decide(filters, 0)
    assert verdict.action == min(action for action, _errno in answers)
    last = max(n for n, (action, _errno) in enumerate(answers) if action == verdict.action)
    assert verdict.by == last
    if verdict.action is Action.ERRNO:
        assert verdict.errno == answers[last][1]
    # one more can only take away
    for action in Action:
        assert decide([*filters, Filter(default=action)], 0).action <= verdict.action


def test_every_pair_of_actions_as_a_real_kernel_decides() -> None:
    """Two filters, 64 pairs of answers, recorded by tools.record.seccomp on Linux 6.18."""
    recorded = json.loads(PAIRS.read_text(encoding="utf-8"))
    assert len(recorded["seen"]) == len(Action) ** 2
    for pair, seen in recorded["seen"].items():
        answers = [Action[name] for name in pair.split()]
        verdict = decide([Filter(default=a, errno=101 + n) for n, a in enumerate(answers)], 111)
        if verdict.action.kills or verdict.action is Action.TRAP:
            assert seen == ("killed" if verdict.action.kills else "trapped"), pair
        else:
            assert seen == ("ran" if verdict.action.runs else str(verdict.errno)), pair


def test_the_first_rule_that_matches_decides_within_a_filter() -> None:
    rules = (
        Rule("write", Action.ALLOW, arguments=(Compare(0, "<=", 2),)),
        Rule("write", Action.ERRNO, Errno.EBADF),
    )
    only = Filter(rules, default=Action.KILL_PROCESS)
    assert decide([only], NUMBERS["write"], (1, 0, 5)).action is Action.ALLOW
    assert decide([only], NUMBERS["write"], (3, 0, 5)) == Verdict(Action.ERRNO, Errno.EBADF, 0)
    assert decide([only], NUMBERS["read"]).action is Action.KILL_PROCESS


def test_comparisons_are_unsigned_and_masked() -> None:
    assert Compare(0, ">", 5).holds((-1,))  # 0xffff...
    assert Compare(2, "==", 0).holds(())
    writable = Compare(2, "!=", 0, mask=0b10)  # PROT_WRITE of mmap
    assert writable.holds((0, 0, 0b111)) and not writable.holds((0, 0, 0b101))
    pairs = {"==": (3, 3), "!=": (3, 4), "<": (2, 3), "<=": (3, 3), ">": (4, 3), ">=": (3, 3)}
    for sign, (given_, value) in pairs.items():
        assert Compare(0, sign, value).holds((given_,))


def test_a_call_that_nobody_answers_for_fails_with_enosys() -> None:
    for action in (Action.TRACE, Action.USER_NOTIF):
        assert decide([Filter(default=action)], 0).errno == Errno.ENOSYS
    assert decide([Filter(default=Action.ERRNO, errno=9999)], 0).errno == 4095
    assert decide([Filter(default=Action.LOG)], 0).errno == 0


def test_who_may_install() -> None:
    new = Filter()
    assert install(ROOT, (), new) == (new,)
    alice = user(1000)
    assert install(replace(alice, no_new_privs=True), (new,), new) == (new, new)
    with pytest.raises(Refused) as caught:
        install(alice, (), new)
    assert caught.value.errno is Errno.EACCES


def test_bad_rules() -> None:
    for wrong in (
        lambda: Rule("opn", Action.ALLOW),
        lambda: Compare(0, "=", 1),
        lambda: Compare(6, "==", 1),
    ):
        with pytest.raises(BadInput):
            wrong()
