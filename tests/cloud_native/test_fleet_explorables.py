"""The explorables of placement and autoscaling: what they draw is what the simulators do."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from lab_kernel import explore, host
from lab_kernel.errors import BadInput
from lab_kernel.explore import Choice, Control, View, Whole
from lab_kernel.language import LANGUAGES, language
from tools.record import scaling

CHAPTERS = ("cloud-native/placement/", "cloud-native/autoscaling/")
NAMES = [name for name in explore.names() if name.startswith(CHAPTERS)]


def view(name: str, **values: object) -> View:
    return explore.load(f"cloud-native/{name}").view(**values)


def test_the_chapters_declare_these() -> None:
    assert [name.removeprefix("cloud-native/") for name in NAMES] == [
        "autoscaling/loop",
        "autoscaling/nodes",
        "autoscaling/recorded",
        "autoscaling/rule",
        "placement/board",
        "placement/fleet",
        "placement/neighbour",
        "placement/zones",
    ]


def settings(control: Control) -> Iterator[object]:
    if isinstance(control, Choice):
        yield from (option for option, _label in control.options)
    elif isinstance(control, Whole):
        yield control.low
        yield min(control.high, 400)
    else:
        yield control.default


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_draws_in_both_languages(name: str) -> None:
    for number, control in enumerate(explore.load(name).controls):
        for value in settings(control):
            with language(LANGUAGES[number % 2]):
                drawn = explore.load(name).view(**{control.name: value})
            assert drawn.figures and drawn.says.endswith(".")
            assert "{" not in drawn.says and "None" not in drawn.says
            assert all(figure.description for figure in drawn.figures)


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_draw_the_same_apart_from_text(name: str) -> None:
    shapes, said = [], []
    for lang in LANGUAGES:
        with language(lang):
            drawn = explore.load(name).view()
        shapes.append([len(re.findall("<(?:circle|polygon) ", f.svg)) for f in drawn.figures])
        said.append(drawn.says)
    assert shapes[0] == shapes[1]
    assert said[0] != said[1]


@pytest.mark.parametrize(
    ("name", "control", "value"),
    [
        ("placement/board", "pods", "web"),
        ("placement/board", "pods", "web 1 1Gi x99"),
        ("placement/board", "pods", "web 1 1Gi x20, db 1 1Gi x20"),
        ("placement/board", "pods", "web 1 1Gi, web 1 1Gi"),
        ("placement/board", "pods", "my-web 1 1Gi"),
        ("placement/board", "pods", "web half 1Gi"),
        ("placement/board", "hand", "xyz"),
        ("placement/zones", "replicas", 0),
        ("placement/neighbour", "limit", "7"),
        ("autoscaling/rule", "target", 5),
        ("autoscaling/loop", "load", "storm"),
    ],
)
def test_bad_input_names_its_control(name: str, control: str, value: object) -> None:
    with pytest.raises(BadInput) as caught:
        view(name, **{control: value})
    assert caught.value.argument == control
    assert caught.value.message and "\n" not in caught.value.message


def test_the_fuller_policy_keeps_room_for_the_large_pod() -> None:
    assert (
        "Pending: db-1, because 0/3 nodes are available: 3 Insufficient cpu."
        in view("placement/board").says
    )
    assert "7 of 7 pods placed" in view("placement/board", policy="MostAllocated").says


def test_by_hand_a_pod_goes_where_it_is_put_or_nowhere() -> None:
    assert "7 of 7 pods placed" in view("placement/board", hand="aaabbbc").says
    assert (
        "Pending: web-5, because a: Insufficient cpu."
        in view("placement/board", hand="aaaaabc").says
    )
    assert "there is no such node" in view("placement/board", hand="f").says


def test_a_full_zone_holds_the_others_back() -> None:
    assert "5 of 9 pods run" in view("placement/zones").says
    assert "9 of 9 pods run" in view("placement/zones", when="ScheduleAnyway").says
    # a cordoned zone still counts as a domain, and stays empty
    assert "2 of 9 pods run" in view("placement/zones", room=8, cordoned="z3").says


def test_a_request_protects_and_a_limit_protects_too() -> None:
    """The same four processes beside the server: by weight alone, and under cpu.max."""
    assert "Of 40 requests 2 were answered" in view("placement/neighbour").says
    for values in ({"request": "400", "other": "0"}, {"limit": "500"}):
        assert "Of 40 requests 40 were answered" in view("placement/neighbour", **values).says


def test_both_policies_leave_as_much_but_not_in_the_same_place() -> None:
    says = view("placement/fleet").says
    assert "LeastAllocated: 0 nodes empty" in says and "Pending: 16 pods" in says
    assert "MostAllocated: 1 node empty" in says


def test_the_rule_within_and_outside_its_tolerance() -> None:
    assert "it stays at 10 replicas" in view("autoscaling/rule").says
    assert "from 10 to 12 replicas" in view("autoscaling/rule", use=56).says
    assert "counted in" in view("autoscaling/rule", use=90, unready=3).says


def test_a_limit_at_the_request_blinds_the_autoscaler() -> None:
    """At 100% no pod can show more than 100%: nothing is ever added."""
    assert "The number changed 0 times" in view("autoscaling/loop", target=100).says
    assert "The number changed 4 times" in view("autoscaling/loop").says


def test_a_window_stills_the_flutter() -> None:
    def turns(window: int) -> int:
        says = view("autoscaling/loop", load="flutter", window=window).says
        return int(re.findall(r"turned round (\d+)", says)[0])

    assert turns(0) > 20 and turns(300) == 0


def test_headroom_costs_nodes_and_saves_load() -> None:
    def figures(spare: int) -> tuple[float, float]:
        says = view("autoscaling/nodes", spare=spare).says
        lost, hours = re.findall(r"Not served: ([\d.]+)%.*hours: (\d+\.\d)", says)[0]
        return float(lost), float(hours)

    none, one = figures(0), figures(1)
    assert one[0] < none[0] and one[1] > none[1]


def test_the_recorded_server_is_at_its_limit() -> None:
    """Recorded: more than the limit cannot be used, and what is missing shows as waiting."""
    steps = host.recording("scaling").data
    limit, request = (host.recording("scaling").metadata[key] for key in ("limit", "request"))
    assert steps["1-160"]["utilization"] <= 100 * limit / request * 1.05
    assert steps["1-160"]["median"] > 100 * steps["2-160"]["median"]
    assert steps["1-160"]["throttled"] > 30
    for workers in (1, 2, 4):  # as long as there is room, the use is the load's, whoever shares it
        assert abs(steps[f"{workers}-80"]["cpu"] - 170) <= 10
    assert "203% of the requests" in view("autoscaling/recorded").says


def test_the_recording_is_written_as_its_recorder_writes() -> None:
    for step in host.recording("scaling").data.values():
        found = {key: step[key] for key in step if key not in ("name", "command", "output")}
        written = scaling.entry(found)
        assert written["command"] == step["command"]
        assert "\n".join(written["output"]) == step["output"].rstrip("\n")
