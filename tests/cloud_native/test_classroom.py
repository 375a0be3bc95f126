"""Running the labs for a class: the configuration, the arithmetic, the page's figures.

The engines themselves are not here, so what can be held without them is: the names of settings
(classroom-keys.json says where each list comes from), and the arithmetic that their documentation
gives. The kernels' settings are asked of the Jupyter server that is installed.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jupyter_server.services.kernels.kernelmanager import MappingKernelManager
from ruamel.yaml import YAML
from traitlets.config import Config

from lab_kernel import explore, host
from lab_kernel.cloud_native import classroom
from lab_kernel.explore.cloud_native.classroom.size import MOST, SIZES, measured
from lab_kernel.language import LANGUAGES, language
from tests.explored import Explored

ROOT = Path(__file__).parents[2]
FILES = ROOT / "binder" / "classroom"
KNOWN = json.loads((Path(__file__).parent / "classroom-keys.json").read_text(encoding="utf-8"))
TYPES = {
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "string": str,
    "array": list,
}


def read(name: str) -> Any:
    return YAML(typ="safe").load((FILES / name).read_text(encoding="utf-8"))


def wrong(given: dict[str, Any], known: dict[str, Any], at: str = "") -> list[str]:
    """The settings that are not known, or not of their type."""
    found = []
    for name, value in given.items():
        where = f"{at}{name}"
        if f"{name}*" in known:
            continue
        allowed = known.get(name)
        if isinstance(allowed, dict):
            found += wrong(value, allowed, f"{where}.") if isinstance(value, dict) else [where]
        elif (
            allowed is None
            or not isinstance(value, TYPES[allowed])
            or (isinstance(value, bool) and allowed != "boolean")
        ):
            found.append(where)
    return found


@pytest.mark.parametrize(("name", "engine"), [("values.yaml", "z2jh"), ("tljh.yaml", "tljh")])
def test_only_settings_that_the_engine_knows(name: str, engine: str) -> None:
    assert wrong(read(name), KNOWN[engine]["keys"]) == []


def test_a_wrong_setting_would_be_found() -> None:
    known = KNOWN["z2jh"]["keys"]
    values = read("values.yaml")
    values["cull"]["timeOut"] = 1
    values["singleuser"]["memory"]["limit"] = 656
    values["prePuller"]["hook"] = True
    values["cull"]["every"] = True
    assert wrong(values, known) == [
        "singleuser.memory.limit",
        "cull.every",
        "cull.timeOut",
        "prePuller.hook",
    ]


def spoken(name: str) -> Config:
    """What a configuration in Python sets."""
    config = Config()
    code = compile((FILES / name).read_text(encoding="utf-8"), name, "exec")
    exec(code, {"get_config": lambda: config})
    return config


def test_the_traits_are_there() -> None:
    config = spoken("tljh.py")
    assert set(config) == {"JupyterHub", "Spawner", "SystemdSpawner"}
    for owner, settings in config.items():
        allowed = {*KNOWN["traits"][owner], *KNOWN["traits"]["Spawner"] * (owner != "JupyterHub")}
        assert set(settings) <= allowed, owner
    hub = read("values.yaml")["hub"]["config"]
    for owner in ("JupyterHub", "Authenticator"):
        assert set(hub[owner]) <= set(KNOWN["traits"][owner])


def test_the_kernel_manager_knows_how_to_cull() -> None:
    traits = MappingKernelManager.class_traits(config=True)
    files = read("values.yaml")["singleuser"]["extraFiles"]
    given = {**files["kernels"]["data"]["MappingKernelManager"]}
    options = spoken("tljh.py").Spawner.args
    for option in options:
        match = re.fullmatch(r"--MappingKernelManager\.(\w+)=(\w+)", option)
        assert match is not None
        assert given[match[1]] == {"True": True}.get(match[2]) or int(match[2]) == given[match[1]]
    assert set(given) <= set(traits)
    assert files["kernels"]["mountPath"].endswith("jupyter_server_config.d/kernels.json")


def test_a_volume_does_not_hide_what_the_image_needs() -> None:
    """lab_kernel is installed in place, so where the image keeps it nothing may be mounted."""
    text = (FILES / "values.yaml").read_text(encoding="utf-8")
    kept = re.search(r"--target-repo-dir (\S+)", text)
    home = read("values.yaml")["singleuser"]["storage"]["homeMountPath"]
    assert kept is not None and not kept[1].startswith(home)
    assert "--editable ." in (ROOT / "binder" / "postBuild").read_text(encoding="utf-8")


def test_the_image_can_hand_out_labs() -> None:
    build = (ROOT / "binder" / "postBuild").read_text(encoding="utf-8")
    assert "--require-hashes -r binder/classroom/nbgitpuller.txt" in build
    pinned = (FILES / "nbgitpuller.txt").read_text(encoding="utf-8")
    assert re.search(r"^nbgitpuller==[\d.]+ \\\n +--hash=sha256:[0-9a-f]{64}$", pinned, re.M)
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    for needed in ("jupyter-server==", "tornado=="):  # what nbgitpuller's metadata requires
        assert f"\n{needed}" in lock


def mib(text: str) -> int:
    """JupyterHub's ByteSpecification: K, M, G and T are powers of 1,024."""
    return int(text.removesuffix("M"))


