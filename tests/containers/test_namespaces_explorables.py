"""The explorables of the chapter on namespaces: what they draw is what the kernel does.

Sources: namespaces(7), pid_namespaces(7), user_namespaces(7); what a real kernel answered is in
``lab_kernel/recordings/namespaces.json``.
"""

from __future__ import annotations

import re

import pytest

from lab_kernel.explore.containers.namespaces import isolate, pids, shared, standing
from lab_kernel.kernel.signals import Signum
from tests.explored import Explored


class TestEveryOne(Explored):
    topic = "containers/namespaces/"
    declared = ("isolate", "pids", "shared", "standing", "users")
    refused = (
        ("isolate", "who", "nobody"),
        ("isolate", "uts", "maybe"),
        ("pids", "sender", "B"),
        ("pids", "signal", "SIGHUP"),
        ("shared", "deed", "sing"),
        ("standing", "standing", "king"),
        ("users", "uid", -1),
        ("users", "uid", 70001),
        ("users", "map", "all"),
    )


view = TestEveryOne.view


@pytest.mark.parametrize(
    ("kind", "commands"),
    [
        ("uts", ["hostname"]),
        ("pid", ["kill -0 2"]),
        ("mnt", ["ls /srv"]),
        ("net", ["nc -l 8080"]),
        ("ipc", ["ipcs -q"]),
    ],
)
def test_each_kind_changes_its_own_command_and_no_other(kind: str, commands: list[str]) -> None:
    found = isolate.looked((kind,), 0)
    assert found is not None
    assert [one for one, (outside, inside) in found.items() if outside != inside] == commands


def test_ps_needs_a_proc_of_its_own() -> None:
    both = isolate.looked(("pid", "mnt"), 0)
    assert both is not None and both["ps | wc -l"] == ("3", "1")


def test_who_is_not_root_needs_a_user_namespace() -> None:
    assert all(isolate.looked((kind,), 1000) is None for kind in isolate.KINDS if kind != "user")
    whole = isolate.looked(isolate.KINDS, 1000)
    assert whole is not None and whole["id -u"] == ("1000", "0")
    assert all(outside != inside for outside, inside in whole.values())


def test_number_one_is_deaf_from_inside_and_takes_all_with_it() -> None:
    assert pids.attempt("A worker", "A init", Signum.SIGKILL) == (True, ())
    assert pids.attempt("B job", "A worker", Signum.SIGKILL) == (False, ())
    named, gone = pids.attempt("shell", "A init", Signum.SIGKILL)
    assert named and set(gone) == set(pids.NAMES) - {"shell"}
    assert pids.attempt("shell", "A init", Signum.SIGTERM) == (True, ())
    assert pids.attempt("A init", "B init", Signum.SIGKILL)[1] == ("B init", "B job")


def test_the_two_kernels_agree_on_every_wish() -> None:
    for name in standing.STANDINGS:
        says = view("standing", standing=name).says
        first, second = re.findall(r"all (\d+) answers in the recording .* gave (\d+) ", says)[0]
        assert first == second and int(first) > 45


def test_a_container_stops_with_the_kernel_and_a_virtual_machine_does_not() -> None:
    table = {deed: [shared.verdict(deed, home) for home in shared.HOMES] for deed in shared.DEEDS}
    assert [column[2] for column in table.values()] == ["notices nothing"] * 6
    assert table["kernel"][:2] == ["stopped with the kernel"] * 2
    assert table["kill"] == ["killed", "notices nothing", "notices nothing"]
    assert table["cpu"][:2] == table["memory"][:2] == ["slower", "slower"]
