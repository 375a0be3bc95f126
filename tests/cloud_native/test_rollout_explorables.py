"""The explorables of the chapter on rolling updates: what they draw is what the cluster did.

Rules and defaults: Kubernetes documentation, "Deployments", "Configure Liveness, Readiness and
Startup Probes" (period 10 s, timeout 1 s, 3 failures), "Pod Lifecycle". The incident: GitLab,
production issue 14451.
"""

from __future__ import annotations

import pytest

from lab_kernel.cloud_native.one_pod import Probe, shutdown, watched
from lab_kernel.errors import BadInput
from lab_kernel.explore.cloud_native.rollout.spike import run
from tests.explored import Explored


class TestEveryOne(Explored):
    topic = "cloud-native/rollout/"
    declared = ("probes", "shutdown", "spike", "surge", "update")
    refused = (
        ("surge", "replicas", 9),
        ("surge", "surge", "many"),
        ("surge", "surge", "101%"),
        ("surge", "surge", "9"),
        ("surge", "unavailable", "-1"),
        ("probes", "start", 0),
        ("shutdown", "delay", 9),
        ("update", "attempts", 0),
        ("spike", "replicas", 1),
    )
    short = 2  # an update under load takes a third of a second
    # A rush takes a second to simulate.
    costly = (("spike", "replicas"), ("spike", "timeout"), ("spike", "failures"))
    makes_room = ("surge",)

    # Here, not below, so that xdist runs them where their simulations have been run.

    def test_the_cure_that_makes_it_worse(self) -> None:
        """GitLab's two remedies: no liveness probe, twice the replicas."""
        with_probe, without, twice = run(True, 3, 1, 3), run(False, 3, 1, 3), run(True, 6, 1, 3)
        assert with_probe.restarts >= 3 and with_probe.lost > 200
        assert min(share for _second, share in with_probe.answered) == 0
        for done in (without, twice):
            assert done.restarts == done.lost == 0

    def test_what_saves_the_requests_when_a_node_fails(self) -> None:
        """Not readiness, not preStop: only trying again."""
        assert self.view("update", kill="off", attempts=1).numbers["lost"] == 0
        assert self.view("update", kill="on", attempts=1).numbers["lost"] > 50
        assert self.view("update", kill="on", attempts=4).numbers["lost"] == 0
        assert self.view("update", kill="off", attempts=1, readiness="off").numbers["lost"] > 0
        assert self.view("update", kill="off", attempts=1, pre_stop=0).numbers["lost"] > 0


view = TestEveryOne.view


def test_both_zero_is_refused() -> None:
    with pytest.raises(BadInput, match="no step would be allowed"):
        view("surge", surge="0", unavailable="0%")


@pytest.mark.parametrize(
    ("replicas", "surge", "unavailable", "ceiling", "floor"),
    [(4, "25%", "25%", 5, 3), (8, "30%", "30%", 11, 6), (3, "1", "0", 4, 3), (5, "0", "1", 5, 4)],
)
def test_ceiling_and_floor(
    replicas: int, surge: str, unavailable: str, ceiling: int, floor: int
) -> None:
    numbers = view("surge", replicas=replicas, surge=surge, unavailable=unavailable).numbers
    assert (numbers["ceiling"], numbers["floor"]) == (ceiling, floor)
    assert numbers["most"] == ceiling and numbers["least"] == floor


def test_a_version_without_an_image_leaves_the_floor_standing() -> None:
    drawn = view("surge", broken="on", unavailable="0")
    assert "stands still" in drawn.says and drawn.numbers["least"] == 4


@pytest.mark.parametrize(("startup", "serves"), [(0, False), (3, False), (5, False), (6, True)])
def test_a_slow_start(startup: int, serves: bool) -> None:
    """40 s: liveness alone ends it in second 20; 5 x 10 s is enough in the documentation's
    product, but the fifth question comes in second 40 and is a moment too early."""
    numbers = view("probes", start=40, startup=startup, liveness=3).numbers
    assert (numbers["restarts"] == 0) == serves == (numbers["ready"] >= 40)


def test_startup_allowance() -> None:
    """The documentation's example, 30 x 10 s: killed within the 300 s, not long before."""
    done = watched(start=1000, startup=Probe(failures=30), until=320)
    assert 280 < done.seconds("Killing")[0] <= 300


def test_liveness_waits_for_the_startup_probe() -> None:
    done = watched(start=60, startup=Probe(failures=10), liveness=Probe(failures=1), until=120)
    assert done.ready is not None and done.seconds("Killing") == []


def test_readiness_takes_out_and_does_not_restart() -> None:
    done = watched(readiness=Probe(period=5), hang_after=20, until=100)
    assert done.seconds("Killing") == [] and len(done.seconds("Started")) == 1
    rows = [e for e in done.trace if e.track.startswith("node-1/web") and e.kind == "unready"]
    assert rows


@pytest.mark.parametrize(("pre_stop", "lost"), [(0, True), (1, True), (3, False), (8, False)])
def test_the_race(pre_stop: int, lost: bool) -> None:
    """SIGTERM waits for the hook, the news for nobody; the endpoints change at once."""
    done = shutdown(pre_stop=pre_stop, delay=2.0, stop=1, rate=20)
    assert done.out < 0.05 and done.learned == pytest.approx(2.0, abs=0.1)
    assert done.sigterm == pytest.approx(pre_stop, abs=0.1)
    assert done.ended == pytest.approx(pre_stop + 1, abs=0.1)
    assert bool(done.late) == lost
    assert {each.tries[-1][1] for each in done.requests if each.lost} <= {"refused", "reset"}


def test_sigkill_comes_when_the_grace_period_is_over() -> None:
    assert shutdown(ignores=True, grace=10, rate=0).ended == pytest.approx(10, abs=0.1)
    assert shutdown(pre_stop=8, stop=15, grace=10, rate=0).ended == pytest.approx(10, abs=0.1)