def test_guarantee_and_limit_are_what_was_measured() -> None:
    one = classroom.Learner(*measured())
    values = read("values.yaml")["singleuser"]["memory"]
    assert one.request <= mib(values["guarantee"]) <= one.request + 8
    assert mib(values["limit"]) == 2 * mib(values["guarantee"])
    assert read("tljh.yaml")["limits"]["memory"] == values["limit"]


def test_the_recording_holds_every_process() -> None:
    data = host.recording("classroom").data
    assert {"server", "kernel", "kernel/memory"} <= set(data)
    for entry in data.values():
        assert 0 < entry["Pss"] <= entry["Rss"] <= entry["VmHWM"]
        assert f"{entry['VmHWM']} kB" in entry["output"]


@pytest.mark.parametrize(("gib", "free"), [(4, 2972), (8, 6248), (16, 13621), (32, 29022)])
def test_what_a_node_has_for_pods(gib: int, free: int) -> None:
    """Google, "Plan GKE Standard node sizes": 25% of the first 4 GiB, 20% of the next 4, 10% of
    the next 8, 6% of the next 112, and 100 MiB for eviction. Worked out with a calculator."""
    assert classroom.allocatable(gib) == free


def test_one_machine_is_as_its_documentation_says() -> None:
    """The Littlest JupyterHub: those present x memory of each + 128 MB."""
    assert classroom.machine(40, 327) == 16  # 13,203 MiB
    assert classroom.machine(10, 90) == 1  # 1,023 MiB
    assert classroom.machine(10, 91) == 2


@given(
    st.integers(1, 5000), st.integers(1, 100), st.sampled_from(SIZES), st.integers(50, 4000)
)  # fmt: skip
def test_everybody_has_room_and_no_node_is_idle(
    learners: int, at_once: int, gib: int, request: int
) -> None:
    there = classroom.present(learners, at_once)
    assert there - 1 < learners * at_once / 100 <= there
    room, many = classroom.per_node(gib, request), classroom.nodes(there, gib, request)
    if not room:
        assert many == 0 and request > classroom.allocatable(gib)
        return
    assert room <= classroom.PODS
    assert room * request <= classroom.allocatable(gib)
    assert (many - 1) * room < there <= many * room
    assert classroom.machine(there, request) * 1024 >= there * request


def test_small_pods_are_limited_by_their_number() -> None:
    assert classroom.per_node(64, 327) == classroom.PODS


class TestEveryOne(Explored):
    topic = "cloud-native/classroom/"
    declared = ("size",)
    refused = (("size", "learners", MOST + 1),)
    makes_room = ("size",)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_explorable_draws_at_every_end(lang: str) -> None:
    shown = explore.load("cloud-native/classroom/size")
    with language(lang):
        for values in (
            {},
            {"learners": 1, "kernels": 4, "node": "4"},
            {"learners": MOST, "at_once": 10, "node": "64"},
        ):
            drawn = shown.view(**values)
            assert len(drawn.figures) == 2 and drawn.says.endswith(".")
            assert "None" not in drawn.says and "{" not in drawn.says


def test_the_page_quotes_the_arithmetic() -> None:
    """Both languages name the figures that the configuration and the recording give."""
    server, kernel = measured()
    one = classroom.Learner(server, kernel)
    quoted = [
        f"{server} MiB",
        f"{kernel} MiB",
        f"{one.used} MiB",
        f"{one.request} MiB",
        "16 GiB",
        read("values.yaml")["singleuser"]["memory"]["guarantee"],
        read("values.yaml")["singleuser"]["memory"]["limit"],
        str(classroom.per_node(8, one.request)),
        str(classroom.PODS),
    ]
    numbers = explore.load("cloud-native/classroom/size").view().numbers
    assert numbers == {"request MiB": one.request, "machine GiB": 16, "nodes": 3}
    for lang in LANGUAGES:
        page = ROOT / "docs" / lang / "cloud-native" / "classroom.md"
        text = page.read_text(encoding="utf-8")
        assert [figure for figure in quoted if figure not in text] == []
        for name in ("values.yaml", "tljh.yaml", "tljh.py"):
            assert f"binder/classroom/{name}" in text


def test_what_the_page_says_of_the_recording() -> None:
    """The lab that it shows grew most; and on 4 GiB the eighteenth learner finds no room."""
    data = host.recording("classroom").data
    labs = {name: entry["VmHWM"] for name, entry in data.items() if "/" in name}
    assert max(labs, key=lambda name: labs[name]) == "kernel/memory"
    used = classroom.Learner(*measured()).used
    assert 17 * used + classroom.TLJH <= 4 * 1024 < 18 * used + classroom.TLJH
