"""``lab-kernel container run`` on this machine's kernel, which is the oracle.

The mask of capabilities is that of the fourteen which Docker (moby, oci/caps/defaults.go) and
containerd (oci/spec.go) leave: ``00000000a80425fb``.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lab_kernel.cli import container
from lab_kernel.containers.image import (
    Config,
    Layout,
    assemble,
    diff,
    directory,
    file,
    symlink,
    write_layout,
)
from lab_kernel.containers.runtime.linux import source
from lab_kernel.explore.containers.runtime.wording import STEPS
from lab_kernel.host import containers as recording
from lab_kernel.language import language

DEFAULT_MASK = "00000000a80425fb"
LOOK = """
echo pid $$; echo host $(hostname); echo ids $(id)
echo numbers $(echo /proc/[0-9]*); echo files $(ls /)
echo devices $(ls /dev); cat /proc/net/dev; cat /proc/self/cgroup
grep -E '^(Cap|NoNew|Seccomp:)' /proc/self/status
"""
ORDER = ("root", "nobody")


def inside(here: Any, who: str, nobodys: Path, *words: str) -> Any:
    return here.run(*words, nobody=who == "nobody", root=nobodys if who == "nobody" else None)


@pytest.mark.parametrize("who", ORDER)
@pytest.mark.usefixtures("clean")
def test_what_is_seen_inside(here: Any, who: str, nobodys: Path) -> None:
    done = inside(here, who, nobodys, "--hostname", "inner", "--", "sh", "-c", LOOK)
    assert done.code == 0, done.err
    out = done.out
    assert "pid 1\n" in out and "host inner\n" in out
    assert re.search(r"^ids uid=0(\(root\))? gid=0", out, re.MULTILINE)
    numbers = re.search("^numbers (.*)$", out, re.MULTILINE)
    assert numbers and "/proc/1" in numbers[1].split()
    assert all(int(path.rpartition("/")[2]) < 20 for path in numbers[1].split())
    files = re.search("^files (.*)$", out, re.MULTILINE)
    assert files and {"bin", "dev", "proc", "sys"} <= set(files[1].split())
    assert not {"home", "root", "etc", "boot"} & set(files[1].split())
    assert re.findall(r"^ *(\w+):.*$", out.split("Inter-")[1].split("\n0::")[0], re.MULTILINE)[:1]
    assert re.findall(r"^\s*(\w+):(?:\s+\d+){16}$", out, re.MULTILINE) == ["lo"]
    assert all(line.endswith(":/") for line in out.splitlines() if re.match(r"\d+:\S*:/", line))
    assert f"CapEff:\t{DEFAULT_MASK}" in out and f"CapBnd:\t{DEFAULT_MASK}" in out
    assert "NoNewPrivs:\t1" in out and "Seccomp:\t2" in out


def test_what_is_seen_after_each_step_now_and_when_it_was_recorded(here: Any) -> None:
    done = here.run("--watch", "--read-only", "--pids", "20", "--json", "--", "true")
    if here.rootless:
        pytest.skip("the recording is root's")
    steps, before = done.told["steps"], recording.seen("root")
    assert list(steps) == list(before)[1:]
    for step, seen in steps.items():
        for field in ("capabilities", "no_new_privs", "seccomp", "readonly", "uid"):
            if step in ("capabilities", "no_new_privs", "seccomp") or field != "capabilities":
                assert seen[field] == before[step][field], (step, field)
    table = here.run("--watch", "--", "echo", "it runs")
    assert table.out == "it runs\n"
    names = [STEPS[step] for step in ("host", *steps)]
    for line, name in zip(table.err.splitlines(), ["step", *names], strict=True):
        assert line.startswith(name)
    with language("ko"):
        rows = container._Watched().rows(steps)
    assert [row[0] for row in rows[:3]] == [
        "단계",
        "아무것도 하기 전",
        "자식을 위한 PID 네임스페이스",
    ]


def test_root_inside_is_nobody_outside(here: Any, nobodys: Path) -> None:
    done = here.run("--", "cat", "/proc/self/uid_map", nobody=True, root=nobodys)
    assert done.out.split() == ["0", "65534", "1"]


@pytest.mark.usefixtures("clean")
def test_the_exit_code(here: Any) -> None:
    assert here.run("--", "sh", "-c", "exit 7").code == 7
    assert here.run("--", "nosuch") == (
        127,
        "",
        "lab-kernel: nosuch: there is no such file or directory; it or the loader that it names is"
        " not in there (image inspect tells which)\n",
    )
    assert here.run("--", "/bin").code == 126


CATCHES = "trap 'echo got; exit 3' TERM; echo ready; while :; do sleep 0.05; done"


@pytest.mark.usefixtures("clean")
def test_a_signal_is_passed_on(here: Any) -> None:
    running = here.start(str(here.root), "--", "sh", "-c", CATCHES)
    running.terminate()
    out, _err = running.communicate(timeout=30)
    assert (running.returncode, out) == (3, "got\n")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.usefixtures("clean")
def test_a_first_process_that_would_not_hear_is_ended(here: Any, number: signal.Signals) -> None:
    running = here.start(
        str(here.root), "--pids", "9", "--", "sh", "-c", "echo ready; exec sleep 60"
    )
    for _attempt in range(60):  # the shell hears SIGINT, until sleep has taken its place
        running.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            running.communicate(timeout=0.5)
            break
    assert running.returncode == 128 + number


def test_when_we_are_killed_the_container_goes_too(here: Any, layout: Path) -> None:
    before = set(here.leftovers())
    words = (f"{layout}:v1", "--pids", "9", "--", "-c", "echo ready; exec sleep 61")
    with here.start(*words) as running:
        assert set(here.leftovers()) - before
        running.kill()
        running.stdout.read()  # until all who could write into it are gone
    for _attempt in range(500):
        if not set(here.leftovers()) - before:
            return
        time.sleep(0.02)
    raise AssertionError(set(here.leftovers()) - before)


@pytest.mark.usefixtures("clean")
def test_limits(here: Any) -> None:
    words = ("--memory", "24M", "--cpus", "0.5", "--pids", "3", "--json", "--")
    told = here.run(*words, "true").told
    if told["not_in_force"]:
        pytest.skip(f"no control group can be made here: {told['not_in_force']}")
    assert told["in_force"]["memory"].endswith("= 25165824")
    assert re.search("= 50000( 100000)?$", told["in_force"]["cpus"])
    assert told["in_force"]["pids"].endswith("pids.max = 3")
    grows = here.run(*words, "sh", "-c", "x=a; while :; do x=$x$x; done")
    assert grows.code == 137 and grows.told["out_of_memory"] == 1
    many = here.run(*words, "sh", "-c", "for i in 1 2 3 4; do sleep 0.1 & done; wait; echo all")
    assert "fork" in many.err


def test_limits_that_are_not_in_force_are_told(here: Any, nobodys: Path) -> None:
    words = ("--memory", "24M", "--pids", "5", "--", "echo", "on")
    done = here.run(*words, nobody=True, root=nobodys)
    assert done.code == 0 and done.out == "on\n"
    for line in done.err.splitlines():
        assert re.fullmatch(r"--(memory|pids) is not in force: .+", line)


def test_a_readonly_root(here: Any, nobodys: Path) -> None:
    for who in ORDER:
        done = inside(
            here,
            who,
            nobodys,
            "--read-only",
            "--",
            "sh",
            "-c",
            "echo x > /x || echo y > /dev/shm/y",
        )
        assert "Read-only" in done.err and done.code == 0


def test_a_device_file_opens_no_device(here: Any) -> None:
    """Root inside may make one (CAP_MKNOD), and the host's disk would be one of them."""
    if here.rootless:
        pytest.skip("an ordinary user makes none anyway")
    look = "for d in / /dev/ /dev/shm/; do mknod ${d}mine c 1 3 && echo made; cat ${d}mine; done"
    done = here.run("--", "sh", "-c", look)
    assert done.out == "made\n" * 3 and done.err.count("ermission denied") == 3
    (here.root / "mine").unlink()
    assert here.run("--", "cat", "/dev/null") == (0, "", "")


