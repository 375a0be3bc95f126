"""The explorables of the chapter on the container runtime: what they draw is what the kernels did.

Walls: capabilities(7), seccomp(2), user_namespaces(7), prctl(2). What a shared kernel means is in
the comparison of NIST SP 800-190, section 2: a container's escape or fault reaches the host.
"""

from __future__ import annotations

import pytest

from lab_kernel.containers.runtime.attack import ATTEMPTS, WALLS, attack, walls_against
from lab_kernel.containers.runtime.neighbours import HARM, HOUSES, live
from lab_kernel.explore.containers.runtime.steps import recorded, simulated
from tests.explored import Explored


class TestEveryOne(Explored):
    topic = "containers/runtime/"
    declared = ("lifecycle", "neighbours", "steps", "walls")
    refused = (
        ("steps", "step", "magic"),
        ("steps", "who", "alice"),
        ("lifecycle", "operations", "create fly"),
        ("lifecycle", "operations", ""),
        ("lifecycle", "operations", "create " * 11),
        ("walls", "seccomp", "perhaps"),
        ("neighbours", "harm", "fire"),
    )


view = TestEveryOne.view


def test_a_pid_namespace_hides_nothing_before_proc_is_mounted_anew() -> None:
    for sides in (simulated("root"), recorded("root")):
        assert sides["fork"].pid == 1 and sides["fork"].processes > 1
        assert sides["pivot_root"].processes == 1


def test_root_needs_no_user_namespace() -> None:
    assert "no user namespace" in view("steps", step="user", who="root").says
    assert "user" not in simulated("root") and "user" in simulated("user")


def test_the_life_cycle_says_what_is_refused() -> None:
    assert "3. start, 4. delete" in view("lifecycle").says
    assert view("lifecycle", operations="create kill delete", signal="SIGKILL").says.startswith(
        "Nothing is refused"
    )
    deaf = view("lifecycle", operations="create start kill", program="deaf")
    assert deaf.says.endswith("running.")  # number 1 hears no SIGTERM that it does not catch
    done = view("lifecycle", operations="create start wait kill", program="quick")
    assert "4. kill" in done.says and done.says.endswith("stopped.")


# What stops what, by the manual pages
AGAINST = {
    "host process": tuple(WALLS),  # no process outside has a number in the PID namespace
    "mount": ("capabilities", "seccomp"),
    "priority": ("user", "capabilities"),
    "namespaces": ("seccomp",),
    "host file": ("user",),
    "set-user-ID": ("user", "no_new_privs"),
    "image": ("readonly",),
    "processes": ("limits",),
}


@pytest.mark.parametrize("attempt", list(ATTEMPTS))
def test_which_wall_stops_what(attempt: str) -> None:
    assert walls_against(attempt) == AGAINST[attempt]
    assert attack((), attempt).succeeded == (attempt != "host process")
    assert not attack(WALLS, attempt).succeeded


@pytest.mark.parametrize("house", list(HOUSES))
def test_a_crash_is_ones_own_and_a_panic_is_the_kernels(house: str) -> None:
    peace = live(house, "nothing")
    assert live(house, "crash").done >= peace.done - 1
    panic = live(house, "kernel")
    if house == "machines":
        assert panic.done == peace.done and panic.kernels == 1
    else:
        assert panic.done == 0 and panic.kernels == 0


def test_limits_keep_harm_in_its_container() -> None:
    for harm in ("processes", "busy"):
        without, limited = (
            live(house, harm).done / live(house, "nothing").done
            for house in ("containers", "limited")
        )
        assert limited > 0.9 > without
    assert set(HARM) == {"nothing", "crash", "busy", "processes", "kernel"}
