"""Credentials, capabilities and permission bits against the manual pages and a real kernel.

Sources: include/uapi/linux/capability.h, capabilities(7), setuid(2), execve(2), path_resolution(7);
the recording permissions.answers.gz (Linux 6.18).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from lab_kernel.host.permissions import answers, made
from lab_kernel.kernel.errno import Errno, Refused
from lab_kernel.kernel.security import (
    ALL,
    NONE,
    ROOT,
    SET_GROUP_ID,
    SET_USER_ID,
    Capability,
    Credentials,
    R,
    W,
    X,
    judge,
    permits,
    user,
)
from lab_kernel.kernel.security.capabilities import mask

ALICE = user(1000)


def refused(errno: Errno, call: Callable[[], object]) -> None:
    with pytest.raises(Refused) as caught:
        call()
    assert caught.value.errno is errno


def test_capabilities_have_the_kernels_numbers() -> None:
    known = {"CHOWN": 0, "KILL": 5, "SETUID": 7, "NET_BIND_SERVICE": 10, "NET_ADMIN": 12}
    known |= {"SYS_PTRACE": 19, "SYS_ADMIN": 21, "MKNOD": 27, "CHECKPOINT_RESTORE": 40}
    assert {name: Capability[name] for name in known} == known
    assert sorted(Capability) == list(range(41))
    assert mask(ALL) == "000001ffffffffff"  # CapEff of root's shell, /proc/self/status
    assert mask(NONE) == "0" * 16


def test_every_answer_of_a_real_kernel() -> None:
    assert "Linux" in made()[1]
    people = {"owner": (1001, 3003), "group": (3003, 2002), "others": (3003, 3003)}
    asked = 0
    for case in answers():
        uid, gid = people[case.who]
        held = NONE if case.held == "none" else frozenset({Capability[case.held[4:]]})
        who = Credentials(uid, gid, uid, gid, effective=held, permitted=held)
        said = permits(who, case.mode, 1001, 2002, case.want, directory=case.directory)
        assert said is case.allowed, case
        asked += 1
    assert asked == 2 * 3 * 3 * 512 * 7


def test_the_first_class_that_fits_decides_alone() -> None:
    assert judge(ALICE, 0o077, 1000, 1000, R).by == "owner"
    assert not permits(ALICE, 0o077, 1000, 1000, R)
    assert not permits(user(1001, 50), 0o707, 1000, 50, R)
    assert permits(user(1001, 60, groups=[50]), 0o070, 1000, 50, R | W | X)
    assert permits(user(1001), 0o707, 1000, 50, R | W | X)


def test_who_decided() -> None:
    assert judge(ROOT, 0o000, 1000, 1000, R).by is Capability.DAC_READ_SEARCH
    assert judge(ROOT, 0o000, 1000, 1000, W).by is Capability.DAC_OVERRIDE
    assert judge(ROOT, 0o644, 0, 0, X) == judge(ROOT, 0o644, 0, 0, X)
    assert not judge(ROOT, 0o644, 0, 0, X).allowed  # nobody may execute it
    assert judge(ROOT, 0o645, 0, 0, X).by is Capability.DAC_OVERRIDE


def test_setuid_of_root_is_for_good() -> None:
    became = ROOT.setuid(1000)
    assert (became.uid, became.euid, became.suid) == (1000, 1000, 1000)
    assert became.effective == became.permitted == NONE
    refused(Errno.EPERM, lambda: became.setuid(0))


def test_setuid_of_others() -> None:
    assert ALICE.setuid(1000) == ALICE
    refused(Errno.EPERM, lambda: ALICE.setuid(1001))
    refused(Errno.EPERM, lambda: ALICE.seteuid(0))
    refused(Errno.EPERM, lambda: ALICE.setgid(0))
    refused(Errno.EPERM, lambda: ALICE.setgroups([0]))
    assert ROOT.setgid(5).setgroups([7]).in_group(7)


def test_a_set_user_id_program_may_leave_and_return() -> None:
    began = ALICE.exec(0, 0, 0o755 | SET_USER_ID)
    assert (began.uid, began.euid, began.suid) == (1000, 0, 0)
    assert began.effective == began.permitted == ALL
    aside = began.seteuid(1000)
    assert aside.effective == NONE  # rule 2: effective user 0 left
    assert aside.permitted == ALL
    assert aside.seteuid(0).effective == ALL  # rule 3: taken again from what is permitted
    assert began.setuid(1000).permitted == NONE  # rule 1: no user ID is 0 any more


def test_execve_gives_root_the_bounding_set_and_others_nothing() -> None:
    bounded = ROOT.bound(Capability.SYS_MODULE)
    assert not bounded.exec(0, 0, 0o755).has(Capability.SYS_MODULE)
    assert bounded.has(Capability.SYS_MODULE)  # until then it keeps it
    assert ROOT.drop(Capability.CHOWN).exec(0, 0, 0o755).has(Capability.CHOWN)
    with_one = replace(ALICE, permitted=frozenset({Capability.KILL}))
    assert with_one.exec(0, 0, 0o755).permitted == NONE
    refused(Errno.EPERM, lambda: ALICE.bound(Capability.KILL))


def test_real_user_root_and_effective_user_another() -> None:
    aside = ROOT.seteuid(1000).exec(5, 5, 0o755)
    assert (aside.permitted, aside.effective) == (ALL, NONE)


def test_set_id_bits_of_programs() -> None:
    assert ALICE.exec(7, 8, 0o755 | SET_GROUP_ID).egid == 8
    assert ALICE.exec(7, 8, 0o745 | SET_GROUP_ID).egid == 1000  # no execute bit for the group
    assert ALICE.exec(7, 8, 0o755 | SET_USER_ID).euid == 7
    kept = replace(ALICE, no_new_privs=True).exec(0, 0, 0o6755)
    assert (kept.euid, kept.egid, kept.permitted) == (1000, 1000, NONE)