@pytest.mark.parametrize(
    ("words", "allowed"),
    [
        ((), False),  # neither the capability nor the filter lets it
        (("--cap-add", "SYS_ADMIN"), False),  # the filter refuses alone
        (("--seccomp", "off"), False),  # the capability is missing alone
        (("--cap-add", "SYS_ADMIN", "--seccomp", "off"), True),
    ],
)
def test_either_of_two_walls_stops_a_mount(
    here: Any, words: tuple[str, ...], allowed: bool
) -> None:
    done = here.run(*words, "--", "mount", "-t", "tmpfs", "none", "/bin")
    assert (done.code == 0) == allowed


def test_users(here: Any) -> None:
    if here.rootless:
        pytest.skip("an ordinary user's container has one user")
    look = "id; grep CapEff /proc/self/status; echo x > /x"
    done = here.run("--user", "1000:5", "--", "sh", "-c", look)
    assert "uid=1000 gid=5" in done.out and "CapEff:\t0000000000000000" in done.out
    assert "denied" in done.err
    assert here.run("--user", "joe", "--", "id").err == (
        "lab-kernel: --user: there is no user “joe” in the image\n"
    )
    for number in ("99999999999", "4294967295", "0:4294967295"):
        done = here.run("--user", number, "--", "id")
        assert done.code == 2 and "--user: " in done.err
        assert f"{number.rpartition(':')[2]} is out of range" in done.err
    assert here.run("--user", "4294967294", "--", "true").code == 0


