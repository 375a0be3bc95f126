"""The explorables on cloud-native applications: what they draw is what the simulators say."""

from __future__ import annotations

import re

from lab_kernel.cloud_native.samples import FIXES
from tests.explored import Explored


class TestEveryOne(Explored):
    topic = "cloud-native/applications/"
    declared = ("audit", "chain", "coupling", "delivery", "environments", "sessions")
    refused = (
        ("audit", "application", "mine"),
        ("audit", "config", "perhaps"),
        ("chain", "services", 0),
        ("coupling", "dead", "front"),
        ("delivery", "batch", "3"),
        ("delivery", "bad", 31),
        ("environments", "replicas", 13),
        ("sessions", "replicas", 7),
    )
    makes_room = ("delivery",)


view = TestEveryOne.view


def test_a_letter_stops_the_catalogue() -> None:
    """Fact N01."""
    assert "catalogue 22/30" in view("coupling").says
    for how in ("timeout", "fallback", "queue", "mixed"):
        assert "catalogue 0/30" in view("coupling", how=how).says
    assert "0 of 7" in view("coupling", how="mixed").says
    assert "30 messages" in view("coupling", how="queue").says
    assert "99.9% → 97.04%" in view("chain").says


def test_until_green_and_only_then_scaled() -> None:
    """Fact N03."""
    assert view("audit").says.startswith("8 of twelve factors fail.")
    assert view("audit", **dict.fromkeys(FIXES, True)).says == "Twelve of twelve factors pass."
    lost = {
        name: int(view("sessions", application=name).says.split()[0])
        for name in ("legacy", "config", "state", "new")
    }
    assert lost == {"legacy": 11, "config": 11, "state": 0, "new": 0}
    assert view("sessions", balancer="sticky").says.startswith("0 of")
    assert view("sessions", balancer="sticky", dies=True).says.startswith("3 of")


def test_half_the_batch_is_sooner_with_its_user() -> None:
    """Facts N02 and N05."""
    days = []
    for batch in ("8", "4", "2", "1"):
        told = re.findall(r"[\d.]+", view("delivery", batch=batch).says)
        days.append((float(told[1]), float(told[2])))
    assert days == [(4.3, 3.8), (2.2, 1.7), (0.9, 0.6), (0.3, 0.1)]
    assert "change fail rate" in view("delivery").figures[1].description
    assert "recovery time: -, -." in view("delivery", bad=0).figures[1].description


def test_what_an_environment_decides() -> None:
    """Fact N04."""
    assert "laptop 1" in view("environments").says
    assert "laptop 3" in view("environments", image="amd64").says
