"""Namespaces as views: what a process sees, and what it cannot even name.

The errors are those of the manual pages: namespaces(7), pid_namespaces(7), user_namespaces(7),
mount_namespaces(7), unshare(2), setns(2), clone(2), mount(2), umount(2), pivot_root(2). What a real
kernel answered to the same steps is held in test_namespaces_recorded.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_kernel.errors import BadInput
from lab_kernel.kernel.errno import Errno, Refused
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.namespaces.idmap import parse
from lab_kernel.kernel.namespaces.kinds import (
    ALL_NEW,
    CLONE_NEWCGROUP,
    CLONE_NEWIPC,
    CLONE_NEWNET,
    CLONE_NEWNS,
    CLONE_NEWPID,
    CLONE_NEWTIME,
    CLONE_NEWUSER,
    CLONE_NEWUTS,
    FLAGS,
)
from lab_kernel.kernel.namespaces.net import IFF_UP, SIOCSIFFLAGS
from lab_kernel.kernel.namespaces.table import (
    MNT_DETACH,
    MS_BIND,
    MS_PRIVATE,
    MS_RDONLY,
    MS_REC,
    MS_REMOUNT,
)
from lab_kernel.kernel.namespaces.user import INITIAL, Line, UserNamespace
from lab_kernel.kernel.namespaces.view import numbers
from lab_kernel.kernel.process import Child, Process
from lab_kernel.kernel.program import Compute, Signal
from lab_kernel.kernel.security import ALL
from lab_kernel.kernel.syscalls import (
    Bind,
    Chdir,
    Clone,
    Close,
    Connect,
    Fork,
    Getcwd,
    Getdents64,
    Getpid,
    Getppid,
    Getuid,
    Ioctl,
    Kill,
    Listen,
    Mkdir,
    Mount,
    Msgget,
    Nanosleep,
    Open,
    Pause,
    Pivot_root,
    Read,
    Reboot,
    Rename,
    Rmdir,
    Rt_sigaction,
    Sethostname,
    Setns,
    Setuid,
    Socket,
    Stat,
    Syscall,
    Umount2,
    Uname,
    Unlink,
    Unshare,
    Wait4,
    Write,
)

CREATE = 0o101


def run(*programs: Callable[..., Any], uid: int = 0, **boot: Any) -> Machine:
    machine = Machine(**boot)
    for program in programs:
        machine.spawn(program, uid=uid)
    return machine.run()


def answers(*wishes: Any, uid: int = 0, machine: Machine | None = None, **spawn: Any) -> list[Any]:
    """What a process gets that wants these things, one after the other."""
    got: list[Any] = []

    def program() -> Any:
        for wish in wishes:
            got.append((yield wish))

    machine = machine or Machine()
    machine.spawn(program, uid=uid, **spawn)
    machine.run()
    return got


def text(path: str) -> Any:
    fd = yield Open(path)
    data = yield Read(fd)
    yield Close(fd)
    return data.decode()


def put(path: str, what: str) -> Any:
    fd = yield Open(path, 1)
    if fd < 0:
        return fd
    answer = yield Write(fd, what)
    yield Close(fd)
    return answer


def names(path: str) -> Any:
    fd = yield Open(path)
    found = yield Getdents64(fd)
    yield Close(fd)
    return found


def numbered(found: list[str]) -> list[str]:
    return [name for name in found if name.isdecimal()]


# --- all kinds ---------------------------------------------------------------------------------


def test_a_machine_boots_with_the_numbers_of_linux_and_children_share_them() -> None:
    machine = Machine()
    one, other = machine.spawn(None), machine.spawn(None)
    assert numbers(one) == numbers(other)
    assert numbers(one)["uts"] == 0xEFFFFFFE and numbers(one)["pid"] == 0xEFFFFFFC


@pytest.mark.parametrize("kind", FLAGS)
def test_a_flag_makes_one_kind_anew_and_no_other(kind: str) -> None:
    machine = Machine()
    outside = machine.spawn(None, uid=0)
    inside = machine.spawn(None, uid=0, namespaces=FLAGS[kind])
    differ = {one for one in FLAGS if numbers(inside)[one] != numbers(outside)[one]}
    assert differ == {kind}


def test_the_numbers_are_the_inodes_in_proc() -> None:
    got: list[int] = []

    def program() -> Any:
        yield Unshare(CLONE_NEWUTS)
        for kind in FLAGS:
            got.append((yield Stat(f"/proc/self/ns/{kind}")).number)

    machine = Machine()
    process = machine.spawn(program, uid=0)
    seen: dict[str, int] = {}
    while machine.step():
        seen = numbers(process)
    assert dict(zip(FLAGS, got, strict=True)) == seen


def test_without_cap_sys_admin_only_a_user_namespace() -> None:
    for flag in set(FLAGS.values()) - {CLONE_NEWUSER}:
        assert answers(Unshare(flag), uid=1000) == [-Errno.EPERM]
        assert answers(Clone(flag), uid=1000) == [-Errno.EPERM]
    assert answers(Unshare(ALL_NEW), uid=1000) == [0]
    for nonsense in (1, CLONE_NEWTIME, CLONE_NEWUTS | 1):
        assert answers(Unshare(nonsense)) == [-Errno.EINVAL]


def test_unshare_is_all_or_nothing() -> None:
    process: list[Process] = []

    def program() -> Any:
        before = numbers(process[0])
        assert (yield Unshare(CLONE_NEWPID)) == 0
        assert (yield Unshare(CLONE_NEWUTS | CLONE_NEWPID)) == -Errno.EINVAL
        assert numbers(process[0]) == before

    machine = Machine()
    process.append(machine.spawn(program, uid=0))
    machine.run()


def test_the_registers_of_x86_64() -> None:
    assert answers(Syscall(272, (CLONE_NEWUTS,)), Syscall(308, (0, 0))) == [0, -Errno.EINVAL]
    assert answers(Syscall(56, (CLONE_NEWUTS | 17,))) == [3]
    assert answers(Syscall(49, (0, 0, 0))) == [-Errno.EFAULT]


def test_spawn_says_what_is_no_namespace() -> None:
    with pytest.raises(BadInput, match="namespaces"):
        Machine().spawn(None, namespaces=1)


# --- uts, ipc, net, cgroup ---------------------------------------------------------------------


def test_a_hostname_is_the_namespaces() -> None:
    seen: list[str] = []

    def inside() -> Any:
        yield Sethostname("inside")
        seen.append((yield Uname()).node)

    def outside() -> Any:
        yield Clone(CLONE_NEWUTS, inside)
        yield Wait4()
        seen.append((yield Uname()).node)

    run(outside)
    assert seen == ["inside", "lab"]
    assert answers(Sethostname("x" * 65)) == [-Errno.EINVAL]


def test_a_key_of_a_queue_is_the_namespaces() -> None:
    assert answers(
        Msgget(7, 0o1000), Msgget(7), Msgget(7, 0o3000), Unshare(CLONE_NEWIPC), Msgget(7)
    ) == [0, 0, -Errno.EEXIST, 0, -Errno.ENOENT]


def test_a_port_taken_outside_is_free_inside() -> None:
    def take(port: int) -> Any:
        fd = yield Socket()
        return (yield Bind(fd, "0.0.0.0", port))

    def program() -> Any:
        assert (yield from take(80)) == 0
        assert (yield from take(80)) == -Errno.EADDRINUSE
        yield Unshare(CLONE_NEWNET)
        assert (yield from take(80)) == 0

    run(program)


def test_a_new_network_has_only_lo_and_that_is_down() -> None:
    def program() -> Any:
        yield Unshare(CLONE_NEWNET)
        fd = yield Socket()
        assert (yield Connect(fd, "127.0.0.1", 80)) == -Errno.ENETUNREACH
        assert (yield Ioctl(fd, SIOCSIFFLAGS, IFF_UP)) == 0
        assert (yield Connect(fd, "127.0.0.1", 80)) == -Errno.ECONNREFUSED
        assert (yield Bind(fd, "127.0.0.1", 80)) == 0
        assert (yield Listen(fd)) == 0
        other = yield Socket()
        assert (yield Connect(other, "127.0.0.1", 80)) == 0
        assert (yield Read(other)) == -Errno.ENOTCONN
        yield Close(fd)
        assert (yield Connect(other, "127.0.0.1", 80)) == -Errno.ECONNREFUSED

    run(program)


def test_low_ports_need_a_capability_over_the_network_not_the_machine() -> None:
    low = Socket(), Bind(3, "0.0.0.0", 80)
    assert answers(*low, uid=1000)[-1] == -Errno.EACCES
    assert answers(Unshare(CLONE_NEWUSER), *low, uid=1000)[-1] == -Errno.EACCES
    assert answers(Unshare(CLONE_NEWUSER | CLONE_NEWNET), *low, uid=1000)[-1] == 0


def test_the_root_of_the_cgroups_is_where_one_was() -> None:
    machine = Machine()
    here = machine.spawn(None, uid=0, namespaces=CLONE_NEWCGROUP).namespaces.cgroup
    here.root = "/a/b"
    assert [here.shown(path) for path in ("/a/b", "/a/b/c", "/a", "/")] == [
        "/", "/c", "/..", "/../..",
    ]  # fmt: skip


def test_a_group_looks_like_the_root_from_inside_and_not_from_outside() -> None:
    machine, told = Machine(), dict[str, str]()
    group = machine.cgroups.make("web")

    def look(path: str) -> Any:
        told[path] = yield from text(path)
        yield Nanosleep(50)

    machine.spawn(look, "/proc/self/cgroup", uid=0, cgroup=group, namespaces=CLONE_NEWCGROUP)
    machine.spawn(look, "/proc/2/cgroup", uid=0)
    machine.run()
    assert told == {"/proc/self/cgroup": "0::/\n", "/proc/2/cgroup": "0::/web\n"}


# --- pid ---------------------------------------------------------------------------------------


def test_a_process_has_a_number_in_each_namespace_around_it() -> None:
    told: list[Any] = []

    def innermost() -> Any:
        told.append(((yield Getpid()), (yield Getppid())))
        status = yield from text("/proc/self/status")  # the outermost's /proc
        told.append(next(line for line in status.splitlines() if line.startswith("NSpid")))

    def inner() -> Any:
        told.append(((yield Getpid()), (yield Getppid())))
        told.append((yield Clone(CLONE_NEWPID, innermost)))
        assert (yield Wait4()) == Child(2, 0, 0)

    def outer() -> Any:
        told.append((yield Clone(CLONE_NEWPID, inner)))
        assert (yield Wait4(3)) == Child(3, 0, 0)

    run(outer)
    assert sorted(map(str, told)) == sorted(["3", "(1, 0)", "2", "(1, 0)", "NSpid:\t4\t2\t1"])


def test_unshare_of_pids_is_for_children_only() -> None:
    told: list[int] = []

    def child() -> Any:
        told.append((yield Getpid()))
        yield Pause()

    def program() -> Any:
        told.append((yield Getpid()))
        yield Unshare(CLONE_NEWPID)
        told.append((yield Getpid()))
        yield Fork(child)
        yield Fork(child)
        yield Nanosleep(20)
        assert (yield Unshare(CLONE_NEWPID)) == -Errno.EINVAL
        assert (yield Clone(CLONE_NEWPID, child)) == -Errno.EINVAL
        yield Kill(3, 9)
        yield Nanosleep(20)
        assert (yield Fork(child)) == -Errno.ENOMEM

    machine = run(program)
    assert told == [2, 2, 1, 2]
    assert not machine.processes


def test_what_is_outside_has_no_number_and_cannot_be_signalled() -> None:
    told: list[int] = []

    def inside() -> Any:
        for number in range(2, 10):
            told.append((yield Kill(number, 9)))

    def victim() -> Any:
        yield Nanosleep(200)
        return 7

    def outside() -> Any:
        yield Fork(victim)
        yield Clone(CLONE_NEWPID, inside)
        assert (yield Wait4(3)) == Child(3, 7, 0)

    run(outside)
    assert set(told) == {-Errno.ESRCH}


def test_proc_shows_the_namespace_of_who_mounted_it() -> None:
    seen: list[list[str]] = []

    def inside() -> Any:
        seen.append(numbered((yield from names("/proc"))))
        assert (yield Mount("proc", "/proc", "proc")) == 0
        seen.append(numbered((yield from names("/proc"))))
        status = yield from text("/proc/1/status")
        assert "Pid:\t1\n" in status and "PPid:\t0\n" in status
        yield Umount2("/proc")
        seen.append(numbered((yield from names("/proc"))))

    def outside() -> Any:
        yield Clone(CLONE_NEWPID | CLONE_NEWNS, inside)
        yield Wait4()
        seen.append(numbered((yield from names("/proc"))))

    run(outside)
    assert seen == [["2", "3"], ["1"], ["2", "3"], ["2"]]


def test_number_one_hears_nothing_from_inside_that_it_did_not_ask_for() -> None:
    heard: list[str] = []

    def init() -> Any:
        yield Rt_sigaction(10, "catch")
        yield Fork(inside)
        for _ in range(2):
            try:
                yield Pause()
            except Signal as signal:
                heard.append(signal.number.name)

    def inside() -> Any:
        for number in (9, 15, 19, 10):
            assert (yield Kill(1, number)) == 0
        yield Nanosleep(10)

    def outside() -> Any:
        pid = yield Clone(CLONE_NEWPID, init)
        yield Nanosleep(50)
        assert heard == ["SIGUSR1"]
        assert (yield Kill(pid, 15)) == 0  # no handler: not even from outside
        yield Nanosleep(50)
        assert (yield Kill(pid, 9)) == 0
        assert (yield Wait4()) == Child(pid, 0, 9)

    run(outside)


def test_the_end_of_number_one_is_the_end_of_all() -> None:
    machine = Machine()

    def deep() -> Any:
        yield Pause()

    def middle() -> Any:
        yield Clone(CLONE_NEWPID, deep)
        yield Pause()

    def init() -> Any:
        yield Fork(middle)
        yield Fork(deep)
        yield Nanosleep(40)

    def outside() -> Any:
        yield Clone(CLONE_NEWPID, init)
        yield Nanosleep(20)
        assert len(machine.processes) == 5
        yield Wait4()
        yield Nanosleep(20)
        assert len(machine.processes) == 1

    machine.spawn(outside, uid=0)
    machine.run()


def test_orphans_go_to_number_one_which_has_to_read_how_they_ended() -> None:
    found: list[Any] = []

    def orphan() -> Any:
        yield Nanosleep(20)
        found.append((yield Getppid()))
        return 5

    def middle() -> Any:
        yield Fork(orphan)

    def init() -> Any:
        yield Fork(middle)
        yield Wait4(2)
        yield Nanosleep(60)
        yield Mount("proc", "/proc", "proc")
        found.append((yield from text("/proc/3/status")).splitlines()[1])
        found.append((yield Wait4()))
        found.append((yield Wait4()))

    def outside() -> Any:
        yield Clone(CLONE_NEWPID | CLONE_NEWNS, init)
        yield Wait4()

    run(outside)
    assert found == [1, "State:\tZ", Child(3, 5, 0), -Errno.ECHILD]


def test_reboot_inside_ends_the_namespace_not_the_machine() -> None:
    def init() -> Any:
        yield Reboot()

    def outside() -> Any:
        pid = yield Clone(CLONE_NEWPID, init)
        assert (yield Wait4()) == Child(pid, 0, 9)

    machine = run(outside)
    assert not machine.halted


# --- user --------------------------------------------------------------------------------------


def test_anybody_may_be_root_inside_and_is_nobody_more_outside() -> None:
    told: list[int] = []

    def program() -> Any:
        told.append((yield Getuid()))
        yield Unshare(CLONE_NEWUSER)
        told.append((yield Getuid()))
        told.append((yield from put("/proc/self/uid_map", "0 1000 1")))
        told.append((yield Getuid()))
        told.append((yield Sethostname("mine")))  # the machine's
        told.append((yield Open("/root/secret")))
        told.append((yield Unshare(CLONE_NEWUTS)))
        told.append((yield Sethostname("mine")))

    machine = run(program, uid=1000, files={"/root/secret": "x"})
    assert told == [1000, 65534, 8, 0, -Errno.EPERM, -Errno.EACCES, 0, 0]
    assert machine.namespaces.uts.name == "lab"


def test_who_made_it_holds_all_capabilities_in_it() -> None:
    machine = Machine()
    process = machine.spawn(None, uid=1000, namespaces=CLONE_NEWUSER)
    who = process.credentials
    assert who.effective == ALL and who.euid == 1000 and who.namespace.parent is INITIAL
    for capability in ALL:
        assert who.has(capability, who.namespace) and not who.has(capability)


@pytest.mark.parametrize(
    ("first", "line", "answer"),
    [
        ("", "0 1000 1", 8),
        ("", "0 0 1", -Errno.EPERM),  # somebody else
        ("", "0 1000 2", -Errno.EPERM),  # more than oneself
        ("", "0 1000 0", -Errno.EINVAL),
        ("", "0 1000", -Errno.EINVAL),
        ("", "0 1000 1\n0 1001 1", -Errno.EINVAL),
        ("0 1000 1", "0 1000 1", -Errno.EPERM),  # once
    ],
)
def test_an_unprivileged_map_is_of_oneself(first: str, line: str, answer: int) -> None:
    def program() -> Any:
        yield Unshare(CLONE_NEWUSER)
        if first:
            yield from put("/proc/self/uid_map", first)
        assert (yield from put("/proc/self/uid_map", line)) == answer

    run(program, uid=1000)


def test_a_group_is_mapped_only_when_nobody_can_leave_it() -> None:
    told: list[int] = []

    def program() -> Any:
        yield Unshare(CLONE_NEWUSER)
        told.append((yield from put("/proc/self/gid_map", "0 1000 1")))
        told.append((yield from put("/proc/self/setgroups", "deny")))
        told.append((yield from put("/proc/self/gid_map", "0 1000 1")))
        told.append((yield from put("/proc/self/setgroups", "allow")))

    run(program, uid=1000)
    assert told == [-Errno.EPERM, 4, 8, -Errno.EPERM]


def test_root_outside_maps_a_range_for_a_child() -> None:
    told: list[Any] = []

    def inside() -> Any:
        yield Nanosleep(30)
        told.append((yield Getuid()))
        told.append((yield Setuid(7)))
        told.append((yield Getuid()))
        told.append((yield Setuid(70000)))
        yield Pause()

    def outside() -> Any:
        pid = yield Clone(CLONE_NEWUSER, inside)
        assert (yield from put(f"/proc/{pid}/uid_map", "0 100000 65536")) == 14
        yield Nanosleep(60)
        told.append((yield from text(f"/proc/{pid}/status")).splitlines()[4])
        told.append((yield from text(f"/proc/{pid}/uid_map")).split())
        yield Kill(pid, 9)

    run(outside)
    # it was the machine's user 0, whom the map does not know: nobody, until it becomes somebody
    assert told == [
        65534, 0, 7, -Errno.EINVAL, "Uid:\t100007\t100007\t100007", ["0", "100000", "65536"],
    ]  # fmt: skip


def test_files_of_who_is_not_mapped_belong_to_nobody_and_obey_nobody() -> None:
    def program() -> Any:
        yield Unshare(CLONE_NEWUSER)
        yield from put("/proc/self/uid_map", "0 1000 1")
        assert (yield Stat("/etc/hostname")).uid == 65534
        assert (yield Stat("/home/user/a")).uid == 0
        assert (yield Open("/etc/hostname", 1)) == -Errno.EACCES
        assert (yield Unlink("/etc/hostname")) == -Errno.EACCES

    run(program, uid=1000, files={"/home/user/a": "x"})


def test_a_capability_reaches_down_and_never_up() -> None:
    one = UserNamespace(1, INITIAL, uid=1000, level=1)
    two = UserNamespace(2, one, uid=1000, level=2)
    beside = UserNamespace(3, INITIAL, uid=1000, level=1)
    machine = Machine()
    maker = machine.spawn(None, uid=1000).credentials
    inside, capability = maker.in_new(one), next(iter(ALL))
    assert [maker.has(capability, over) for over in (INITIAL, one, two)] == [False, True, True]
    assert [inside.has(capability, over) for over in (INITIAL, one, two, beside)] == [
        False, True, True, False,
    ]  # fmt: skip


@given(
    st.lists(
        st.tuples(st.integers(0, 99), st.integers(0, 99), st.integers(1, 9)), min_size=1, max_size=4
    )
)
def test_a_map_is_one_to_one(rows: list[tuple[int, int, int]]) -> None:
    try:
        lines = parse("\n".join(f"{a} {b} {c}" for a, b, c in rows))
    except Refused:
        inside = [n for a, _b, c in rows for n in range(a, a + c)]
        outside = [n for _a, b, c in rows for n in range(b, b + c)]
        assert len(set(inside)) < len(inside) or len(set(outside)) < len(outside)
        return
    space = UserNamespace(1, INITIAL, uid_map=lines)
    assert lines == tuple(Line(*row) for row in rows)
    for seen in range(110):
        kernel = space.kernel_id(seen)
        assert kernel is None or space.seen(kernel) == seen


# --- mount -------------------------------------------------------------------------------------


def test_a_mount_inside_does_not_appear_outside() -> None:
    seen: list[list[str]] = []

    def inside() -> Any:
        assert (yield Mount("none", "/tmp", "tmpfs")) == 0
        yield Open("/tmp/inside", CREATE)
        seen.append((yield from names("/tmp")))

    def outside() -> Any:
        yield Open("/tmp/outside", CREATE)
        yield Clone(CLONE_NEWNS, inside)
        yield Wait4()
        seen.append((yield from names("/tmp")))

    run(outside)
    assert seen == [["inside"], ["outside"]]


def test_nothing_leads_out_of_a_new_root() -> None:
    def program() -> Any:
        yield Unshare(CLONE_NEWNS)
        assert (yield Mount("/box", "/box", None, MS_BIND)) == 0
        assert (yield Mkdir("/box/old")) == 0
        yield Chdir("/box")
        assert (yield Pivot_root("/box", "/box/old")) == 0
        assert (yield Getcwd()) == "/"
        assert (yield from names("/")) == ["app", "old"]
        assert (yield from names("/old/etc")) == ["hostname"]
        assert (yield Umount2("/old")) == -Errno.EBUSY  # /proc is mounted beneath
        assert (yield Umount2("/old", MNT_DETACH)) == 0
        assert (yield Rmdir("/old")) == 0
        for path in ("/etc/hostname", "../etc/hostname", "/../../etc/hostname"):
            assert (yield Open(path)) == -Errno.ENOENT
        assert (yield from names("/")) == ["app"]

    run(program, files={"/box/app": "x"})


def test_pivot_root_onto_itself_as_runtimes_do() -> None:
    def program() -> Any:
        yield Unshare(CLONE_NEWNS)
        yield Mount("none", "/", None, MS_REC | MS_PRIVATE)
        yield Mount("/box", "/box", None, MS_BIND | MS_REC)
        yield Chdir("/box")
        assert (yield Pivot_root(".", ".")) == 0
        assert (yield from names("/")) == ["app"]
        assert (yield Umount2(".", MNT_DETACH)) == 0
        assert (yield Umount2(".", MNT_DETACH)) == -Errno.EBUSY
        assert (yield from names("/")) == ["app"]
        assert (yield from text("/app")) == "x"

    run(program, files={"/box/app": "x"})


def test_pivot_root_wants_a_mount_and_a_place_beneath_it() -> None:
    assert answers(Pivot_root("/home", "/home"), uid=1000) == [-Errno.EPERM]
    assert answers(Pivot_root("/home", "/home")) == [-Errno.EBUSY]
    bound = Unshare(CLONE_NEWNS), Mount("/home", "/home", None, MS_BIND)
    assert answers(*bound, Pivot_root("/home/user", "/home/user"))[-1] == -Errno.EINVAL
    assert answers(*bound, Pivot_root("/home", "/proc"))[-1] == -Errno.EINVAL
    assert answers(*bound, Pivot_root("/home", "/home/none"))[-1] == -Errno.ENOENT


def test_bind_mounts_show_what_is_mounted_beneath_only_if_asked() -> None:
    def program() -> Any:
        yield Unshare(CLONE_NEWNS)
        yield Mkdir("/home/deep")
        yield Mount("none", "/home/deep", "tmpfs")
        yield Open("/home/deep/file", CREATE)
        yield Mkdir("/tmp/flat")
        yield Mkdir("/tmp/tree")
        yield Mount("/home", "/tmp/flat", None, MS_BIND)
        yield Mount("/home", "/tmp/tree", None, MS_BIND | MS_REC)
        assert (yield from names("/tmp/flat/deep")) == []
        assert (yield from names("/tmp/tree/deep")) == ["file"]
        lines = (yield from text("/proc/mounts")).splitlines()
        assert [line.split()[1] for line in lines] == [
            "/", "/proc", "/home/deep", "/tmp/flat", "/tmp/tree", "/tmp/tree/deep",
        ]  # fmt: skip

    run(program)


def test_a_read_only_bind_takes_two_steps() -> None:
    def program() -> Any:
        yield Unshare(CLONE_NEWNS)
        yield Mount("/home", "/home", None, MS_BIND | MS_RDONLY)
        assert (yield Mkdir("/home/a")) == 0  # the flag was not looked at
        yield Mount("none", "/home", None, MS_BIND | MS_REMOUNT | MS_RDONLY)
        for wish in (
            Mkdir("/home/b"), Rmdir("/home/a"), Open("/home/c", CREATE), Open("/home/f", 1),
            Rename("/home/a", "/home/b"), Unlink("/home/f"),
        ):  # fmt: skip
            assert (yield wish) == -Errno.EROFS
        assert (yield Open("/home/f")) > 0
        assert (yield Rename("/etc/hostname", "/home/h")) == -Errno.EXDEV

    run(program, files={"/home/f": "x"})


def test_what_is_mounted_cannot_be_removed() -> None:
    def program() -> Any:
        yield Mkdir("/m")
        yield Mount("none", "/m", "tmpfs")
        assert (yield Rmdir("/m")) == -Errno.EBUSY
        assert (yield Rename("/m", "/n")) == -Errno.EBUSY
        assert (yield Umount2("/m")) == 0
        assert (yield Umount2("/m")) == -Errno.EINVAL
        assert (yield Rmdir("/m")) == 0

    run(program)


def test_a_less_privileged_namespace_cannot_uncover_what_it_was_given() -> None:
    def program() -> Any:
        yield Unshare(CLONE_NEWUSER | CLONE_NEWNS)
        assert (yield Umount2("/proc")) == -Errno.EINVAL
        assert (yield Umount2("/proc", MNT_DETACH)) == -Errno.EINVAL
        assert (yield Mount("/", "/tmp", None, MS_BIND)) == -Errno.EINVAL
        assert (yield Mount("/", "/tmp", None, MS_BIND | MS_REC)) == 0
        assert (yield Mount("none", "/etc", "tmpfs")) == 0
        assert (yield Umount2("/etc")) == 0

    run(program, uid=1000)


def test_mount_says_why_not() -> None:
    assert answers(Mount("x", "/none", "tmpfs"), uid=1000) == [-Errno.ENOENT]
    assert answers(Mount("x", "/tmp", "tmpfs"), uid=1000) == [-Errno.EPERM]
    assert answers(Mount("x", "/tmp", "nosuchfs")) == [-Errno.ENODEV]
    assert answers(Mount("x", "/etc/hostname", "tmpfs")) == [-Errno.ENOTDIR]
    assert answers(Mount("/etc", "/etc/hostname", None, MS_BIND)) == [-Errno.ENOTDIR]
    assert answers(Umount2("/tmp", 64)) == [-Errno.EINVAL]


def test_a_file_that_is_mounted_stays_though_its_name_is_gone() -> None:
    def program() -> Any:
        yield Mount("/home/f", "/etc/hostname", None, MS_BIND)
        assert (yield Unlink("/home/f")) == 0
        assert (yield from text("/etc/hostname")) == "x"
        assert (yield Umount2("/etc/hostname")) == 0
        assert (yield from text("/etc/hostname")) == "lab\n"

    run(program, files={"/home/f": "x"})


# --- setns -------------------------------------------------------------------------------------


def joined(kind: str, uid: int = 0, flag: int = 0, made: int = 0) -> list[int]:
    """What setns answers to a process that joins a kind of namespace of another."""
    machine = Machine()
    told: list[int] = []

    def there() -> Any:
        yield Nanosleep(500)

    def here() -> Any:
        fd = yield Open(f"/proc/2/ns/{kind}")
        told.append((yield Setns(fd, flag)) if fd >= 0 else fd)

    machine.spawn(there, uid=uid, namespaces=made)
    machine.spawn(here, uid=uid)
    machine.run()
    return told


@pytest.mark.parametrize("kind", FLAGS)
def test_root_may_join(kind: str) -> None:
    made = FLAGS[kind]
    assert joined(kind, made=made) == [0]
    assert joined(kind, made=made, flag=made) == [0]
    wrong = CLONE_NEWUTS if made != CLONE_NEWUTS else CLONE_NEWNET
    assert joined(kind, made=made, flag=wrong) == [-Errno.EINVAL]


def test_others_may_join_a_user_namespace_of_their_own_making() -> None:
    assert joined("user", uid=1000, made=CLONE_NEWUSER) == [0]
    assert joined("uts", uid=1000, made=CLONE_NEWUTS) == [-Errno.EPERM]
    assert joined("user", made=0) == [-Errno.EINVAL]  # is there already


def test_no_way_up_to_the_pids_outside() -> None:
    machine = Machine()
    told: list[Any] = []

    def inside() -> Any:
        fd = yield Open("/proc/2/ns/pid")  # of the machine's /proc, which it still sees
        told.append((yield Setns(fd)))

    def outside() -> Any:
        yield Clone(CLONE_NEWPID, inside)
        yield Wait4()

    machine.spawn(outside, uid=0)
    machine.run()
    assert told == [-Errno.EINVAL]


def test_setns_wants_a_namespace() -> None:
    assert answers(Setns(9), Open("/etc/hostname"), Setns(3)) == [-Errno.EBADF, 3, -Errno.EINVAL]


def test_a_bound_name_keeps_a_namespace_as_ip_netns_does() -> None:
    def inside() -> Any:
        yield Unshare(CLONE_NEWNET)
        yield Mount("/proc/self/ns/net", "/run/netns/blue", None, MS_BIND)

    def outside() -> Any:
        yield Fork(inside)
        yield Wait4()
        fd = yield Open("/run/netns/blue")
        assert (yield Setns(fd, CLONE_NEWNET)) == 0
        fd = yield Socket()
        assert (yield Connect(fd, "127.0.0.1", 80)) == -Errno.ENETUNREACH

    run(outside, files={"/run/netns/blue": ""})


# --- the machine's own door --------------------------------------------------------------------


def test_spawn_into_a_view_that_is_there() -> None:
    machine = Machine()
    told: list[Any] = []

    def init() -> Any:
        yield Sethostname("inside")
        yield Mount("proc", "/proc", "proc")
        yield Pause()

    def visitor() -> Any:
        told.append(((yield Getpid()), (yield Getppid()), (yield Uname()).node))
        told.append(numbered((yield from names("/proc"))))

    box = machine.spawn(init, uid=0, namespaces=CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWNS)
    machine.run(until=50)
    machine.spawn(visitor, uid=0, namespaces=box)
    machine.run(until=100)
    assert told == [(2, 0, "inside"), ["1", "2"]]


def test_a_process_shares_all_that_it_did_not_ask_for_anew() -> None:
    """A container is an ordinary process: the same scheduler, memory and clock."""
    machine = Machine()

    def busy() -> Any:
        yield Compute(5)

    inside = machine.spawn(busy, uid=0, namespaces=ALL_NEW)
    outside = machine.spawn(busy, uid=0)
    machine.run()
    assert type(inside) is type(outside) is Process
    ran = {event.track for event in machine.trace if event.kind == "exit"}
    assert ran == {"busy", "busy.3"}
