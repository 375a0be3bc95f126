"""Whatever happens, and whenever: then quiet, and what was desired is there.

No figure of its own is held here but the definition of level-triggered control: the outcome depends
on what is desired and on what is there, not on which notices arrived (Kubernetes, "Controllers").
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab_kernel.cli import main
from lab_kernel.cloud_native.cluster import Cluster
from lab_kernel.cloud_native.controller import Controller
from lab_kernel.cloud_native.core import CONTROLLERS
from lab_kernel.cloud_native.manifest import manifest
from lab_kernel.cloud_native.scenarios import SCENARIOS, scenario
from lab_kernel.language import LANGUAGES

SHOP = manifest((files("lab_kernel.cloud_native") / "examples" / "shop.yaml").read_text("utf-8"))
PAGES = Path(__file__).parents[2] / "docs"
NODES = ["node-1", "node-2", "node-3"]


def any_pod(do: Callable[[Cluster, str], None]) -> Callable[[Cluster, int], None]:
    def strike(cluster: Cluster, number: int) -> None:
        pods = cluster.pods(everything=True)
        if pods:
            do(cluster, pods[number % len(pods)].metadata.name)

    return strike


FAULTS: dict[str, Callable[[Cluster, int], Any]] = {
    "power fails": lambda c, n: c.fail_node(NODES[n % 3]),
    "power is back": lambda c, n: c.restore_node(NODES[n % 3]),
    "cut off": lambda c, n: c.partition(NODES[n % 3]),
    "network is back": lambda c, n: c.heal(),
    "pod deleted": any_pod(lambda c, name: c.delete_pod(name)),
    "pod forgotten": any_pod(lambda c, name: c.delete_pod(name, force=True)),
    "program killed": any_pod(lambda c, name: c.crash_container(name)),
    "controller killed": lambda c, n: c.stop_controller(list(CONTROLLERS)[n % len(CONTROLLERS)]),
    "notices lost": lambda c, n: c.lose_notices(lambda kind, key: (len(key) + n) % 3 > 0),
    "all notices lost": lambda c, n: c.lose_notices(lambda kind, key: True),
    "notices arrive": lambda c, n: c.lose_notices(None),
    "new version": lambda c, n: c.set_image("web", f"web:{n % 4}"),
    "drained": lambda c, n: c.drain(NODES[n % 3]),
}
PAUSES = st.sampled_from([0.005, 0.012, 0.5, 3, 20, 45, 200, 350])
STEPS = st.tuples(PAUSES, st.sampled_from(sorted(FAULTS)), st.integers(0, 20))


def calm(cluster: Cluster) -> None:
    """Everything is repaired, and left alone for longer than any pause lasts."""
    for node in NODES:
        cluster.restore_node(node)
        cluster.cordon(node, on=False)
    cluster.heal()
    cluster.lose_notices(None)
    for name in CONTROLLERS:
        cluster.start_controller(name)
    cluster.run(cluster.now + 1000)


def ends_as_desired(steps: list[tuple[float, str, int]]) -> None:
    cluster = Cluster(3)
    for thing in SHOP:
        cluster.put(thing)
    for pause, fault, number in steps:
        cluster.run(cluster.now + pause)
        FAULTS[fault](cluster, number)
    calm(cluster)
    assert cluster.converged()
    assert len(cluster.ready("web")) == 3
    assert len(cluster.ready("catalogue")) == 2
    # What runs is what the store says, no more and no less.
    running = [
        worker.pod.metadata.uid
        for kubelet in cluster.kubelets.values()
        for worker in kubelet.workers.values()
    ]
    stored = [pod.metadata.uid for pod in cluster.pods(everything=True)]
    assert sorted(running) == sorted(stored)


@settings(max_examples=8)
@given(st.lists(STEPS, max_size=10))
def test_any_faults_then_quiet_end_as_desired(steps: list[tuple[float, str, int]]) -> None:
    ends_as_desired(steps)


def test_without_a_second_look_a_lost_notice_is_never_made_good(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The property can fail: with edges alone it does."""
    for each in CONTROLLERS.values():
        monkeypatch.setattr(each, "resync", 10**9)
    monkeypatch.setattr(Controller, "restart", lambda self: None)
    with pytest.raises(AssertionError):
        ends_as_desired([(60, "all notices lost", 0), (1, "pod forgotten", 0)])


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_ends_as_desired(name: str) -> None:
    cluster = Cluster(3)
    for thing in SHOP:
        cluster.put(thing)
    scenario(name).plan(cluster)
    cluster.run(700)
    assert cluster.converged()


@pytest.mark.parametrize("name", CONTROLLERS)
def test_a_controller_that_comes_back_catches_up(name: str) -> None:
    cluster = Cluster(3)
    cluster.stop_controller(name)
    for thing in SHOP:
        cluster.put(thing)
    cluster.run(60)
    cluster.start_controller(name)
    cluster.run(90)
    assert cluster.converged()
    assert len(cluster.ready("web")) == 3


def test_what_the_page_prints_is_what_the_command_prints(
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = str(files("lab_kernel.cloud_native") / "examples" / "web.yaml")
    assert main(["cluster", "apply", file, "--scenario", "node-failure", "--lang", "en"]) == 0
    printed = capsys.readouterr().out.splitlines()
    for lang in LANGUAGES:
        page = PAGES / lang / "cloud-native" / "reconciliation.md"
        text = page.read_text(encoding="utf-8").partition("--scenario node-failure\n")[2]
        shown = [line for line in text.partition("\n```")[0].splitlines() if line != "..."]
        assert len(shown) == 4
        assert set(shown) <= set(printed)
