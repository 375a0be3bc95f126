"""The explorables of the chapter on the container runtime: what they draw is what the kernels did.

Walls: capabilities(7), seccomp(2), user_namespaces(7), prctl(2). What a shared kernel means is in
the comparison of NIST SP 800-190, section 2: a container's escape or fault reaches the host.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lab_kernel import explore
from lab_kernel.containers.runtime.attack import ATTEMPTS, WALLS, attack, walls_against
from lab_kernel.containers.runtime.neighbours import HARM, HOUSES, live
from lab_kernel.errors import BadInput
from lab_kernel.explore import Choice, Control, Toggle, View
from lab_kernel.explore.containers.runtime.steps import recorded, simulated
from lab_kernel.language import LANGUAGES, language

TOPIC = "containers/runtime/"
NAMES = [name for name in explore.names() if name.startswith(TOPIC)]


def view(name: str, **values: object) -> View:
    return explore.load(TOPIC + name).view(**values)


def test_the_chapter_declares_these() -> None:
    assert [name.removeprefix(TOPIC) for name in NAMES] == [
        "lifecycle", "neighbours", "steps", "walls",
    ]  # fmt: skip


def settings(control: Control) -> Iterator[object]:
    if isinstance(control, Choice):
        yield from (option for option, _label in control.options)
    elif isinstance(control, Toggle):
        yield from ("on", "off")
    else:
        yield control.default


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_setting_draws(name: str, lang: str) -> None:
    with language(lang):
        for control in explore.load(name).controls:
            for value in settings(control):
                drawn = explore.load(name).view(**{control.name: value})
                assert drawn.figures and drawn.says.endswith(".")
                assert "{" not in drawn.says and "None" not in drawn.says
                assert all(figure.description for figure in drawn.figures)


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_say_it(name: str) -> None:
    said = []
    for lang in LANGUAGES:
        with language(lang):
            said.append(explore.load(name).view().says)
    assert said[0] != said[1]


@pytest.mark.parametrize(
    ("name", "control", "value"),
    [
        ("steps", "step", "magic"),
        ("steps", "who", "alice"),
        ("lifecycle", "operations", "create fly"),
        ("lifecycle", "operations", ""),
        ("lifecycle", "operations", "create " * 11),
        ("walls", "seccomp", "perhaps"),
        ("neighbours", "harm", "fire"),
    ],
)
def test_bad_input(name: str, control: str, value: str) -> None:
    with pytest.raises(BadInput) as refused:
        view(name, **{control: value})
    assert refused.value.argument == control


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
