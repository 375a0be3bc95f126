"""The simulated runtime against the OCI runtime specification and against a real kernel's start.

The sentences of the life cycle are those of runtime.md, 1.0 and later; the steps are compared with
``recordings/containers.json``, where a real container was watched from inside.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_kernel.containers.runtime import first
from lab_kernel.containers.runtime.config import CAPABILITIES, USUAL, Config, Limits
from lab_kernel.containers.runtime.linux import steps
from lab_kernel.containers.runtime.look import Seen
from lab_kernel.containers.runtime.runtime import Bundle, Container, Runtime, Status
from lab_kernel.errors import BadInput
from lab_kernel.host import containers as recording
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.process import Process
from lab_kernel.kernel.program import Compute
from lab_kernel.kernel.security import ROOT
from lab_kernel.kernel.security.capabilities import mask
from lab_kernel.kernel.syscalls import Execve, Mount, Nanosleep, Sethostname, Unshare, Write

Program = Generator[Any, Any, Any]


def serve(*words: str) -> Program:
    yield Write(1, f"serving {' '.join(words)}\n".encode())
    while True:
        yield Nanosleep(100)


def quick(*words: str) -> Program:
    yield Compute(3)
    return 7


def made(uid: int = 0, **config: Any) -> tuple[Machine, Runtime, Bundle]:
    """A machine with one bundle, whose files belong to whoever runs it."""
    root = "/home/user/box" if uid else "/srv/box"
    machine = Machine(files={f"{root}/bin/serve": serve, f"{root}/bin/quick": quick})
    for path in (root, f"{root}/bin"):
        machine.files.chown(path, ROOT, uid, uid)
    given = {"args": ("/bin/serve", "one")} | config
    if uid:
        given["namespaces"] = USUAL | {"user"}
    return machine, Runtime(machine, uid), Bundle(root, Config(**given))


def printed(machine: Machine) -> str:
    return machine.console.text


def test_a_life() -> None:
    machine, runtime, bundle = made()
    one = runtime.create("a", bundle)
    assert runtime.state("a") == {
        "ociVersion": "1.2.0", "id": "a", "status": "created", "pid": 3, "bundle": "/srv/box",
    }  # fmt: skip
    assert "serving" not in printed(machine)  # create runs no user code
    runtime.start("a")
    machine.run(machine.clock.now + 10)
    assert runtime.state("a")["status"] == "running" and "serving one" in printed(machine)
    assert type(one.process) is Process and machine.processes[one.process.pid] is one.process
    runtime.kill("a", "SIGKILL")
    assert runtime.state("a")["status"] == "stopped" and one.code == 137
    runtime.delete("a")
    assert not runtime.containers and not machine.processes and not machine.cgroups.children
    assert runtime.create("a", bundle).status is Status.CREATED  # the ID is free again


def test_a_change_after_create_has_no_effect() -> None:
    machine, runtime, bundle = made()
    runtime.create("a", bundle)
    bundle.config = replace(bundle.config, args=("/bin/quick",), hostname="other")
    runtime.start("a")
    machine.run(machine.clock.now + 10)
    assert "serving one" in printed(machine)
    assert runtime.containers["a"].start.config.hostname == "container"


def test_a_program_that_ends_stops_the_container() -> None:
    machine, runtime, bundle = made(args=("/bin/quick",))
    one = runtime.create("a", bundle)
    runtime.start("a")
    machine.run(machine.clock.now + 50)
    assert one.status is Status.STOPPED and one.code == 7


# Which operation is allowed in which state, and where it leads: the specification's sentences.
ALLOWED = {
    ("none", "create"): "created",
    ("created", "start"): "running",
    ("created", "kill"): "stopped",
    ("running", "kill"): "stopped",
    ("stopped", "delete"): "none",
}


@given(st.lists(st.sampled_from(["create", "start", "kill", "delete"]), max_size=8))
def test_an_operation_leads_where_it_may_or_changes_nothing(operations: list[str]) -> None:
    machine, runtime, bundle = made()
    now = "none"
    for operation in operations:
        before = runtime.state("a") if now != "none" else None
        given: tuple[Any, ...] = {"create": ("a", bundle), "kill": ("a", "SIGKILL")}.get(
            operation, ("a",)
        )
        if (now, operation) in ALLOWED:
            getattr(runtime, operation)(*given)
            now = ALLOWED[now, operation]
        else:
            processes = set(machine.processes)
            with pytest.raises(BadInput) as refused:
                getattr(runtime, operation)(*given)
            assert refused.value.argument == operation
            assert set(machine.processes) == processes
            assert before is None or runtime.state("a") == before
        assert (now != "none") == ("a" in runtime.containers)
        if now != "none":
            assert runtime.state("a")["status"] == now


@pytest.mark.parametrize("operation", ["state", "start", "kill", "delete"])
def test_who_is_not_there(operation: str) -> None:
    with pytest.raises(BadInput, match="no container"):
        getattr(made()[1], operation)("a")


def test_bad_input() -> None:
    _machine, runtime, bundle = made()
    for id in ("", "a/b"):
        with pytest.raises(BadInput, match="no ID"):
            runtime.create(id, bundle)
    with pytest.raises(BadInput, match="no program"):
        runtime.create("a", Bundle(bundle.root, replace(bundle.config, args=())))
    runtime.create("a", bundle)
    with pytest.raises(BadInput, match="SIGTERM"):
        runtime.kill("a", "SIGNOTHING")


def test_a_start_that_the_kernel_refuses_leaves_nothing() -> None:
    machine, runtime, bundle = made()
    with pytest.raises(BadInput, match=r"root.*ENOENT"):
        runtime.create("a", Bundle("/srv/none", bundle.config))
    assert not runtime.containers and not machine.processes and not machine.cgroups.children
    ordinary = Runtime(machine, 1000)  # without a user namespace
    with pytest.raises(BadInput, match="EPERM"):
        ordinary.create("b", bundle)
    assert not machine.processes


def test_a_program_that_is_not_in_the_image() -> None:
    _machine, runtime, bundle = made(args=("/bin/none",))
    runtime.create("a", bundle)
    with pytest.raises(BadInput, match="/bin/none: ENOENT"):
        runtime.start("a")
    assert runtime.state("a")["status"] == "stopped"


def test_number_1_hears_no_sigterm_that_it_does_not_catch() -> None:
    _machine, runtime, bundle = made()
    one = runtime.create("a", bundle)
    runtime.start("a")
    runtime.kill("a", "SIGTERM")
    assert one.status is Status.RUNNING
    runtime.kill("a", "SIGKILL")
    assert one.status is Status.STOPPED


def test_limits_are_the_groups() -> None:
    _machine, runtime, bundle = made(limits=Limits(memory=1 << 20, cpus=0.5, pids=5))
    one = runtime.create("a", bundle)
    group = one.group
    assert group is not None and one.process in group.processes
    files = {name: group.read(name).strip() for name in ("memory.max", "cpu.max", "pids.max")}
    assert files == {"memory.max": "1048576", "cpu.max": "50000 100000", "pids.max": "5"}
    _machine, runtime, bundle = made(1000, limits=Limits(pids=5))
    assert runtime.create("a", bundle).missing == {"pids": "EACCES"}


# The steps, beside a real kernel's


def test_the_steps_are_those_of_the_real_start() -> None:
    assert list(first.OUTSIDE) == list(steps.OUTSIDE)
    assert list(first.INSIDE) == list(steps.INSIDE)


@pytest.mark.parametrize(("who", "uid"), [("root", 0), ("user", 1000)])
def test_what_is_seen_after_each_step_is_what_a_real_kernel_shows(who: str, uid: int) -> None:
    real = recording.seen(who)
    _machine, runtime, bundle = made(uid, readonly=True, limits=Limits(pids=20))
    runtime.watch = True
    simulated: dict[str, Seen] = runtime.create("a", bundle).start.seen
    assert list(simulated) == list(real)
    host, real_host = simulated["host"], Seen(**real["host"])
    before, real_before = host, real_host
    for step in simulated:
        here, there = simulated[step], Seen(**real[step])
        assert here.own(host) == there.own(real_host), step
        for field in ("no_new_privs", "seccomp", "readonly"):
            assert getattr(here, field) == getattr(there, field), (step, field)
        assert (here.pid == 1) == (there.pid == 1), step
        assert (here.uid == 0) == (there.uid == 0), step
        assert (here.nodename == "container") == (there.nodename == "container"), step
        assert (here.cgroup == "/") == (there.cgroup == "/"), step
        assert (here.processes == 1) == (there.processes == 1) or step in ("host", "user", "pid")
        assert (here.files == before.files) == (tuple(there.files) == tuple(real_before.files)), (
            step
        )
        assert (here.mounts == before.mounts) == (there.mounts == real_before.mounts), step
        before, real_before = here, there
    assert f"{here.capabilities:016x}" == f"{there.capabilities:016x}" == mask(CAPABILITIES)


def test_rights_in_force_inside() -> None:
    """What the program itself meets: exec'd, bounded, filtered."""
    answers: list[Any] = []

    def tries() -> Program:
        answers.append((yield Mount("none", "/bin", "tmpfs")))
        answers.append((yield Sethostname("x")))
        answers.append((yield Unshare(0x1000_0000)))
        answers.append((yield Execve("/bin/none")))

    machine, runtime, bundle = made(args=("/bin/tries",))
    machine.files.add("/srv/box/bin/tries", mode=0o755, program=tries)
    one: Container = runtime.create("a", bundle)
    runtime.start("a")
    machine.run(machine.clock.now + 50)
    assert answers == [-1, -1, -1, -2] and one.status is Status.STOPPED
