"""The explorables of the chapter on system calls: what they draw is what the kernel does.

Numbers and errno: Linux, syscall_64.tbl and errno-base.h. Rights: path_resolution(7). seccomp(2).
"""

from __future__ import annotations

import re

import pytest

from lab_kernel import host
from lab_kernel.explore.kernel.syscalls import door, plumbing, price, recorded, rights
from lab_kernel.kernel.errno import Errno
from lab_kernel.kernel.security import Action
from tests.explored import Explored


class TestEveryOne(Explored):
    topic = "kernel/syscalls/"
    declared = ("door", "filters", "plumbing", "price", "recorded", "replay", "rights")
    refused = (
        ("door", "call", "reboot"),
        ("filters", "first", "MAYBE"),
        ("plumbing", "step", 0),
        ("price", "size", "3"),
        ("price", "door", 9),
        ("recorded", "recording", "strace-none"),
        ("replay", "filter", "deny opne"),
        ("replay", "filter", "deny"),
        ("replay", "filter", "perhaps read"),
        ("rights", "mode", "888"),
        ("rights", "mode", "rw-"),
        ("rights", "mode", "4755"),
    )


view = TestEveryOne.view


@pytest.mark.parametrize(
    ("call", "number", "stage", "errno"),
    [
        ("getpid", 39, "", None),
        ("open", 2, "", None),
        ("missing", 2, "work", Errno.ENOENT),
        ("shadow", 2, "rights", Errno.EACCES),
        ("closed", 1, "arguments", Errno.EBADF),
        ("pointer", 1, "arguments", Errno.EFAULT),
        ("unknown", 400, "table", Errno.ENOSYS),
        ("hostname", 170, "rights", Errno.EPERM),
        ("filtered", 83, "filters", Errno.EPERM),
    ],
)
def test_where_a_call_is_refused(call: str, number: int, stage: str, errno: Errno | None) -> None:
    """Fact K05: a call that succeeds, ENOSYS, EFAULT, EPERM; the library's -1 and errno."""
    passed = door.passage(call)
    assert (passed.number, passed.stage) == (number, stage)
    if errno is None:
        assert passed.result == passed.returned > 0 and passed.errno == 0
    else:
        assert (passed.result, passed.returned, passed.errno) == (-errno, -1, errno)
        assert errno.name in view("door", call=call).says
    assert set(door.CALLS) >= {call}


def test_the_way_back_is_drawn_even_for_a_call_that_is_refused_at_once() -> None:
    drawn = view("door", call="filtered")
    assert drawn.figures[0].description.count("not reached") == 4
    assert "rax = -1" in drawn.figures[0].description


@pytest.mark.parametrize(
    ("mode", "who", "want", "allowed", "by"),
    [
        (0o046, "alice", "r", False, "owner"),
        (0o046, "bob", "r", True, "group"),
        (0o046, "bob", "w", False, "group"),
        (0o046, "carol", "rw", True, "others"),
        (0o040, "carol", "r", False, "others"),
        (0o040, "reader", "r", True, "CAP_DAC_READ_SEARCH"),
        (0o040, "reader", "w", False, "others"),
        (0o000, "root", "rw", True, "CAP_DAC_OVERRIDE"),
        (0o666, "root", "x", False, "others"),
        (0o100, "root", "x", True, "CAP_DAC_OVERRIDE"),
        (0o640, "bare", "r", False, "others"),
    ],
)
def test_who_decides(mode: int, who: str, want: str, allowed: bool, by: str) -> None:
    answer = rights.ruling(mode, who, want, "file")
    assert (answer.allowed, str(answer.by)) == (allowed, by)
    says = view("rights", mode=f"{mode:03o}", who=who, want=want).says
    assert ("refused" in says) != allowed


def test_root_searches_any_directory() -> None:
    assert "allowed" in view("rights", mode="000", who="root", want="x", kind="directory").says


@pytest.mark.parametrize(
    ("said", "wins", "place"),
    [
        (("ALLOW", "ERRNO", "ALLOW"), "ERRNO", 2),
        (("KILL_PROCESS", "ALLOW", "LOG"), "KILL_PROCESS", 1),
        (("TRAP", "KILL_THREAD", "none"), "KILL_THREAD", 2),
        (("ERRNO", "none", "ERRNO"), "ERRNO", 3),
        (("none", "none", "LOG"), "LOG", 3),
    ],
)
def test_the_most_restrictive_of_three(said: tuple[str, str, str], wins: str, place: int) -> None:
    drawn = view("filters", first=said[0], second=said[1], third=said[2])
    assert drawn.says.startswith(f"{Action[wins].name} by filter {place}:")


def test_a_pipeline_comes_to_its_end() -> None:
    told = plumbing.story("nobody")
    assert (told.printed, told.waiting) == ("3\n", ())
    assert len(told.moments) == 19
    writers = [
        sum(what == plumbing.WRITES for table in moment.tables.values() for what in table.values())
        for moment in told.moments
    ]
    ended = next(n for n, m in enumerate(told.moments) if m.call == 'read(0, 64) = ""')
    assert writers[ended] == 0  # the input ends when nobody holds the writing end


@pytest.mark.parametrize("forgets", ["sh", "wc"])
def test_a_writing_end_left_open_is_an_input_that_never_ends(forgets: str) -> None:
    told = plumbing.story(forgets)
    assert (told.printed, told.waiting) == ("", ("sh", "wc"))
    last = told.moments[-1].tables[forgets]
    assert plumbing.WRITES in last.values()
    assert "wait for ever" in view("plumbing", forgets=forgets, step=19).says


def test_the_price_is_the_number_of_calls() -> None:
    for size in price.SIZES:
        user, kernel = price.ticks(size, 2)
        assert user == price.BYTES // price.A_TICK
        assert kernel == 2 * price.BYTES // size
    taken = price.seconds()
    assert taken[1] > 100 * taken[4096]  # recorded, of one machine
    assert host.recording("syscalls").source.date in view("price").figures[1].description


def test_the_recordings_are_counted_as_strace_counted_them() -> None:
    counts = host.recording("syscalls").data["counts"]["output"]
    assert re.search(r"\b44\s+1 total", counts)  # exit_group never comes back: strace leaves it out
    assert ": 45 calls of 20 kinds in 1 process, 1 failed" in view("recorded").says


def test_a_filter_before_the_shell() -> None:
    says = view("replay").says
    assert "first clone (EPERM)" in says
    done = [int(n.replace(",", "")) for n in re.findall(r"[\d,]*\d", says)]
    refused, calls, _time, never = done
    assert refused == 2 and calls + never == 193
    assert "all 193 calls pass" in view("replay", filter="no-network").says
    assert recorded.written(" deny  mount ").text == "deny mount"
