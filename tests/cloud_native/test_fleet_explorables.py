"""The explorables of placement and autoscaling: what they draw is what the simulators do."""

from __future__ import annotations

import re

from lab_kernel import host
from tests.explored import Explored
from tools.record import scaling


class TestPlacement(Explored):
    topic = "cloud-native/placement/"
    declared = ("board", "fleet", "neighbour", "zones")
    refused = (
        ("board", "pods", "web"),
        ("board", "pods", "web 1 1Gi x99"),
        ("board", "pods", "web 1 1Gi x20, db 1 1Gi x20"),
        ("board", "pods", "web 1 1Gi, web 1 1Gi"),
        ("board", "pods", "my-web 1 1Gi"),
        ("board", "pods", "web half 1Gi"),
        ("board", "hand", "xyz"),
        ("zones", "replicas", 0),
        ("neighbour", "limit", "7"),
    )


class TestAutoscaling(Explored):
    topic = "cloud-native/autoscaling/"
    declared = ("loop", "nodes", "recorded", "rule")
    refused = (("rule", "target", 5), ("loop", "load", "storm"))
    short = 2  # an hour of nodes takes a fifth of a second
    makes_room = ("rule ready=1",)


placement, autoscaling = TestPlacement.view, TestAutoscaling.view


def test_the_fuller_policy_keeps_room_for_the_large_pod() -> None:
    assert (
        "Pending: db-1, because 0/3 nodes are available: 3 Insufficient cpu."
        in placement("board").says
    )
    assert "7 of 7 pods placed" in placement("board", policy="MostAllocated").says


def test_by_hand_a_pod_goes_where_it_is_put_or_nowhere() -> None:
    assert "7 of 7 pods placed" in placement("board", hand="aaabbbc").says
    assert "Pending: web-5, because a: Insufficient cpu." in placement("board", hand="aaaaabc").says
    assert "there is no such node" in placement("board", hand="f").says


def test_a_full_zone_holds_the_others_back() -> None:
    assert "5 of 9 pods run" in placement("zones").says
    assert "9 of 9 pods run" in placement("zones", when="ScheduleAnyway").says
    # a cordoned zone still counts as a domain, and stays empty
    assert "2 of 9 pods run" in placement("zones", room=8, cordoned="z3").says


def test_a_request_protects_and_a_limit_protects_too() -> None:
    """The same four processes beside the server: by weight alone, and under cpu.max."""
    assert "Of 40 requests 2 were answered" in placement("neighbour").says
    for values in ({"request": "400", "other": "0"}, {"limit": "500"}):
        assert "Of 40 requests 40 were answered" in placement("neighbour", **values).says


def test_both_policies_leave_as_much_but_not_in_the_same_place() -> None:
    says = placement("fleet").says
    assert "LeastAllocated: 0 nodes empty" in says and "Pending: 16 pods" in says
    assert "MostAllocated: 1 node empty" in says


def test_the_rule_within_and_outside_its_tolerance() -> None:
    assert "it stays at 10 replicas" in autoscaling("rule").says
    assert "from 10 to 12 replicas" in autoscaling("rule", use=56).says
    assert "counted in" in autoscaling("rule", use=90, unready=3).says


def test_a_limit_at_the_request_blinds_the_autoscaler() -> None:
    """At 100% no pod can show more than 100%: nothing is ever added."""
    assert "The number changed 0 times" in autoscaling("loop", target=100).says
    assert "The number changed 4 times" in autoscaling("loop").says


def test_a_window_stills_the_flutter() -> None:
    def turns(window: int) -> int:
        says = autoscaling("loop", load="flutter", window=window).says
        return int(re.findall(r"turned round (\d+)", says)[0])

    assert turns(0) > 20 and turns(300) == 0


def test_headroom_costs_nodes_and_saves_load() -> None:
    def figures(spare: int) -> tuple[float, float]:
        says = autoscaling("nodes", spare=spare).says
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
    assert "203% of the requests" in autoscaling("recorded").says


def test_the_recording_is_written_as_its_recorder_writes() -> None:
    for step in host.recording("scaling").data.values():
        found = {key: step[key] for key in step if key not in ("name", "command", "output")}
        written = scaling.entry(found)
        assert written["command"] == step["command"]
        assert "\n".join(written["output"]) == step["output"].rstrip("\n")