def test_an_ordinary_user_has_one_user_inside(here: Any, nobodys: Path) -> None:
    done = here.run("--user", "1000", "--", "id", nobody=True, root=nobodys)
    assert done.code == 2 and "--user: " in done.err and "user 0 only" in done.err


@pytest.mark.parametrize("where", ["/nope", "/nope/deeper", "/bin/nope/x", "/bin/ls"])
def test_nothing_is_made_in_a_directory_of_the_readers(here: Any, where: str) -> None:
    before = sorted(here.root.rglob("*"))
    done = here.run("--workdir", where, "--", "true")
    why = f"{where} is not a directory" if where == "/bin/ls" else f"there is no {where}"
    assert (done.code, done.err) == (2, f"lab-kernel: --workdir: {why}\n")
    assert sorted(here.root.rglob("*")) == before


def test_a_filter_that_ends_the_program_is_named(here: Any) -> None:
    done = here.run("--seccomp", "strict", "--", "true")
    assert (done.code, done.err) == (159, "SIGSYS: the filter of system calls ended the program\n")


@pytest.fixture
def layout(here: Any) -> Iterator[Path]:
    """An image of the tools, with a variable, a directory to start in and an entry point."""
    made = Layout()
    config = Config(
        entrypoint=("/bin/sh",),
        cmd=("-c", "echo $NAME from $PWD"),
        env={"NAME": "image"},
        workdir="/srv/app",
        architecture=source.platform_here().partition("/")[2],
    )
    files = {}
    for path in sorted(here.root.rglob("*")):
        name = str(path.relative_to(here.root))
        if path.is_symlink():
            files[name] = symlink(str(path.readlink()))
        else:
            files[name] = directory() if path.is_dir() else file(path.read_bytes(), mode=0o755)
    image = assemble(made, config, None, [diff({}, files)])
    made.tag("v1", image.manifest)
    folder = here.root.with_name("layout")  # where nobody may read it, too
    write_layout(made, folder)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize("nobody", [False, True])
@pytest.mark.usefixtures("clean")
def test_an_image(here: Any, layout: Path, nobody: bool) -> None:
    if nobody and os.geteuid() != 0:
        pytest.skip("only root can become somebody else")
    done = here.run(root=f"{layout}:v1", nobody=nobody)
    assert (done.out, done.err) == ("image from /srv/app\n", "")
    words = ("--env", "NAME=me", "--workdir", "/", "--", "-c", "echo $NAME from $PWD")
    assert here.run(*words, root=f"{layout}:v1", nobody=nobody).out == "me from /\n"
    words = ("--entrypoint", "/bin/echo", "--", "hello")
    assert here.run(*words, root=str(layout), nobody=nobody).out == "hello\n"
    refused = here.run(root=f"{layout}:v2", nobody=nobody)
    assert refused.code == 2 and "v2" in refused.err
    made = here.run("--workdir", "/new/one", "--", "-c", "pwd", root=f"{layout}:v1", nobody=nobody)
    assert (made.out, made.err) == ("/new/one\n", "")
    wrong = here.run("--workdir", "/bin/ls", root=f"{layout}:v1", nobody=nobody)
    assert wrong.err == "lab-kernel: --workdir: /bin/ls is not a directory\n"


@pytest.mark.usefixtures("clean")
def test_an_image_for_another_machine_is_refused(here: Any, tmp_path: Path) -> None:
    made = Layout()
    other = "arm64" if source.platform_here() == "linux/amd64" else "amd64"
    made.tag("v1", assemble(made, Config(cmd=("/x",), architecture=other), None, []).manifest)
    write_layout(made, tmp_path / "layout")
    done = here.run(root=tmp_path / "layout")
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert f"ROOT: there is no image for {source.platform_here()}" in done.err


def test_what_a_killed_unpacking_has_left_is_removed_by_the_next(here: Any, layout: Path) -> None:
    """But not what somebody still holds, nor what is no unpacked image."""
    for name in ("whole/root", "halfway/.root.77/bin", "held/root", "other/src", "new"):
        (here.temporary / f"lab-kernel-root-{name}").mkdir(parents=True)
    fd = source._held(here.temporary / "lab-kernel-root-held")
    try:
        assert here.run("--", "-c", "true", root=f"{layout}:v1").code == 0
        names = {path.name for path in here.temporary.glob("lab-kernel-*")}
    finally:
        os.close(fd)
        for path in here.temporary.glob("lab-kernel-*"):
            shutil.rmtree(path)
    assert {name.rpartition("-")[2] for name in names} == {"held", "other", "new"}
