"""The explorables on cloud-native applications: what they draw is what the simulators say."""

from __future__ import annotations

import re

import pytest

from lab_kernel import explore
from lab_kernel.cloud_native.samples import FIXES
from lab_kernel.errors import BadInput
from lab_kernel.explore import Choice, Toggle, View, Whole
from lab_kernel.language import LANGUAGES, language

OURS = "cloud-native/applications/"
NAMES = [name for name in explore.names() if name.startswith(OURS)]


def view(name: str, **values: object) -> View:
    return explore.load(OURS + name).view(**values)


def test_the_chapter_declares_these() -> None:
    assert [name.removeprefix(OURS) for name in NAMES] == [
        "audit",
        "chain",
        "coupling",
        "delivery",
        "environments",
        "sessions",
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_setting_draws(name: str, lang: str) -> None:
    with language(lang):
        for control in explore.load(name).controls:
            values: list[object] = [control.default]
            if isinstance(control, Choice):
                values = [option for option, _label in control.options]
            elif isinstance(control, Whole):
                values = [control.low, control.high]
            elif isinstance(control, Toggle):
                values = [True, False]
            for value in values:
                drawn = explore.load(name).view(**{control.name: value})
                assert drawn.figures and drawn.says.endswith(".")
                assert "{" not in drawn.says and "None" not in drawn.says
                assert all(figure.description for figure in drawn.figures)
                assert bool(re.search("[가-힣]", drawn.says)) == (lang == "ko")


@pytest.mark.parametrize(
    ("name", "control", "value"),
    [
        ("audit", "application", "mine"),
        ("audit", "config", "perhaps"),
        ("chain", "services", 0),
        ("coupling", "dead", "front"),
        ("delivery", "batch", "3"),
        ("delivery", "bad", 31),
        ("environments", "replicas", 13),
        ("sessions", "replicas", 7),
    ],
)
def test_bad_input_names_its_control(name: str, control: str, value: object) -> None:
    with pytest.raises(BadInput) as caught:
        view(name, **{control: value})
    assert caught.value.argument == control


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
